"""Facts about a training for the pull request's comment; gathered when the step has ended."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matlab_sagemaker import digest
from matlab_sagemaker.aws import console
from matlab_sagemaker.github.facts import FileGroup, Metric, ModelFacts, Rule
from matlab_sagemaker.project import build_context
from matlab_sagemaker.training import job as jobs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.project.content import TrainedProject
    from matlab_sagemaker.training.gate import Judgement
    from matlab_sagemaker.training.job import Channel, Job, TrainingJob

_COUNTED = 100_000_000  # bytes; rows of larger CSV files are not counted


def wanted(project: TrainedProject, desired: TrainingJob) -> dict[str, Any]:
    """Describe what is trained: metrics, hyperparameters and files."""
    metrics = project.training.metrics
    return {
        "metrics": [
            Metric(name=name, better=metric.better, unit=metric.unit or "")
            for name, metric in metrics.items()
        ],
        "hyperparameters": dict(desired.hyperparameters),
        "files": [
            *(_group(channel, project.training_code) for channel in desired.channels),
            *_handler(project),
        ],
    }


def made(aws: Aws, job: Job, *, changed: bool = False) -> dict[str, Any]:
    """Describe what a job has made; `changed` says that this run has started it."""
    many = f"{job.instance_count} x " if job.instance_count > 1 else ""
    model = ModelFacts(
        job=job.name,
        page=console.job_url(aws, job.name),
        log_page=console.job_log_url(aws, job.name),
        has_ended=not job.is_running,
        by_this_run=changed,
        trains_again=f"/{build_context.CANDIDATE}@" in job.image,
        metrics=job.metrics,
        missing=dict(job.missing),
        size=job.archive.size if job.archive else None,
        trained_s=job.training_s,
        billed_s=job.billable_s,
        instance=f"{many}{job.instance_type}",
    )
    return {"model": model}


def judged(judgement: Judgement) -> dict[str, Any]:
    """List the result of each rule of the gate."""
    return {"rules": [Rule(**vars(row)) for row in judgement.rows]}


def _handler(project: TrainedProject) -> list[FileGroup]:
    """Describe the handler's files, if there is a handler."""
    if not project.settings.inference:
        return []
    files = project.handler.files
    sizes = [file.stat().st_size for file in files.values()]
    key = digest.short(digest.key(digest.file_digests(files)))
    return [FileGroup(name="handler", key=key, files=len(sizes), size=sum(sizes))]


def _group(channel: Channel, code: Mapping[str, Path]) -> FileGroup:
    """Describe a channel's files; for the code channel, the files inside its bundle."""
    key = digest.short(digest.key(channel.content))
    if channel.name == jobs.CODE_CHANNEL:
        sizes = [file.stat().st_size for file in code.values()]
        return FileGroup(name="code", key=key, files=len(sizes), size=sum(sizes))
    if not channel.uploads:  # the user put it there
        sizes = [int(item[1]) for item in channel.content]
        return FileGroup(name=channel.name, key=key, files=len(sizes), size=sum(sizes))
    sizes = [upload.measured.size for upload in channel.uploads]
    paths = [upload.body for upload in channel.uploads if isinstance(upload.body, Path)]
    return FileGroup(
        name=channel.name, key=key, files=len(sizes), size=sum(sizes), rows=_rows(paths)
    )


def _rows(paths: Iterable[Path]) -> int | None:
    """Count the rows of the CSV files without headers; None for no files, or large ones."""
    tables = [path for path in paths if path.name.lower().endswith(".csv")]
    if not tables or sum(path.stat().st_size for path in tables) > _COUNTED:
        return None
    return sum(map(_rows_of, tables))


def _rows_of(path: Path) -> int:
    """Count the lines that are not blank; a first line without a number is a header."""
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        try:
            first = next(csv.reader([file.readline()]), [])
        except csv.Error:  # a field is longer than the csv module allows
            first = []
        rest = sum(1 for line in file if line.strip())
    return rest + (bool(first) and any(map(_is_number, first)))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
