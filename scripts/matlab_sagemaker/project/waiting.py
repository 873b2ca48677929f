"""How long a run waits for its training, by the inputs of the step."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from matlab_sagemaker.errors import InputError
from matlab_sagemaker.project import fields

_LEFT_S = 900  # of the workflow job's time, for its other steps; of a short job a quarter


@dataclass(frozen=True, kw_only=True)
class WaitInputs:
    """The inputs of a verb that waits for a training job."""

    no_wait: bool
    longest_wait: str
    job_timeout: str


def until(inputs: WaitInputs, longest_job_s: float) -> float | None:
    """Return the moment of time.monotonic until which a run waits that begins now; see `wait_s`.

    None: it does not wait.
    """
    longest_s = wait_s(inputs.longest_wait, inputs.job_timeout, longest_job_s)
    return None if inputs.no_wait else time.monotonic() + longest_s


def wait_s(longest_wait: str, job_timeout: str, longest_job_s: float) -> float:
    """Return how long a run waits for its training, by two inputs; raises InputError.

    It has to end before GitHub ends its job: a run that is cancelled, also by the job's time limit,
    stops the training that it started. No job goes on for more than `longest_job_s`.
    """
    limits = []
    for name, value in (("job-timeout", job_timeout), ("longest-wait", longest_wait)):
        try:
            limits.append(fields.seconds(value) if value else math.inf)
        except ValueError as error:
            raise InputError(f"Input '{name}' is '{value}'; allowed: {error}.") from error
    job_s, longest_s = min(limits[0], longest_job_s), limits[1]
    return min(longest_s, job_s - min(_LEFT_S, job_s / 4))
