"""How long a run waits for its training, according to the step's inputs."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from matlab_sagemaker.errors import InputError
from matlab_sagemaker.project import fields

_LEFT_S = 900  # kept for the workflow job's other steps; a quarter of a short job's time


@dataclass(frozen=True, kw_only=True)
class LimitInputs:
    """The inputs of a verb that waits for a training job."""

    longest_wait: str
    job_timeout: str


@dataclass(frozen=True, kw_only=True)
class WaitInputs(LimitInputs):
    """The inputs of a verb that waits for a training job, unless `no_wait` is set."""

    no_wait: bool


def until(inputs: WaitInputs, longest_job_s: float) -> float | None:
    """Return the moment until which the run waits, as `latest`; None if it does not wait."""
    moment = latest(inputs, longest_job_s)  # refuses wrong limits in any case
    return None if inputs.no_wait else moment


def latest(inputs: LimitInputs, longest_job_s: float) -> float:
    """Return the moment of time.monotonic until which a run waits; see `wait_s`."""
    return time.monotonic() + wait_s(inputs.longest_wait, inputs.job_timeout, longest_job_s)


def wait_s(longest_wait: str, job_timeout: str, longest_job_s: float) -> float:
    """Return how many seconds a run waits for its training; raise InputError for wrong inputs.

    A run must stop waiting before GitHub's time limit cancels its job, because a cancelled run
    stops the training that it started. No job runs longer than `longest_job_s`.
    """
    limits = []
    for name, value in (("job-timeout", job_timeout), ("longest-wait", longest_wait)):
        try:
            limits.append(fields.seconds(value) if value else math.inf)
        except ValueError as error:
            raise InputError(f"Input '{name}' is '{value}'; allowed: {error}.") from error
    job_s, longest_s = min(limits[0], longest_job_s), limits[1]
    return min(longest_s, job_s - min(_LEFT_S, job_s / 4))
