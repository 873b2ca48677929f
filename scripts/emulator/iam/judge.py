"""Judges every request by the policies that apply to it.

With --enforce-iam, all policies count. Otherwise, only what bucket policies deny to everybody
counts, which even the account's root user must obey. Requests count as sent by TLS, since the
emulator's plain port represents Amazon's.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from moto.iam.access_control import PermissionResult
from moto.iam.models import get_account_id_from
from moto.s3.models import FakeBucket

from emulator.cloud import Scope

from . import refusals, resources, verdict
from .callers import ANONYMOUS, EVERYTHING, caller, root
from .conditions import UnknownOperatorError
from .requests import call as calls
from .requests import keys, others, s3, sagemaker
from .verdict import objection

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Request, Response

    from .policies import Question
    from .requests.call import Call
    from .verdict import Caller

_QUESTIONS: dict[str, Callable[[Call], list[Question] | None]] = {
    "s3": s3.questions,
    "sagemaker": sagemaker.questions,
    "ecr": others.ecr,
    "logs": others.logs,
    "cloudwatch": others.cloudwatch,
    "secretsmanager": others.secretsmanager,
    "iam": others.iam,
    "sts": others.sts,
}
_JUDGED_OF_ROOT = {"s3", "ecr"}
"""The services whose resource policies bind even the account's root user."""
_BUCKET_POLICIES = {"GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy"}
_READS = {"s3:GetObject", "s3:GetObjectAttributes"}


class Denied(Exception):  # noqa: N818 (an expected outcome, not an error)
    """A request is denied, in AWS's words."""


class Judge:
    """Refuses requests that the policies do not allow."""

    def __init__(self, enforces: bool) -> None:
        self._enforces = enforces

    def refusal(self, request: Request) -> Response | None:
        """Return AWS's refusal of a request; None if it is allowed."""
        signed = calls.signature(request)
        if signed is None and not _is_anonymous_s3(request):
            return None
        key, region, service = (
            (signed.access_key, signed.region, signed.service)
            if signed
            else ("", "us-east-1", "s3")
        )
        if service != "s3" and not self._enforces:
            return None
        scope = Scope(request.headers.get("x-moto-account-id") or get_account_id_from(key), region)
        try:
            self._judge(self._caller(key, scope), request, service, scope)
        except Denied as denied:
            print(f"emulator: denied: {denied}", file=sys.stderr, flush=True)
            return _answer(request, service, str(denied))
        return None

    def _caller(self, key: str, scope: Scope) -> Caller:
        if not self._enforces:
            return root(scope.account, scope.partition)
        return caller(key, scope.account, scope.partition) if key else ANONYMOUS

    def _judge(self, who: Caller, request: Request, service: str, scope: Scope) -> None:
        """Raise Denied unless everything in a request is allowed."""
        is_root = who.kind == "Account"
        if is_root and service not in _JUDGED_OF_ROOT:
            return
        account = who.account or scope.account
        try:
            call = calls.read(request, service, replace(scope, account=account))
        except calls.UnknownCallError as error:
            if is_root:
                return
            raise Denied(f"{_user(who)} perform: {error}. {_UNKNOWN}") from error
        name = f"{call.service}:{call.operation}"
        if name in others.FREE or (is_root and call.operation in _BUCKET_POLICIES):
            return
        find = _QUESTIONS.get(call.service)
        questions = find(call) if find else None
        if questions is None:
            if is_root:
                return
            raise Denied(f"{_user(who)} perform: {name}. {_UNKNOWN}")
        for question in questions:
            if not self._enforces:  # only what is denied to everybody counts
                who = replace(who, account=resources.owner(question.resource, who.account))
            _require(who, question, scope)
            _require_to_know(who, question, scope)


_UNKNOWN = (
    "The emulator cannot judge this action; scripts/emulator/iam/requests has those that it can."
)


def install() -> None:
    """Stop moto from applying bucket policies itself; call it before the server starts."""
    FakeBucket.get_permission = _neutral  # type: ignore[assignment] # moto's own types


def _neutral(_bucket: FakeBucket, _action: str, _resource: str) -> PermissionResult:
    return PermissionResult.NEUTRAL


def _require(who: Caller, question: Question, scope: Scope) -> None:
    """Raise Denied unless one action on one resource is allowed."""
    resource = question.resource
    if question.action.startswith("secretsmanager:"):
        resource = resources.secret(resource, scope)
    owner = resources.owner(resource, who.account)
    asked = replace(
        question, resource=resource, context={**_context(who, scope, owner), **question.context}
    )
    try:
        _refuse_unknown_keys(who, asked)
        reason = _objection(who, asked, owner)
    except UnknownOperatorError as error:
        reason = f": {error}"
    if reason is not None:
        shown = f'"{resource}"' if question.action.startswith("s3:") else resource
        raise Denied(f"{_user(who)} perform: {question.action} on resource: {shown} {reason}")


def _refuse_unknown_keys(who: Caller, asked: Question) -> None:
    """Refuse a policy with a condition key that the emulator never sets, since it seems absent."""
    wanted = verdict.missing(who, asked, resources.policy(asked.resource))
    for key in sorted(key for key in wanted if not keys.is_known(key)):
        raise UnknownOperatorError(f"The emulator cannot judge the condition key {key}.")


def _objection(who: Caller, asked: Question, owner: str) -> str | None:
    if asked.action not in ("sts:AssumeRole", "sts:TagSession"):
        return objection(who, asked, owner, resources.policy(asked.resource))
    if who.kind == "Account":
        return None
    # A role's trust policy must name the caller or its account.
    trust = resources.trust(asked.resource)
    trusted = replace(who, identity=EVERYTHING)
    return objection(trusted, asked, "", trust) or objection(who, asked, owner, trust)


def _require_to_know(who: Caller, question: Question, scope: Scope) -> None:
    """Answer 404 for a missing object only if the caller may list the bucket; otherwise deny.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
    """
    if question.action in _READS and not resources.is_there(question.resource):
        place = question.resource.split("/", 1)[0]
        _require(who, replace(question, action="s3:ListBucket", resource=place, context={}), scope)


def _context(who: Caller, scope: Scope, owner: str) -> dict[str, list[str]]:
    """Return the condition keys that every request has.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    said: dict[str, list[str]] = {
        "aws:SecureTransport": ["true"],
        "aws:RequestedRegion": [scope.region],
        "aws:ResourceAccount": [owner],
        "aws:PrincipalType": [who.kind],
        "aws:PrincipalIsAWSService": ["false"],
        "aws:ViaAWSService": ["false"],
        "s3:ResourceAccount": [owner],
    }
    if who.kind == "Anonymous":
        return said
    return {**said, "aws:PrincipalArn": [who.principal], "aws:PrincipalAccount": [who.account]}


def _user(who: Caller) -> str:
    return f"User: {who.arn} is not authorized to"


def _is_anonymous_s3(request: Request) -> bool:
    """Whether an unsigned request is for S3, and not for STS or one of moto's pages."""
    is_form = request.mimetype == "application/x-www-form-urlencoded"
    return not is_form and not request.path.startswith(("/moto-api", "/favicon.ico"))


def _answer(request: Request, service: str, message: str) -> Response:
    if service == "s3":
        return refusals.of_s3("AccessDenied", message, 403)
    is_rest = "X-Amz-Target" not in request.headers
    return refusals.of_another(
        request,
        "AccessDenied",
        message,
        name="AccessDeniedException",
        status=403 if is_rest else 400,
    )
