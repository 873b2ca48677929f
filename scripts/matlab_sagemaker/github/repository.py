"""The user's repository: its files on the runner's disk, and its pages on GitHub."""

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
    """A repository and the run in it; name, commit and run are empty outside a runner."""

    name: str  # owner/name
    server: str  # the URL of GitHub; each Enterprise Server has its own
    api: str  # the URL of its API
    workspace: Path  # the folder into which a job checks out
    commit: str  # the commit that GitHub's pages show, never a runner's temporary merge commit
    run: str  # the run's ID
    pull_request: PullRequest | None  # that the run is about

    @property
    def url(self) -> str:
        """The URL of its page."""
        return f"{self.server}/{self.name}"

    @property
    def run_url(self) -> str:
        """The URL of the run's page, or empty."""
        return f"{self.url}/actions/runs/{self.run}" if self.run else ""

    def properties(self, place: Place | None) -> dict[str, str]:
        """Return an annotation's properties; GitHub needs paths relative to the repository."""
        if place is None:
            return {}
        file = self._shown(place.file)
        return {"file": file, **({"line": str(place.line)} if place.line else {})}

    def link(self, place: Place | None) -> str:
        """Format a place as a Markdown link, or as empty text without one."""
        if place is None:
            return ""
        file, line = self._shown(place.file), f"{place.line or ''}"
        text = markdown.code(f"{file}:{line}" if line else file)
        if not self.name or Path(file).is_absolute():
            return text
        anchor = f"#L{line}" if line else ""
        return f"[{text}]({self.url}/blob/{self.commit}/{quote(file)}{anchor})"

    def commit_link(self, commit: str) -> str:
        """Format a commit as a short Markdown link, or as empty text without one."""
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
    commit: str  # its newest; the runner checks out a temporary merge of it with the base
    is_from_fork: bool
    base: str = ""  # the branch into which it will be merged


def find_pull_request(file: str, repository: str) -> PullRequest | None:
    """Read the pull request, if any, from the event that the runner wrote into `file`."""
    try:
        event = json.loads(Path(file).read_text(encoding="utf-8")) if file else {}
    except (OSError, ValueError) as error:
        raise InputError(
            f"{file} cannot be read: {error}.",
            why="The runner writes the event that started the run, such as a pull request, there.",
        ) from error
    return pull_request(event, repository)


def pull_request(event: Mapping[str, Any], repository: str) -> PullRequest | None:
    """Read the pull request from an event in `repository` (owner/name); None without one."""
    details = event.get("pull_request")
    if not details:
        return None
    head = details["head"]
    source = (head["repo"] or {}).get("full_name", "")  # a deleted fork is null
    base = details.get("base", {}).get("ref", "")
    return PullRequest(details["number"], head["sha"], source.lower() != repository.lower(), base)
