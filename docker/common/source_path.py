"""How .m files reach the engine, and how the engine ends with its parent: for both containers."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

OCTAVE = ("octave-cli", "--norc", "--no-history", "--quiet", "--no-window-system", "--eval")


def source_folders(root: Path) -> list[Path]:
    """Return `root` and its subfolders as genpath does: no packages, no classes, no resources."""
    if not root.is_dir():
        return []
    children = sorted(child for child in root.iterdir() if child.is_dir())
    off = ("private", "resources")
    plain = [child for child in children if child.name not in off and child.name[0] not in "+@."]
    return [root, *(folder for child in plain for folder in source_folders(child))]


def add_to_path(folders: list[Path]) -> str:
    """Return the statement that puts `folders` first on the path, in this order."""
    quoted = ", ".join("'" + str(folder).replace("'", "''") + "'" for folder in folders)
    return f"addpath({quoted}); "


def prepare_octave(folders: list[Path]) -> str:
    """Return that statement for Octave, where the compat folder replaces some functions.

    Octave would write its whole workspace into the current folder when SIGTERM ends it.
    """
    settings = "sigterm_dumps_octave_core(false); warning('off', 'Octave:shadowed-function'); "
    return settings + add_to_path(folders)


def dying_with_parent(command: list[str], search_path: str | None = None) -> list[str]:
    """Let the kernel end a process of its own group when the one that starts it is gone."""
    if shutil.which("setpriv", path=search_path):
        return ["setpriv", "--pdeathsig", "KILL", "--", *command]
    return command
