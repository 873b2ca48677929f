"""What a training job's end means for the user: where the error lies and what to do. Pure.

The job's glue (matlab/+sagemaker_training/failureReport.m) writes "<identifier>: <message>", then
"In <function> (<file>, line <n>)", then the stack; SageMaker hands over the first 1,024 characters,
perhaps with words of its own around them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from matlab_sagemaker.errors import Place, TrainingFailedError

if TYPE_CHECKING:
    from matlab_sagemaker.digest import Files
    from matlab_sagemaker.training.job import Job

_UNKNOWN_TO_OCTAVE = "Octave:undefined-function:"  # MATLAB's is MATLAB:UndefinedFunction
_LIMITS = ("MaxRuntimeExceeded", "MaxWaitTimeExceeded")
_WHERE = re.compile(r"^In (?P<function>.+) \((?P<file>.+), line (?P<line>\d+)\)", re.MULTILINE)


def training_failed(job: Job, code: Files) -> TrainingFailedError:
    """Return the error for a job that has not Completed; `code` has the user's files."""
    return TrainingFailedError(
        f"Training job {job.name} ended as {_state(job)}.",
        why=job.reason,
        do=_advice(job),
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


def _advice(job: Job) -> str:
    if job.secondary_status == "MaxRuntimeExceeded":
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
