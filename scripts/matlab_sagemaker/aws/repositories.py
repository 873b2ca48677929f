"""Repositories of ECR: found, made as the kit wants them, and what another's lacks of that."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from matlab_sagemaker.aws import session
from matlab_sagemaker.contexts import NAMESPACE
from matlab_sagemaker.errors import ImageError

if TYPE_CHECKING:
    from matlab_sagemaker.aws.session import Aws


def find(aws: Aws, repository: str) -> str | None:
    """Return the address under which the repository's images are pulled, or None."""
    with session.explained(f"looking for the repository {repository}"):
        try:
            found = aws.ecr.describe_repositories(repositoryNames=[repository])
        except ClientError as error:
            if session.code(error) == "RepositoryNotFoundException":
                return None
            raise
    return found["repositories"][0]["repositoryUri"]


def require(aws: Aws, repository: str) -> str:
    """Return the repository's address; where it is not there, it is made, with immutable tags."""
    if address := find(aws, repository):
        return address
    with session.explained(f"making the repository {repository}"):
        try:
            aws.ecr.create_repository(repositoryName=repository, imageTagMutability="IMMUTABLE")
        except ClientError as error:
            if session.code(error) != "RepositoryAlreadyExistsException":
                raise
        _put_policy(aws, repository)
    address = find(aws, repository)
    if address is None:
        raise ImageError(
            f"ECR does not show the repository {repository} just made.", do="Run again."
        )
    return address


def tend(aws: Aws, repository: str) -> str:
    """Tell in a line what a repository lacks; nothing where it is well.

    A run that was killed just after it had made one has left it without its policy: it is put now.
    One with another name, or with mutable tags, somebody else has made: nothing of it is changed.
    """
    with session.explained(f"looking at the repository {repository}"):
        (found,) = aws.ecr.describe_repositories(repositoryNames=[repository])["repositories"]
        immutable = found["imageTagMutability"].startswith("IMMUTABLE")
        ours = immutable and repository.startswith(f"{NAMESPACE}/")
        has_policy = _has_policy(aws, repository) or (ours and _may_put_policy(aws, repository))
    lacks = []
    if not immutable:
        lacks.append("its tags are mutable, so an image can be replaced under its name")
    if not has_policy:
        lacks.append("it has no lifecycle policy, so untagged images stay for ever")
    if not lacks:
        return ""
    return f"The repository {repository} is not as this kit makes one: {'; '.join(lacks)}."


def _has_policy(aws: Aws, repository: str) -> bool:
    """Tell whether there is a lifecycle policy; who may not ask is told nothing."""
    try:
        aws.ecr.get_lifecycle_policy(repositoryName=repository)
    except ClientError as error:
        if session.code(error) == "LifecyclePolicyNotFoundException":
            return False
        if session.code(error) != "AccessDeniedException":
            raise
    return True


def _may_put_policy(aws: Aws, repository: str) -> bool:
    """Put the lifecycle policy; tell whether we may."""
    try:
        _put_policy(aws, repository)
    except ClientError as error:
        if session.code(error) != "AccessDeniedException":
            raise
        return False
    return True


def _put_policy(aws: Aws, repository: str) -> None:
    """Let untagged images go: one in use has the tag of its content, which nobody takes away."""
    aws.ecr.put_lifecycle_policy(repositoryName=repository, lifecyclePolicyText=_UNTAGGED_GO)


_UNTAGGED_GO = json.dumps(
    {
        "rules": [
            {
                "rulePriority": 1,
                "description": "Images without any tag go after two weeks.",
                "selection": {
                    "tagStatus": "untagged",
                    "countType": "sinceImagePushed",
                    "countUnit": "days",
                    "countNumber": 14,
                },
                "action": {"type": "expire"},
            }
        ]
    }
)
