"""Which errors are surely the author's own, although Octave stands in for MATLAB. Pure.

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
_OUT_OF_BOUNDS = ("Octave:index-out-of-bounds", "MATLAB:table:VarIndexOutOfRange")
_NONE = "sagemaker_training:error"  # of an error without an identifier
_KITS = ("sagemaker_inference:", "sagemaker_training:")
_ENGINES = ("Octave:", "octave_compat:", "MATLAB:")
_ASSERTS = {"assert.m", "narginchk.m", "nargoutchk.m"}
# What is asked with these has another answer in Octave.
_ASKS = re.compile(
    r"\b(?:catch|class|isa|iscategorical|isdatetime|isstring|licen[cs]e|usejava|ver|version)\b"
    r"|\b(?:verLessThan|which)\b|\bexist\(\s*\)"  # the texts are left out: exist('fitrgp')
)
_DIFFERS = re.compile(r"\"|(?m:^\s*arguments\b)|\bisstring\b")
_TEXTS = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")
_RAISES = re.compile(
    r'(?:[^"]*[,;])?\s*(?:error|rethrow|throw)\b|[^"]*\b(?:assert|narg\w+chk)\b[^"]*$'
)


def is_certain(case: Case) -> bool:
    """Whether MATLAB would surely raise an error, too."""
    fault = case.fault
    own_call = fault.identifier in CALLS and fault.line == -1  # of the author's own function
    kits = fault.identifier.startswith(_KITS) and fault.identifier != _NONE
    if own_call or kits or case.lacking_channel:
        return True
    if case.undefined:  # Octave ignores the defaults in a block `arguments`
        known = case.unassigned or case.not_given
        return bool(known) and not _DIFFERS.search("\n".join(case.code))
    if _raises(case):
        asked = _TEXTS.sub("", f"{case.condition}\n{case.statement}")
        return '"' not in case.condition and not _ASKS.search(asked)
    if '"' in case.statement:
        return False
    if fault.identifier == COLUMN:  # its name may come from such a text on another line
        written = re.search(rf"\b{re.escape(case.quoted_name)}\b", case.statement)
        return bool(written) or '"' not in "\n".join(case.code)
    return fault.identifier in _OUT_OF_BOUNDS


def _raises(case: Case) -> bool:
    """Whether the author's statement raised the error itself, not a function that it calls."""
    fault = case.fault
    if not fault.below and not fault.identifier.startswith((*_ENGINES, _NONE)):
        return True
    return set(fault.below) <= _ASSERTS and bool(_RAISES.match(case.statement))
