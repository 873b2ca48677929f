"""An error from MATLAB or Octave, and what is known about it. Reads the code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from matlab_sagemaker import digest
from matlab_sagemaker.errors import Place
from matlab_sagemaker.project import problems
from matlab_sagemaker.rehearsal import elsewhere

if TYPE_CHECKING:
    from matlab_sagemaker.rehearsal.engine import LocalEngine
    from matlab_sagemaker.rehearsal.outcome import Fault, Outcome
    from matlab_sagemaker.rehearsal.parts import Part
    from matlab_sagemaker.rehearsal.stage import Rehearsal

REFUSED = "sagemaker_inference:decode:"
_UNDEFINED = ("Octave:undefined-function", "MATLAB:UndefinedFunction")
_NAME = re.compile(r"'([^']+)'")
_NEAR = re.compile(r"near line (\d+)")
_FIELD = ("Octave:invalid-indexing", "MATLAB:nonExistentField", *_UNDEFINED)
_CHANNEL = re.compile(r"\.ChannelInputFolders\.(\w+)")
_FUNCTION = re.compile(r"\s*function\b(?:(?P<outputs>[^=%(]*)=)?[^(%]*(?:\((?P<inputs>[^)]*)\))?")
_CONTINUED = re.compile(r"\.\.\.[^'\"]*$")
_BEGINS = re.compile(r"\s*(?:if|elseif|catch|function)\b")
_PARSED = re.compile(r"parse error\b.*?(?:\.m|:) (?P<why>.+?) >>> (?P<code>.+?)(?: \^)?")
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
    def message(self) -> str:
        """The error's message; of Octave's about syntax only the reason and the code."""
        parsed = _PARSED.fullmatch(self.fault.message) if self.place else None
        return f"{parsed['why']}: {parsed['code']}" if parsed else self.fault.message

    @property
    def there(self) -> str:
        """Where to correct it, in words: `at that line` if the line is known."""
        known = self.place and self.place.line
        return "at that line" if known else f"in the {self.part.name}'s code"

    @cached_property
    def code(self) -> list[str]:
        """The lines of the file with the line that raised it."""
        known = self.place and Path(self.place.file)
        return digest.content(known).decode(errors="replace").splitlines() if known else []

    @property
    def statement(self) -> str:
        """The statement that raised it; empty if unknown."""
        first, end = self._statement
        return "\n".join(self.code[first:end])

    @property
    def condition(self) -> str:
        """The line that begins the block of that statement: if, elseif or catch."""
        before = reversed(self.code[: self._statement[0]])
        line = next((text for text in before if _BEGINS.match(text)), "")
        return "" if _FUNCTION.match(line) else line

    @property
    def _statement(self) -> tuple[int, int]:
        lines, end = self.code, (self.place and self.place.line) or 0
        first = max(end - 1, 0)
        while first > 0 and _CONTINUED.search(lines[first - 1]):
            first -= 1
        while 0 < end < len(lines) and _CONTINUED.search(lines[end - 1]):
            end += 1
        return first, end

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
        is_one = self.fault.identifier in _UNDEFINED
        return (self.quoted_name or "a name") if is_one else ""

    @property
    def quoted_name(self) -> str:
        """The first name in quotation marks in the message; empty if there is none."""
        name = _NAME.search(self.fault.message)
        return name[1] if name else ""

    @property
    def unassigned(self) -> str:
        """The output that the function that raised it does not assign, if that is the error.

        Octave then names the line of `function` in its message.
        """
        near = _NEAR.search(self.fault.message)
        line = self.code[int(near[1]) - 1 : int(near[1])] if near else []
        head = _FUNCTION.match(line[0]) if line and self.undefined else None
        named = re.findall(r"\w+", (head and head["outputs"]) or "")
        return self.undefined if self.undefined in named else ""

    @property
    def not_given(self) -> str:
        """The input without which the author's own function was called, if that is the error."""
        head = None
        if self.undefined and self.place and self.place.line:
            before = reversed(self.code[: self.place.line])
            head = next(filter(None, map(_FUNCTION.match, before)), None)
        named = re.findall(r"\w+", (head and head["inputs"]) or "")
        return self.undefined if self.undefined in named else ""

    @property
    def lacking_channel(self) -> str:
        """The channel in env.ChannelInputFolders that does not exist, if that is the error."""
        section = self.rehearsal.project.settings.training
        known = [re.sub(r"\W", "_", name) for name in (section.channels if section else ())]
        asked = _CHANNEL.findall(self.statement) if self.fault.identifier in _FIELD else []
        return next((name for name in asked if name not in known), "")

    @property
    def hint(self) -> str:
        """The user's own function that the undefined name may mean, as the end of a sentence."""
        own = {Path(file).stem for file in self.part.files if file.endswith(".m")}
        others = sorted(own - {self.undefined})
        return self.found or problems.did_you_mean(self.undefined, others, alike=0.75)

    @cached_property
    def found(self) -> str:
        """Where the undefined name is defined, off the path, as the end of a sentence."""
        root = self.rehearsal.project.folders.root
        return elsewhere.find(self.undefined, self.part, root) if self.undefined else ""

    @property
    def unparsable(self) -> bool:
        """Whether the code cannot be parsed; an error of decode_input is about the request."""
        is_requests = "decode:" in self.fault.identifier
        return not is_requests and bool(_SYNTAX.search(self.fault.message))


def sentence(what: str, place: Place | None) -> str:
    """Write file and line, if known, before what happened."""
    at = f"{place.file}:{place.line}: " if place and place.line else ""
    return f"{at}{what}{'' if what.endswith('?') else '.'}"
