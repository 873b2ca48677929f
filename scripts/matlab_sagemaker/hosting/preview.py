"""What a deployment would change, line by line, as far as it is known before it is made. Pure.

An image or model that the merge has yet to make has no name, nor does what is named after it:
these lines are "known after merge"; all others are compared with the current configuration.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from matlab_sagemaker.github import markdown, tables
from matlab_sagemaker.github.facts import PlanFacts, ServingFacts
from matlab_sagemaker.github.repository import SHORT
from matlab_sagemaker.hosting.status import Configuration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from matlab_sagemaker.hosting.deployment import Deployment
    from matlab_sagemaker.hosting.plan import FoundEndpoint
    from matlab_sagemaker.training.gate import Judgement

Sign = Literal["+", "~", "-", "="]
COMMIT = "newest commit"  # recorded only in a tag
AFTER_MERGE, AFTER_DEPLOYMENT = "(known after merge)", "(known after deployment)"
_REGISTRY = re.compile(r"^[^/@]*[.:][^/@]*/")  # the host that an image's URI begins with


@dataclass(frozen=True)
class PlanLine:
    """One thing before and after; empty: there is none, None: not known yet."""

    what: str
    before: str
    after: str | None

    @property
    def sign(self) -> Sign:
        """How it would change: + created, ~ changed, - removed, = unchanged."""
        if self.after == self.before:
            return "="
        if not self.before:
            return "+"
        return "~" if self.after != "" else "-"

    def text(self, unknown: str) -> str:
        """Format the line; `unknown` is the text for a value that is not known yet."""
        after = unknown if self.after is None else self.after
        told = {"+": after, "~": f"{self.before} → {after}", "-": self.before, "=": self.before}
        return tables.shorten_digests(f"{self.sign} {self.what}: {told[self.sign]}")


@dataclass(frozen=True, kw_only=True)
class Preview:
    """All lines of a deployment, and the text for what is not known yet."""

    endpoint: str
    lines: tuple[PlanLine, ...]
    unknown: str = AFTER_DEPLOYMENT

    @property
    def changes(self) -> bool:
        """Whether it would change more than tags."""
        return any(line.sign != "=" and line.what != COMMIT for line in self.lines)

    @property
    def text(self) -> str:
        """The preview as lines of text: what changes, then what stays."""
        told = [line.text(self.unknown) for line in self.lines if line.sign != "="]
        stays = ", ".join(f"{line.what} {line.before}" for line in self.lines if line.sign == "=")
        return "\n".join([*told, *([tables.shorten_digests(f"= stays: {stays}")] if stays else [])])

    @property
    def as_markdown(self) -> str:
        """The preview as Markdown, with its own title."""
        state = "changes" if self.changes else "stays as it is"
        title = f"### Plan: endpoint {markdown.code(self.endpoint)} {state}"
        return f"{title}\n\n{markdown.fenced(self.text)}"

    @property
    def as_json(self) -> list[dict[str, Any]]:
        """The preview as JSON; what is not known yet is null."""
        return [{"sign": line.sign, **vars(line)} for line in self.lines]


@dataclass(frozen=True, kw_only=True)
class Review:
    """A deployment before it is made: its preview, the gate's judgement, and what serves now."""

    shown: Preview
    judged: Judgement
    serves: Configuration | None  # before the deployment

    @property
    def outputs(self) -> dict[str, Any]:
        """The step's outputs about it."""
        before: dict[str, Any] = {}
        if self.serves:
            before = {name: self.serves.facts[name] for name in _NAMES}
            before["metrics"] = self.serves.metrics
        return {
            "changes": self.shown.changes,
            "plan": {
                "endpoint": self.shown.endpoint,
                "lines": self.shown.as_json,
                "serves": before,
            },
            "gate": self.judged.gate,
            "gate-rows": list(map(vars, self.judged.rows)),
        }

    @property
    def facts(self) -> dict[str, Any]:
        """The facts that a pull request's comment shows."""
        of = self.serves
        serves = of and ServingFacts(job=of.training_job, metrics=of.metrics)
        shown = self.shown
        plan = PlanFacts(
            endpoint=shown.endpoint, changes=shown.changes, text=shown.text, serves=serves
        )
        return {"plan": plan}


_NAMES = ("endpoint-config", "model-name", "training-job", "commit")  # reveal no account number
NOT_REVIEWED = {"changes": False, "plan": {}, "gate": "none", "gate-rows": []}


def preview(
    desired: Deployment,
    found: FoundEndpoint,
    serves: Configuration | None,
    newest: str | None,
    images: Mapping[str, bool] | None = None,
) -> Preview:
    """Compare `desired` with the configuration that `serves`.

    Image and model data of `desired` may be empty: not known yet. `newest` is the newest deployed
    commit afterwards; None: the merge creates it. `images` maps the tag of each needed image to
    whether it exists.
    """
    before, after = _facts(serves or Configuration(name="")), _wanted(desired)
    lines = [
        *(PlanLine(_image(tag), tag if made else "", tag) for tag, made in (images or {}).items()),
        *_endpoint(desired.endpoint_name, found.status),
        *(PlanLine(what, before[what], after[what]) for what in before),
        PlanLine(COMMIT, found.newest[:SHORT], None if newest is None else newest[:SHORT]),
    ]
    return Preview(
        endpoint=desired.endpoint_name,
        lines=tuple(line for line in lines if line.before or line.after != ""),
        unknown=AFTER_MERGE if newest is None else AFTER_DEPLOYMENT,
    )


def _image(tag: str) -> str:
    return f"{tag.partition('-')[0]} image"


def _endpoint(name: str, status: str | None) -> Iterator[PlanLine]:
    if status == "Failed":  # SageMaker can only delete it
        yield PlanLine("failed endpoint", name, "")
        status = None
    yield PlanLine("endpoint", name if status else "", name)


def _facts(of: Configuration) -> dict[str, str]:
    """List what identifies a configuration and its model, by label."""
    vpc = of.vpc or {}
    return {
        "configuration": of.name,
        "model": of.model_name,
        "training job": of.training_job,
        "model data": "" if of.training_job else _key(of.model_data),
        "inference image served": _REGISTRY.sub("", of.image),
        "instance type": of.instance_type,
        "instance count": f"{of.instance_count or ''}",
        "serving role": of.role.rpartition("/")[2],
        "subnets": " ".join(sorted(vpc.get("Subnets", []))),
        "security groups": " ".join(sorted(vpc.get("SecurityGroupIds", []))),
    }


def _key(uri: str) -> str:
    return uri.removeprefix("s3://").partition("/")[2]


def configuration(desired: Deployment) -> Configuration:
    """Describe the configuration that serves after `desired` is made."""
    return Configuration(
        name=desired.config["EndpointConfigName"],
        model_name=desired.model["ModelName"],
        has_model=True,
        image=desired.image,
        model_data=desired.model_data,
        training_job=desired.training_job,
        commit=desired.commit,
        role=desired.role,
        instance_type=desired.instance_type,
        instance_count=desired.instance_count,
        vpc=desired.vpc,
    )


def _wanted(desired: Deployment) -> dict[str, str | None]:
    """List the same for a deployment; None for what is not known yet."""
    lacking = {
        "configuration": not desired.is_known,
        "model": not desired.is_known,
        "training job": desired.is_trained and not desired.model_data,
        "model data": not (desired.is_trained or desired.model_data),
        "inference image served": not desired.image,
    }
    facts = _facts(configuration(desired))
    return {name: None if lacking.get(name) else text for name, text in facts.items()}
