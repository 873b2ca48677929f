"""A cancelled run stops the training job that it started, or says how to stop it.

Otherwise the job would keep costing money unnoticed. A run recognises its own job by the tag `run`:
two runs that start together ask for the same name, and only one of them creates the job.
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

_UNSEEN_S = 6.0  # a requested job may appear late; GitHub's second signal comes after 7.5 s


@contextlib.contextmanager
def stops_job(aws: Aws, name: str, run: str) -> Iterator[None]:
    """Stop the job `name` if this run is cancelled inside the block and has created the job.

    `run` is the tag of the jobs that this run creates, empty if it creates none. The block begins
    with the request that creates the job.
    """
    try:
        yield
    except KeyboardInterrupt as error:
        what, do = _stop(aws, name, run) if run else _OF_ANOTHER_RUN
        command = f"aws sagemaker stop-training-job --training-job-name {name}"
        raise InterruptedRunError(
            f"The run was cancelled{what.format(name)}.", do=do.format(command)
        ) from error


_STOPPED = (", and its training job {} was stopped", "Run this again to train again.")
_ENDED = (
    " after its training job {} had ended",
    "Run this again to continue with the job's result.",
)
_OF_ANOTHER_RUN = (
    "; the training job {} keeps running, because another run started it",
    "To stop it as well: {}",
)


def maker(aws: Aws, name: str) -> str | None:
    """Return the tag `run` of a job: empty if it has none, None if there is no such job."""
    facts = tags.read(aws, arn(aws, name))
    return facts.get("run", "") if facts else None


def arn(aws: Aws, name: str) -> str:
    """Compose the ARN of a training job."""
    return f"arn:{aws.partition}:sagemaker:{aws.region}:{aws.account}:training-job/{name}"


def _stop(aws: Aws, name: str, run: str) -> tuple[str, str]:
    """Try to stop the job; return what happened, and what to do. A second signal ends this."""
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
            "It may still be running, and billed. To stop it: {}",
        )
    return (
        " while the training job {} was being started; SageMaker does not show it yet",
        "It may still start. To stop it then: {}",
    )
