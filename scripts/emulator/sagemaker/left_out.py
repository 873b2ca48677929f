"""Refuses SageMaker features that the emulator does not have.

Otherwise moto would answer Completed at once, without running anything.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from emulator.errors import left_out

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

# Operations on things that are only records on SageMaker too; moto keeps these records.
_RECORDS = re.compile(
    "(Create|Describe|List|Update|Delete|Associate|Disassociate)"
    "(ModelPackage|ModelPackageGroup|Experiment|Trial|TrialComponent)s?"
    "|(Add|List|Delete)Tags"
)

# Members of requests that change what happens, and their values that the emulator supports.
_CHANNEL, _SOURCE = "InputDataConfig", "InputDataConfig.DataSource.S3DataSource"
_NONE: tuple[()] = ()
_MEMBERS: Mapping[str, Mapping[str, Collection[object]]] = {
    "CreateTrainingJob": {
        "AlgorithmSpecification.AlgorithmName": _NONE,
        "AlgorithmSpecification.TrainingInputMode": ("File",),
        f"{_CHANNEL}.CompressionType": ("None",),
        f"{_CHANNEL}.DataSource.FileSystemDataSource": _NONE,
        f"{_CHANNEL}.InputMode": ("File",),
        f"{_CHANNEL}.RecordWrapperType": ("None",),
        f"{_CHANNEL}.ShuffleConfig": _NONE,
        f"{_SOURCE}.S3DataDistributionType": ("FullyReplicated",),
        f"{_SOURCE}.S3DataType": ("S3Prefix",),
        "ModelPackageConfig": _NONE,
        "OutputDataConfig.CompressionType": ("GZIP",),
        "ResourceConfig.InstanceGroups": _NONE,
        "ResourceConfig.TrainingPlanArn": _NONE,
        "RetryStrategy": _NONE,
        "ServerlessJobConfig": _NONE,
    },
    "CreateModel": {
        f"{container}.{member}": allowed
        for container in ("PrimaryContainer", "Containers")
        for member, allowed in {
            "AdditionalModelDataSources": _NONE,
            "Mode": ("SingleModel",),
            "MultiModelConfig": _NONE,
        }.items()
    }
    | {"InferenceExecutionConfig": _NONE},
    "CreateEndpointConfig": {
        "AsyncInferenceConfig": _NONE,
        "DataCaptureConfig.EnableCapture": (False,),
        "ExplainerConfig": _NONE,
        "ProductionVariants.AcceleratorType": _NONE,
        "ProductionVariants.InstancePools": _NONE,
        "ProductionVariants.ManagedInstanceScaling": _NONE,
        "ProductionVariants.ServerlessConfig": _NONE,
        "ShadowProductionVariants": _NONE,
    },
}


def is_record(action: str) -> bool:
    """Whether an operation only writes or reads records."""
    return bool(_RECORDS.fullmatch(action))


def check(action: str, request: Mapping[str, Any]) -> None:
    """Raise ValidationError for a request that needs a feature the emulator does not have."""
    for member, allowed in _MEMBERS.get(action, {}).items():
        for value in _values(request, member.split(".")):
            if value not in (None, [], {}, "", *allowed):
                shown = f" {value}" if isinstance(value, (str, bool)) else ""
                raise left_out(f"{member}{shown} in {action}")


def _values(at: Any, names: list[str]) -> Iterator[Any]:
    """Yield every value of a member, also in each item of lists on its path."""
    if isinstance(at, list) and names:
        for item in at:
            yield from _values(item, names)
    elif not names:
        yield at
    elif isinstance(at, dict) and names[0] in at:
        yield from _values(at[names[0]], names[1:])
