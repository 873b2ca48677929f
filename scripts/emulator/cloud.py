"""Clients with which the emulator calls its own services, through its own port."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from botocore.awsrequest import AWSRequest
    from mypy_boto3_ecr import ECRClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sagemaker import SageMakerClient
    from mypy_boto3_sts import STSClient
    from mypy_boto3_sts.type_defs import CredentialsTypeDef

LOOPBACK = "sagemaker-emulator-loopback"
"""Marks the emulator's own requests, which do not count as user activity."""

_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}


@dataclass(frozen=True)
class Scope:
    """The account and region of a request; names are unique within it."""

    account: str
    region: str

    def arn(self, kind: str, name: str) -> str:
        """Return the ARN of a SageMaker resource; `kind` is, for example, ``training-job``."""
        return f"arn:{self.partition}:sagemaker:{self.region}:{self.account}:{kind}/{name}"

    @property
    def partition(self) -> str:
        """The AWS partition of the region."""
        for prefix, partition in _PARTITIONS.items():
            if self.region.startswith(prefix):
                return partition
        return "aws"


class Cloud:
    """Clients for the emulator's own services, one for each service and scope."""

    def __init__(
        self, url: str, *, roles_act: bool = False, session: boto3.Session | None = None
    ) -> None:
        self.url = url
        self._roles_act = roles_act
        self._roles: dict[tuple[Scope, str], Cloud] = {}
        self._clients: dict[tuple[str, Scope], Any] = {}
        self._lock = threading.Lock()  # making clients from a boto3 session is not thread-safe
        self._session = session or boto3.Session("emulator", "emulator")

    def acting_as(self, scope: Scope, role_arn: str) -> Cloud:
        """Return clients for what SageMaker does with a job's or a model's role.

        Without --enforce-iam these are the emulator's own clients, since a role then needs no
        policies.
        """
        if not self._roles_act:
            return self
        if (scope, role_arn) not in self._roles:
            words = self.credentials(scope, role_arn)
            session = boto3.Session(
                words["AccessKeyId"], words["SecretAccessKey"], words["SessionToken"]
            )
            self._roles[scope, role_arn] = Cloud(self.url, session=session)
        return self._roles[scope, role_arn]

    def credentials(self, scope: Scope, role_arn: str) -> CredentialsTypeDef:
        """Assume a role as SageMaker does, and return the new session's credentials."""
        answer = self.sts(scope).assume_role(RoleArn=role_arn, RoleSessionName="SageMaker")
        return answer["Credentials"]

    def s3(self, scope: Scope) -> S3Client:
        """Client for S3."""
        client: S3Client = self._client("s3", scope)
        return client

    def logs(self, scope: Scope) -> CloudWatchLogsClient:
        """Client for CloudWatch Logs."""
        client: CloudWatchLogsClient = self._client("logs", scope)
        return client

    def alarms(self, scope: Scope) -> Any:
        """Client for CloudWatch."""
        return self._client("cloudwatch", scope)

    def ecr(self, scope: Scope) -> ECRClient:
        """Client for ECR."""
        client: ECRClient = self._client("ecr", scope)
        return client

    def iam(self, scope: Scope) -> IAMClient:
        """Client for IAM."""
        client: IAMClient = self._client("iam", scope)
        return client

    def sts(self, scope: Scope) -> STSClient:
        """Client for STS."""
        client: STSClient = self._client("sts", scope)
        return client

    def sagemaker(self, scope: Scope) -> SageMakerClient:
        """Client for SageMaker, for the actions that moto handles."""
        client: SageMakerClient = self._client("sagemaker", scope)
        return client

    def _client(self, service: str, scope: Scope) -> Any:
        with self._lock:
            key = (service, scope)
            if key not in self._clients:
                self._clients[key] = self._make(service, scope)
            return self._clients[key]

    def _make(self, service: str, scope: Scope) -> Any:
        config = Config(
            user_agent_extra=LOOPBACK,
            s3={"addressing_style": "path"},
            max_pool_connections=32,
            retries={"total_max_attempts": 2},
        )
        make: Any = self._session.client  # its type needs a literal service name
        client = make(service, region_name=scope.region, endpoint_url=self.url, config=config)

        def as_account(request: AWSRequest, **_: object) -> None:
            request.headers["x-moto-account-id"] = scope.account

        client.meta.events.register("before-sign", as_account)
        return client
