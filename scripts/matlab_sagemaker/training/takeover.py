"""Compare a training job that AWS describes with the request for it: is it the same job? Pure.

Names prove nothing: anyone who may train can make a job under any of them. The comparison is
closed-world: a member that is neither in the request nor in describe_training_job.yml means that
another request made the job.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from matlab_sagemaker.training.job import TrainingJob

Member = tuple[str, ...]  # the names that lead to it; in a list an item's name or number

_KNOWN = yaml.safe_load(
    (Path(__file__).parent / "describe_training_job.yml").read_text(encoding="utf-8")
)
UNKNOWN = "UnknownToBoto3"  # lists members of a job that this boto3 does not know (aws/session.py)
_LEFT_OUT = {
    tuple(name.split(".")) for name in (*_KNOWN["outputs"], *_KNOWN["not_compared"], UNKNOWN)
}
_DEFAULTS = {tuple(name.split(".")): values for name, values in _KNOWN["defaults"].items()}
_PRIVATE = ("Environment", "HyperParameters")  # values may be secrets
_IMAGE = ("AlgorithmSpecification", "TrainingImage")
_REGISTRY = re.compile(r"^[^/@]*[.:][^/@]*/")  # the host at the start of an image's URI
_SECRET = ("Environment", "MATLAB_SAGEMAKER_TOKEN_SECRET")
_SECRET_END = re.compile(r"-[A-Za-z0-9]{6}$")  # what Secrets Manager appends to a secret's name
_SHOWN = 200  # characters of a name or a value that somebody else may have chosen


@dataclass(frozen=True, kw_only=True)
class WantedJob:
    """A wanted training job with its image, and how exactly an attempt must match them."""

    job: TrainingJob
    image: str | None  # as ECR has it, `repository@sha256:…`; None: it is not there
    any_digest: bool  # for a pull request; a merge trains again if the image has another digest

    def differences(self, attempt: int, described: Mapping[str, Any]) -> list[str]:
        """List how an attempt that AWS describes differs from this job; empty: it is this job."""
        image = self.image
        if image is None:
            used = _without_registry(described["AlgorithmSpecification"].get("TrainingImage", ""))
            places = self.job.repositories
            if not self.any_digest or used.partition("@")[0] not in places:
                return [f"the training image of these files is not in {' or '.join(places)}"]
            image = used
        request = self.job.request(attempt, image)
        found = differences(request, described, any_digest=self.any_digest)
        return [*found, *_written_later(self.job, described)]


def differences(
    request: Mapping[str, Any], described: Mapping[str, Any], *, any_digest: bool = False
) -> list[str]:
    """List, for people, how a job that AWS describes differs from a request; empty: the same job.

    Images are compared by repository and digest, because a digest means the same bytes in every
    registry. `any_digest` also accepts another digest in the same repository: an image built again
    from the same files. The characters that Secrets Manager appends to a secret's name are ignored.
    Values of variables, hyperparameters and added members are not shown: they may be secrets.
    """
    wanted, found = _members(request, any_digest), _members(described, any_digest)
    names = [n for n in described.get(UNKNOWN, ()) if tuple(n.split(".")) not in _LEFT_OUT]
    return [f"{name} is set, which this kit does not know" for name in names] + [
        _described(member, wanted.get(member), found.get(member))
        for member in sorted(wanted.keys() | found.keys())
        if wanted.get(member) != found.get(member)
    ]


def _written_later(job: TrainingJob, described: Mapping[str, Any]) -> Iterator[str]:
    """Yield which of the user's S3 channels may have had other content when the job read them.

    The key has the names, sizes and ETags of what is there now. If nothing was written since the
    job began, the job read the same.
    """
    for channel in job.channels:
        if channel.written and channel.written > described["CreationTime"].timestamp():
            yield f"{channel.uri} was written to after the job was created"


def _members(job: Mapping[str, Any], any_digest: bool) -> dict[Member, list[Any]]:
    """Map each member that is set to its values: several if a list has a name twice."""
    members: defaultdict[Member, list[Any]] = defaultdict(list)
    for member, value in _set_members((), job):
        members[member].append(_compared(member, value, any_digest))
    return dict(members)


def _compared(member: Member, value: Any, any_digest: bool) -> Any:
    if member == _IMAGE:
        image = _without_registry(value)
        return image.partition("@")[0] if any_digest else image
    return _SECRET_END.sub("", value) if member == _SECRET else value


def _without_registry(uri: str) -> str:
    return _REGISTRY.sub("", uri)


def _set_members(at: Member, value: Any) -> Iterator[tuple[Member, Any]]:
    """Yield every member below `at` whose value is not a default."""
    if at in _LEFT_OUT or value is None:
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _set_members((*at, name), inner)
    elif isinstance(value, (list, tuple)):
        for number, inner in enumerate(value):
            yield from _set_members((*at, _label(inner, number)), inner)
    elif not _is_default(at, value):
        yield at, value


def _label(item: Any, number: int) -> str:
    """Name an item of a list, by its number if it has no name; AWS may reorder those with names."""
    names = item if isinstance(item, dict) else {}
    return str(names.get("ChannelName") or names.get("Name") or number)


def _is_default(member: Member, value: Any) -> bool:
    return any(
        len(pattern) == len(member)
        and all(word in ("*", name) for word, name in zip(pattern, member, strict=True))
        and value in values
        for pattern, values in _DEFAULTS.items()
    )


def _described(member: Member, wanted: list[Any] | None, found: list[Any] | None) -> str:
    name = ".".join(member)[:_SHOWN]
    if wanted is None:
        return f"{name} is set"
    if found is None:
        return f"{name} is missing"
    if member[0] in _PRIVATE:
        return f"{name} has another value"
    return f"{name} is {_listed(found)} in place of {_listed(wanted)}"


def _listed(values: list[Any]) -> str:
    return " and ".join(str(value)[:_SHOWN] for value in values)
