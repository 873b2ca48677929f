"""The user's repository: its files on the runner's disk, and what GitHub shows of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from matlab_sagemaker.errors import InputError
from matlab_sagemaker.github import markdown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matlab_sagemaker.errors import Place


SHORT = 7  # characters of a commit, as on GitHub's own pages


@dataclass(frozen=True, kw_only=True)
class Repository:
    """A repository, and the run in it; name, commit and run are empty where there is no runner."""

    name: str  # owner/name
    server: str  # the address of GitHub; each Enterprise Server has its own
    api: str  # the address of its API
    workspace: Path  # the folder into which a job checks out
    commit: str  # one that GitHub shows to everybody
    run: str  # its number
    pull_request: PullRequest | None  # that the run is about

    @property
    def url(self) -> str:
        """The address of its page."""
        return f"{self.server}/{self.name}"

    @property
    def run_url(self) -> str:
        """The address of the run's own page, or nothing."""
        return f"{self.url}/actions/runs/{self.run}" if self.run else ""

    def properties(self, place: Place | None) -> dict[str, str]:
        """Return where an annotation goes: GitHub wants paths relative to the repository."""
        if place is None:
            return {}
        file = self._shown(place.file)
        return {"file": file, **({"line": str(place.line)} if place.line else {})}

    def link(self, place: Place | None) -> str:
        """Return a place as Markdown that leads there, or nothing where there is none."""
        if place is None:
            return ""
        file, line = self._shown(place.file), f"{place.line or ''}"
        text = markdown.code(f"{file}:{line}" if line else file)
        if not self.name or Path(file).is_absolute():
            return text
        anchor = f"#L{line}" if line else ""
        return f"[{text}]({self.url}/blob/{self.commit}/{quote(file)}{anchor})"

    def commit_link(self, commit: str) -> str:
        """Return a commit as short Markdown that leads to it, or nothing where there is none."""
        page = f"{self.url}/commit/{commit}" if self.name else ""
        return markdown.link(text, page) if (text := markdown.code(commit[:SHORT])) else ""

    def _shown(self, file: str) -> str:
        path, root = Path(file).resolve(), self.workspace.resolve()
        if not path.is_relative_to(root):
            return file
        # actions/checkout's input `path` puts the repository into a folder of the workspace.
        checked_out = next((above for above in path.parents if (above / ".git").exists()), root)
        top = checked_out if checked_out.is_relative_to(root) else root
        return path.relative_to(top).as_posix()


@dataclass(frozen=True)
class PullRequest:
    """The pull request that a run is about."""

    number: int
    commit: str  # its newest; the runner works on a merge of it that nobody else has seen
    is_from_fork: bool
    base: str = ""  # the branch that it is to be merged into


def find_pull_request(file: str, repository: str) -> PullRequest | None:
    """Return the pull request of the event that the runner wrote into `file`, if there is one."""
    try:
        event = json.loads(Path(file).read_text(encoding="utf-8")) if file else {}
    except (OSError, ValueError) as error:
        raise InputError(
            f"{file} cannot be read: {error}.",
            why="The runner writes into it what has started the run, such as a pull request.",
        ) from error
    return pull_request(event, repository)


def pull_request(event: Mapping[str, Any], repository: str) -> PullRequest | None:
    """Return the pull request of an event in `repository` (owner/name), or None without one."""
    details = event.get("pull_request")
    if not details:
        return None
    head = details["head"]
    source = (head["repo"] or {}).get("full_name", "")  # a deleted fork is null
    base = details.get("base", {}).get("ref", "")
    return PullRequest(details["number"], head["sha"], source.lower() != repository.lower(), base)
