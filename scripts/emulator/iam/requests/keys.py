"""The condition keys that the emulator supports; if one has no value, the request has none. Pure.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html and
those of the services.
"""

from __future__ import annotations

from . import s3

_GENERAL = {
    "aws:SecureTransport", "aws:RequestedRegion", "aws:ResourceAccount", "aws:PrincipalType",
    "aws:PrincipalIsAWSService", "aws:ViaAWSService", "aws:PrincipalArn", "aws:PrincipalAccount",
    "aws:TagKeys", "aws:SourceAccount", "aws:SourceArn", "s3:ResourceAccount",
}  # fmt: skip
_OF_SERVICES = {
    *s3.KEYS.values(), "s3:ObjectCreationOperation", "iam:PassedToService",
    "iam:AssociatedResourceArn", "cloudwatch:namespace", "sts:ExternalId", "sts:RoleSessionName",
    "sagemaker:InstanceTypes", "sagemaker:MaxRuntimeInSeconds", "sagemaker:KeepAlivePeriod",
    "sagemaker:EnableRemoteDebug", "sagemaker:TaggingAction", "sagemaker:VolumeKmsKey",
    "sagemaker:OutputKmsKey", "sagemaker:NetworkIsolation", "sagemaker:VpcSubnets",
    "sagemaker:InterContainerTrafficEncryption", "sagemaker:VpcSecurityGroupIds",
    "sagemaker:FileSystemId",
}  # fmt: skip
_KNOWN = {key.lower() for key in _GENERAL | _OF_SERVICES}


def is_known(key: str) -> bool:
    """Whether the emulator supports a condition key."""
    return key.lower() in _KNOWN or key.lower().startswith("aws:requesttag/")
