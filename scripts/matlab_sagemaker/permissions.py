"""What each step asks of AWS: which action, on what, and when. Pure.

The one list of it: the roles of scripts/setup/aws.yml, the table in README and what doctor has IAM
simulate are held to it by tests, and it is held to the requests that the steps really send.
Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

On = Literal[
    "anything", "training image", "inference image", "bucket", "objects", "job", "job's log",
    "model", "configuration", "endpoint", "endpoint's log", "execution role", "secret",
]  # fmt: skip


@dataclass(frozen=True)
class Permission:
    """One action on one kind of thing."""

    action: str
    on: On
    when: str = ""  # empty: whenever the step has something to do
    makes: Literal["", "repository", "bucket", "secret"] = ""  # needed only where that is missing
    by_choice: bool = False  # only where an input asks for it: without it, the step does its work


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


_SAGEMAKER = "arn:{partition}:sagemaker:{region}:{account}:"
_IMAGES = "arn:{partition}:ecr:{region}:{account}:repository/matlab-sagemaker/"
_LOGS = "arn:{partition}:logs:{region}:{account}:log-group:/aws/sagemaker/"
_ARNS: Mapping[On, str] = {
    "anything": "*",
    "training image": f"{_IMAGES}training",
    "inference image": f"{_IMAGES}inference",
    "bucket": "arn:{partition}:s3:::{bucket}",
    "objects": "arn:{partition}:s3:::{bucket}/{project}/code/code.tar.gz",
    "job": f"{_SAGEMAKER}training-job/{{project}}-1",
    "job's log": f"{_LOGS}TrainingJobs:log-stream:{{project}}-1/algo-1",
    "model": f"{_SAGEMAKER}model/{{endpoint}}-1",
    "configuration": f"{_SAGEMAKER}endpoint-config/{{endpoint}}-1",
    "endpoint": f"{_SAGEMAKER}endpoint/{{endpoint}}",
    "endpoint's log": f"{_LOGS}Endpoints/{{endpoint}}:log-stream:main/1",
    "execution role": "{role}",
    "secret": "{secret}",
}
# What IAM is told of the request beside action and resource.
CONTEXT: Mapping[str, Mapping[str, str]] = {
    "iam:PassRole": {"iam:PassedToService": "sagemaker.amazonaws.com"}
}


def _all(on: On, *actions: str, when: str = "", by_choice: bool = False) -> tuple[Permission, ...]:
    return tuple(Permission(action, on, when, by_choice=by_choice) for action in actions)


def _found(image: On) -> tuple[Permission, ...]:
    return _all(image, "ecr:DescribeRepositories", "ecr:DescribeImages")


def _published(image: On) -> tuple[Permission, ...]:
    return (
        *_found(image),
        Permission("ecr:CreateRepository", image, makes="repository"),
        Permission("ecr:PutLifecyclePolicy", image, makes="repository"),
        *_all(image, "ecr:GetLifecyclePolicy"),
        *_all(image, "ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload"),
        *_all(image, "ecr:PutImage"),
        *_all("anything", "ecr:GetAuthorizationToken", when="Docker logs in"),
        *_all(image, "ecr:BatchCheckLayerAvailability", when="Docker asks which layers are there"),
        *_all(image, "ecr:BatchGetImage", when="what Docker has pushed is checked: its manifest"),
        *_all(image, "ecr:GetDownloadUrlForLayer", when="the same: its platform"),
        *_all(image, "ecr:BatchDeleteImage", when="the tag goes that it had until then"),
    )


_STORES_TOKEN = "with store-token"  # noqa: S105 (an occasion, not a token)
_AFTER_AN_ERROR = "the model answers with an error"
_OWN_IMAGE = "with the input image"
_LOG = ("logs:DescribeLogStreams", "logs:GetLogEvents")
_ENDPOINT: tuple[On, ...] = ("model", "configuration", "endpoint")

STEPS: Mapping[str, tuple[Permission, ...]] = {
    "build-training-image": (
        *_published("training image"),
        *_all("secret", "secretsmanager:DescribeSecret", when=_STORES_TOKEN, by_choice=True),
        *_all("secret", "secretsmanager:PutSecretValue", when=_STORES_TOKEN, by_choice=True),
        Permission("secretsmanager:CreateSecret", "secret", _STORES_TOKEN, "secret", True),
    ),
    "compile-handler": _published("inference image"),
    "compile-handler --find-only": _found("inference image"),
    "check-image": (
        *_all("inference image", "ecr:DescribeRepositories", when="the image is in ECR"),
        *_all("inference image", "ecr:DescribeImages", when="it is named by its tag"),
        *_all("inference image", "ecr:BatchCheckLayerAvailability", when="Docker pulls it"),
        *_all("objects", "s3:GetObject", when="the model is named by its place in S3"),
        *_all("anything", "ecr:GetAuthorizationToken", when="Docker logs in to pull it"),
        *_all("inference image", "ecr:BatchGetImage", when="Docker pulls it"),
        *_all("inference image", "ecr:GetDownloadUrlForLayer", when="Docker pulls it"),
    ),
    "train": (
        *_all("job", "sagemaker:DescribeTrainingJob", "sagemaker:CreateTrainingJob"),
        *_all("job", "sagemaker:AddTags"),
        *_all("job", "sagemaker:StopTrainingJob", when="the run is cancelled"),
        *_all("execution role", "iam:PassRole"),
        *_found("training image"),
        *_all("bucket", "s3:ListBucket"),
        Permission("s3:CreateBucket", "bucket", makes="bucket"),
        *_all("objects", "s3:PutObject"),
        *_all("objects", "s3:AbortMultipartUpload", when="the upload of a large file fails"),
        *_all("job's log", *_LOG),
        *_all("secret", "secretsmanager:DescribeSecret", when="with the engine matlab"),
    ),
    "deploy": (
        *_all("job", "sagemaker:DescribeTrainingJob"),
        *_all("bucket", "s3:ListBucket", when="training.channels names a prefix in S3"),
        *_found("inference image"),
        *_all("inference image", "ecr:BatchGetImage", when=_OWN_IMAGE, by_choice=True),
        *_all("inference image", "ecr:GetDownloadUrlForLayer", when=_OWN_IMAGE, by_choice=True),
        *_all("model", "sagemaker:DescribeModel", "sagemaker:CreateModel"),
        *_all(
            "configuration", "sagemaker:DescribeEndpointConfig", "sagemaker:CreateEndpointConfig"
        ),
        *_all("endpoint", "sagemaker:DescribeEndpoint", "sagemaker:CreateEndpoint"),
        *_all("endpoint", "sagemaker:UpdateEndpoint", when="there is an endpoint"),
        *_all("endpoint", "sagemaker:DeleteEndpoint", when="the endpoint has failed"),
        *(Permission("sagemaker:AddTags", on) for on in _ENDPOINT),
        *_all("endpoint", "sagemaker:ListTags", when="there is an endpoint"),
        *_all("execution role", "iam:PassRole"),
        *_all("endpoint's log", *_LOG),
    ),
    "predict": (
        *_all("endpoint", "sagemaker:InvokeEndpoint"),
        *_all("endpoint's log", *_LOG, when=_AFTER_AN_ERROR),
    ),
    "status": (
        *_all("endpoint", "sagemaker:DescribeEndpoint", "sagemaker:ListTags"),
        *_all("configuration", "sagemaker:DescribeEndpointConfig", "sagemaker:ListTags"),
        *_all("model", "sagemaker:DescribeModel"),
        *_all("job", "sagemaker:DescribeTrainingJob"),
    ),
    "rollback": (
        *_all("endpoint", "sagemaker:DescribeEndpoint", "sagemaker:ListTags"),
        *_all("endpoint", "sagemaker:UpdateEndpoint", "sagemaker:AddTags"),
        *_all("endpoint", "sagemaker:DeleteEndpoint", when="the endpoint has failed"),
        *_all("endpoint", "sagemaker:CreateEndpoint", when="the same: it is made anew"),
        *_all("configuration", "sagemaker:DescribeEndpointConfig", "sagemaker:ListTags"),
        *_all("model", "sagemaker:DescribeModel"),
        *_all("endpoint's log", *_LOG),
    ),
    "delete": (
        *_all("endpoint", "sagemaker:DescribeEndpoint", "sagemaker:ListTags"),
        *_all("anything", "sagemaker:ListEndpointConfigs", "sagemaker:ListModels"),
        *_all("configuration", "sagemaker:ListTags", "sagemaker:DeleteEndpointConfig"),
        *_all("model", "sagemaker:ListTags", "sagemaker:DeleteModel"),
        *_all("endpoint", "sagemaker:DeleteEndpoint"),
        *_all("endpoint's log", *_LOG, when="a change is waited for"),
    ),
}
# The roles that scripts/setup/aws.yml makes for GitHub's jobs, and whose steps each is for.
ROLES: Mapping[str, tuple[str, ...]] = {
    "image": ("build-training-image", "compile-handler", "check-image"),
    "train": ("train", "compile-handler --find-only"),  # a deployment looks for both first
    "deploy": ("deploy", "predict", "status", "rollback", "delete"),
}
# What it makes itself, so that no role has to.
MADE_BY_TEMPLATE = frozenset({"bucket", "secret"})
