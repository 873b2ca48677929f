"""Explain to the user why a training job failed: where the error is, and what to do. Pure.

The job's glue (matlab/+sagemaker_training/failureReport.m) writes "<identifier>: <message>", then
"In <function> (<file>, line <n>)", then the stack. SageMaker passes on the first 1,024 characters,
possibly with text of its own around them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from matlab_sagemaker.errors import HandlerFailedError, Place, TrainingFailedError

if TYPE_CHECKING:
    from matlab_sagemaker.digest import Files
    from matlab_sagemaker.training.job import Job

_UNKNOWN_TO_OCTAVE = "Octave:undefined-function:"  # MATLAB's is MATLAB:UndefinedFunction
_TOO_LONG = "MaxRuntimeExceeded"
_LIMITS = (_TOO_LONG, "MaxWaitTimeExceeded")
_WHERE = re.compile(r"^In (?P<function>.+) \((?P<file>.+), line (?P<line>\d+)\)", re.MULTILINE)


def training_failed(job: Job, code: Files) -> TrainingFailedError:
    """Explain a job that ended, but did not Complete; `code` has the user's files."""
    return TrainingFailedError(
        f"Training job {job.name} ended as {_state(job)}.",
        why=job.reason,
        do=_advice(job),
        place=_place(job.reason, code),
    )


def trial_failed(job: Job, code: Files, limit_s: int, longest_s: int) -> HandlerFailedError:
    """Explain a trial that did not Complete; a handler's own error does not cause that.

    `code` has the handler's files. The trial had `limit_s` seconds; the most is `longest_s`.
    """
    return HandlerFailedError(
        f"The training job {job.name}, which tries the handler, ended as {_state(job)}.",
        why=job.reason,
        do=_trial_advice(job, limit_s, longest_s),
        place=_place(job.reason, code),
    )


def was_stopped(job: Job) -> bool:
    """Return whether somebody stopped the job, rather than its own time limit."""
    return job.status == "Stopped" and job.secondary_status not in _LIMITS


def _state(job: Job) -> str:
    return (
        job.status
        if job.secondary_status == job.status
        else f"{job.status} ({job.secondary_status})"
    )


def _place(reason: str, code: Files) -> Place | None:
    where = _WHERE.search(reason)
    file = code.get(where["file"]) if where else None
    return Place(str(file), int(where["line"])) if where and file else None


def _trial_advice(job: Job, limit_s: int, longest_s: int) -> str:
    if job.secondary_status != _TOO_LONG:
        return (
            "Its log shows what led to this. Usually the handler calls exit, needs more memory "
            "than the instance has, or the engine did not start. Correct that and run this again."
        )
    if limit_s < longest_s:
        return (
            f"training.max_runtime in sagemaker.yml, {limit_s} s, also limits the trial, and was "
            f"too short for it. Raise it, for example to 15m (a trial gets {longest_s} s at most), "
            "and run this again."
        )
    return (
        f"A trial gets {longest_s} s at most. Let load_model and predict do less, or send a "
        "shorter request, and run this again."
    )


def _advice(job: Job) -> str:
    if job.secondary_status == _TOO_LONG:
        return (
            "It took longer than training.max_runtime in sagemaker.yml. Raise that limit, or train "
            "less."
        )
    if job.secondary_status == "MaxWaitTimeExceeded":
        return (
            "There was too little spot capacity before training.spot.max_wait ran out. Raise that "
            "limit, or remove training.spot to train on demand."
        )
    if was_stopped(job):
        return "Somebody stopped it. Run this again to train again."
    if _UNKNOWN_TO_OCTAVE in job.reason:
        return (
            "GNU Octave, which ran this, does not know that name. If MATLAB or a toolbox has it, "
            "the code needs the engine matlab; if this was a rehearsal, give the workflow "
            "train.yml `rehearse: false`. Otherwise correct the name and run this again."
        )
    return "See the run's log for what led to this. Correct it and run again. Nothing was deployed."
