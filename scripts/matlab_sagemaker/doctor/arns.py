"""The resources that permissions are for, and their ARNs. Pure.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

On = Literal[
    "anything", "release", "candidate", "bucket", "code", "data", "card",
    "trained model", "given model", "job", "logs of jobs", "job's log", "model", "configuration",
    "endpoint", "endpoint's log", "training role", "serving role", "secret", "network interface",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ResourceNames:
    """The names that occur in the ARNs of a project's resources."""

    partition: str
    region: str
    account: str
    project: str
    endpoint: str
    bucket: str
    training_role: str  # ARN
    serving_role: str  # ARN
    secret: str = ""  # ARN; empty if there is none
    instance_type: str = "ml.m5.large"  # of the training
    max_runtime: int = 86400  # seconds, of the training
    subnets: str = ""  # ids, separated by commas; empty without a VPC
    security_groups: str = ""


def resource(on: On, names: ResourceNames) -> str:
    """Return the ARN of a kind of resource; an example if there are many."""
    return _ARNS[on].format(**vars(names))


def context(actions: Iterable[str], names: ResourceNames) -> dict[str, str]:
    """Return the condition keys that IAM needs to judge requests for `actions`.

    Several values of a key are separated by commas.
    """
    asked = (_CONTEXT.get(action, {}) for action in actions)
    said = {key: value.format(**vars(names)) for keys in asked for key, value in keys.items()}
    return {key: value for key, value in said.items() if value}


def named_after(on: On) -> Literal["project", "endpoint", ""]:
    """Say which name in sagemaker.yml the resource's name starts with, if any."""
    return (
        "project" if "{project}" in _ARNS[on] else "endpoint" if "{endpoint}" in _ARNS[on] else ""
    )


_SAGEMAKER = "arn:{partition}:sagemaker:{region}:{account}:"
_IMAGES = "arn:{partition}:ecr:{region}:{account}:repository/matlab-sagemaker/"
_OBJECTS = "arn:{partition}:s3:::{bucket}/"
_LOGS = "arn:{partition}:logs:{region}:{account}:log-group:/aws/sagemaker/"
_ARNS: Mapping[On, str] = {
    "anything": "*",
    "release": f"{_IMAGES}release",
    "candidate": f"{_IMAGES}candidate",
    "bucket": "arn:{partition}:s3:::{bucket}",
    "code": f"{_OBJECTS}code/{{project}}/1/code.tar.gz",
    "data": f"{_OBJECTS}data/{{project}}/training/1/data.csv",
    "card": f"{_OBJECTS}sealed/{{project}}/{{project}}-1/card.json",
    "trained model": f"{_OBJECTS}sealed/{{project}}/{{project}}-1/1/model.tar.gz",
    "given model": f"{_OBJECTS}models/{{project}}/1/model.tar.gz",
    "job": f"{_SAGEMAKER}training-job/{{project}}-1",
    "logs of jobs": f"{_LOGS}TrainingJobs:log-stream:",
    "job's log": f"{_LOGS}TrainingJobs:log-stream:{{project}}-1/algo-1",
    "model": f"{_SAGEMAKER}model/{{endpoint}}-1",
    "configuration": f"{_SAGEMAKER}endpoint-config/{{endpoint}}-1",
    "endpoint": f"{_SAGEMAKER}endpoint/{{endpoint}}",
    "endpoint's log": f"{_LOGS}Endpoints/{{endpoint}}:log-stream:main/1",
    "training role": "{training_role}",
    "serving role": "{serving_role}",
    "secret": "{secret}",
    "network interface": "arn:{partition}:ec2:{region}:{account}:network-interface/eni-1",
}
_CONTEXT: Mapping[str, Mapping[str, str]] = {
    "iam:PassRole": {"iam:PassedToService": "sagemaker.amazonaws.com"},
    "sagemaker:CreateTrainingJob": {
        "sagemaker:InstanceTypes": "{instance_type}",
        "sagemaker:MaxRuntimeInSeconds": "{max_runtime}",
        "sagemaker:VpcSubnets": "{subnets}",
        "sagemaker:VpcSecurityGroupIds": "{security_groups}",
    },
    "sagemaker:AddTags": {"sagemaker:TaggingAction": "CreateTrainingJob"},
}
