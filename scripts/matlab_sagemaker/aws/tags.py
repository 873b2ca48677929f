"""The tags by which the kit, and its users, recognise the resources that it has created."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matlab_sagemaker.aws import session

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from matlab_sagemaker.aws.session import Aws

PREFIX = "matlab-sagemaker:"


def of(facts: Mapping[str, str], users: Mapping[str, str] | None = None) -> list[dict[str, str]]:
    """Make a request's tags: `facts`, such as project and key, and the user's own tags."""
    named = {**(users or {}), **{PREFIX + name: value for name, value in facts.items()}}
    return [{"Key": key, "Value": value} for key, value in named.items()]


def facts(tags: Iterable[Mapping[str, object]]) -> dict[str, str]:
    """Extract the kit's facts from `tags`; all other tags are the user's."""
    texts = {str(tag["Key"]): str(tag["Value"]) for tag in tags}
    own = {key: text for key, text in texts.items() if key.startswith(PREFIX)}
    return {key.removeprefix(PREFIX): text for key, text in own.items()}


def read(aws: Aws, arn: str) -> dict[str, str]:
    """Read the facts in the kit's tags of a SageMaker resource; empty if it does not exist.

    Source: https://github.com/aws/amazon-sagemaker-feedback/issues/108
    """
    doing, missing = f"reading the tags of {arn}", ("ValidationException",)
    said = session.find(doing, missing, aws.sagemaker.list_tags, ResourceArn=arn)
    return facts(said["Tags"]) if said else {}
