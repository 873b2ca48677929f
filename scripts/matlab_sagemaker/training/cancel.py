"""A cancelled run: the training job that it started is stopped, or its user reads how to stop it.

Nobody would look at what the job goes on to cost. A run knows its own job by the tag `run`: two
runs that start together ask for the same name, and only one of them makes the job.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from matlab_sagemaker.aws import polling, tags
from matlab_sagemaker.errors import AwsError, InterruptedRunError
from matlab_sagemaker.training import attempts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matlab_sagemaker.aws.session import Aws

_UNSEEN_S = 6.0  # a job that was asked for may start late; GitHub's second signal comes after 7.5 s


@contextlib.contextmanager
def stops_job(aws: Aws, name: str, run: str) -> Iterator[None]:
    """Stop the job `name` where this run is cancelled inside, if this run has made it.

    `run` is the tag of the jobs that this run makes; empty where it makes none. The inside begins
    with the request that makes the job.
    """
    try:
        yield
    except KeyboardInterrupt as error:
        what, do = _stop(aws, name, run) if run else _OF_ANOTHER_RUN
        command = f"aws sagemaker stop-training-job --training-job-name {name}"
        raise InterruptedRunError(
            f"The run was cancelled{what.format(name)}.", do=do.format(command)
        ) from error


_STOPPED = (", and the training job {} with it", "Run it again to train again.")
_ENDED = (" when the training job {} had ended by itself", "Run it again to go on with that.")
_OF_ANOTHER_RUN = (
    "; the training job {} goes on for the run that made it",
    "To end it as well: {}",
)


def maker(aws: Aws, name: str) -> str | None:
    """Return the tag `run` of a job, empty where it has none; None where there is no such job."""
    facts = tags.read(aws, arn(aws, name))
    return facts.get("run", "") if facts else None


def arn(aws: Aws, name: str) -> str:
    """Return the ARN of a training job."""
    return f"arn:{aws.partition}:sagemaker:{aws.region}:{aws.account}:training-job/{name}"


def _stop(aws: Aws, name: str, run: str) -> tuple[str, str]:
    """Return what has become of the job, and what to do; a second signal ends the attempt."""
    try:
        for _ in polling.ticks(limit_s=_UNSEEN_S):
            made_by = maker(aws, name)
            if made_by == run:
                return _STOPPED if attempts.stop(aws, name) else _ENDED
            if made_by is not None:
                return _OF_ANOTHER_RUN
    except (KeyboardInterrupt, AwsError) as error:
        why = f" ({error.what})" if isinstance(error, AwsError) else ""
        return (
            f", but the training job {{}} could not be stopped{why}",
            "If it runs, it goes on and is billed. To stop it: {}",
        )
    return (
        " while the training job {} was being started; SageMaker does not show it yet",
        "It may still start. To stop it then: {}",
    )
