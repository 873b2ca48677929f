"""Limits, patterns and field names of SageMaker's API, from botocore's service model."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StructureShape

from emulator.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterator


@functools.lru_cache(maxsize=1)
def _service() -> ServiceModel:
    return ServiceModel(Loader().load_service_model("sagemaker", "service-2"), "sagemaker")


def check(action: str, request: dict[str, Any]) -> None:
    """Check a request against the service's limits.

    Raises ValidationError with every fault, in SageMaker's words. Clients check at most types and
    minimums; names, lengths and counts are checked here.
    Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
    """
    shape = _service().operation_model(action).input_shape
    faults = list(_faults(shape, request, "")) if shape else []
    if faults:
        noun = "validation error" if len(faults) == 1 else "validation errors"
        raise ValidationError(f"{len(faults)} {noun} detected: {'; '.join(faults)}")


def echo(action: str, request: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a request that the answer to a Describe action repeats."""
    shape = _service().operation_model(action).output_shape
    members = shape.members if shape else {}
    return {key: value for key, value in request.items() if key in members}


def _faults(shape: Shape, value: Any, path: str) -> Iterator[str]:
    limits = _sized(shape, value, path)
    if isinstance(shape, StructureShape):
        limits = _structure(shape, value, path)
    elif isinstance(shape, ListShape):
        limits = _list(shape, value, path)
    elif isinstance(shape, MapShape):
        limits = _map(shape, value, path)
    elif shape.type_name == "string":
        limits = _text(shape, value, path)
    elif shape.type_name in {"integer", "long", "float", "double"}:
        limits = _number(shape, value, path)
    yield from limits


def _structure(shape: StructureShape, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield _fault(value, path, "Member must be a structure")
        return
    for name in shape.required_members:
        if value.get(name) is None:
            yield _fault(None, _join(path, name), "Member must not be null")
    for name, member in value.items():
        if name in shape.members and member is not None:
            yield from _faults(shape.members[name], member, _join(path, name))


def _list(shape: ListShape, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield _fault(value, path, "Member must be a list")
        return
    yield from _sized(shape, value, path)
    for number, member in enumerate(value, start=1):
        yield from _faults(shape.member, member, f"{path}.{number}.member")


def _map(shape: MapShape, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield _fault(value, path, "Member must be a map")
        return
    yield from _sized(shape, value, path)
    for key, member in value.items():
        yield from _faults(shape.key, key, f"{path}.key")
        yield from _faults(shape.value, member, f"{path}.{key}.value")


def _text(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield _fault(value, path, "Member must be a string")
        return
    sized = list(_sized(shape, value, path))
    yield from sized
    enum = shape.metadata.get("enum")
    if enum and value not in enum:
        yield _fault(value, path, f"Member must satisfy enum value set: [{', '.join(enum)}]")
    pattern = shape.metadata.get("pattern")
    if pattern and not sized and not _compiled(pattern).fullmatch(value):
        yield _fault(value, path, f"Member must satisfy regular expression pattern: {pattern}")


def _number(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, (int, float)):
        yield _fault(value, path, "Member must be a number")
        return
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and value < low:
        yield _fault(value, path, f"Member must have value greater than or equal to {low}")
    if high is not None and value > high:
        yield _fault(value, path, f"Member must have value less than or equal to {high}")


def _sized(shape: Shape, value: Any, path: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    length = len(value) if isinstance(value, (str, list, dict)) else None
    if length is not None and low is not None and length < low:
        yield _fault(value, path, f"Member must have length greater than or equal to {low}")
    if length is not None and high is not None and length > high:
        yield _fault(value, path, f"Member must have length less than or equal to {high}")


def _fault(value: Any, path: str, constraint: str) -> str:
    shown = "null" if value is None else f"'{value}'"
    return f"Value {shown} at '{path}' failed to satisfy constraint: {constraint}"


def _join(path: str, name: str) -> str:
    inner = name[0].lower() + name[1:]
    return f"{path}.{inner}" if path else inner


@functools.lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    r"""Translate the model's Java patterns, with \p{L}\p{Z}\p{N} in character classes."""
    for java, python in ((r"\p{L}", r"\w"), (r"\p{Z}", r"\s"), (r"\p{N}", r"\d")):
        pattern = pattern.replace(java, python)
    return re.compile(pattern)
