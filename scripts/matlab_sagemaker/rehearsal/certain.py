"""Which errors are surely the author's own, although Octave stands in for MATLAB. Reads the code.

Valid MATLAB code can fail in Octave in countless ways: options and functions that it does not have,
and double-quoted texts, which are string arrays only in MATLAB.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matlab_sagemaker.rehearsal.case import Case

COLUMN = "MATLAB:table:UnrecognizedVarName"
CALLS = ("Octave:invalid-fun-call", "MATLAB:TooManyInputs", "MATLAB:TooManyOutputs")
_NONE = "sagemaker_training:error"  # of an error without an identifier
_KITS = ("sagemaker_inference:", "sagemaker_training:")
_ENGINES = ("Octave:", "octave_compat:", "MATLAB:")
_ASSERTS = {"assert.m", "narginchk.m", "nargoutchk.m"}
_OUT_OF_BOUNDS = ("Octave:index-out-of-bounds", "MATLAB:table:VarIndexOutOfRange")
_TABLE = {"table.m", "columnIndex.m"}
_MATLABS = re.compile(r"Row|Variables|Var\d+")  # columns that MATLAB's tables may have
_BEGINS = re.compile(r"\s*(?:error|rethrow|throw)\b")
_CALLS = re.compile(r"\b(?:error|assert)\b")
_TEXT = re.compile(
    r"""%[^\n]*|(?<![\w)\]}.'])'(?P<single>(?:[^'\n]|'')*)'|"(?P<double>(?:[^"\n]|"")*)\""""
)
_FORMAT = re.compile(r"%[-+ #0-9.*]*[A-Za-z]|\\.|\s+|''|\"\"")
# What gives another result in Octave, without an error: anywhere in the file, and in a condition.
_DIFFERS = re.compile(r"""\*\*['"/\\]|\bisstring\b|\[\s*"|(?:[=~]=|\+)\s*"|"\s*(?:[=~]=|\+)""")
_NAMED = re.compile(r"[(,]\s*[A-Za-z]\w*\s*=(?!=)")  # f(x, Name=value)
_ASKS = re.compile(
    r"\b(?:licen[cs]e|ver|verLessThan|version|which|isa|class|ischar|catch)\b"
    r"""|\bexist\b(?!.*['"](?:file|dir|var)['"])"""
)


def is_certain(case: Case) -> bool:
    """Whether MATLAB would surely raise an error, too."""
    fault = case.fault
    if fault.identifier.startswith(_KITS):
        return fault.identifier != _NONE or _is_authors(case)
    own_call = fault.identifier in CALLS and fault.line == -1  # of the author's own function
    known = own_call or case.unassigned or case.not_given or case.lacking_channel
    return bool(known) or _is_authors(case)


def _is_authors(case: Case) -> bool:
    """Whether the author's error, index or column is surely wrong, not a text before it."""
    fault, below, texts = case.fault, set(case.fault.below), _texts(case.statement)
    code = "\n".join(case.code)
    differs = _DIFFERS.search(code) or _NAMED.search(_TEXT.sub("", code))
    if fault.identifier == COLUMN:
        name = case.quoted_name
        written = re.search(rf"\b{re.escape(name)}\b", case.statement)
        is_plain = not texts["double"] and not _MATLABS.fullmatch(name)
        return is_plain and bool(written or not differs)
    if fault.identifier in _OUT_OF_BOUNDS and below <= _TABLE:
        return not texts["double"] and not differs
    condition = case.condition
    asks = _ASKS.search(f"{condition}\n{case.statement}")
    if not _raises(case, below, texts) or differs or asks:
        return False
    other = [text for text in texts["double"] if not _is_said(case, text)]
    return not other and not _texts(condition)["double"]


def _raises(case: Case, below: set[str], texts: dict[str, list[str]]) -> bool:
    """Whether the author's own error, assert or narginchk raised it."""
    identifier = case.fault.identifier
    if below:
        return below <= _ASSERTS
    if identifier != _NONE and not identifier.startswith(_ENGINES):
        return True
    if identifier == _NONE and _BEGINS.match(case.statement):
        return True
    written = texts["single"] + texts["double"] if _CALLS.search(case.statement) else []
    return any(_is_said(case, text) for text in written)


def _is_said(case: Case, text: str) -> bool:
    """Whether a text in the code is the identifier of the error, or the template of its message."""
    first, *others = _FORMAT.split(text)
    if not others or text == case.fault.identifier:
        return text in (case.fault.identifier, case.fault.message)
    said, last = case.fault.message, others.pop()
    if not any((first, last, *others)) or not said.startswith(first):
        return False
    at = len(first)
    for part in others:
        at = said.find(part, at) + len(part)
        if at < len(part):
            return False
    return said[at:].endswith(last)


def _texts(code: str) -> dict[str, list[str]]:
    """Find the texts in code, by their kind of quotation marks."""
    found = list(_TEXT.finditer(code))
    kinds = ("single", "double")
    return {kind: [each[kind] for each in found if each[kind] is not None] for kind in kinds}
