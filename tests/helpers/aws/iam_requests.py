"""The actions, resources and context that IAM checks for a request.

Operations come from botocore's service models; this file lists the actions whose names differ from
their operations'. Source: https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

import json
import re
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import parse_qs, unquote, urlsplit

import botocore.session

SIGNED = re.compile(r"Credential=[^/]+/\d{8}/([\w-]+)/([\w-]+)/aws4_request")
ACTIONS = {  # operations with an action of another name, or of a part of it
    "s3:GetBucketLifecycle": "s3:GetLifecycleConfiguration",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:CreateMultipartUpload": "s3:PutObject",
    "s3:UploadPart": "s3:PutObject",
    "s3:CompleteMultipartUpload": "s3:PutObject",
}
FREE = {"sts:GetCallerIdentity"}  # needs no permission
NAMED = {  # the fields of SageMaker's requests that name a thing, and its kind in the ARN
    "TrainingJobName": "training-job",
    "ModelName": "model",
    "EndpointName": "endpoint",
    "EndpointConfigName": "endpoint-config",
}


@dataclass(frozen=True)
class Asked:
    """One question to IAM."""

    action: str
    resource: str
    context: dict[str, str] = field(default_factory=dict, hash=False)


def asked(exchange, account):
    """Return what IAM checks for a request; nothing if the request is not signed."""
    head, _, body = exchange.sent.partition(b"\n\n")
    lines = head.decode().splitlines()
    headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines[1:])}
    signed = SIGNED.search(headers.get("authorization", ""))
    if signed is None:
        return []
    method, target, _ = lines[0].split()
    region, service = signed[1], signed[2]
    operation, request = _operation(service, method, target, headers, body)
    name = f"{service}:{operation}"
    if name in FREE:
        return []
    scope = f"{region}:{account}"
    resources = _RESOURCES[service](request, scope)
    context = _of_a_job(request) if operation == "CreateTrainingJob" else {}
    own = [Asked(ACTIONS.get(name, name), resource, context) for resource in resources]
    return own + _besides(operation, request, resources[0])


def _besides(operation, request, resource):
    """Return what SageMaker checks in addition: adding tags, and passing a role."""
    questions = []
    if operation.startswith("Create") and request.get("Tags"):
        tagging = {"sagemaker:TaggingAction": operation}
        questions.append(Asked("sagemaker:AddTags", resource, tagging))
    for key in ("RoleArn", "ExecutionRoleArn"):
        if key in request:
            passed = {"iam:PassedToService": "sagemaker.amazonaws.com"}
            questions.append(Asked("iam:PassRole", request[key], passed))
    return questions


def _of_a_job(request):
    return {
        "sagemaker:InstanceTypes": request["ResourceConfig"]["InstanceType"],
        "sagemaker:MaxRuntimeInSeconds": str(request["StoppingCondition"]["MaxRuntimeInSeconds"]),
    }


def _operation(service, method, target, headers, body):
    """Return a request's operation and its parameters, as the service's model has them."""
    if "x-amz-target" in headers:
        operation = headers["x-amz-target"].rpartition(".")[2]
        assert operation in _model(service).operation_names
        return operation, json.loads(body)
    if _model(service).metadata["protocol"] == "query":
        request = {key: values[0] for key, values in parse_qs(body.decode()).items()}
        return request.pop("Action"), request
    return _rest_operation("sagemaker-runtime" if service == "sagemaker" else service, method,
                           target, headers)  # fmt: skip


def _rest_operation(service, method, target, headers):
    """Find the operation of a REST request: the one that requires most of what the request has."""
    url = urlsplit(target)
    query = parse_qs(url.query, keep_blank_values=True)
    fitting = []
    for name in _model(service).operation_names:
        operation = _model(service).operation_model(name)
        if operation.http["method"] != method:
            continue
        path, _, wanted = operation.http["requestUri"].partition("?")
        found = re.fullmatch(_pattern(path), url.path)
        needs = set(parse_qs(wanted, keep_blank_values=True)) | _required(operation, "querystring")
        if found and needs <= set(query) and _required(operation, "header") <= set(headers):
            fitting.append((len(needs), name, found.groupdict()))
    _, name, parameters = max(fitting, key=lambda fit: fit[0])
    return name, {key: unquote(value) for key, value in parameters.items()}


def _pattern(path):
    escaped = re.sub(r"\{(\w+)\+\}", r"(?P<\1>.+)", path)
    return re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", escaped) + "/?"


def _required(operation, location):
    shape = operation.input_shape
    if shape is None:
        return set()
    members = [shape.members[name] for name in shape.required_members]
    return {
        m.serialization["name"].lower() if location == "header" else m.serialization["name"]
        for m in members
        if m.serialization.get("location") == location
    }


@cache
def _model(service):
    return botocore.session.get_session().get_service_model(service)


def _of_ecr(request, scope):
    names = request.get("repositoryNames") or [request.get("repositoryName")]
    return [f"arn:aws:ecr:{scope}:repository/{name}" if name else "*" for name in names]


def _of_s3(request, _scope):
    return ["arn:aws:s3:::" + "/".join(v for v in (request["Bucket"], request.get("Key")) if v)]


def _of_sagemaker(request, scope):
    if "ResourceArn" in request:
        return [request["ResourceArn"]]
    named = [f"{kind}/{request[key]}" for key, kind in NAMED.items() if key in request]
    return [f"arn:aws:sagemaker:{scope}:{name}" for name in named] or ["*"]


def _of_logs(request, scope):
    stream = request.get("logStreamName", "")
    return [f"arn:aws:logs:{scope}:log-group:{request['logGroupName']}:log-stream:{stream}"]


def _of_secretsmanager(request, scope):
    secret = request["SecretId"]
    arn = f"arn:aws:secretsmanager:{scope}:secret:{secret}-"
    return [secret if secret.startswith("arn:") else arn]


_RESOURCES = {
    "ecr": _of_ecr,
    "iam": lambda _request, _scope: ["*"],
    "s3": _of_s3,
    "sagemaker": _of_sagemaker,
    "logs": _of_logs,
    "secretsmanager": _of_secretsmanager,
}
