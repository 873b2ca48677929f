"""Puts .m files on the engine's path, and ends the engine with its parent; for both containers."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

OCTAVE = ("octave-cli", "--norc", "--no-history", "--quiet", "--no-window-system", "--eval")


def source_folders(root: Path) -> list[Path]:
    """List `root` and its subfolders as genpath does: no packages, classes or resources."""
    if not root.is_dir():
        return []
    children = sorted(child for child in root.iterdir() if child.is_dir())
    off = ("private", "resources")
    plain = [child for child in children if child.name not in off and child.name[0] not in "+@."]
    return [root, *(folder for child in plain for folder in source_folders(child))]


def add_to_path(folders: list[Path]) -> str:
    """Make the statement that puts `folders` first on the path, in this order."""
    quoted = ", ".join("'" + str(folder).replace("'", "''") + "'" for folder in folders)
    return f"addpath({quoted}); "


def prepare_octave(folders: list[Path]) -> str:
    """Make the same statement for Octave, whose compat folder replaces some functions.

    It also stops Octave from writing its workspace into the current folder on SIGTERM.
    """
    settings = "sigterm_dumps_octave_core(false); warning('off', 'Octave:shadowed-function'); "
    return settings + add_to_path(folders)


def dying_with_parent(command: list[str], search_path: str | None = None) -> list[str]:
    """Make a command that the kernel kills when the process that starts it has ended."""
    if shutil.which("setpriv", path=search_path):
        return ["setpriv", "--pdeathsig", "KILL", "--", *command]
    return command
