"""Reads an image's properties without running it; pulls it if the engine does not have it."""

from __future__ import annotations

import shutil
from functools import partial
from typing import TYPE_CHECKING, Any

import docker.errors

from matlab_sagemaker.errors import ImageError, KitError
from matlab_sagemaker.images import build_errors
from matlab_sagemaker.images.checks import LocalImage
from matlab_sagemaker.images.docker_engine import disk

if TYPE_CHECKING:
    from collections.abc import Callable

    from docker.client import DockerClient

    # Gives user and password for a repository (host/name); None if it is not in our ECR.
    Login = Callable[[str], tuple[str, str] | None]

# Source: https://docs.aws.amazon.com/sagemaker/latest/dg/inference-pipeline-real-time.html
_LABEL = "com.amazonaws.sagemaker.capabilities.accept-bind-to-port"
_REFUSED = ("unauthorized", "authentication required", "no basic auth", "denied", "forbidden")


def find(engine: DockerClient, name: str, login: Login) -> LocalImage:
    """Find the image in the engine or its registry; raise ImageError if neither has it.

    `login` is used if the engine has no login for the registry, or one that is refused.
    """
    attributes = _local(engine, name, login).attrs
    media_type, registry = _pushed(engine, name, attributes, login)
    labels = attributes["Config"].get("Labels") or {}
    folder = disk(engine)
    return LocalImage(
        id=attributes["Id"],
        platform=f"{attributes['Os']}/{attributes['Architecture']}",
        size=attributes["Size"],
        free=shutil.disk_usage(folder).free if folder else None,
        media_type=media_type,
        registry=registry,
        takes_port=labels.get(_LABEL) == "true",
    )


def _local(engine: DockerClient, name: str, login: Login) -> Any:
    try:
        return engine.images.get(name)
    except docker.errors.ImageNotFound:
        pass
    try:
        _logged_in(partial(_pull, engine), name, login)
    except docker.errors.APIError as error:
        said = str(error.explanation)
        raise build_errors.of_engine(said) or _not_pulled(name, said) from error
    return engine.images.get(name)


def _pull(engine: DockerClient, name: str, auth_config: dict[str, str] | None = None) -> None:
    """Pull an image; also raise APIError for errors in Docker's stream, which docker-py ignores."""
    for event in engine.api.pull(name, stream=True, decode=True, auth_config=auth_config):
        if "error" in event:
            raise docker.errors.APIError(event["error"], explanation=event["error"])


def _not_pulled(name: str, said: str) -> ImageError:
    return ImageError(
        f"The Docker engine does not have the image {name} and could not pull it.",
        why=said,
        do="Correct its name. For a private registry, log in first (docker login). If the "
        "registry or the connection to it failed, run again.",
    )


def _pushed(
    engine: DockerClient, name: str, attributes: dict[str, Any], login: Login
) -> tuple[str, str]:
    """Ask the registry for the manifest's media type; return it, and the reason if it is unknown.

    No answer is not an error: an engine with the containerd store (the default since version 29)
    has a digest even for images that were never pushed, and the registry refuses to look them up.
    """
    digests = attributes.get("RepoDigests") or []
    if not digests:
        return "", ""
    reference = name if "@" in name else _of_repository(name, digests)
    try:
        found = _logged_in(engine.images.get_registry_data, reference, login)
    except (docker.errors.APIError, KitError) as error:
        said = error.what if isinstance(error, KitError) else error.explanation
        return "", f"unknown: the registry does not say ({said})"
    described = found.attrs["Descriptor"]
    return str(described.get("mediaType") or described.get("MediaType")), ""


def _logged_in(ask: Callable[..., Any], name: str, login: Login) -> Any:
    """Ask the registry with the engine's own login; if that is refused, with one for ECR."""
    try:
        return ask(name)
    except docker.errors.APIError as error:
        if not any(word in str(error).lower() for word in _REFUSED):
            raise
        try:
            given = login(_repository(name))
        except KitError as refused:
            raise ImageError(
                f"The registry refuses access to the image {name}: {error.explanation}",
                why=f"The kit could not log in to ECR either: {refused}",
                do="Log in first (docker login). For an image in ECR, set AWS credentials.",
            ) from refused
        if given is None:
            raise
    return ask(name, auth_config={"username": given[0], "password": given[1]})


def _repository(name: str) -> str:
    """Strip tag and digest from an image's name."""
    plain = name.partition("@")[0]
    return plain.rpartition(":")[0] if ":" in plain.rpartition("/")[2] else plain


def _of_repository(name: str, digests: list[str]) -> str:
    """Prefer the digest that belongs to the repository of `name`; else take the first."""
    same = [digest for digest in digests if _repository(digest) == _repository(name)]
    return (same or digests)[0]
