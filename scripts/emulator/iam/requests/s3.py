"""The actions and resources in S3's requests. Pure.

If one key in a DeleteObjects is denied, all of it is refused; S3 would delete the others.

Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from emulator.iam.policies import Question

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .call import Call

_ACTIONS = {  # operations whose IAM action has another name
    "HeadBucket": "ListBucket",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListBuckets": "ListAllMyBuckets",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListParts": "ListMultipartUploadParts",
    "HeadObject": "GetObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "UploadPartCopy": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "CopyObject": "PutObject",
    "DeleteObjects": "DeleteObject",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
}
_SAME = {
    "CreateBucket", "DeleteBucket", "GetBucketLocation", "GetBucketPolicy", "PutBucketPolicy",
    "DeleteBucketPolicy", "GetBucketVersioning", "PutBucketVersioning", "GetBucketTagging",
    "PutBucketTagging", "GetBucketOwnershipControls", "PutBucketOwnershipControls", "GetBucketAcl",
    "PutBucketAcl", "GetBucketNotification", "GetObject", "GetObjectAttributes", "GetObjectAcl",
    "PutObjectAcl", "GetObjectTagging", "PutObjectTagging", "DeleteObjectTagging", "PutObject",
    "AbortMultipartUpload", "DeleteObject",
}  # fmt: skip
_VERSIONED = {
    "GetObject", "DeleteObject", "GetObjectAttributes", "GetObjectAcl", "GetObjectTagging",
}  # fmt: skip
_CREATES = {"PutObject", "CompleteMultipartUpload", "CopyObject"}
"""These create an object; the other requests of an upload take no condition."""
KEYS = {  # parameters, and their condition keys
    "Prefix": "s3:prefix",
    "Delimiter": "s3:delimiter",
    "MaxKeys": "s3:max-keys",
    "VersionId": "s3:VersionId",
    "ServerSideEncryption": "s3:x-amz-server-side-encryption",
    "SSEKMSKeyId": "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "SSECustomerAlgorithm": "s3:x-amz-server-side-encryption-customer-algorithm",
    "ACL": "s3:x-amz-acl",
    "StorageClass": "s3:x-amz-storage-class",
    "CopySource": "s3:x-amz-copy-source",
    "IfNoneMatch": "s3:if-none-match",
    "IfMatch": "s3:if-match",
}


def questions(call: Call) -> list[Question] | None:
    """List what IAM must judge in a call; None if its operation is unknown."""
    name = _ACTIONS.get(call.operation, call.operation if call.operation in _SAME else None)
    if name is None:
        return None
    given = call.parameters
    context = {key: [str(given[word])] for word, key in KEYS.items() if word in given}
    if name == "PutObject":
        context["s3:ObjectCreationOperation"] = [str(call.operation in _CREATES).lower()]
    if "VersionId" in given and name in _VERSIONED:
        name = f"{name}Version"
    own = [Question(f"s3:{name}", arn, context) for arn in _resources(call)]
    return own + _besides(call, own[0])


def place(call: Call, *words: str) -> str:
    """Return the ARN of a bucket or, with a key, of an object."""
    return f"arn:{call.scope.partition}:s3:::{'/'.join(words)}"


def _resources(call: Call) -> list[str]:
    given = call.parameters
    if "Bucket" not in given:
        return ["*"]
    if call.operation == "DeleteObjects":
        entries = given.get("Delete", {}).get("Objects", [])
        return [place(call, given["Bucket"], entry["Key"]) for entry in entries] or ["*"]
    return [place(call, *(given[word] for word in ("Bucket", "Key") if word in given))]


def _besides(call: Call, own: Question) -> list[Question]:
    """List what a request needs in addition: for tags, an ACL, and the source of a copy."""
    given: Mapping[str, Any] = call.parameters
    asked = []
    if given.get("Tagging") and own.action == "s3:PutObject":
        asked.append(Question("s3:PutObjectTagging", own.resource, own.context))
    if given.get("ACL") and own.action == "s3:PutObject":
        asked.append(Question("s3:PutObjectAcl", own.resource, own.context))
    if call.operation == "GetObjectAttributes":
        asked.append(Question("s3:GetObject", own.resource, own.context))
    if source := given.get("CopySource"):
        path, _, version = unquote(str(source)).lstrip("/").partition("?versionId=")
        action = "s3:GetObjectVersion" if version else "s3:GetObject"
        asked.append(Question(action, place(call, path)))
    return asked
