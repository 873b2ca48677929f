"""GitHub's command line, as far as doctor uses it, for a test's own PATH.

    gh = Gh(folder, "acme/flowers")  # `folder` holds the program then
    gh.protect("main")
    gh.environment("production", allowed=[("branch", "main")])

Its answers are checked against GitHub's own description; anything else is "not found".
"""

import json
import sys
from functools import cache

from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from helpers.github import gh_program
from helpers.github.answers import json_answer

ROOT = "https://api.github.com"
PAGE = "https://github.com/acme/flowers"
MOMENT = "2026-11-01T00:00:00Z"
WAIT = {"id": 1, "node_id": "W", "type": "wait_timer", "wait_timer": 30}
ONLY_PROTECTED = {"protected_branches": True, "custom_branch_policies": False}
NAMED = {"protected_branches": False, "custom_branch_policies": True}
TEAM = {
    "id": 1,
    "node_id": "T",
    "name": "Operations",
    "slug": "operations",
    "description": None,
    "permission": "pull",
    "type": "organization",
    "organization_id": 1,
    "parent": None,
    **dict.fromkeys(("url", "html_url", "members_url", "repositories_url"), PAGE),
}
REVIEWERS = {
    "id": 2,
    "node_id": "R",
    "type": "required_reviewers",
    "prevent_self_review": True,
    "reviewers": [{"type": "Team", "reviewer": TEAM}],
}


class Gh:
    """The program in `folder`, signed in, and GitHub's answers about a repository."""

    def __init__(self, folder, repository):
        self._root = f"repos/{repository}"
        self._file = folder / "gh.json"
        self._known = {"signed in": True, "answers": {}}
        self._write()
        program = folder / "gh"
        program.write_text(
            f'#!/bin/sh\nexec "{sys.executable}" "{gh_program.__file__}" "{self._file}" "$@"\n'
        )
        program.chmod(0o755)

    def sign_out(self):
        self._known["signed in"] = False
        self._write()

    def protect(self, *names):
        """Protect these branches of the repository."""
        commit = {"sha": "0" * 40, "url": PAGE}
        listed = [{"name": name, "commit": commit, "protected": True} for name in names]
        self._answer("branches?protected=true&per_page=100", listed)

    def environment(self, name, *rules, policy=None, allowed=()):
        """Add an environment, with `allowed` as (branch or tag, pattern)."""
        about = {
            "id": 1,
            "node_id": "E",
            "name": name,
            "url": PAGE,
            "html_url": PAGE,
            "created_at": MOMENT,
            "updated_at": MOMENT,
            "protection_rules": rules,
            "deployment_branch_policy": NAMED if allowed else policy,
        }
        self._answer(f"environments/{name}", about)
        listed = [{"id": 1, "node_id": "P", "type": kind, "name": n} for kind, n in allowed]
        policies = {"total_count": len(listed), "branch_policies": listed}
        self._answer(f"environments/{name}/deployment-branch-policies?per_page=100", policies)

    def refuse(self, path, status):
        self._known["answers"][f"{self._root}/{path}"] = [status, None]
        self._write()

    def _answer(self, path, body):
        assert faults(f"{self._root}/{path}", body) == []
        self._known["answers"][f"{self._root}/{path}"] = [200, body]
        self._write()

    def _write(self):
        self._file.write_text(json.dumps(self._known))


@cache
def contract():
    from helpers.github.contract import Contract  # noqa: PLC0415 (takes long)

    return Contract(ROOT)


def faults(path, body):
    """Return how an answer differs from GitHub's description."""
    request = Request(EnvironBuilder(f"/{path}", ROOT).get_environ())
    asked = contract()
    return [
        *asked.faults_of_request(request),
        *asked.faults_of_answer(request, json_answer(200, body)),
    ]
