"""Write sagemaker.yml and the workflows that train, deploy and operate into your repository."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from matlab_sagemaker import config, git, questions, requests, starting, terminal, writing
from matlab_sagemaker.contexts import KIT
from matlab_sagemaker.errors import InputError, OverwriteError

if TYPE_CHECKING:
    from pathlib import Path

    from matlab_sagemaker.answers import Answers
    from matlab_sagemaker.writing import Change

_BEFORE = "Enter takes what stands in brackets. Nothing is written until you have seen it.\n"
_LEFT = (
    "Done. What is left; the kit's README has the commands (From zero to the first pull request):"
)


def main() -> None:
    """Find, ask, describe, check, show, write."""
    options = questions.parser("init", str(__doc__)).parse_args()
    finder = questions.Finder(checked_folder(options.folder), questions.given(options))
    asking = terminal.is_interactive() and not options.yes
    if asking:
        terminal.show(_BEFORE)
        questions.ask(finder)
    answers = questions.complete(finder)
    files = starting.files(answers, around(answers, finder.remote), finder.settings)
    check(answers, finder.folder, files[answers.config])
    changes = writing.compare(finder.folder, files)
    terminal.show(shown(changes, whole=options.dry_run or asking))
    if options.dry_run:
        return
    if not options.force:
        refuse_to_overwrite(changes)
    if asking and not confirmed(changes):
        terminal.show("Nothing was written.")
        return
    writing.write(changes)
    terminal.show(f"\n{_LEFT}\n\n{starting.next_steps(answers)}")


def checked_folder(folder: Path) -> Path:
    """Return the user's repository; GitHub reads workflows at its root alone."""
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}.", do="Name your repository by --folder.")
    root = git.find_root(folder)
    if root and root.resolve() != folder.resolve():
        inner = folder.resolve().relative_to(root.resolve()).as_posix()
        raise InputError(
            f"{folder} lies in the repository {root}.",
            why="GitHub reads workflows at the root of a repository only.",
            do=f"Use --folder {root} --config {inner}/sagemaker.yml.",
        )
    return folder


def around(answers: Answers, remote: git.Remote | None) -> starting.Around:
    """Return what git knows of the kit's commit, and whether an own server runs the workflows."""
    is_commit = re.fullmatch(r"[0-9a-f]{40}", answers.ref)
    version = git.find_version(KIT, answers.ref) if is_commit else ""
    return starting.Around(version, on_server=bool(remote and not remote.on_github))


def check(answers: Answers, folder: Path, text: str) -> None:
    """Read the project as every verb will, before it is written; raise InputError."""
    try:
        config.parse(text, folder / answers.config)
        if answers.request:
            requests.read(folder / answers.request, "", "")
        if answers.expected and not (folder / answers.expected).is_file():
            raise InputError(f"There is no file {answers.expected}.")
    except InputError as error:
        raise InputError(
            f"These answers make no valid project:\n{error}", do="Nothing was written."
        ) from error


def shown(changes: list[Change], *, whole: bool) -> str:
    """Return what is to be written: a line a file, and what changes in it."""
    parts = []
    for change in changes:
        parts.append(f"{change.state:9}{change.name}")
        if change.state == "changed" or (whole and change.state == "new"):
            parts.append(change.diff())
    return "\n".join(parts)


def confirmed(changes: list[Change]) -> bool:
    """Ask whether to write, where there is anything to write."""
    if all(change.state == "same" for change in changes):
        return True
    return terminal.ask("Write them? y or n", "y").lower() in ("y", "yes")


def refuse_to_overwrite(changes: list[Change]) -> None:
    """Raise OverwriteError where a file stands already and differs."""
    if differing := [change.name for change in changes if change.state == "changed"]:
        raise OverwriteError(
            f"{', '.join(differing)} would be overwritten.",
            why="What stands there differs, as shown above. Nothing was written.",
            do="Commit or move it, then run this with --force; or keep it, and change it by hand.",
        )


if __name__ == "__main__":
    terminal.run(main)
