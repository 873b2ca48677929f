"""Runs of the verb `comment` for a pull request, against the fake of GitHub's API."""

import json

from helpers.kit.verb_runs import Project

HEAD = "0123456789abcdef0123456789abcdef01234567"
TABLE = "| metric | value |\n| --- | --- |\n| accuracy | 0.9 |\n"
REPORT = f"### ✅ Trained\n\nTrained by this run.\n\n{TABLE}"


class PullRequest:
    """Runs of the verb for pull request 7 of acme/flowers."""

    def __init__(self, api, folder):
        self.api, self.folder = api, folder
        (folder / "repository").mkdir()
        self.project = Project(folder / "repository", "http://127.0.0.1:1")
        self.token = api.token()
        self.event("acme/flowers")

    def event(self, source, commit=HEAD, **other):
        head = {"sha": commit, "repo": {"full_name": source}}
        event = other or {"pull_request": {"number": 7, "head": head}}
        (self.folder / "event.json").write_text(json.dumps(event))
        self.api.push(7, commit)

    def start(self, verdict="success", body=REPORT, **settings):
        inputs = {"token": self.token, "verdict": verdict, "body": body, "title": "flowers"}
        given = {**inputs, **{name: text for name, text in settings.items() if name.islower()}}
        return self.project.start(
            "comment",
            **{
                "GITHUB_API_URL": self.api.url,
                "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
                "GITHUB_REPOSITORY": "acme/flowers",
                "GITHUB_RUN_ID": "5",
                **{f"INPUT_{name.upper()}": text for name, text in given.items()},
                **{name: text for name, text in settings.items() if name.isupper()},
            },
        )

    def run(self, verdict="success", body=REPORT, **settings):
        return self.project.finish(self.start(verdict, body, **settings))

    @property
    def comments(self):
        return self.api.comments(7)

    @property
    def methods(self):
        return [method for method, path, _ in self.api.requests if "/graphql" not in path]
