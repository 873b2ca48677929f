"""What git knows about a folder: its root, where it is pushed to, its branch, its commits.

Without git or a repository, the answers are empty. Nothing here uses the network.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from matlab_sagemaker import shell

# A git hook sets the first three for its own repository.
_HERE = {"GIT_DIR": "", "GIT_WORK_TREE": "", "GIT_INDEX_FILE": "", "LC_ALL": "C"}
# Do not fetch what a partial clone does not have.
_OFFLINE = {"GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}
_REMOTE = re.compile(
    r"(?:(?:https?|ssh|git)://(?:[^/@]*@)?(?P<host>[\w.-]+)(?::\d+)?/|[\w.-]+@(?P<scp>[\w.-]+):/?)"
    r"(?P<owner>[\w.-]+)/(?P<name>[\w.-]+?)(?:\.git)?/?"
)
_VERSION = re.compile(r"v\d+\.\d+\.\d+")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True)
class Remote:
    """Where a repository is pushed to."""

    host: str
    owner: str
    name: str

    @property
    def on_github(self) -> bool:
        """Whether it is github.com, or GitHub's cloud at an enterprise's own address."""
        return self.host == "github.com" or self.host.endswith(".ghe.com")

    @property
    def full_name(self) -> str:
        """The repository as GitHub's workflows write it: owner/name."""
        return f"{self.owner}/{self.name}"


def remote(url: str) -> Remote | None:
    """Parse a remote's URL; None if it is not in one of the forms that GitHub uses."""
    match = _REMOTE.fullmatch(url)
    if not match:
        return None
    host = (match["host"] or match["scp"]).lower().removeprefix("ssh.")
    return Remote(host, match["owner"], match["name"])


def find_remote(folder: Path) -> Remote | None:
    """Find where the repository of `folder` is pushed to, from its configuration."""
    return remote(_git(folder, "config", "--get", "remote.origin.url"))


def find_root(folder: Path) -> Path | None:
    """Find the root of the repository that `folder` is in."""
    root = _git(folder, "rev-parse", "--show-toplevel")
    return Path(root) if root else None


def find_branch(folder: Path) -> str:
    """Find the default branch: the remote's, else main or master, else the only branch."""
    if head := _git(folder, "symbolic-ref", "--short", "refs/remotes/origin/HEAD"):
        return head.partition("/")[2]
    listed = _git(folder, "for-each-ref", "--format=%(refname:short)", "refs/heads").splitlines()
    branches = listed or _git(folder, "symbolic-ref", "--short", "HEAD").splitlines()
    called = [name for name in ("main", "master") if name in branches]
    found = called or branches
    return found[0] if len(found) == 1 or called else ""


def find_version(folder: Path, commit: str) -> str:
    """Find the version, such as v1.2.3, that a commit of this repository was released as."""
    tags = _git(folder, "tag", "--points-at", commit).splitlines()
    return max((tag for tag in tags if _VERSION.fullmatch(tag)), key=len, default="")


def is_older(folder: Path, commit: str, other: str) -> bool | None:
    """Return whether `commit` is an ancestor of `other`; None if that is not known.

    It is not known if one of them is missing here, or if the clone is too shallow to say no.
    """
    if commit == other:
        return False
    if not (_COMMIT.fullmatch(commit) and _COMMIT.fullmatch(other)):
        return None
    code, _ = _ask(folder, "merge-base", "--is-ancestor", commit, other)
    whole = code == 1 and _git(folder, "rev-parse", "--is-shallow-repository") == "false"
    return True if code == 0 else False if whole else None


def _git(folder: Path, *words: str) -> str:
    code, said = _ask(folder, *words)
    return "" if code else said


def _ask(folder: Path, *words: str) -> tuple[int, str]:
    lines: list[str] = []
    code = shell.stream(["git", "-C", str(folder), *words], _HERE | _OFFLINE, lines.append)
    return code, "\n".join(lines).strip()
