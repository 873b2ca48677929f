"""The actions and resources in SageMaker's requests, including those for tags and roles. Pure.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.iam.policies import Question

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .call import Call

_KINDS = {  # parameters that name a resource, and its kind in the ARN
    "TrainingJobName": "training-job",
    "ModelName": "model",
    "EndpointName": "endpoint",
    "EndpointConfigName": "endpoint-config",
}
_ONE = {  # operations on one resource, and the parameter that names it
    **dict.fromkeys(
        ("CreateTrainingJob", "DescribeTrainingJob", "StopTrainingJob", "DeleteTrainingJob"),
        ("TrainingJobName",),
    ),
    **dict.fromkeys(("CreateModel", "DescribeModel", "DeleteModel"), ("ModelName",)),
    **dict.fromkeys(
        ("CreateEndpointConfig", "DescribeEndpointConfig", "DeleteEndpointConfig"),
        ("EndpointConfigName",),
    ),
    **dict.fromkeys(
        ("DescribeEndpoint", "DeleteEndpoint", "UpdateEndpointWeightsAndCapacities",
         "InvokeEndpoint", "InvokeEndpointWithResponseStream"),
        ("EndpointName",),
    ),
    # AWS checks these on the endpoint and on its new configuration.
    **dict.fromkeys(("CreateEndpoint", "UpdateEndpoint"), ("EndpointName", "EndpointConfigName")),
}  # fmt: skip
_ALL = {"ListTrainingJobs", "ListModels", "ListEndpointConfigs", "ListEndpoints"}
_TAGS = {"AddTags", "ListTags", "DeleteTags"}
_ROLES = ("RoleArn", "ExecutionRoleArn")


def questions(call: Call) -> list[Question] | None:
    """List what IAM must judge in a call; None if its operation is unknown."""
    given, operation = call.parameters, call.operation
    if operation in _ALL:
        resources = ["*"]
    elif operation in _TAGS:
        resources = [str(given.get("ResourceArn", "*"))]
    elif operation in _ONE:
        resources = [call.scope.arn(_KINDS[w], given[w]) for w in _ONE[operation] if w in given]
    else:
        return None
    context = {**_tags(given.get("Tags")), **_context(given)}
    if operation == "DeleteTags":
        context = {"aws:TagKeys": list(given.get("TagKeys", []))}
    own = [Question(f"sagemaker:{operation}", resource, context) for resource in resources]
    return own + _besides(call, resources)


def _besides(call: Call, resources: list[str]) -> list[Question]:
    given, asked = call.parameters, []
    if call.operation.startswith("Create") and given.get("Tags"):
        context = {**_tags(given["Tags"]), "sagemaker:TaggingAction": [call.operation]}
        asked.append(Question("sagemaker:AddTags", resources[0], context))
    for word in _ROLES:
        if given.get(word):
            context = {
                "iam:PassedToService": ["sagemaker.amazonaws.com"],
                "iam:AssociatedResourceArn": [resources[0]],
            }
            asked.append(Question("iam:PassRole", given[word], context))
    return asked


def _tags(tags: Any) -> dict[str, list[str]]:
    listed = tags or []
    if not listed:
        return {}
    by_key = {f"aws:RequestTag/{tag['Key']}": [str(tag.get("Value", ""))] for tag in listed}
    return {**by_key, "aws:TagKeys": [tag["Key"] for tag in listed]}


def _context(given: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the condition keys for the members that a request sets."""
    resources = given.get("ResourceConfig") or {}
    groups = resources.get("InstanceGroups") or []
    variants = given.get("ProductionVariants") or []
    vpc = given.get("VpcConfig") or {}
    files = [
        channel["DataSource"]["FileSystemDataSource"]
        for channel in given.get("InputDataConfig") or []
        if (channel.get("DataSource") or {}).get("FileSystemDataSource")
    ]
    values = {
        "sagemaker:InstanceTypes": [
            part.get("InstanceType") for part in (resources, *groups, *variants)
        ],
        "sagemaker:MaxRuntimeInSeconds": [
            (given.get("StoppingCondition") or {}).get("MaxRuntimeInSeconds")
        ],
        "sagemaker:KeepAlivePeriod": [resources.get("KeepAlivePeriodInSeconds")],
        "sagemaker:VolumeKmsKey": [resources.get("VolumeKmsKeyId"), given.get("KmsKeyId")],
        "sagemaker:OutputKmsKey": [(given.get("OutputDataConfig") or {}).get("KmsKeyId")],
        "sagemaker:EnableRemoteDebug": [
            (given.get("RemoteDebugConfig") or {}).get("EnableRemoteDebug")
        ],
        "sagemaker:NetworkIsolation": [given.get("EnableNetworkIsolation")],
        "sagemaker:InterContainerTrafficEncryption": [
            given.get("EnableInterContainerTrafficEncryption")
        ],
        "sagemaker:VpcSubnets": list(vpc.get("Subnets") or []),
        "sagemaker:VpcSecurityGroupIds": list(vpc.get("SecurityGroupIds") or []),
        "sagemaker:FileSystemId": [file.get("FileSystemId") for file in files],
    }
    said = {
        key: [_text(value) for value in some if value is not None] for key, some in values.items()
    }
    return {key: some for key, some in said.items() if some}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
