"""Finds the sender of a request: the user or session whose access key signed it.

A key that was not created here belongs to the account's root user, whom no identity policy limits.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from moto.iam.exceptions import NotFoundException
from moto.iam.models import get_account_id_from, iam_backends
from moto.sts.models import sts_backends

from . import simulation
from .verdict import Caller

if TYPE_CHECKING:
    from moto.sts.models import AssumedRole

EVERYTHING = {"root": {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}}
ANONYMOUS = Caller(arn="anonymous", account="", kind="Anonymous")


def caller(access_key: str, account: str, partition: str) -> Caller:
    """Find the owner of an access key; a key that was not created here belongs to `account`."""
    owner = get_account_id_from(access_key)
    role = sts_backends[owner][partition].get_assumed_role_from_access_key(access_key)
    if role is not None:
        return _session(role, partition)
    user = iam_backends[owner][partition].get_user_from_access_key_id(access_key)
    if user is not None:
        documents = simulation.policies_of(iam_backends[owner][partition], user.arn)
        return Caller(
            arn=user.arn, principal=user.arn, account=owner, kind="User", identity=documents
        )
    return root(account, partition)


def root(account: str, partition: str) -> Caller:
    """Return an account's root user."""
    arn = f"arn:{partition}:iam::{account}:root"
    return Caller(arn=arn, principal=arn, account=account, kind="Account", identity=EVERYTHING)


def _session(role: AssumedRole, partition: str) -> Caller:
    documents: dict[str, Any] = {}
    with contextlib.suppress(NotFoundException):  # sessions of a deleted role may do nothing
        documents = simulation.policies_of(iam_backends[role.account_id][partition], role.role_arn)
    return Caller(
        arn=role.arn,
        principal=role.role_arn,
        account=role.account_id,
        kind="AssumedRole",
        identity=documents,
        session=role.policy or None,
    )
