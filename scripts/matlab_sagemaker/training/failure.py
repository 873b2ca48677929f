"""What a training job's end means for the user: where the error lies and what to do. Pure.

The job's glue (matlab/+sagemaker_training/failureReport.m) writes "<identifier>: <message>", then
"In <function> (<file>, line <n>)", then the stack; SageMaker hands over the first 1,024 characters,
perhaps with words of its own around them.
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
    """Return the error for a job that has not Completed; `code` has the user's files."""
    return TrainingFailedError(
        f"Training job {job.name} ended as {_state(job)}.",
        why=job.reason,
        do=_advice(job),
        place=_place(job.reason, code),
    )


def trial_failed(job: Job, code: Files, limit_s: int, longest_s: int) -> HandlerFailedError:
    """Return the error for a trial that has not Completed; an error of the handler's is no such.

    `code` has the handler's files. This trial was given `limit_s` seconds; the most is `longest_s`.
    """
    return HandlerFailedError(
        f"The training job {job.name}, which tries the handler, ended as {_state(job)}.",
        why=job.reason,
        do=_trial_advice(job, limit_s, longest_s),
        place=_place(job.reason, code),
    )


def was_stopped(job: Job) -> bool:
    """Tell whether somebody stopped the job; a limit of time is the job's own."""
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
            "Its log shows what led to it. Usually the handler calls exit, needs more memory than "
            "the instance has, or the engine did not start. Correct that and run again."
        )
    if limit_s < longest_s:
        return (
            f"training.max_runtime in sagemaker.yml, {limit_s} s, limits a trial as well, and was "
            f"too short for it. Raise it, for example to 15m (a trial gets {longest_s} s at most), "
            "and run again."
        )
    return (
        f"A trial gets {longest_s} s at most. Let load_model and predict do less, or send a "
        "shorter request, and run again."
    )


def _advice(job: Job) -> str:
    if job.secondary_status == _TOO_LONG:
        return "It took longer than training.max_runtime in sagemaker.yml: raise it, or train less."
    if job.secondary_status == "MaxWaitTimeExceeded":
        return (
            "There was too little spot capacity until training.spot.max_wait had passed: raise it, "
            "or leave training.spot out and train on demand."
        )
    if was_stopped(job):
        return "Somebody stopped it. Run again to train again."
    if _UNKNOWN_TO_OCTAVE in job.reason:
        return (
            "GNU Octave, which ran this, does not know that name. Only the engine matlab runs what "
            "MATLAB or a toolbox has and Octave lacks: for such code give the workflow train.yml "
            "`rehearse: false`, if this was a rehearsal. Else correct it and run again."
        )
    return "The run's log shows what led to it. Correct it and run again: nothing was deployed."
