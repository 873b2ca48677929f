"""What is said of an endpoint: deployed, rolled back, deleted, and what it serves. Pure."""

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
    from matlab_sagemaker.hosting.preview import Outlook
    from matlab_sagemaker.hosting.status import Configuration, EndpointStatus
    from matlab_sagemaker.training.served import ServedModel


IGNORED = "not passed; it was ignored when this was deployed"
_LABELS = {"endpoint-config": "configuration", "previous-config": "rollback brings"}


def deployment(
    repository: Repository,
    aws: Aws,
    desired: Deployment,
    plan: Plan,
    model: ServedModel,
    looked: Outlook,
) -> tuple[str, dict[str, Any]]:
    """Return what is to be said about an endpoint that is in service, and the outputs."""
    name = desired.endpoint_name
    url = console.endpoint_url(aws, name)
    links = {"commit": repository.commit_link(desired.commit), "console": console_link(url)}
    summary = (
        f"### ✅ Endpoint `{name}` is in service\n\nBefore this run: {plan.as_markdown()}\n\n"
        + tables.with_metrics(
            model.metrics,
            model.missing,
            tables.inline(rules_kept(looked.judged)),
            _which(desired.facts, links),
        )
    )
    return summary, {
        **desired.facts,
        "endpoint-url": url,
        "changed": plan.changes,
        "left-to": "",
        "request": desired.request,
        **looked.outputs,
    }


def outlook(aws: Aws, desired: Deployment, looked: Outlook) -> tuple[str, dict[str, Any]]:
    """Return what is to be said about a deployment that is not made, and the outputs."""
    rules = rules_kept(looked.judged)
    summary = f"{looked.shown.as_markdown}\n" + (
        tables.markdown(tables.inline(rules)) if rules else ""
    )
    return summary, {
        **desired.facts,
        "endpoint-url": console.endpoint_url(aws, desired.endpoint_name),
        "changed": False,
        "left-to": "",
        "request": desired.request,
        **looked.outputs,
    }


def left(endpoint: str, newer: str, facts: Mapping[str, str], links: Mapping[str, str]) -> str:
    """Return what is to be said where the endpoint is left to `newer`, a link to a commit."""
    return (
        f"### ⏭️ Endpoint `{endpoint}` is left as it is\n\n"
        f"{newer}, which is newer than this commit, has been deployed to it already.\n\n"
        + tables.markdown(_which(facts, links))
    )


def _which(facts: Mapping[str, str], links: Mapping[str, str]) -> tables.Rows:
    """Return facts, named as outputs, and links, as rows; a fact that is not there is a dash."""
    shown = {name: markdown.code(tables.shorten_digests(text)) for name, text in facts.items()}
    told = {**shown, **{name: link for name, link in links.items() if link}}
    rows = [[_label(name), text or tables.NONE] for name, text in told.items()]
    return [["what", "which"], *rows]


def _label(name: str) -> str:
    """Return what people call an output, on one line whatever is beside it."""
    return _LABELS.get(name, name).replace("-", " ").replace(" ", "\u00a0")


def status(found: EndpointStatus, url: str, repository: Repository | None = None) -> tables.Rows:
    """Return what an endpoint serves as rows of what and which; unknown facts have none.

    `url` is the endpoint's page. With a `repository` the rows are Markdown, else for a terminal.
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
        "rollback brings": _there(found.previous_name, found.previous),
        **{f"rollback brings {n}": t for n, t in _known(found.previous, repository).items()},
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
    """Return what people know a configuration by, beside its name; see `status`."""
    if config is None:
        return {}
    metrics = ", ".join(f"{name} {value:.6g}" for name, value in sorted(config.metrics.items()))
    if repository:
        metrics = markdown.inline(metrics)
    commit = repository.commit_link(config.commit) if repository else config.commit[:SHORT]
    return {"commit": commit, "made": config.made, "metrics": metrics}


def configurations(
    found: Sequence[tuple[str, Configuration]], repository: Repository | None = None
) -> tables.Rows:
    """Return configurations as rows, each behind what becomes of it; see `status`."""
    known = [[what, c.name, *_known(c, repository).values()] for what, c in found]
    return [["", "configuration", "commit", "made", "metrics"], *known]


def rolled_back(endpoint: str, facts: Mapping[str, str]) -> str:
    """Return a line for the log about an endpoint that serves again what it served before."""
    left = facts["previous-config"]
    another = (
        f"another rollback would bring {left} back"
        if left
        else "nothing is known for another rollback"
    )
    return f"Endpoint {endpoint} serves {facts['endpoint-config']}; {another}."


def rollback(
    repository: Repository,
    plan: Plan,
    outputs: Mapping[str, Any],
    about: Sequence[tuple[str, Configuration]],
) -> str:
    """Return what is to be said about an endpoint that serves again what it served before.

    `about` has the configurations, each behind what becomes of it.
    """
    rows = configurations(about, repository)
    told = ("model-name", "model-data", "image", "training-job")
    links = {"console": console_link(outputs["endpoint-url"])}
    return (
        f"### ✅ Endpoint `{outputs['endpoint-name']}` serves "
        f"`{outputs['endpoint-config']}` again\n\n"
        f"Before this run: {plan.as_markdown()}\n\n{_NEXT_MERGE}\n\n{tables.markdown(rows)}\n"
        + tables.markdown(_which({name: outputs[name] for name in told}, links))
    )


def rollback_outputs(
    aws: Aws, endpoint: str, plan: Plan, serves: Configuration, left: str
) -> dict[str, Any]:
    """Return the outputs of rollback, after which the endpoint `serves` and has `left` another."""
    return {
        **serves.facts,
        "previous-config": left,
        "endpoint-name": endpoint,
        "endpoint-url": console.endpoint_url(aws, endpoint),
        "changed": bool(plan.steps),
    }


_NEXT_MERGE = (
    "The next merge that runs `deploy` deploys its own commit's model again: if that is not to "
    "serve, revert the commit too."
)


def deletion(endpoint: str, plan: Plan, *rows: tables.Rows) -> str:
    """Return what is to be said about an endpoint that is gone; `rows` tell what went and stays."""
    return (
        f"### 🗑️ Endpoint `{endpoint}` is deleted\n\nBefore this run: {plan.as_markdown()}\n\n"
        f"{_NEXT_MERGE}\n\n" + "\n".join(map(tables.markdown, rows))
    )


def kept(project: str, endpoint: str, bucket: str) -> tables.Rows:
    """Return what a deletion leaves, as rows of what and where."""
    return [
        ["stays", "where"],
        ["training jobs", f"SageMaker, {project}-…"],
        [
            "code, data and models",
            f"s3://{bucket}, below code, data, jobs, models, sealed: {project}/",
        ],
        ["images", "ECR, matlab-sagemaker/release and matlab-sagemaker/candidate"],
        ["logs", f"CloudWatch, /aws/sagemaker/Endpoints/{endpoint}"],
    ]


def console_link(url: str) -> str:
    """Return a link to a page of the AWS console; nothing where there is none."""
    return markdown.link("the console", url) if url else ""


def answer(request: str, body: str) -> str:
    """Return an answer for a terminal: as a table beside the request where both are CSV."""
    rows = tables.side_by_side(request, body)
    return tables.plain(rows) if rows else body


def prediction(endpoint: str, request: str, body: str) -> str:
    """Return what is to be said about an answer: a table where it is one, the text elsewhere."""
    rows = tables.side_by_side(request, body)
    shown = tables.markdown(tables.inline(rows)) if rows else markdown.fenced(body[:2000])
    return f"### Prediction of `{endpoint}`\n\n{shown}"
