"""The results of `check`: what it looked at, and the flaws it found, each with its line. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from matlab_sagemaker.checks import Check, fine, skipped, warned, wrong
from matlab_sagemaker.errors import InputError, Place


@dataclass(frozen=True)
class Flaw:
    """Something that will not work; if `warns`, it may work."""

    place: Place
    text: str
    cure: str
    warns: bool = False

    @property
    def sentence(self) -> str:
        """File, line and text."""
        return f"{self.place.file}:{self.place.line}: {self.text}"


@dataclass(frozen=True)
class CheckResult:
    """One thing that `check` looked at, and its flaws."""

    name: str
    found: str
    flaws: tuple[Flaw, ...] = ()
    skipped: bool = False

    @property
    def check(self) -> Check:
        """The result as a row of a table."""
        text = "\n".join(flaw.sentence for flaw in self.flaws)
        cure = "\n".join(dict.fromkeys(flaw.cure for flaw in self.flaws))
        if self.skipped:
            return skipped(self.name, self.found)
        if not self.flaws:
            return fine(self.name, self.found)
        warns = all(flaw.warns for flaw in self.flaws)
        return warned(self.name, text, cure) if warns else wrong(self.name, text, cure)


def require(results: list[CheckResult]) -> None:
    """Raise one InputError with all flaws that are not only warnings, if there are any."""
    flaws = [flaw for result in results for flaw in result.flaws if not flaw.warns]
    if flaws:
        cures = dict.fromkeys(flaw.cure for flaw in flaws)
        raise InputError(
            "\n".join(flaw.sentence for flaw in flaws),
            do=". ".join([*cures, "Then check again."]),
            place=flaws[0].place,
        )
