"""The forms of GitHub's answers."""

import json
from datetime import datetime, timezone

from werkzeug.wrappers import Response

from helpers.kit.paths import KIT

# A pull request as in GitHub's events; the API's answer has one more property.
PULL_REQUEST = KIT / "tests/workflows/events/pull_request.json"
LINKS = ("followers", "following", "gists", "starred", "subscriptions", "organizations", "repos")


class Forms:
    """Answers about a repository: `root` is where its pages are, `api` the API's address."""

    def __init__(self, repository, root, api):
        self.page, self.issues = f"{root}/{repository}", f"{api}/repos/{repository}/issues"
        self.root, self.api = root, api

    def comment(self, comment):
        moment = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        page = f"{self.page}/pull/{comment.pull_request}"
        return {
            "id": comment.id,
            "node_id": f"IC_{comment.id}",
            "url": f"{self.issues}/comments/{comment.id}",
            "html_url": f"{page}#issuecomment-{comment.id}",
            "issue_url": f"{self.issues}/{comment.pull_request}",
            "user": self.user(comment.login) if comment.login else None,  # whose account is gone
            "body": comment.body,
            "created_at": moment,
            "updated_at": moment,
            "author_association": "NONE",
        }

    def pull_request(self, number, commit):
        told = json.loads(PULL_REQUEST.read_text())["pull_request"]
        head = {**told["head"], "sha": commit}
        return {**told, "number": number, "head": head, "auto_merge": None}

    def user(self, login):
        url = f"{self.api}/users/{login}"
        return {
            "login": login,
            "id": sum(login.encode()),
            "node_id": f"U_{login}",
            "avatar_url": f"{self.root}/avatars/{login}",
            "gravatar_id": "",
            "url": url,
            "html_url": f"{self.root}/{login}",
            "events_url": f"{url}/events",
            "received_events_url": f"{url}/received_events",
            "type": "Bot" if login.endswith("[bot]") else "User",
            "site_admin": False,
            **{f"{name}_url": f"{url}/{name}" for name in LINKS},
        }


def json_answer(status, value, headers=None):
    return Response(json.dumps(value), status, headers, mimetype="application/json")


def refused(status, message, headers=None):
    told = {"message": message, "documentation_url": "https://docs.github.com/rest"}
    return json_answer(status, {**told, "status": str(status)}, headers)
