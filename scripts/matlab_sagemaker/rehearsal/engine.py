"""Finds MATLAB or GNU Octave on this machine and makes the commands that run .m files."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from matlab_sagemaker.errors import NotJudgedError
from matlab_sagemaker.project.build_context import KIT
from source_path import OCTAVE, add_to_path, prepare_octave, source_folders

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matlab_sagemaker.project.config import MatlabSection

EngineName = Literal["matlab", "octave"]
TOKEN = "MLM_LICENSE_TOKEN"  # noqa: S105 (a name)
STANDS_IN = (
    "There is no matlab on PATH, so GNU Octave is used. Numbers may differ a little, and code that "
    "needs MATLAB or a toolbox cannot be judged."
)


@dataclass(frozen=True)
class LocalEngine:
    """MATLAB or GNU Octave, as installed on this machine."""

    name: EngineName
    stands_in: bool = False  # True: this is Octave, but the project's engine is MATLAB

    @property
    def title(self) -> str:
        """Its name for people."""
        return "MATLAB" if self.name == "matlab" else "GNU Octave"

    @property
    def cure(self) -> str:
        """What to do if it does not start."""
        if self.name == "octave":
            return "Install GNU Octave again."
        return (
            "Start matlab by hand and correct its installation or licence; or take matlab off PATH "
            "to rehearse with GNU Octave."
        )

    def command(self, statement: str) -> list[str]:
        """Make the command that runs a statement with the kit's MATLAB code on the path."""
        matlab = source_folders(KIT / "matlab")
        if self.name == "matlab":
            return ["matlab", "-batch", add_to_path(matlab) + statement]
        folders = [*source_folders(KIT / "docker/octave/compat"), *matlab]
        return [*OCTAVE, prepare_octave(folders) + statement]


def find(matlab: MatlabSection) -> LocalEngine:
    """Find the project's engine, or Octave instead of MATLAB; raise NotJudgedError if none."""
    if matlab.engine == "matlab" and shutil.which("matlab"):
        return LocalEngine("matlab")
    if shutil.which("octave-cli"):
        return LocalEngine("octave", stands_in=matlab.engine == "matlab")
    wanted = "neither matlab nor octave-cli" if matlab.engine == "matlab" else "no octave-cli"
    raise NotJudgedError(
        f"There is {wanted} on PATH.",
        why=f"The project's engine is {matlab.engine} (matlab.engine in sagemaker.yml).",
        do="Install GNU Octave (apt-get install octave), or put MATLAB's bin folder on PATH.",
    )


def not_started(used: LocalEngine, said: Iterable[str]) -> NotJudgedError:
    """Make the error of an engine that ended before it ran any of the kit's code."""
    return NotJudgedError(f"{used.title} did not start.", why="\n".join(said), do=used.cure)


def of_release(release: str, matlab: MatlabSection) -> LocalEngine:
    """Return the engine that reported this release; Octave reports an empty one."""
    name: EngineName = "matlab" if release else "octave"
    return LocalEngine(name, stands_in=name != matlab.engine)


def quoted(text: str) -> str:
    """Write a text as a character vector in MATLAB code."""
    return "'" + text.replace("'", "''") + "'"
