"""The actions and resources in requests to the other services. Pure.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.iam.policies import Question

if TYPE_CHECKING:
    from .call import Call

FREE = {"sts:GetCallerIdentity", "sts:GetSessionToken"}
"""These need no permission."""
_ECR_ALL = {"GetAuthorizationToken", "DescribeRegistry", "GetRegistryPolicy"}
_LOGS = {
    "CreateLogGroup", "CreateLogStream", "PutLogEvents", "GetLogEvents", "DescribeLogStreams",
    "DescribeLogGroups", "FilterLogEvents", "DeleteLogGroup", "DeleteLogStream",
    "PutRetentionPolicy",
}  # fmt: skip
_IAM_NAMES = {"RoleName": "role", "UserName": "user", "PolicyName": "policy"}
_IAM_ARNS = ("PolicySourceArn", "PolicyArn", "OpenIDConnectProviderArn")


def ecr(call: Call) -> list[Question] | None:
    """ECR: the operation's action, on the repositories that it names."""
    given, scope = call.parameters, call.scope
    names = given.get("repositoryNames") or [given.get("repositoryName")]
    account = given.get("registryId") or scope.account
    if "resourceArn" in given:
        resources = [given["resourceArn"]]
    elif call.operation in _ECR_ALL:
        resources = ["*"]
    elif names == [None] and call.operation != "DescribeRepositories":
        return None
    else:
        start = f"arn:{scope.partition}:ecr:{scope.region}:{account}:repository/"
        resources = [f"{start}{name or '*'}" for name in names]
    tags = {f"aws:RequestTag/{tag['Key']}": [tag["Value"]] for tag in given.get("tags") or []}
    own = [Question(f"ecr:{call.operation}", resource, tags) for resource in resources]
    if call.operation == "CreateRepository" and tags:
        own.append(Question("ecr:TagResource", resources[0], tags))
    return own


def logs(call: Call) -> list[Question] | None:
    """CloudWatch Logs: on a group's stream, which may have an empty name."""
    if call.operation not in _LOGS:
        return None
    scope, given = call.scope, call.parameters
    group, stream = given.get("logGroupName", ""), given.get("logStreamName", "")
    start = f"arn:{scope.partition}:logs:{scope.region}:{scope.account}:log-group:"
    return [Question(f"logs:{call.operation}", f"{start}{group}:log-stream:{stream}")]


def cloudwatch(call: Call) -> list[Question] | None:
    """CloudWatch: the operation's action."""
    if call.operation == "PutMetricData":
        context = {"cloudwatch:namespace": [str(call.parameters.get("Namespace", ""))]}
        return [Question("cloudwatch:PutMetricData", "*", context)]
    if call.operation == "DescribeAlarms":
        return [Question("cloudwatch:DescribeAlarms")]
    return None


def secretsmanager(call: Call) -> list[Question] | None:
    """Secrets Manager: on the secret; the judge completes its ARN."""
    given, scope = call.parameters, call.scope
    name = str(given.get("SecretId") or given.get("Name") or "")
    if not name:
        return None
    start = f"arn:{scope.partition}:secretsmanager:{scope.region}:{scope.account}:secret:"
    resource = name if name.startswith("arn:") else f"{start}{name}"
    return [Question(f"secretsmanager:{call.operation}", resource)]


def iam(call: Call) -> list[Question] | None:
    """IAM: on the role, user or policy that the call names, or else on all."""
    given, scope = call.parameters, call.scope
    for word, kind in _IAM_NAMES.items():
        if word in given:
            arn = f"arn:{scope.partition}:iam::{scope.account}:{kind}/{given[word]}"
            return [Question(f"iam:{call.operation}", arn)]
    resource = next((given[word] for word in _IAM_ARNS if word in given), "*")
    return [Question(f"iam:{call.operation}", resource)]


def sts(call: Call) -> list[Question] | None:
    """STS: on the role; calls with a web identity depend only on the role's trust policy."""
    if call.operation != "AssumeRole":
        return None
    given = call.parameters
    context = {"sts:RoleSessionName": [given.get("RoleSessionName", "")]}
    if given.get("ExternalId"):
        context["sts:ExternalId"] = [given["ExternalId"]]
    own = [Question("sts:AssumeRole", given["RoleArn"], context)]
    if given.get("Tags"):
        own.append(Question("sts:TagSession", given["RoleArn"], context))
    return own
