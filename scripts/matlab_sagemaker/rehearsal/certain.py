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
# A statement that raises an error; a double-quoted text in its condition is another one in Octave.
_RAISES = re.compile(
    r'(?:[^"]*[,;])?\s*(?:error|rethrow|throw)\b|[^"]*\b(?:assert|narg\w+chk)\b[^"]*$'
)


def is_certain(case: Case) -> bool:
    """Whether MATLAB would surely raise an error, too."""
    fault = case.fault
    own_call = fault.identifier in CALLS and fault.line == -1  # of the author's own function
    if own_call or case.unassigned or case.not_given or case.lacking_channel:
        return True
    if fault.identifier.startswith(_KITS) and fault.identifier != _NONE:
        return True
    if _raises(case):
        return '"' not in case.condition and not case.condition.lstrip().startswith("catch")
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
