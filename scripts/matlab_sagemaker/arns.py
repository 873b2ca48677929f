"""The things that permissions are about, and their ARNs. Pure.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

On = Literal[
    "anything", "training image", "inference image", "bucket", "code", "data", "trained model",
    "job", "logs of jobs", "job's log", "model", "configuration", "endpoint", "endpoint's log",
    "execution role", "secret",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Names:
    """The names in the ARNs of what a project uses."""

    partition: str
    region: str
    account: str
    project: str
    endpoint: str
    bucket: str
    role: str  # ARN
    secret: str = ""  # ARN; empty where there is none


def resource(on: On, names: Names) -> str:
    """Return the ARN that a permission is about; of many alike, one."""
    return _ARNS[on].format(**vars(names))


def named_after(on: On) -> Literal["project", "endpoint", ""]:
    """Return whose name in sagemaker.yml a thing's begins with, if it does."""
    return (
        "project" if "{project}" in _ARNS[on] else "endpoint" if "{endpoint}" in _ARNS[on] else ""
    )


_SAGEMAKER = "arn:{partition}:sagemaker:{region}:{account}:"
_IMAGES = "arn:{partition}:ecr:{region}:{account}:repository/matlab-sagemaker/"
_OBJECTS = "arn:{partition}:s3:::{bucket}/{project}/"
_LOGS = "arn:{partition}:logs:{region}:{account}:log-group:/aws/sagemaker/"
_ARNS: Mapping[On, str] = {
    "anything": "*",
    "training image": f"{_IMAGES}training",
    "inference image": f"{_IMAGES}inference",
    "bucket": "arn:{partition}:s3:::{bucket}",
    "code": f"{_OBJECTS}code/1/code.tar.gz",
    "data": f"{_OBJECTS}data/training/1/data.csv",
    "trained model": f"{_OBJECTS}jobs/{{project}}-1/output/model.tar.gz",
    "job": f"{_SAGEMAKER}training-job/{{project}}-1",
    "logs of jobs": f"{_LOGS}TrainingJobs:log-stream:",
    "job's log": f"{_LOGS}TrainingJobs:log-stream:{{project}}-1/algo-1",
    "model": f"{_SAGEMAKER}model/{{endpoint}}-1",
    "configuration": f"{_SAGEMAKER}endpoint-config/{{endpoint}}-1",
    "endpoint": f"{_SAGEMAKER}endpoint/{{endpoint}}",
    "endpoint's log": f"{_LOGS}Endpoints/{{endpoint}}:log-stream:main/1",
    "execution role": "{role}",
    "secret": "{secret}",
}
