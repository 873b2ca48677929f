"""An error from MATLAB or Octave, and what is known about it. Reads the code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from matlab_sagemaker.errors import Place
from matlab_sagemaker.project import problems

if TYPE_CHECKING:
    from matlab_sagemaker.rehearsal.engine import LocalEngine
    from matlab_sagemaker.rehearsal.outcome import Fault, Outcome
    from matlab_sagemaker.rehearsal.parts import Part
    from matlab_sagemaker.rehearsal.stage import Rehearsal

REFUSED = "sagemaker_inference:decode:"
_UNDEFINED = ("Octave:undefined-function", "MATLAB:UndefinedFunction")
_NAME = re.compile(r"'([^']+)'")
_SYNTAX = re.compile(r"parse error|File: .+ Line: \d+")


@dataclass(frozen=True)
class Case:
    """An error, and what the rules need to explain it."""

    fault: Fault
    part: Part
    rehearsal: Rehearsal
    engine: LocalEngine
    outcome: Outcome

    @cached_property
    def place(self) -> Place | None:
        """The line of the user's code that raised it, if known."""
        return self.part.place(self.fault)

    @property
    def there(self) -> str:
        """Where to correct it, in words: `at that line` if the line is known."""
        known = self.place and self.place.line
        return "at that line" if known else f"in the {self.part.name}'s code"

    @property
    def predict(self) -> Place | None:
        """That line, or else the definition of predict; for the kit's handlers, the model."""
        if self.part.is_kits:
            return self.place or self.rehearsal.model_place
        return self.place or self.part.definition("predict")

    @property
    def request(self) -> Place | None:
        """The request's first line, if there is a request."""
        sent = self.rehearsal.request
        return Place(sent.file, 1) if sent else None

    @property
    def lacking(self) -> list[str]:
        """The model's predictors that the request lacks, if that is the error.

        A handler may compute predictors from other columns, and fail for a reason of its own.
        """
        columns, fault = self.outcome.columns, self.fault
        names = [name for name in self.outcome.predictors if columns and name not in columns]
        refused = fault.identifier.startswith(REFUSED)
        return names if refused and any(f'"{name}"' in fault.message for name in names) else []

    @property
    def undefined(self) -> str:
        """The name that is not defined; empty if the error is another one."""
        name = _NAME.search(self.fault.message)
        return (name[1] if name else "a name") if self.fault.identifier in _UNDEFINED else ""

    @property
    def hint(self) -> str:
        """The user's own function that the undefined name may mean, as the end of a sentence."""
        own = [Path(file).stem for file in self.part.files if file.endswith(".m")]
        return problems.did_you_mean(self.undefined, own)

    @property
    def unparsable(self) -> bool:
        """Whether the code cannot be parsed; an error of decode_input is about the request."""
        is_requests = "decode:" in self.fault.identifier
        return not is_requests and bool(_SYNTAX.search(self.fault.message))


def sentence(what: str, place: Place | None) -> str:
    """Write file and line, if known, before what happened."""
    at = f"{place.file}:{place.line}: " if place and place.line else ""
    return f"{at}{what}{'' if what.endswith('?') else '.'}"
