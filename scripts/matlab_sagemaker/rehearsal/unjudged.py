"""Errors that say nothing about the code: MATLAB, or one of its products, is missing here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from matlab_sagemaker.errors import KitError, NotJudgedError
from matlab_sagemaker.project import products
from matlab_sagemaker.rehearsal.case import sentence
from matlab_sagemaker.rehearsal.certain import is_certain

if TYPE_CHECKING:
    from matlab_sagemaker.rehearsal.case import Case

_PRODUCTS = "|".join(re.escape(name) for name in products.TITLES)
_TEXTS = '\nA text in "double quotes", as in this line, is a string array only in MATLAB.'
_TOOLBOX = re.compile(rf"requires? (?:a license for )?(?P<name>{_PRODUCTS}|[A-Z][\w ]*Toolbox)\b")


def no_toolbox(case: Case) -> KitError | None:
    """Name the toolbox, or another product, that this MATLAB does not have."""
    toolbox = _TOOLBOX.search(case.fault.message)
    if case.engine.name != "matlab" or not toolbox:
        return None
    what = f"The {case.part.name} needs {toolbox['name']}, which this MATLAB does not have"
    return NotJudgedError(
        sentence(what, case.place),
        why=case.fault.message,
        do="Install it here, or let the pipeline judge: its image has the products listed in "
        "matlab.products in sagemaker.yml.",
        place=case.place,
    )


def octaves(case: Case) -> KitError | None:
    """Leave to MATLAB whatever may fail only because Octave is used in its place."""
    if not case.engine.stands_in or is_certain(case):
        return None
    correct = f"correct it {case.there}"
    if name := case.undefined:
        what, unless = f"does not have '{name}'{case.hint}", "the name is misspelt"
        if case.found:
            unless, correct = "MATLAB does not have it either", "correct this"
    elif case.unparsable:
        what, unless = "cannot parse the code", "MATLAB cannot parse it either"
    else:
        what, unless = "cannot run the code", "MATLAB cannot run it either"
    texts = _TEXTS if '"' in case.condition + case.statement else ""
    return NotJudgedError(
        sentence(f"not judged: GNU Octave, used in place of MATLAB, {what}", case.place),
        why=case.message + texts,
        do="Put MATLAB's bin folder on PATH and rehearse again, or let the pipeline judge. If "
        f"{unless}, {correct}.",
        place=case.place,
    )
