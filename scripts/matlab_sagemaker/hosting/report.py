"""Reports about an endpoint for summary, log and terminal: deployed, deleted, its status. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matlab_sagemaker.aws import console
from matlab_sagemaker.github import markdown, tables
from matlab_sagemaker.github.repository import SHORT
from matlab_sagemaker.training.report import rules_kept

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matlab_sagemaker.aws.plan import Plan
    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.github.repository import Repository
    from matlab_sagemaker.hosting.deployment import Deployment
    from matlab_sagemaker.hosting.preview import Review
    from matlab_sagemaker.hosting.status import Configuration, EndpointStatus
    from matlab_sagemaker.training.deployable_model import DeployableModel


IGNORED = "failed; ignored for this deployment"
_LABELS = {"endpoint-config": "configuration", "previous-config": "rollback restores"}


def deployment(
    repository: Repository,
    aws: Aws,
    desired: Deployment,
    plan: Plan,
    model: DeployableModel,
    reviewed: Review,
) -> tuple[str, dict[str, Any]]:
    """Report a finished deployment; the result is summary and outputs."""
    name = desired.endpoint_name
    url = console.endpoint_url(aws, name)
    links = {"commit": repository.commit_link(desired.commit), "console": console_link(url)}
    summary = (
        f"### ✅ Endpoint `{name}` is in service\n\nFound at the start: {plan.as_markdown()}\n\n"
        + tables.with_metrics(
            model.metrics,
            model.missing,
            tables.inline(rules_kept(reviewed.judged)),
            _which(desired.facts, links),
        )
    )
    return summary, {
        **desired.facts,
        "endpoint-url": url,
        "changed": plan.changes,
        "left-to": "",
        "request": desired.request,
        **reviewed.outputs,
    }


def review(aws: Aws, desired: Deployment, reviewed: Review) -> tuple[str, dict[str, Any]]:
    """Report a deployment that is only previewed; the result is summary and outputs."""
    rules = rules_kept(reviewed.judged)
    summary = f"{reviewed.shown.as_markdown}\n" + (
        tables.markdown(tables.inline(rules)) if rules else ""
    )
    return summary, {
        **desired.facts,
        "endpoint-url": console.endpoint_url(aws, desired.endpoint_name),
        "changed": False,
        "left-to": "",
        "request": desired.request,
        **reviewed.outputs,
    }


def left(endpoint: str, newer: str, facts: Mapping[str, str], links: Mapping[str, str]) -> str:
    """Report that the endpoint is left to `newer`, a link to a commit."""
    return (
        f"### ⏭️ Endpoint `{endpoint}` is left as it is\n\n"
        f"{newer}, which is newer than this commit, is already deployed.\n\n"
        + tables.markdown(_which(facts, links))
    )


def _which(facts: Mapping[str, str], links: Mapping[str, str]) -> tables.Rows:
    """Make rows of facts, named as outputs, and links; a missing fact is a dash."""
    shown = {name: markdown.code(tables.shorten_digests(text)) for name, text in facts.items()}
    told = {**shown, **{name: link for name, link in links.items() if link}}
    rows = [[_label(name), text or tables.NONE] for name, text in told.items()]
    return [["what", "which"], *rows]


def _label(name: str) -> str:
    """Label an output for people; no-break spaces keep the label on one line."""
    return _LABELS.get(name, name).replace("-", " ").replace(" ", "\u00a0")


def status(found: EndpointStatus, url: str, repository: Repository | None = None) -> tables.Rows:
    """Make rows about what an endpoint serves; unknown facts have no row.

    `url` is the endpoint's page. With a `repository` the rows are Markdown, else plain text.
    """
    facts, text = found.facts, markdown.inline if repository else str
    shown = {
        "endpoint": found.endpoint,
        "status": found.status,
        "configuration": _there(found.config_name, found.config),
        **_known(found.config, repository),
        "model": facts["model-name"],
        "image": facts["image"],
        "model data": facts["model-data"],
        "training job": facts["training-job"],
        "gate": IGNORED if found.ignores_gate else "",
        "rollback restores": _there(found.previous_name, found.previous),
        **{f"rollback restores {n}": t for n, t in _known(found.previous, repository).items()},
        "smoke test failed": ", ".join(found.failed),
        "last failure": text(found.reason),
        "console": console_link(url) if repository else url,
    }
    return [["what", "which"], *([name, told] for name, told in shown.items() if told)]


def _there(name: str, config: Configuration | None) -> str:
    if not name or (config and config.has_model):
        return name
    return f"{name} ({'its model was deleted' if config else 'deleted'})"


def _known(config: Configuration | None, repository: Repository | None) -> dict[str, str]:
    """List what helps people recognise a configuration, besides its name; see `status`."""
    if config is None:
        return {}
    metrics = ", ".join(f"{name} {value:.6g}" for name, value in sorted(config.metrics.items()))
    if repository:
        metrics = markdown.inline(metrics)
    commit = repository.commit_link(config.commit) if repository else config.commit[:SHORT]
    return {"commit": commit, "created": config.made, "metrics": metrics}


def configurations(
    found: Sequence[tuple[str, Configuration]], repository: Repository | None = None
) -> tables.Rows:
    """Make rows of configurations, each with its fate first; see `status`."""
    known = [[what, c.name, *_known(c, repository).values()] for what, c in found]
    return [["", "configuration", "commit", "created", "metrics"], *known]


def rolled_back(endpoint: str, facts: Mapping[str, str]) -> str:
    """Write the log's line about a completed rollback."""
    left = facts["previous-config"]
    another = (
        f"another rollback would bring {left} back"
        if left
        else "another rollback has nothing to restore"
    )
    return f"Endpoint {endpoint} serves {facts['endpoint-config']}; {another}."


def rollback(
    repository: Repository,
    plan: Plan,
    outputs: Mapping[str, Any],
    about: Sequence[tuple[str, Configuration]],
) -> str:
    """Write the summary of a completed rollback; `about` has configurations, each with its fate."""
    rows = configurations(about, repository)
    told = ("model-name", "model-data", "image", "training-job")
    links = {"console": console_link(outputs["endpoint-url"])}
    return (
        f"### ✅ Endpoint `{outputs['endpoint-name']}` serves "
        f"`{outputs['endpoint-config']}` again\n\n"
        f"Found at the start: {plan.as_markdown()}\n\n{_NEXT_MERGE}\n\n{tables.markdown(rows)}\n"
        + tables.markdown(_which({name: outputs[name] for name in told}, links))
    )


def rollback_outputs(
    aws: Aws, endpoint: str, plan: Plan, serves: Configuration, left: str
) -> dict[str, Any]:
    """Build rollback's outputs: the endpoint now `serves` one configuration and has `left` one."""
    return {
        **serves.facts,
        "previous-config": left,
        "endpoint-name": endpoint,
        "endpoint-url": console.endpoint_url(aws, endpoint),
        "changed": bool(plan.steps),
    }


_NEXT_MERGE = (
    "The next merge that runs `deploy` deploys its own commit's model. To keep a bad model out, "
    "revert its commit too."
)


def deletion(endpoint: str, plan: Plan, *rows: tables.Rows) -> str:
    """Write the summary of a deletion; `rows` list what was deleted and what stays."""
    return (
        f"### 🗑️ Endpoint `{endpoint}` is deleted\n\nFound at the start: {plan.as_markdown()}\n\n"
        f"{_NEXT_MERGE}\n\n" + "\n".join(map(tables.markdown, rows))
    )


def kept(project: str, endpoint: str, bucket: str) -> tables.Rows:
    """Make rows of what a deletion keeps, and where it is."""
    return [
        ["stays", "where"],
        ["training jobs", f"SageMaker, {project}-…"],
        [
            "code, data and models",
            f"s3://{bucket}, in the folders code, data, jobs, models, sealed: {project}/",
        ],
        ["images", "ECR, matlab-sagemaker/release and matlab-sagemaker/candidate"],
        ["logs", f"CloudWatch, /aws/sagemaker/Endpoints/{endpoint}"],
    ]


def console_link(url: str) -> str:
    """Link to the endpoint in the AWS console; empty without an address."""
    return markdown.link("the endpoint's page", url) if url else ""


def answer(request: str, body: str) -> str:
    """Format an answer for a terminal: a table beside the request if both are tables."""
    rows = tables.side_by_side(request, body)
    return tables.plain(rows) if rows else body


def prediction(endpoint: str, request: str, body: str) -> str:
    """Write the summary of a prediction: a table, or else 2,000 characters of text."""
    rows = tables.side_by_side(request, body)
    shown = tables.markdown(tables.inline(rows)) if rows else markdown.fenced(body[:2000])
    return f"### Prediction of `{endpoint}`\n\n{shown}"
