"""CloudFormation resource types that moto does not have, or only with some of their properties.

Each class is a resource type; moto finds it because it is derived from CloudFormationModel. A
resource that the template retains stays when its stack is deleted.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from moto.core.common_models import CloudFormationModel
from moto.ecr.models import Repository as MotoRepository
from moto.ecr.models import ecr_backends
from moto.iam.models import Role as MotoRole
from moto.iam.models import iam_backends
from moto.s3.models import FakeBucket, s3_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.utilities.utils import get_partition

from .resource_type import CreatedResource, ResourceType

if TYPE_CHECKING:
    from moto.iam.models import IAMBackend
    from moto.s3.models import S3Backend
    from moto.secretsmanager.models import SecretsManagerBackend

    from emulator.cloud import Scope

    from .resource_type import Properties


class OidcProvider(ResourceType, CloudFormationModel):
    """An OIDC provider: one for each URL in an account; thumbprints are optional."""

    TYPE = "AWS::IAM::OIDCProvider"
    ATTRIBUTES = frozenset({"Arn"})

    @classmethod
    def make(cls, scope: Scope, _name: str, asked: Properties) -> CreatedResource:
        """Make the provider."""
        arn = (
            _iam(scope)
            .create_open_id_connect_provider(
                url=asked["Url"],
                thumbprint_list=asked.get("ThumbprintList", []),
                client_id_list=asked.get("ClientIdList", []),
                tags=asked.get("Tags", []),
            )
            .arn
        )
        return CreatedResource(arn, Arn=arn)

    @classmethod
    def remove(cls, scope: Scope, reference: str) -> None:
        """Delete the provider."""
        _iam(scope).delete_open_id_connect_provider(reference)


class Role(ResourceType, CloudFormationModel):
    """moto's role, with its policies as JSON, which IAM returns."""

    TYPE = MotoRole.cloudformation_type()
    NAME = MotoRole.cloudformation_name_type()
    ATTRIBUTES = frozenset({"Arn", "RoleId"})

    @classmethod
    def make(cls, scope: Scope, name: str, asked: Properties) -> MotoRole:
        """Make the role."""
        made = MotoRole.create_from_cloudformation_json(
            name, {"Properties": asked}, scope.account, scope.region
        )
        for policy, document in made.policies.items():
            made.policies[policy] = json.dumps(document, default=str)
        return made

    @classmethod
    def remove(cls, scope: Scope, reference: str) -> None:
        """Delete the role and its policies."""
        MotoRole.delete_from_cloudformation_json(reference, {}, scope.account, scope.region)


class Secret(ResourceType, CloudFormationModel):
    """A secret, which is empty unless the template gives a value."""

    TYPE = "AWS::SecretsManager::Secret"
    NAME = "Name"
    ATTRIBUTES = frozenset({"Id"})

    @classmethod
    def make(cls, scope: Scope, name: str, asked: Properties) -> CreatedResource:
        """Make the secret."""
        made = _secrets(scope).create_secret(
            name=name,
            secret_string=asked.get("SecretString"),
            secret_binary=None,
            description=asked.get("Description"),
            tags=asked.get("Tags", []),
            kms_key_id=asked.get("KmsKeyId"),
            client_request_token=None,
            replica_regions=[],
            force_overwrite=False,
        )
        arn = json.loads(made)["ARN"]
        return CreatedResource(arn, Id=arn)

    @classmethod
    def remove(cls, scope: Scope, reference: str) -> None:
        """Delete the secret."""
        _secrets(scope).delete_secret(reference, None, True)


class Repository(ResourceType, CloudFormationModel):
    """moto's repository, with its lifecycle policy."""

    TYPE = MotoRepository.cloudformation_type()
    NAME = MotoRepository.cloudformation_name_type()
    ATTRIBUTES = frozenset({"Arn", "RepositoryUri"})

    @classmethod
    def make(cls, scope: Scope, name: str, asked: Properties) -> CreatedResource:
        """Make the repository; moto's own would be deleted with its stack."""
        made = MotoRepository.create_from_cloudformation_json(
            name, {"Properties": asked}, scope.account, scope.region
        )
        if policy := asked.get("LifecyclePolicy"):
            ecr_backends[scope.account][scope.region].put_lifecycle_policy(
                scope.account, name, policy["LifecyclePolicyText"]
            )
        return CreatedResource(name, Arn=made.arn, RepositoryUri=made.uri)

    @classmethod
    def remove(cls, scope: Scope, reference: str) -> None:
        """Delete the repository; ECR refuses one that is not empty."""
        ecr_backends[scope.account][scope.region].delete_repository(reference)


class Bucket(ResourceType, CloudFormationModel):
    """moto's bucket, with more properties; of lifecycle rules, only those on unfinished uploads."""

    TYPE = FakeBucket.cloudformation_type()
    NAME = FakeBucket.cloudformation_name_type()
    ATTRIBUTES = frozenset({"Arn", "DomainName", "RegionalDomainName", "WebsiteURL"})

    @classmethod
    def make(cls, scope: Scope, name: str, asked: Properties) -> FakeBucket:
        """Make the bucket with all properties in the template."""
        template, s3 = {"Properties": asked}, _s3(scope)
        made = FakeBucket.create_from_cloudformation_json(
            name, template, scope.account, scope.region
        )
        if block := asked.get("PublicAccessBlockConfiguration"):
            s3.put_public_access_block(name, block)
        if ownership := asked.get("OwnershipControls"):
            s3.put_bucket_ownership_controls(name, ownership["Rules"][0]["ObjectOwnership"])
        if versioning := asked.get("VersioningConfiguration"):
            s3.put_bucket_versioning(name, versioning["Status"])
        if lifecycle := asked.get("LifecycleConfiguration"):
            rules = [{**rule, "ID": rule.get("Id"), "Prefix": ""} for rule in lifecycle["Rules"]]
            s3.put_bucket_lifecycle_configuration(name, rules)
        return made

    @classmethod
    def remove(cls, scope: Scope, reference: str) -> None:
        """Delete the bucket; S3 refuses one that is not empty."""
        _s3(scope).delete_bucket(reference)


class BucketPolicy(ResourceType, CloudFormationModel):
    """The policy of a bucket."""

    TYPE = "AWS::S3::BucketPolicy"

    @classmethod
    def make(cls, scope: Scope, _name: str, asked: Properties) -> CreatedResource:
        """Set the bucket's policy."""
        document = json.dumps(asked["PolicyDocument"], default=str)
        _s3(scope).put_bucket_policy(asked["Bucket"], document.encode())
        return CreatedResource(asked["Bucket"])

    @classmethod
    def remove(cls, scope: Scope, reference: str) -> None:
        """Delete the bucket's policy."""
        _s3(scope).delete_bucket_policy(reference)


def _iam(scope: Scope) -> IAMBackend:
    return iam_backends[scope.account][get_partition(scope.region)]


def _s3(scope: Scope) -> S3Backend:
    return s3_backends[scope.account][get_partition(scope.region)]


def _secrets(scope: Scope) -> SecretsManagerBackend:
    return secretsmanager_backends[scope.account][scope.region]
