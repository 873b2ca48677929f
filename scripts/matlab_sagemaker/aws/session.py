"""The clients, who we are, and how AWS's errors become errors that a user can act on."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import boto3
import botocore.session
from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
)

from matlab_sagemaker.aws import credentials, refusals
from matlab_sagemaker.errors import AwsError, DeniedError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy_boto3_ecr import ECRClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient
    from mypy_boto3_secretsmanager import SecretsManagerClient

    from matlab_sagemaker.aws.credentials import WebIdentity

# boto3 itself reads the second alone; AWS's other tools, and GitHub's, set the first.
_REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
_CONFIG = Config(
    retries={"mode": "standard", "max_attempts": 8},
    user_agent_extra="matlab-sagemaker",
    s3={"addressing_style": "auto"},
)


@dataclass(frozen=True)
class Aws:
    """One account in one Region."""

    session: boto3.Session
    account: str
    region: str

    @property
    def partition(self) -> str:
        """The part of AWS that the Region is in, such as aws or aws-cn."""
        return self.session.get_partition_for_region(self.region)

    @cached_property
    def s3(self) -> S3Client:
        """S3."""
        return self.session.client("s3", config=_CONFIG)

    @cached_property
    def ecr(self) -> ECRClient:
        """Elastic Container Registry."""
        return self.session.client("ecr", config=_CONFIG)

    @cached_property
    def sagemaker(self) -> SageMakerClient:
        """SageMaker's control plane."""
        return self.session.client("sagemaker", config=_CONFIG)

    @cached_property
    def runtime(self) -> SageMakerRuntimeClient:
        """SageMaker's data plane; one attempt: no prediction is sent twice unseen."""
        once = Config(retries={"total_max_attempts": 1}, read_timeout=70)
        return self.session.client("sagemaker-runtime", config=_CONFIG.merge(once))

    @cached_property
    def secrets(self) -> SecretsManagerClient:
        """Secrets Manager."""
        return self.session.client("secretsmanager", config=_CONFIG)

    @cached_property
    def iam(self) -> IAMClient:
        """Identity and Access Management."""
        return self.session.client("iam", config=_CONFIG)

    @cached_property
    def logs(self) -> CloudWatchLogsClient:
        """CloudWatch Logs."""
        return self.session.client("logs", config=_CONFIG)


def connect(region: str | None, identity: WebIdentity | None = None) -> Aws:
    """Return a session in `region` (or the configured one), with credentials that AWS takes.

    With an `identity` we are the role that it names, assumed here; without one we are whom boto3's
    chain finds, and AWS is asked who that is.
    """
    with explained("reading the AWS configuration"):
        cores = [_core(region, variable) for variable in _REGIONS]
        core = next((c for c in cores if c.get_config_variable("region")), None)
    if core is None:
        raise InputError(
            "No AWS Region is set.",
            do="On GitHub, set the repository variable AWS_REGION (README, From zero, step 4); by "
            "hand, the environment variable. Or set aws.region in sagemaker.yml, or the input "
            "'region'.",
        )
    with explained("asking AWS who we are"):
        if identity:
            credentials.sign_in(core, identity)
        session = boto3.Session(botocore_session=core)
        account = (
            identity.account if identity else session.client("sts").get_caller_identity()["Account"]
        )
    return Aws(session, account, session.region_name)


def _core(region: str | None, variable: str) -> botocore.session.Session:
    core = botocore.session.Session(session_vars={"region": ("region", variable, None, None)})
    if region:
        core.set_config_variable("region", region)
    return core


@contextlib.contextmanager
def explained(doing: str) -> Iterator[None]:
    """Turn boto3's errors inside into AwsError: what we were doing, what AWS said, what to do."""
    try:
        yield
    except NoCredentialsError as error:
        raise AwsError(
            f"There are no AWS credentials (while {doing}).",
            do="On GitHub, give the input 'role-to-assume'; by hand, `aws configure` or "
            "`aws sso login`.",
        ) from error
    except NoRegionError as error:
        raise AwsError(f"No AWS Region is set (while {doing}).", do="Set AWS_REGION.") from error
    except EndpointConnectionError as error:
        raise AwsError(
            f"AWS cannot be reached (while {doing}).",
            why=str(error),
            do="Check the Region's name, AWS_ENDPOINT_URL if it is set, and the network.",
        ) from error
    except ClientError as error:
        kind = DeniedError if code(error) in DENIED else AwsError
        raise kind(
            f"AWS refused while {doing}.",
            why=f"{code(error)}: {message(error)}",
            do=refusals.advice(code(error), message(error)),
        ) from error
    except (BotoCoreError, Boto3Error) as error:
        raise AwsError(f"AWS could not be asked while {doing}.", why=str(error)) from error


DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403")


def code(error: ClientError) -> str:
    """Return the error's code, such as ValidationException."""
    return error.response["Error"]["Code"]


def message(error: ClientError) -> str:
    """Return what AWS said."""
    return error.response["Error"]["Message"]


_MISSING_CODES = ("ValidationException", "ResourceNotFound", "ResourceNotFoundException")
_MISSING_WORDS = ("Could not find", "not found", "does not exist")


def is_missing(error: ClientError) -> bool:
    """Tell whether the thing asked for does not exist: SageMaker has no code of its own for it."""
    said = any(words in message(error) for words in _MISSING_WORDS)
    return said and code(error) in _MISSING_CODES


def describe(call: Callable[..., Any], doing: str, **name: str) -> dict[str, Any] | None:
    """Return what `call` describes, or None where it does not exist."""
    with explained(doing):
        try:
            return cast("dict[str, Any]", call(**name))
        except ClientError as error:
            if is_missing(error):
                return None
            raise
