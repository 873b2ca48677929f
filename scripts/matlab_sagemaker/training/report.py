"""The report on a training: Markdown for the summary and the comment, and outputs. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matlab_sagemaker.github import markdown, tables
from matlab_sagemaker.project import build_context
from matlab_sagemaker.training.gate import NONE

if TYPE_CHECKING:
    from matlab_sagemaker.aws.plan import Plan
    from matlab_sagemaker.project.given_model import GivenModel
    from matlab_sagemaker.training.gate import Judgement
    from matlab_sagemaker.training.job import Job, TrainingJob
    from matlab_sagemaker.training.plan import FoundJob


def found(desired: TrainingJob, latest: FoundJob) -> tuple[str, dict[str, Any]]:
    """Return the summary and the outputs of a search for the model."""
    trained = latest.trained
    shown = latest.name if trained else f"{desired.stem}…"
    summary = tables.looked("Model", shown, found=trained is not None)
    return summary, _outputs(trained, running=latest.is_running)


def found_line(latest: FoundJob) -> str:
    """Say for the log whether a job has trained this or is training it."""
    if latest.trained:
        return f"{latest.name} has trained exactly this."
    if latest.is_running:
        return f"{latest.name} is training exactly this."
    return "No job has trained this yet."


def nothing_to_train(model: GivenModel) -> tuple[str, dict[str, Any]]:
    """Return the summary and the outputs for a model that exists already."""
    rows = [
        ["what", "where"],
        ["training\u00a0job", tables.NONE],
        ["model", markdown.code(model.source)],
    ]
    summary = f"### ✅ Nothing to train\n\n{_GIVEN}\n\n{tables.markdown(rows)}"
    return summary, {**_outputs(None), "found": True}


_GIVEN = "sagemaker.yml names a model that exists already: `deploy` serves it."
_TRAINS_AGAIN = (
    "The training image is not released yet: the merge builds it from the merged files and trains "
    "again with it."
)


def training(job: Job, plan: Plan, judged: Judgement) -> tuple[str, dict[str, Any]]:
    """Return the summary and outputs of a job that Completed, or that the run does not wait for."""
    if job.status != "Completed":
        who = "by this run" if plan.steps else "before, and is training exactly this"
        summary = (
            f"### ⏳ Training\n\n`{job.name}` was started {who}. This run does not wait for it.\n"
        )
        outputs = _outputs(None, running=True, changed=bool(plan.steps))
        return summary, {**outputs, "job-name": job.name}
    facts = [
        ["training\u00a0job", f"`{job.name}`"],
        ["model", f"`{job.model_data}`"],
        ["billed time", f"{job.billable_s} s"],
    ]
    found = "Found: already trained from exactly these files, data and settings."
    if not job.is_sealed:
        facts.append(
            ["sealed", "no: its image does not have the kit's entrypoint; `deploy` refuses it"]
        )
    text = f"### ✅ Trained\n\n{'Trained by this run.' if plan.steps else found}\n\n"
    if f"/{build_context.CANDIDATE}@" in job.image:  # a merge does not use it, nor its models
        text += f"{_TRAINS_AGAIN}\n\n"
    rules, where = rules_kept(judged), [["what", "where"], *facts]
    text += tables.with_metrics(job.metrics, job.missing, rules, where)
    return text, _outputs(job, changed=bool(plan.steps), judged=judged)


def rules_kept(judged: Judgement) -> tables.Rows:
    """List each rule of the gate in a row, below a header; empty if there are no rules."""
    rows = [[row.metric, row.wanted, row.got, "✅" if row.passed else "❌"] for row in judged.rows]
    return [["gate", "wanted", "got", ""], *rows] if rows else []


def failed(job: Job, plan: Plan) -> dict[str, Any]:
    """Return the outputs of a failed training, of which only the job's name is known."""
    return {**_outputs(None, changed=bool(plan.steps)), "job-name": job.name}


def one_job(job: Job, log: list[str] | None) -> tuple[str, dict[str, Any]]:
    """Return the summary and the outputs for one job; `log` has lines of its log, if any."""
    outputs = {
        "training-job": job.name,
        "status": job.status,
        "secondary-status": job.secondary_status,
        "failure-reason": job.reason,
        "model-data": job.model_data,
        "sealed": job.is_sealed,
        "metrics": job.metrics,
        "seconds": job.training_s,
        "billable-seconds": job.billable_s,
        "instance": job.instance_type,
        "instance-count": job.instance_count,
        "log": log,
    }
    return f"### Training job `{job.name}`: {job.status}\n", outputs


def _outputs(
    trained: Job | None, *, running: bool = False, changed: bool = False, judged: Judgement = NONE
) -> dict[str, Any]:
    """Return the outputs about the job that trained; without one they are empty."""
    return {
        "found": trained is not None,
        "job-name": trained.name if trained else "",
        "model-data": trained.model_data if trained else "",
        "metrics": trained.metrics if trained else {},
        "running": running,
        "changed": changed,
        "gate": judged.gate,
        "gate-rows": list(map(vars, judged.rows)),
    }
