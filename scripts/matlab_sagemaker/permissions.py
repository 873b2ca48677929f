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

    from matlab_sagemaker.arns import On


@dataclass(frozen=True)
class Permission:
    """One action on one kind of thing."""

    action: str
    on: On
    when: str = ""  # empty: whenever the step has something to do
    makes: Literal["", "repository", "bucket", "secret"] = ""  # needed only where that is missing
    by_choice: bool = False  # only where an input asks for it: without it, the step does its work


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
_PUT = ("secretsmanager:DescribeSecret", "secretsmanager:PutSecretValue")
_AFTER_AN_ERROR = "the model answers with an error"
_OWN_IMAGE = "with the input image"
_MANIFEST = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
_PULL = ("ecr:BatchCheckLayerAvailability", *_MANIFEST)
_LOG = ("logs:DescribeLogStreams", "logs:GetLogEvents")
_BROKEN_OFF = "the upload of a large file fails"
_SOURCES: tuple[On, ...] = ("code", "data")
_MADE: tuple[On, ...] = ("model", "configuration", "endpoint")


def _serves(action: str, when: str = "") -> tuple[Permission, ...]:
    """Return an action that AWS checks on the endpoint and on the configuration it gets."""
    return (Permission(action, "endpoint", when), Permission(action, "configuration", when))


_NO_ENDPOINT = "there is no endpoint"
_MADE_ANEW = f"{_NO_ENDPOINT}, or it has failed"


STEPS: Mapping[str, tuple[Permission, ...]] = {
    "build-training-image": (
        *_published("training image"),
        *_all("secret", *_PUT, when=_STORES_TOKEN, by_choice=True),
        Permission("secretsmanager:CreateSecret", "secret", _STORES_TOKEN, "secret", True),
    ),
    "build-training-image --find-only": _found("training image"),
    "compile-handler": _published("inference image"),
    "compile-handler --find-only": _found("inference image"),
    "check-image": (
        *_all("inference image", "ecr:DescribeRepositories", when="the image is in ECR"),
        *_all("inference image", "ecr:DescribeImages", when="it is named by its tag"),
        *_all("trained model", "s3:GetObject", when="the model is named by its place in S3"),
        *_all("anything", "ecr:GetAuthorizationToken", when="Docker logs in to pull it"),
        *_all("inference image", *_PULL, when="Docker pulls it"),
    ),
    "train": (
        *_all("job", "sagemaker:DescribeTrainingJob", "sagemaker:CreateTrainingJob"),
        *_all("job", "sagemaker:AddTags"),
        *_all("job", "sagemaker:StopTrainingJob", when="the run is cancelled"),
        *_all("execution role", "iam:PassRole"),
        *_found("training image"),
        *_all("bucket", "s3:ListBucket"),
        Permission("s3:CreateBucket", "bucket", makes="bucket"),
        *_all("code", "s3:PutObject"),
        *_all("data", "s3:PutObject", when="training.channels names a folder"),
        *(Permission("s3:AbortMultipartUpload", on, _BROKEN_OFF) for on in _SOURCES),
        *_all("logs of jobs", "logs:DescribeLogStreams"),
        *_all("job's log", "logs:GetLogEvents"),
        *_all("secret", "secretsmanager:DescribeSecret", when="with the engine matlab"),
    ),
    "deploy": (
        *_all("job", "sagemaker:DescribeTrainingJob"),
        *_all("bucket", "s3:ListBucket", when="training.channels names a prefix in S3"),
        *_found("inference image"),
        *_all("inference image", *_MANIFEST, when=_OWN_IMAGE, by_choice=True),
        *_all("model", "sagemaker:DescribeModel", "sagemaker:CreateModel"),
        *_all("configuration", "sagemaker:DescribeEndpointConfig"),
        *_all("configuration", "sagemaker:CreateEndpointConfig"),
        *_all("endpoint", "sagemaker:DescribeEndpoint"),
        *_serves("sagemaker:CreateEndpoint"),
        *_serves("sagemaker:UpdateEndpoint", when="there is an endpoint"),
        *_all("endpoint", "sagemaker:DeleteEndpoint", when="the endpoint has failed"),
        *(Permission("sagemaker:AddTags", on) for on in _MADE),
        *_all("endpoint", "sagemaker:ListTags", when="there is an endpoint"),
        *_all("anything", "sagemaker:ListEndpointConfigs", when=_MADE_ANEW),
        *_all("configuration", "sagemaker:ListTags", when=f"{_MADE_ANEW}, or it is left"),
        *_all("execution role", "iam:PassRole"),
        *_all("endpoint's log", *_LOG),
    ),
    "predict": (
        *_all("endpoint", "sagemaker:InvokeEndpoint"),
        *_all("endpoint's log", *_LOG, when=_AFTER_AN_ERROR),
    ),
    "status": (
        *_all("endpoint", "sagemaker:DescribeEndpoint", "sagemaker:ListTags"),
        *_all("anything", "sagemaker:ListEndpointConfigs", when=_NO_ENDPOINT),
        *_all("configuration", "sagemaker:DescribeEndpointConfig", "sagemaker:ListTags"),
        *_all("model", "sagemaker:DescribeModel"),
        *_all("job", "sagemaker:DescribeTrainingJob"),
    ),
    "rollback": (
        *_all("endpoint", "sagemaker:DescribeEndpoint", "sagemaker:ListTags"),
        *_serves("sagemaker:UpdateEndpoint"),
        *_all("endpoint", "sagemaker:AddTags"),
        *_all("endpoint", "sagemaker:DeleteEndpoint", when="the endpoint has failed"),
        *_serves("sagemaker:CreateEndpoint", when="the same: it is made anew"),
        *_all("configuration", "sagemaker:AddTags", when="the same: its record is kept there"),
        *_all("anything", "sagemaker:ListEndpointConfigs", when=_MADE_ANEW),
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
    "image": ("build-training-image",),
    # It looks for all three first: what is there is made by nobody.
    "train": ("train", "build-training-image --find-only", "compile-handler --find-only"),
    "compile": ("compile-handler", "check-image"),
    "deploy": ("deploy", "predict", "status", "rollback", "delete"),
}
# What it makes itself, so that no role has to.
MADE_BY_TEMPLATE = frozenset({"bucket", "secret"})
