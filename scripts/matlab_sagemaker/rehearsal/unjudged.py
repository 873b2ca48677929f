"""Errors that say nothing about the code: MATLAB, or one of its products, is missing here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from matlab_sagemaker.errors import KitError, NotJudgedError
from matlab_sagemaker.project import products
from matlab_sagemaker.project.build_context import KIT
from matlab_sagemaker.rehearsal.case import sentence

if TYPE_CHECKING:
    from matlab_sagemaker.rehearsal.case import Case

_PRODUCTS = "|".join(re.escape(name) for name in products.TITLES)
_TOOLBOX = re.compile(rf"requires? (?:a license for )?(?P<name>{_PRODUCTS}|[A-Z][\w ]*Toolbox)\b")
# What the kit's functions for Octave refuse, but MATLAB's accept. Their other errors, and those
# with an identifier of MATLAB, are MATLAB's, too.
_LIMITS = re.compile(r"octave_compat:(nameValue|\w+:option|fit:predictors|object:property)$")
_SAME = ("MATLAB:", "octave_compat:", "sagemaker_inference:")


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
    """Leave to MATLAB what may fail only because Octave is used in its place."""
    if not case.engine.stands_in:
        return None
    if name := case.undefined:
        what, unless = f"does not have '{name}'{case.hint}", "the name is misspelt"
    elif case.unparsable:
        what, unless = "cannot parse the code", "MATLAB cannot parse it either"
    elif _is_limit(case):
        what, unless = "cannot run the code", "MATLAB cannot run it either"
    else:
        return None
    return NotJudgedError(
        sentence(f"not judged: GNU Octave, used in place of MATLAB, {what}", case.place),
        why=case.fault.message,
        do="Put MATLAB's bin folder on PATH and rehearse again, or let the pipeline judge. If "
        f"{unless}, correct it {case.there}.",
        place=case.place,
    )


def _is_limit(case: Case) -> bool:
    """Whether the kit's functions for Octave raised it, where MATLAB may have raised no error."""
    fault = case.fault
    compat = {file.name for file in (KIT / "docker/octave/compat").rglob("*.m")}
    return bool(_LIMITS.match(fault.identifier)) or (
        not fault.identifier.startswith(_SAME) and not compat.isdisjoint(fault.below)
    )
