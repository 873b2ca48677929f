"""Explains an error from MATLAB or Octave to its author: the cause, the line, and the remedy.

Each rule explains one kind of error and returns None for all others. Reads the code.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from matlab_sagemaker.errors import KitError, Place, RehearsalFailedError
from matlab_sagemaker.project import folders, problems
from matlab_sagemaker.rehearsal import columns, unjudged
from matlab_sagemaker.rehearsal.case import REFUSED, Case, sentence
from matlab_sagemaker.rehearsal.certain import CALLS, COLUMN
from matlab_sagemaker.rehearsal.stage import SAVE

if TYPE_CHECKING:
    from collections.abc import Callable

AGAIN = "Then rehearse again."
_PREDICTION = ("sagemaker_inference:encode:prediction", "sagemaker_inference:encode:body")
_MODEL = "sagemaker_inference:model:missing"
_OTHER_NAME = re.compile(r"no variable named model, only: (\w+)\.")  # modelOf.m writes it
_PREDICT = "sagemaker_inference:model:predict"
_CLASS = "sagemaker_inference:handler:class"
_ACCEPT = "sagemaker_inference:encode:accept"


def explain(case: Case) -> KitError:
    """Turn a case into an error that its author can act on."""
    explained = (rule(case) for rule in _RULES)
    what = f"The {case.part.name} failed ({case.fault.identifier})"
    do = f"Correct it {case.there}{_hyperparameters(case)}. {AGAIN}"
    return next(filter(None, explained), None) or failed(what, case.fault.message, do, case.place)


def _hyperparameters(case: Case) -> str:
    """If the error names a hyperparameter, say where it is set; else return an empty text."""
    section = case.rehearsal.project.settings.training
    given = section.hyperparameters if section and case.part.name == "training" else {}
    named = [name for name in given if re.search(rf"\b{re.escape(name)}\b", case.fault.message)]
    places = [case.rehearsal.project.place("training", "hyperparameters", n) for n in named[:1]]
    said = (f"{named[0]} = {given[named[0]]} at {at.file}:{at.line}" for at in places)
    return "".join(f", or training.hyperparameters: {each}" for each in said)


def failed(what: str, why: str, do: str, place: Place | None) -> RehearsalFailedError:
    """Make an error that begins with file and line, since a terminal shows no annotation."""
    return RehearsalFailedError(sentence(what, place), why=why, do=do, place=place)


def _no_channel(case: Case) -> KitError | None:
    section = case.rehearsal.project.settings.training
    if not section or not (name := case.lacking_channel):
        return None
    known = list(section.channels)
    what = f"There is no channel '{name}'; the channels are: {', '.join(known)}"
    do = f"Correct the name {case.there}, or add the channel to training.channels. {AGAIN}"
    return failed(what, case.fault.message, do, case.place)


def _unassigned(case: Case) -> KitError | None:
    if not (name := case.unassigned):
        return None
    function = re.split(r"[./>]", case.fault.function)[-1]
    place = case.place and case.part.place(replace(case.fault, line=-1))
    what = f"The output '{name}' of {function} is never assigned"
    return failed(what, case.fault.message, f"Assign it in {function}. {AGAIN}", place)


def _not_given(case: Case) -> KitError | None:
    if not (name := case.not_given):
        return None
    function = re.split(r"[./>]", case.fault.function)[-1]
    what = f"{function} is called without its input '{name}'"
    return failed(
        what, case.fault.message, f"Give it in the call of {function}. {AGAIN}", case.place
    )


def _undefined(case: Case) -> KitError | None:
    if not (name := case.undefined):
        return None
    do = f"Correct the name, or put {name}.m into the code's folder."
    if case.found:
        do = "Correct this."
    elif case.engine.name == "octave" and not case.engine.stands_in:
        do += " If it is a function of MATLAB or a toolbox, set matlab.engine to matlab."
    what = f"The {case.part.name} uses '{name}', which is not defined{case.hint}"
    return failed(what, case.fault.message, f"{do} {AGAIN}", case.place)


def _syntax(case: Case) -> KitError | None:
    if not case.unparsable:
        return None
    do = f"Correct the syntax {case.there}. {AGAIN}"
    what = f"The {case.part.name}'s code cannot be parsed"
    return failed(what, case.message, do, case.place)


def _wrong_call(case: Case) -> KitError | None:
    """Show the signature that a function needs, if the kit called it with other arguments."""
    name = re.split(r"[./>]", case.fault.function)[-1]
    if case.fault.identifier not in CALLS or case.fault.line > 0:
        return None
    form = _FORMS.get(name, "") if case.part.name == "handler" else ""
    if case.part.name == "training" and name == case.part.entry.rpartition(".")[2]:
        form = f"{name}(env, varargin)"
    what = f"{name or 'A function'} is called with inputs or outputs that it does not have"
    do = f"Start it with: function {form}" if form else "Correct its arguments, or the call"
    return failed(what, case.fault.message, f"{do}. {AGAIN}", case.place)


_FORMS = {
    "load_model": "model = load_model(obj, modelFolder)",
    "decode_input": "inputData = decode_input(obj, body, contentType)",
    "predict": "prediction = predict(obj, inputData, model)",
    "encode_output": "output = encode_output(obj, prediction, accept)",
}


def _wrong_request(case: Case) -> KitError | None:
    if case.part.name != "handler" or not (lacking := case.lacking):
        return None
    has, wants = case.outcome.columns, case.outcome.predictors
    project, sent = case.rehearsal.project, case.rehearsal.request
    if sent and (wrong := columns.wrong_delimiter(project, Path(sent.file))):
        return failed(
            f"The request's first line is wrong: {wrong.text}",
            "",
            f"{wrong.cure}. {AGAIN}",
            wrong.place,
        )
    renamed = columns.renamed_columns(project)
    named = [
        f"the column '{renamed[n]}' ({n} in the model)" if n in renamed else n for n in lacking
    ]
    extra = [name for name in has if name not in wants]
    own = [renamed.get(name, name) for name in lacking]
    hint = next(filter(None, (problems.did_you_mean(name, extra) for name in own)), "")
    return failed(
        f"The request does not have {', '.join(named)}, which the model needs{hint}",
        f"It has {', '.join(has)}; the model was trained with {', '.join(wants)}.",
        f"Correct the first line of the request. {AGAIN}",
        case.request,
    )


def _no_column(case: Case) -> KitError | None:
    if case.fault.identifier != COLUMN:
        return None
    trains = case.part.name == "training"
    return failed(
        f"The {case.part.name} uses a column that the table does not have",
        case.fault.message,
        f"Correct the column's name {case.there}, or in the "
        f"{'training data' if trains else 'request'}. {AGAIN}",
        case.place if trains else case.predict,
    )


def _no_prediction(case: Case) -> KitError | None:
    if case.fault.identifier not in _PREDICTION:
        return None
    who = "the model" if case.part.is_kits else "predict"
    do = f"Let {who} return a table, or one number or text for each row. {AGAIN}"
    what = "The handler's prediction cannot be sent"
    return failed(what, case.fault.message, do, case.predict)


def _no_model(case: Case) -> KitError | None:
    if case.fault.identifier != _MODEL:
        return None
    cure, other = case.rehearsal.model_cure, _OTHER_NAME.search(case.fault.message)
    if other:
        cure = cure.replace(SAVE, f"model = {other[1]}; {SAVE}")
    what = "The handler cannot find a model"
    return failed(what, case.fault.message, f"{cure} {AGAIN}", case.rehearsal.model_place)


def _not_loaded(case: Case) -> KitError | None:
    if not case.outcome.load_error or case.place:  # with a place, the user's load_model failed
        return None
    do = f"{case.rehearsal.model_cure} {AGAIN}"
    what = "The model cannot be loaded"
    return failed(what, case.outcome.load_error, do, case.rehearsal.model_place)


def _no_predict(case: Case) -> KitError | None:
    """Explain a model whose class has no predict; None for a class that Octave may not have."""
    outcome = case.outcome
    calls = case.undefined == "predict" or case.fault.identifier == _PREDICT
    if not calls or not outcome.model_class or outcome.has_predict:
        return None
    if case.engine.stands_in and outcome.model_class not in _PLAIN:
        return None
    is_octaves = case.engine.name == "octave" and not case.engine.stands_in
    return failed(
        f"The model cannot predict: it is a {outcome.model_class}, which has no predict",
        case.fault.message,
        f"{_OF_OCTAVE if is_octaves else _OF_MATLAB} {AGAIN}",
        case.rehearsal.model_place,
    )


def _no_handler(case: Case) -> KitError | None:
    if case.fault.identifier != _CLASS:
        return None
    where = Place(str(case.part.path), 1)
    parent = folders.KITS_HANDLERS[0]
    do = f"Start it with: classdef {case.part.path.stem} < {parent}. {AGAIN}"
    what = f"{case.part.entry} is not derived from {parent}"
    return failed(what, "A handler inherits the methods that it does not define.", do, where)


def _other_type(case: Case) -> KitError | None:
    if case.fault.identifier != _ACCEPT or case.place:
        return None
    do = f"Leave --accept out, or write encode_output in your own handler. {AGAIN}"
    what = "The handler cannot answer with this content type"
    return failed(what, case.fault.message, do, None)


def _refused(case: Case) -> KitError | None:
    if not case.fault.identifier.startswith(REFUSED):
        return None
    where = case.place or case.request
    do = f"Correct the request, or the handler's decode_input. {AGAIN}"
    return failed("The handler refuses the request", case.fault.message, do, where)


# If one of these has no predict in Octave, it has none in MATLAB either.
_OF_OCTAVE = (
    "Write predict in your own handler: GNU Octave can save neither function handles nor objects "
    "of your classes in a -v7 file."
)
_OF_MATLAB = (
    "Make the variable model an object with a predict method, a function handle, or a struct with "
    "the field predictFcn; or write predict in your own handler."
)
_PLAIN = ("double", "single", "logical", "char", "cell", "struct", "function_handle")
_RULES: tuple[Callable[[Case], KitError | None], ...] = (
    unjudged.no_toolbox,
    _no_handler,
    _no_model,
    _no_predict,
    unjudged.octaves,
    _not_loaded,
    _no_channel,
    _unassigned,
    _not_given,
    _undefined,
    _syntax,
    _wrong_call,
    _wrong_request,
    _no_column,
    _no_prediction,
    _other_type,
    _refused,
)
