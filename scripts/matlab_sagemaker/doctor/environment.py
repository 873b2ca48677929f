"""Checks who may deploy: reads the rules of the workflows' GitHub environments through gh.

If a job names an environment that does not exist, GitHub creates it, without rules.
Source: https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from matlab_sagemaker import shell
from matlab_sagemaker.checks import Check, fine, skipped, warned
from matlab_sagemaker.errors import GitHubError
from matlab_sagemaker.project.workflows import ANY

if TYPE_CHECKING:
    from matlab_sagemaker.project.git import Remote
    from matlab_sagemaker.project.workflows import Calls

PROTECTED = "the protected branches"
_PLAIN = {
    "GH_FORCE_TTY": "",
    "CLICOLOR_FORCE": "",
    "GH_DEBUG": "",
    "DEBUG": "",
}  # print only JSON
_REFUSED = re.compile(r"gh: (?P<why>.*\(HTTP (?P<status>\d{3})\))")  # after GitHub's own answer
_NO_PROGRAM, _NOT_SIGNED_IN = 127, 4  # exit codes: of a shell, and of gh
_LONGEST = 200  # characters of gh's output in a message
_EVERY = re.compile(r"[*/]+")  # *, **, **/*


@dataclass(frozen=True, kw_only=True)
class EnvironmentRules:
    """An environment's rules on GitHub, and the branches that may deploy to it."""

    reviewers: int  # users and teams; one of them has to approve
    allowed: tuple[str, ...] | None  # branches (names or patterns) and tags; None: all
    protected: tuple[str, ...]  # the repository's protected branches


def findings(remote: Remote | None, calls: Calls) -> list[Check]:
    """Check each environment that a workflow deploys to."""
    return [_finding(name, remote, calls.branches) for name in calls.environments]


def _finding(name: str, remote: Remote | None, branches: tuple[str, ...]) -> Check:
    if name == ANY:
        return skipped("environment", "not checked: an expression in a workflow names it")
    what = f"environment {name}"
    if remote is None:
        return skipped(what, "not checked: git has no remote on GitHub")
    try:
        return judge(what, read(remote, name), branches)
    except GitHubError as error:
        return skipped(what, f"not checked: {error.what} {error.do}".rstrip())


def judge(what: str, rules: EnvironmentRules | None, branches: tuple[str, ...] = ()) -> Check:
    """Judge whether somebody other than the author has to approve a deployment.

    `rules` is None if the environment does not exist; `branches` are those that deploy.
    """
    fix = _FIX.format(branch=" or ".join(b for b in branches if b != ANY) or "main")
    if rules is None:
        made = "GitHub creates it without rules for the first job that names it"
        return warned(what, f"it does not exist, and {made}: {_ANYONE}", fix)
    if rules.reviewers:
        count = f"{rules.reviewers} required reviewer{'s' * (rules.reviewers > 1)}"
        return fine(what, f"{count}: one has to approve each deployment")
    if not _restricts(rules):
        return warned(what, f"no required reviewers, and every branch may deploy: {_ANYONE}", fix)
    open_to = [name for name in rules.allowed or () if name not in (PROTECTED, *rules.protected)]
    if open_to:
        named = ", ".join(open_to)
        found = (
            f"no required reviewers, and not known to be protected: {named}. Anyone who can "
            "push there"
        )
        return warned(what, f"{found} can deploy without a review", fix)
    named = ", ".join(rules.protected if rules.allowed == (PROTECTED,) else rules.allowed or ())
    return fine(what, f"no required reviewers, but only protected branches may deploy: {named}")


_ANYONE = "anyone who can push a branch can deploy"
_FIX = (
    "In the repository's Settings → Environments, set required reviewers, or allow only {branch} "
    "and protect that branch. In private repositories, required reviewers need a paid plan, GitHub "
    "Enterprise (the kit's docs/security.md)."
)


def _restricts(rules: EnvironmentRules) -> bool:
    """Whether the rules exclude any branch."""
    if rules.allowed is None or any(_EVERY.fullmatch(name) for name in rules.allowed):
        return False
    # "If no branch protection rules are defined for any branch in the repository, then all
    # branches can deploy."
    return rules.allowed != (PROTECTED,) or bool(rules.protected)


def read(remote: Remote, name: str) -> EnvironmentRules | None:
    """Read the rules of an environment; None if the repository does not have it.

    Raises GitHubError if gh is missing, is not signed in, or may not read the rules.
    """
    repository = f"repos/{remote.full_name}"
    # Anyone who can read the branches can read the environments, so 404 means there is none.
    protected = _require(remote, f"{repository}/branches?protected=true&per_page=100")
    place = f"{repository}/environments/{quote(name, safe='')}"
    environment = _get(remote, place)
    if environment is None:
        return None
    reviewers = [
        reviewer
        for rule in environment.get("protection_rules", [])
        for reviewer in rule.get("reviewers", [])
    ]
    policy = environment.get("deployment_branch_policy")
    allowed: tuple[str, ...] | None = (PROTECTED,) if policy else None
    if policy and policy["custom_branch_policies"]:
        listed = _require(remote, f"{place}/deployment-branch-policies?per_page=100")
        allowed = tuple(map(_pattern, listed["branch_policies"]))
    names = tuple(branch["name"] for branch in protected)
    return EnvironmentRules(reviewers=len(reviewers), allowed=allowed, protected=names)


def _pattern(policy: dict[str, Any]) -> str:
    kind = "tag " if policy.get("type") == "tag" else ""
    return f"{kind}{policy['name']}"


def _require(remote: Remote, path: str) -> Any:
    found = _get(remote, path)
    if found is None:
        raise _unreadable(remote, "Not Found (HTTP 404)")
    return found


def _get(remote: Remote, path: str) -> Any:
    """Send a GET request; return None for 404."""
    lines: list[str] = []
    code = shell.stream(["gh", "api", "--hostname", remote.host, path], _PLAIN, lines.append)
    if code == _NO_PROGRAM:
        raise GitHubError("gh is not on PATH.", do="Install it: https://cli.github.com")
    if code == _NOT_SIGNED_IN:
        do = f"Sign in: gh auth login --hostname {remote.host}"
        raise GitHubError("gh is not signed in to GitHub.", do=do)
    said = "\n".join(lines)
    if code:
        refused = _REFUSED.search(said)
        if refused and refused["status"] == "404":
            return None
        raise _unreadable(remote, refused["why"] if refused else said[-_LONGEST:])
    try:
        return json.loads(said)
    except ValueError as error:
        raise _unreadable(remote, "its answer is not JSON") from error


def _unreadable(remote: Remote, why: str) -> GitHubError:
    where = f"{remote.full_name} on {remote.host}"
    return GitHubError(
        f"gh cannot read the rules of {where}: {why}.",
        do="Sign in as someone who can read the repository; gh auth status shows who you are",
    )
