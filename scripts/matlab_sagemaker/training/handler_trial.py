"""Try a handler with the trained model before anything is merged: find the job, run it, judge."""

from __future__ import annotations

import contextlib
import functools
import io
import json
import tarfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from matlab_sagemaker import digest
from matlab_sagemaker.aws import s3
from matlab_sagemaker.errors import (
    HandlerFailedError,
    KitError,
    MissingStepError,
    NotJudgedError,
    UnsafePlanError,
)
from matlab_sagemaker.project import comparison, request
from matlab_sagemaker.project.content import GivenProject
from matlab_sagemaker.rehearsal import outcome, parts, verdict
from matlab_sagemaker.rehearsal.engine import LocalEngine
from matlab_sagemaker.rehearsal.faults import AGAIN
from matlab_sagemaker.rehearsal.stage import Rehearsal
from matlab_sagemaker.training import failure, handler_job, model
from unpacking import FAILURES

if TYPE_CHECKING:
    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.aws.signin import Target
    from matlab_sagemaker.github.run import Run
    from matlab_sagemaker.project.build_context import Stage
    from matlab_sagemaker.project.comparison import Difference
    from matlab_sagemaker.project.content import AnyProject, TrainedProject
    from matlab_sagemaker.project.request import SampleInputs
    from matlab_sagemaker.rehearsal.outcome import Outcome
    from matlab_sagemaker.rehearsal.verdict import Verdict
    from matlab_sagemaker.training.job import Job

_BROKEN = (*FAILURES, tarfile.TarError, KeyError, TypeError, AttributeError)
ANSWER, REPORT = "answer", "report.json"  # as matlab/trial/tryHandler.m writes them
_THEN = "Then push it; `scripts/run rehearse` tries it within seconds, without AWS."


@dataclass(frozen=True, kw_only=True)
class HandlerTrial:
    """The result of trying a handler, or why it was not tried."""

    reason: str = ""  # why it was not tried; empty if it was
    rehearsal: Rehearsal | None = None  # the request, and the expected answer
    job: Job | None = None  # the job that tried the handler
    outcome: Outcome | None = None
    verdict: Verdict | None = None
    changed: bool = False  # whether this run has started the job

    @property
    def error(self) -> KitError | None:
        """The most serious problem, worded for the pull request."""
        return _reworded(self.verdict.wrong[0]) if self.verdict and self.verdict.wrong else None

    @functools.cached_property
    def difference(self) -> Difference | None:
        """The first row that is not as expected, if there is one."""
        expected = self.rehearsal.expected if self.rehearsal else None
        answer = self.outcome.answer if self.outcome else None
        if expected is None or answer is None:
            return None
        with contextlib.suppress(ValueError):  # the verdict says that it is of another type
            return comparison.first_difference(expected, answer)
        return None


def run(
    log: Run,
    project: AnyProject,
    target: Target,
    stage: Stage,
    given: SampleInputs,
    until: float,
) -> HandlerTrial:
    """Find the job that has tried exactly this, or start one; return what the handler did.

    `until` is a moment of time.monotonic. Raises MissingStepError if there is no model yet, and
    HandlerFailedError if the job does not Complete.
    """
    if isinstance(project, GivenProject):
        return HandlerTrial(reason=_GIVEN)
    if project.settings.inference is None:
        return HandlerTrial(reason=_NO_HANDLER)
    rehearsal = _describe_trial(project, given)
    training, found = model.find(log, project, target, stage)
    if found.trained is None:
        raise MissingStepError(
            "There is no trained model to try the handler with.",
            why=f"No training job named {training.stem}… has Completed.",
            do="Run train first.",
        )
    if found.trained.archive is None:
        return HandlerTrial(reason=_NOT_SEALED)
    sent = rehearsal.request
    desired = handler_job.describe(project, target.bucket, training, found.trained, sent)
    plan, ended = model.run_job(log, project, target, desired, until)
    if ended.status != "Completed":
        longest = handler_job.LONGEST_RUN_S
        raise failure.trial_failed(ended, project.handler.files, desired.max_runtime, longest)
    left = _read(target.aws, ended)
    judged = verdict.judge(rehearsal, LocalEngine(project.settings.matlab.engine), left, {}, [])
    return HandlerTrial(
        rehearsal=rehearsal, job=ended, outcome=left, verdict=judged, changed=bool(plan.steps)
    )


_GIVEN = (
    "sagemaker.yml names a model that exists already, so there is no training image in which to "
    "try the handler. `scripts/run rehearse` tries both without AWS."
)
_NO_HANDLER = "sagemaker.yml has no section `inference`, so there is no handler."
_NOT_SEALED = (
    "The training image (training.image) does not have the kit's entrypoint, which runs the trial; "
    "derive it FROM the kit's image."
)


def _describe_trial(project: TrainedProject, given: SampleInputs) -> Rehearsal:
    """Describe the trial; without a request the handler only has to load the model."""
    section = project.settings.inference
    asks = bool(given.request or (section and section.request))
    sent, expected = request.chosen(project, given) if asks else (None, None)
    handler = parts.handler_of(project)
    return Rehearsal(
        project=project,
        training=None,
        handler=handler,
        request=sent,
        expected=expected,
        maker=parts.training_of(project),
    )


def _read(aws: Aws, job: Job) -> Outcome:
    """Read the sealed result of the trial; raise UnsafePlanError if it is something else."""
    data = s3.read(aws, job.model_data) or b""
    try:
        if job.archive != digest.measured(data):
            raise ValueError("its card has another digest")
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
            left = {m.name: f.read() for m in archive if (f := archive.extractfile(m))}
        reported = outcome.of_report(json.loads(left[REPORT]))
        return replace(reported, answer=left.get(ANSWER))
    except _BROKEN as error:
        raise UnsafePlanError(
            f"The result of {job.name} is not that of a handler's trial: {error}.",
            why="Somebody has replaced it in S3, or the handler has written into the job's model "
            "folder.",
            do="Find out which. Then change the handler or the request, so that a new job with "
            "another name runs.",
        ) from error


def _reworded(problem: KitError) -> HandlerFailedError:
    """Reword a rehearsal's problem for a pull request, where MATLAB comes from the image."""
    do = problem.do.replace(AGAIN, _THEN)
    if isinstance(problem, NotJudgedError):
        do = f"Add it to matlab.products in sagemaker.yml. {_THEN}"
    return HandlerFailedError(problem.what, why=problem.why, do=do, place=problem.place)
