"""The emulator's own way to the other services that it serves: clients of its own port."""

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
"""Marks the emulator's own requests, which are no activity of a user."""

_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}


@dataclass(frozen=True)
class Scope:
    """The account and region that a request is for: names are unique within it."""

    account: str
    region: str

    def arn(self, kind: str, name: str) -> str:
        """Give the ARN of a SageMaker resource, for example of kind ``training-job``."""
        return f"arn:{self.partition}:sagemaker:{self.region}:{self.account}:{kind}/{name}"

    @property
    def partition(self) -> str:
        """AWS' partition of the region."""
        for prefix, partition in _PARTITIONS.items():
            if self.region.startswith(prefix):
                return partition
        return "aws"


class Cloud:
    """Clients of the emulator's own services, one for each service and scope."""

    def __init__(
        self, url: str, *, roles_act: bool = False, session: boto3.Session | None = None
    ) -> None:
        self.url = url
        self._roles_act = roles_act
        self._roles: dict[tuple[Scope, str], Cloud] = {}
        self._clients: dict[tuple[str, Scope], Any] = {}
        self._lock = threading.Lock()  # boto3 sessions may not make clients in parallel
        self._session = session or boto3.Session("emulator", "emulator")

    def acting_as(self, scope: Scope, role_arn: str) -> Cloud:
        """Give the clients of what SageMaker does as a job's or a model's role.

        They are the emulator's own where policies are not enforced: there a role needs none.
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
        """Give those of a new session of a role, as SageMaker assumes it."""
        answer = self.sts(scope).assume_role(RoleArn=role_arn, RoleSessionName="SageMaker")
        return answer["Credentials"]

    def s3(self, scope: Scope) -> S3Client:
        """Give S3."""
        client: S3Client = self._client("s3", scope)
        return client

    def logs(self, scope: Scope) -> CloudWatchLogsClient:
        """Give CloudWatch Logs."""
        client: CloudWatchLogsClient = self._client("logs", scope)
        return client

    def alarms(self, scope: Scope) -> Any:
        """Give CloudWatch."""
        return self._client("cloudwatch", scope)

    def ecr(self, scope: Scope) -> ECRClient:
        """Give the registry."""
        client: ECRClient = self._client("ecr", scope)
        return client

    def iam(self, scope: Scope) -> IAMClient:
        """Give IAM."""
        client: IAMClient = self._client("iam", scope)
        return client

    def sts(self, scope: Scope) -> STSClient:
        """Give STS."""
        client: STSClient = self._client("sts", scope)
        return client

    def sagemaker(self, scope: Scope) -> SageMakerClient:
        """Give SageMaker, for the actions that are moto's."""
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
        make: Any = self._session.client  # its overloads want a literal service name
        client = make(service, region_name=scope.region, endpoint_url=self.url, config=config)

        def as_account(request: AWSRequest, **_: object) -> None:
            request.headers["x-moto-account-id"] = scope.account

        client.meta.events.register("before-sign", as_account)
        return client
