"""IAM's SimulatePrincipalPolicy, which moto does not have: what policies of a role or user allow.

It uses the policies of the identity and of its groups, but not permissions boundaries, policies of
organizations and resource-based policies.
Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult
from moto.iam import urls
from moto.iam.exceptions import InvalidInput, NotFoundException
from moto.iam.responses import IamResponse

from .conditions import UnknownOperatorError
from .policies import Question, decide

if TYPE_CHECKING:
    from moto.iam.models import Group, IAMBackend, Role, User

_KINDS = ("role", "user")


class Iam(IamResponse):
    """IAM, extended by the simulation of policies."""

    def simulate_principal_policy(self) -> ActionResult:
        """Answer for each action on each resource; without resources, for "*"."""
        policies = policies_of(self.backend, self._get_param("PolicySourceArn"))
        context = {
            entry["ContextKeyName"]: entry.get("ContextKeyValues", [])
            for entry in self._get_param("ContextEntries", [])
        }
        results = [
            _result(policies, Question(action, resource, context))
            for action in self._get_param("ActionNames", [])
            for resource in self._get_param("ResourceArns", None) or ["*"]
        ]
        return ActionResult({"IsTruncated": False, "EvaluationResults": results})


def install() -> None:
    """Replace moto's IAM by this one; call it before the server starts."""
    urls.url_paths["{0}/$"] = Iam.dispatch


def _result(policies: dict[str, Any], question: Question) -> dict[str, Any]:
    try:
        answer = decide(policies, question)
    except UnknownOperatorError as error:
        raise InvalidInput(str(error)) from error
    return {
        "EvalActionName": question.action,
        "EvalResourceName": question.resource,
        "EvalDecision": answer.decision,
        "MatchedStatements": [{"SourcePolicyId": source} for source in answer.sources],
        "MissingContextValues": list(answer.missing),
    }


def policies_of(backend: IAMBackend, arn: str) -> dict[str, Any]:
    """Return a role's or user's policy documents, by name; raises moto's NotFoundException."""
    kind, _, path = arn.rpartition(":")[2].partition("/")
    name = path.rpartition("/")[2]
    if kind not in _KINDS or not name:
        raise InvalidInput(
            f"Invalid Entity Arn: {arn} does not clearly define entity type and name."
        )
    if kind == "role":
        role = backend.get_role(name)
        if role.arn != arn:
            raise NotFoundException(f"The role with name {name} cannot be found.")
        return _documents(role)
    groups = [_documents(group) for group in backend.get_groups_for_user(name)]
    own = _documents(backend.get_user(name))
    return {key: document for part in (*groups, own) for key, document in part.items()}


def _documents(holder: Role | User | Group) -> dict[str, Any]:
    managed = {
        arn: next(v.document for v in policy.versions if v.is_default)
        for arn, policy in holder.managed_policies.items()
    }
    return {**managed, **holder.policies}
