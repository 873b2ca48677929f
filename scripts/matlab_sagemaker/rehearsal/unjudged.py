"""Errors that say nothing about the code: MATLAB, or one of its products, is missing here."""

from __future__ import annotations

import re
from functools import cached_property

from matlab_sagemaker.errors import KitError, NotJudgedError
from matlab_sagemaker.project import products
from matlab_sagemaker.rehearsal.case import Case, sentence
from matlab_sagemaker.rehearsal.certain import is_certain

_PRODUCTS = "|".join(re.escape(name) for name in products.TITLES)
_TEXT = re.compile(r'"[^"\n]{,40}"')  # short enough for a message
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
    return NotJudgedError(
        sentence(f"not judged: GNU Octave, used in place of MATLAB, {what}", case.place),
        why=f"{case.message}{_of_texts(case)}",
        do="Put MATLAB's bin folder on PATH and rehearse again, or let the pipeline judge. If "
        f"{unless}, {correct}.",
        place=case.place,
    )


class _SingleQuoted(Case):
    """The same error, if all texts of the code were in single quotes."""

    @cached_property
    def code(self) -> list[str]:
        return [line.replace('"', "'") for line in super().code]


def _of_texts(case: Case) -> str:
    """Blame a double-quoted text, if without it the error would surely be the author's."""
    same = _SingleQuoted(case.fault, case.part, case.rehearsal, case.engine, case.outcome)
    if not is_certain(same):
        return ""
    places = [(case.condition, "the condition of this line"), (case.statement, "this line")]
    if case.fault.identifier.startswith(("Octave:", "MATLAB:")):  # not by the author's `error`
        places.reverse()
    code, where = next((each for each in places if '"' in each[0]), ("", "this file"))
    text = _TEXT.search(code)
    named = text[0] if text else "double-quoted text"
    return (
        f"\nNot judged because of the {named} in {where}, which is a string array only in MATLAB."
    )
