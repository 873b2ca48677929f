"""The AWS permissions that each step needs: which action, on what, and when. Pure.

This is the only list of them. Tests check that the roles in scripts/setup/aws.yml, the table in
docs/aws-permissions.md and doctor's simulations follow it, and that it agrees with the requests
that the steps send.
Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matlab_sagemaker.doctor.arns import On


@dataclass(frozen=True)
class Permission:
    """One action on one kind of thing."""

    action: str
    on: On
    when: str = ""  # empty: always
    makes: Literal["", "bucket", "secret"] = ""  # needed only to create this, if it is missing
    by_choice: bool = False  # only needed if an input or setting asks for it


def _all(on: On, *actions: str, when: str = "", by_choice: bool = False) -> tuple[Permission, ...]:
    return tuple(Permission(action, on, when, by_choice=by_choice) for action in actions)


def _found(repository: On, when: str = "") -> tuple[Permission, ...]:
    return _all(repository, "ecr:DescribeRepositories", "ecr:DescribeImages", when=when)


def _published(into: On) -> tuple[Permission, ...]:
    return (
        *_all(into, "ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload"),
        *_all(into, "ecr:PutImage", *_MANIFEST),
        *_all("anything", "ecr:GetAuthorizationToken", when="Docker logs in"),
        *_all(into, "ecr:BatchCheckLayerAvailability", when="Docker asks which layers are there"),
    )


_MANIFEST = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
_PULL = ("ecr:BatchCheckLayerAvailability", *_MANIFEST)
_STORES_TOKEN = "with store-token"  # noqa: S105 (an occasion, not a token)
_PUT = ("secretsmanager:DescribeSecret", "secretsmanager:PutSecretValue")
_AFTER_AN_ERROR = "the model answers with an error"
_NOT_RELEASED = "the training image is not released"
_OWN_IMAGE = "with the input image, or training.image"
_OWN_TRAINING = "with training.image"
_GIVEN = "sagemaker.yml names a model"
_CHAMPION = "with champion in sagemaker.yml"
_COMPARED = "with champion in sagemaker.yml and an existing endpoint"
_CONFIGURATION = ("sagemaker:DescribeEndpointConfig", "sagemaker:ListTags")
_TRIAL = ("sagemaker:DescribeEndpoint", "sagemaker:ListTags", "sagemaker:AddTags")
_LOG = ("logs:DescribeLogStreams", "logs:GetLogEvents")
_BROKEN_OFF = "the upload of a large file fails"
_WRITTEN_MEANWHILE = "another run has just written the same object, to compare it"
_SOURCES: tuple[On, ...] = ("code", "data")
_MADE: tuple[On, ...] = ("model", "configuration", "endpoint")


def _serves(action: str, when: str = "") -> tuple[Permission, ...]:
    """Return an action that AWS checks on the endpoint and on its new configuration."""
    return (Permission(action, "endpoint", when), Permission(action, "configuration", when))


_RUNS_JOB = (
    *_all("anything", "sagemaker:ListTrainingJobs"),
    *_all("job", "sagemaker:DescribeTrainingJob", "sagemaker:CreateTrainingJob"),
    *_all("job", "sagemaker:AddTags"),
    *_all("job", "sagemaker:ListTags", "sagemaker:StopTrainingJob", when="the run is cancelled"),
    *_all("training role", "iam:PassRole"),
    *_found("release"),
    *_found("candidate", when=_NOT_RELEASED),
    *_all("release", *_MANIFEST, when=_OWN_TRAINING, by_choice=True),
    *_all("bucket", "s3:ListBucket"),
    *_all("code", "s3:PutObject"),
    *(Permission("s3:AbortMultipartUpload", on, _BROKEN_OFF) for on in _SOURCES),
    *(Permission("s3:GetObject", on, _WRITTEN_MEANWHILE) for on in _SOURCES),
    *_all("card", "s3:GetObject"),
    *_all("logs of jobs", "logs:DescribeLogStreams"),
    *_all("job's log", "logs:GetLogEvents"),
    *_all("secret", "secretsmanager:DescribeSecret", when="with the engine matlab"),
)
STEPS: Mapping[str, tuple[Permission, ...]] = {
    "build-training-image": (
        *_all("release", "ecr:DescribeImages"),
        *_all("release", "ecr:DescribeRepositories", when="the image is released"),
        *_found("candidate"),
        *_published("candidate"),
        *_all("release", *_PULL, when="Docker builds and reuses layers"),
        *_all("secret", *_PUT, when=_STORES_TOKEN, by_choice=True),
        Permission("secretsmanager:CreateSecret", "secret", _STORES_TOKEN, "secret", True),
    ),
    "build-training-image --repository release": (*_found("release"), *_published("release")),
    "build-training-image --find-only": (
        *_found("release"),
        *_found("candidate", when=_NOT_RELEASED),
        *_all("release", *_MANIFEST, when=_OWN_TRAINING, by_choice=True),
    ),
    "compile-handler": (*_found("release"), *_published("release")),
    "compile-handler --find-only": _found("release"),
    "check-image": (
        *_all("release", "ecr:DescribeRepositories", when="the image is in ECR"),
        *_all("release", "ecr:DescribeImages", when="it is named by its tag"),
        *_all("trained model", "s3:GetObject", when="the model is given as an S3 URI"),
        *_all("anything", "ecr:GetAuthorizationToken", when="Docker logs in to pull it"),
        *_all("release", *_PULL, when="Docker pulls it"),
    ),
    "train": (
        *_RUNS_JOB,
        Permission("s3:CreateBucket", "bucket", makes="bucket"),
        Permission("s3:PutBucketPolicy", "bucket", makes="bucket"),
        *_all("data", "s3:PutObject", when="training.channels names a folder"),
        *_all("endpoint", "sagemaker:DescribeEndpoint", when=_CHAMPION),
        *_all("configuration", *_CONFIGURATION, when=_COMPARED),
        *_all("model", "sagemaker:DescribeModel", when=_COMPARED),
    ),
    "try-handler": (
        *_RUNS_JOB,
        *_all("data", "s3:PutObject", when="there is a request file"),
        *_all("trained model", "s3:GetObject"),
    ),
    "deploy --dry-run": (
        *_all("anything", "sagemaker:ListTrainingJobs"),
        *_all("job", "sagemaker:DescribeTrainingJob"),
        *_all("card", "s3:GetObject"),
        *_all("bucket", "s3:ListBucket", when="channels are in S3"),
        *_found("release"),
        *_all("release", *_MANIFEST, when=_OWN_IMAGE, by_choice=True),
        *_all("endpoint", "sagemaker:DescribeEndpoint"),
        *_all("endpoint", "sagemaker:ListTags", when="there is an endpoint"),
        *_all("configuration", *_CONFIGURATION, when="there is an endpoint"),
        *_all("model", "sagemaker:DescribeModel", when="there is an endpoint"),
    ),
    "deploy": (
        *_all("anything", "sagemaker:ListTrainingJobs"),
        *_all("job", "sagemaker:DescribeTrainingJob"),
        *_all("card", "s3:GetObject"),
        *_all("bucket", "s3:GetBucketPolicy", "s3:GetLifecycleConfiguration"),
        *_all("bucket", "s3:ListBucket", when="channels are in S3, or a model is given"),
        Permission("s3:CreateBucket", "bucket", _GIVEN, makes="bucket"),
        Permission("s3:PutBucketPolicy", "bucket", _GIVEN, makes="bucket"),
        *_all("given model", "s3:PutObject", "s3:GetObject", when=_GIVEN),
        Permission("s3:AbortMultipartUpload", "given model", _BROKEN_OFF),
        *_found("release"),
        *_all("release", *_MANIFEST, when=_OWN_IMAGE, by_choice=True),
        *_all("model", "sagemaker:DescribeModel", "sagemaker:CreateModel"),
        *_all("configuration", "sagemaker:DescribeEndpointConfig"),
        *_all("configuration", "sagemaker:CreateEndpointConfig"),
        *_all("endpoint", "sagemaker:DescribeEndpoint"),
        *_serves("sagemaker:CreateEndpoint"),
        *_serves("sagemaker:UpdateEndpoint", when="there is an endpoint"),
        *_all("endpoint", "sagemaker:DeleteEndpoint", when="the endpoint has failed"),
        *(Permission("sagemaker:AddTags", on) for on in _MADE),
        *_all("endpoint", "sagemaker:ListTags", when="there is an endpoint"),
        *_all("configuration", "sagemaker:ListTags", when="there is an endpoint"),
        *_all("serving role", "iam:PassRole"),
        *_all("endpoint's log", *_LOG),
    ),
    "predict": (
        *_all("endpoint", "sagemaker:InvokeEndpoint"),
        *_all("endpoint's log", *_LOG, when=_AFTER_AN_ERROR),
        *_all("endpoint", *_TRIAL, when="with tried-config", by_choice=True),
    ),
    "status": (
        *_all("endpoint", "sagemaker:DescribeEndpoint", "sagemaker:ListTags"),
        *_all("configuration", "sagemaker:DescribeEndpointConfig", "sagemaker:ListTags"),
        *_all("model", "sagemaker:DescribeModel"),
        *_all("job", "sagemaker:DescribeTrainingJob"),
        *_all("card", "s3:GetObject", when="the endpoint serves a job's model"),
    ),
    "rollback": (
        *_all("endpoint", "sagemaker:DescribeEndpoint", "sagemaker:ListTags"),
        *_serves("sagemaker:UpdateEndpoint"),
        *_all("endpoint", "sagemaker:AddTags"),
        *_all("endpoint", "sagemaker:DeleteEndpoint", when="the endpoint has failed"),
        *_serves("sagemaker:CreateEndpoint", when="the endpoint has failed"),
        *_all("configuration", "sagemaker:DescribeEndpointConfig", "sagemaker:ListTags"),
        *_all("model", "sagemaker:DescribeModel"),
        *_all("job", "sagemaker:DescribeTrainingJob"),
        *_all("card", "s3:GetObject", when="a job has trained the model"),
        *_all("endpoint's log", *_LOG),
    ),
    "delete": (
        *_all("endpoint", "sagemaker:DescribeEndpoint", "sagemaker:ListTags"),
        *_all("anything", "sagemaker:ListEndpointConfigs", "sagemaker:ListModels"),
        *_all("configuration", "sagemaker:ListTags", "sagemaker:DeleteEndpointConfig"),
        *_all("model", "sagemaker:ListTags", "sagemaker:DeleteModel"),
        *_all("job", "sagemaker:DescribeTrainingJob"),
        *_all("card", "s3:GetObject", when="a job has trained the model"),
        *_all("endpoint", "sagemaker:DeleteEndpoint"),
        *_all("endpoint's log", *_LOG, when="the endpoint is being changed"),
    ),
}
# What SageMaker does with the training and the serving role if aws.vpc is set.
# Source: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
IN_VPC = (
    *_all(
        "network interface",
        "ec2:CreateNetworkInterface",
        "ec2:CreateNetworkInterfacePermission",
        "ec2:DeleteNetworkInterface",
        "ec2:DeleteNetworkInterfacePermission",
    ),
    *_all(
        "anything",
        "ec2:DescribeDhcpOptions",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
    ),
)
# The roles that scripts/setup/aws.yml makes for GitHub's jobs, and the steps of each. A pull
# request gets only image and train; one from a fork gets none.
ROLES: Mapping[str, tuple[str, ...]] = {
    "image": ("build-training-image",),
    # It first looks for both images, so that only missing ones are built, and it shows what a merge
    # would change.
    "train": (
        "train",
        "try-handler",
        "deploy --dry-run",
        "build-training-image --find-only",
        "compile-handler --find-only",
    ),
    "build": ("build-training-image --repository release", "compile-handler", "check-image"),
    "deploy": ("deploy", "predict", "status", "rollback", "delete"),
}
