"""Connects to AWS, and turns its errors into errors that a user can act on."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
)

from matlab_sagemaker.aws import advice, answers
from matlab_sagemaker.errors import AwsError, DeniedError, InputError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator

    import boto3
    from botocore.config import Config
    from botocore.model import OperationModel
    from botocore.session import Session
    from mypy_boto3_ecr import ECRClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient
    from mypy_boto3_secretsmanager import SecretsManagerClient

    from matlab_sagemaker.aws.credentials import WebIdentity

Request = ParamSpec("Request")
Answer = TypeVar("Answer")

# boto3 reads only the second; AWS's other tools and GitHub's actions set the first.
_REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
_SETTINGS: dict[str, Any] = {
    "retries": {"mode": "standard", "max_attempts": 8},
    "user_agent_extra": "matlab-sagemaker",
    "s3": {"addressing_style": "auto"},
    "max_pool_connections": 20,  # for parallel uploads
}


@dataclass(frozen=True)
class Aws:
    """One account in one Region."""

    session: boto3.Session
    account: str
    region: str
    partition: str  # of the Region, such as aws or aws-cn

    @cached_property
    def s3(self) -> S3Client:
        """S3."""
        return self.session.client("s3", config=_config())

    @cached_property
    def ecr(self) -> ECRClient:
        """Elastic Container Registry."""
        return self.session.client("ecr", config=_config())

    @cached_property
    def sagemaker(self) -> SageMakerClient:
        """SageMaker's control plane."""
        client = self.session.client("sagemaker", config=_config())
        client.meta.events.register("before-parse.sagemaker.DescribeTrainingJob", _keep_unknown)
        return client

    @cached_property
    def runtime(self) -> SageMakerRuntimeClient:
        """SageMaker's data plane; a prediction that may have arrived is not sent again."""
        config = _config(retries={"total_max_attempts": 1}, read_timeout=70)
        client = self.session.client("sagemaker-runtime", config=config)
        answers.ask_again(client.meta.events)
        return client

    @cached_property
    def secrets(self) -> SecretsManagerClient:
        """Secrets Manager."""
        return self.session.client("secretsmanager", config=_config())

    @cached_property
    def iam(self) -> IAMClient:
        """Identity and Access Management."""
        return self.session.client("iam", config=_config())

    @cached_property
    def logs(self) -> CloudWatchLogsClient:
        """CloudWatch Logs, with few retries: waiting for a job asks for its log again anyway."""
        soon = {"mode": "standard", "max_attempts": 2}
        return self.session.client("logs", config=_config(retries=soon, connect_timeout=10))


def _config(**settings: Any) -> Config:
    from botocore.config import Config

    return Config(**{**_SETTINGS, **settings})


def connect(
    region: str | None,
    identity: WebIdentity | None = None,
    log: Callable[[str], object] | None = None,
) -> Aws:
    """Connect to `region` (or the configured one), and check that AWS accepts the credentials.

    With an `identity`, its role is assumed here; without one, boto3's usual chain finds
    credentials, and AWS is asked whose they are. `log` gets a line for each request.
    """
    import boto3

    from matlab_sagemaker.aws import credentials

    with explained("reading the AWS configuration"):
        cores = [_core(region, variable) for variable in _REGIONS]
        core = next((c for c in cores if c.get_config_variable("region")), None)
    if core is None:
        raise InputError(
            "No AWS Region is set.",
            do="On GitHub, set the repository variable AWS_REGION (the kit's "
            "docs/getting-started.md, step 4); on your machine, the environment variable. Or set "
            "aws.region in sagemaker.yml, or the input 'region'.",
        )
    for event, hook in HOOKS.items():
        core.get_component("event_emitter").register_first(event, hook)
    if log:
        from matlab_sagemaker.aws import request_log

        request_log.start(core.get_component("event_emitter"), log)
    with explained("asking AWS who we are"), _settings_of_boto3():
        if identity:
            credentials.sign_in(core, identity)
        session = boto3.Session(botocore_session=core)
        account = (
            identity.account
            if identity
            else session.client("sts", config=_config()).get_caller_identity()["Account"]
        )
        region = session.region_name
        return Aws(session, account, region, session.get_partition_for_region(region))


@contextlib.contextmanager
def _settings_of_boto3() -> Iterator[None]:
    """Turn boto3's ValueError for a wrong address or another setting into AwsError."""
    try:
        yield
    except ValueError as error:
        raise AwsError(
            "boto3 does not accept its settings.",
            why=f"{error}.",
            do="Correct AWS_ENDPOINT_URL, or the setting that the message names.",
        ) from error


def _core(region: str | None, variable: str) -> Session:
    from botocore.session import Session

    core = Session(session_vars={"region": ("region", variable, None, None)})
    if region:
        core.set_config_variable("region", region)
    return core


@contextlib.contextmanager
def explained(doing: str) -> Iterator[None]:
    """Turn boto3's errors inside into AwsError: what failed, what AWS said, what to do."""
    try:
        yield
    except NoCredentialsError as error:
        raise AwsError(
            f"There are no AWS credentials (while {doing}).",
            do="On GitHub, set the input 'role-to-assume'. On your machine, run `aws configure` or "
            "`aws sso login`.",
        ) from error
    except EndpointConnectionError as error:
        raise UnreachableError(
            f"AWS cannot be reached (while {doing}).",
            why=str(error),
            do="Check the Region's name, AWS_ENDPOINT_URL if it is set, and the network.",
        ) from error
    except ClientError as error:
        if code(error) == answers.NOT_AWS:
            raise answers.foreign(doing, message(error)) from error
        kind = UnreachableError if answers.is_passing(error) else AwsError
        raise (DeniedError if code(error) in DENIED else kind)(
            f"AWS refused while {doing}.",
            why=f"{code(error)}: {message(error)}",
            do=advice.advice(code(error), message(error)),
        ) from error
    except answers.unreadable() as error:
        raise answers.foreign(doing, str(error)) from error
    except BotoCoreError as error:
        kind = UnreachableError if answers.is_passing(error) else AwsError
        raise kind(f"A request to AWS failed while {doing}.", why=str(error)) from error


Refused = ClientError  # raised by boto3 if AWS answers with an error
DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403")


def code(error: ClientError) -> str:
    """Return the error's code, such as ValidationException."""
    return error.response["Error"]["Code"]


def message(error: ClientError) -> str:
    """Return AWS's error message."""
    return error.response["Error"].get("Message", "")


_MISSING_CODES = ("ValidationException", "ResourceNotFound", "ResourceNotFoundException")
_MISSING_WORDS = ("Could not find", "not found", "does not exist")


def is_missing(error: ClientError) -> bool:
    """Whether it says that something does not exist; SageMaker has no error code for that."""
    said = any(words in message(error) for words in _MISSING_WORDS)
    return said and code(error) in _MISSING_CODES


def find(
    doing: str,
    missing: Container[str],
    call: Callable[Request, Answer],
    *args: Request.args,
    **request: Request.kwargs,
) -> Answer | None:
    """Send one request; return None if AWS's error code is one of `missing`."""
    with explained(doing):
        try:
            return call(*args, **request)
        except ClientError as error:
            if code(error) not in missing:
                raise
            return None


def read_pages(doing: str, pages: Iterable[Answer]) -> list[Answer]:
    """Read all pages of a list; each page is one request."""
    with explained(doing):
        return list(pages)


def describe(call: Callable[..., Any], doing: str, **name: str) -> dict[str, Any] | None:
    """Describe a resource with `call`; None if it does not exist."""
    with explained(doing):
        try:
            return cast("dict[str, Any]", call(**name))
        except ClientError as error:
            if is_missing(error):
                return None
            raise


def _tell_status(response: Any, **_: object) -> None:
    """Pass the status that answers.check has set on to botocore, which reads it only for S3."""
    if response is not None:
        http, parsed = response
        metadata = parsed.get("ResponseMetadata", {})
        http.status_code = metadata.get("HTTPStatusCode", http.status_code)


HOOKS = {"before-parse.*.*": answers.check, "needs-retry.*.*": _tell_status}  # for every client


def _keep_unknown(
    operation_model: OperationModel,
    response_dict: dict[str, Any],
    customized_response_dict: dict[str, Any],
    **_: object,
) -> None:
    """Keep members of an answer that are newer than this boto3, which would drop them silently."""
    with contextlib.suppress(ValueError):  # not JSON: boto3 raises its own error
        said = json.loads(response_dict["body"] or b"{}")
        unknown = sorted(set(_unknown(operation_model.output_shape, said)))
        customized_response_dict.update({"UnknownToBoto3": unknown} if unknown else {})


def _unknown(shape: Any, value: Any, at: str = "") -> Iterator[str]:
    if shape is None or value is None:
        return
    if shape.type_name == "structure" and isinstance(value, dict):
        for name, inner in value.items():
            if name in shape.members:
                yield from _unknown(shape.members[name], inner, f"{at}{name}.")
            elif inner is not None:
                yield at + name
    elif shape.type_name == "list" and isinstance(value, list):
        for inner in value:
            yield from _unknown(shape.member, inner, at)
