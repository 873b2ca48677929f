"""What is said of an endpoint: deployed, rolled back, deleted, and what it serves. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matlab_sagemaker import markdown as md
from matlab_sagemaker import report

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matlab_sagemaker.aws.serving import Configuration, Serving
    from matlab_sagemaker.aws.training import Job
    from matlab_sagemaker.plan import Plan

_LABELS = {"endpoint-config": "configuration", "previous-config": "rollback brings"}


def page(url: str) -> str:
    """Return a link to a page of the AWS console; nothing where there is none."""
    return md.link("the console", url) if url else ""


def deployment(
    endpoint: str, plan: Plan, facts: Mapping[str, str], links: Mapping[str, str], job: Job
) -> str:
    """Return what is to be said about an endpoint that is in service."""
    return (
        f"### ✅ Endpoint `{endpoint}` is in service\n\nBefore this run: {plan.as_markdown()}\n\n"
        + (report.markdown(report.metrics(job.metrics)) + "\n" if job.metrics else "")
        + _which(facts, links)
    )


def left(endpoint: str, newer: str, facts: Mapping[str, str], links: Mapping[str, str]) -> str:
    """Return what is to be said where the endpoint is left to `newer`, a link to a commit."""
    return (
        f"### ⏭️ Endpoint `{endpoint}` is left as it is\n\n"
        f"{newer}, which is newer than this commit, has been deployed to it already.\n\n"
        + _which(facts, links)
    )


def _which(facts: Mapping[str, str], links: Mapping[str, str]) -> str:
    """Return facts, named as outputs, and links, as a table; what is not known has no row."""
    told = {**{name: md.code(text) for name, text in facts.items()}, **links}
    rows = [[_LABELS.get(n, n.replace("-", " ")), text] for n, text in told.items() if text]
    return report.markdown([["what", "which"], *rows])


def serving(found: Serving, commit: Callable[[str], str]) -> report.Rows:
    """Return what an endpoint serves as rows of what and which; unknown facts have none.

    A commit is shown by `commit`.
    """
    facts = found.facts
    shown = {
        "status": found.status,
        "configuration": _there(found.config_name, found.config),
        "model": facts["model-name"],
        "image": facts["image"],
        "model data": facts["model-data"],
        "training job": facts["training-job"],
        "commit": commit(facts["commit"]),
        **{name: f"{value:.6g}" for name, value in facts["metrics"].items()},
        "rollback brings": _there(found.previous_name, found.previous),
        "rollback brings commit": commit(found.previous.commit if found.previous else ""),
        "last failure": found.reason,
    }
    return [["what", "which"], *([name, text] for name, text in shown.items() if text)]


def _there(name: str, config: Configuration | None) -> str:
    if not name or (config and config.has_model):
        return name
    return f"{name} ({'its model was deleted' if config else 'deleted'})"


def rollback(endpoint: str, plan: Plan, facts: Mapping[str, str], links: Mapping[str, str]) -> str:
    """Return what is to be said about an endpoint that serves again what it served before."""
    return (
        f"### ✅ Endpoint `{endpoint}` serves `{facts['endpoint-config']}` again\n\n"
        f"Before this run: {plan.as_markdown()}\n\n{_NEXT_MERGE}\n\n{_which(facts, links)}"
    )


_NEXT_MERGE = (
    "The next merge that runs `deploy` deploys its own commit's model again: if that is not to "
    "serve, revert the commit too."
)


def deletion(endpoint: str, plan: Plan, rows: report.Rows) -> str:
    """Return what is to be said about an endpoint that is gone; `rows` tell what stays."""
    return (
        f"### 🗑️ Endpoint `{endpoint}` is deleted\n\nBefore this run: {plan.as_markdown()}\n\n"
        f"{_NEXT_MERGE}\n\n" + report.markdown(rows)
    )


def kept(project: str, endpoint: str, bucket: str) -> report.Rows:
    """Return what a deletion leaves, as rows of what and where."""
    return [
        ["stays", "where"],
        ["training jobs", f"SageMaker, {project}-…"],
        ["code, data and models", f"s3://{bucket}/{project}/"],
        ["images", "ECR, matlab-sagemaker/training and matlab-sagemaker/inference"],
        ["logs", f"CloudWatch, /aws/sagemaker/Endpoints/{endpoint}"],
    ]
