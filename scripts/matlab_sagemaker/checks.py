"""What an inference image has to fulfil before it is deployed: checks and verdict. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from matlab_sagemaker.errors import ImageError, InputError
from matlab_sagemaker.images import manifests

# Source: https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
SERVERLESS_LIMIT = 10 * 1024**3


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: what was found, and what to do where it is wrong."""

    name: str
    found: str
    passed: bool | None = True  # None: it could not be looked at, which is no reason to refuse
    do: str = ""
    why: str = ""


@dataclass(frozen=True)
class Image:
    """An image that the engine has."""

    id: str
    platform: str
    size: int  # bytes on disk
    free: int | None  # bytes on the engine's disk; None where it is another machine's
    media_type: str  # of its manifest; empty where it was not pushed, or the registry does not say
    registry: str  # what the registry said where it does not tell the media type
    takes_port: bool  # whether it listens where SAGEMAKER_BIND_TO_PORT says


def require_named(image: str, model: str) -> None:
    """Raise InputError where no image, or no model for it, is named."""
    if not image:
        raise InputError(
            "Input 'image' is required.",
            do="Name the image: scripts/run check-image IMAGE, or `image` in `with:`.",
        )
    if not model:
        raise InputError("Input 'model' is required.", do="Give it as --model or in `with:`.")


def of_image(image: Image) -> list[Check]:
    """Return what can be said without running it."""
    return [_platform(image), _manifest(image), _size(image)]


def rows(checks: list[Check]) -> list[list[str]]:
    """Return the checks as a table, with a header."""
    body = [[check.name, check.found, _MARKS[check.passed]] for check in checks]
    return [["check", "found", ""], *body]


_MARKS = {True: "✔", False: "✘", None: "–"}  # noqa: RUF001 (a dash)


def outputs(checks: list[Check]) -> dict[str, Any]:
    """Return the step's outputs."""
    told = [{"name": c.name, "found": c.found, "passed": c.passed} for c in checks]
    return {"passed": passed(checks), "checks": told}


def passed(checks: list[Check]) -> bool:
    """Tell whether all were passed."""
    return all(check.passed is not False for check in checks)


def require(image: str, checks: list[Check]) -> None:
    """Raise ImageError for the first check that was not passed."""
    for check in checks:
        if check.passed is False:
            raise ImageError(
                f"{image} cannot be deployed: {check.name}: {check.found}.",
                why=check.why,
                do=check.do,
            )


def _platform(image: Image) -> Check:
    return Check(
        "platform",
        image.platform,
        image.platform == manifests.PLATFORM,
        why=f"SageMaker runs images of {manifests.PLATFORM}.",
        do=f"Build it with --platform {manifests.PLATFORM}.",
    )


def _manifest(image: Image) -> Check:
    if not image.media_type:
        return Check("manifest", image.registry or "none before it is pushed", passed=None)
    return Check(
        "manifest",
        image.media_type,
        image.media_type == manifests.DOCKER_MANIFEST,
        why=f"SageMaker takes {manifests.DOCKER_MANIFEST} alone, and no index.",
        do="Push it with `docker buildx build --provenance=false --sbom=false "
        "--output type=image,oci-mediatypes=false,push=true`.",
    )


def _size(image: Image) -> Check:
    """Tell the size beside the limits that it may meet; an endpoint on instances has neither."""
    found = f"{_gb(image.size)} unpacked"
    if image.size > SERVERLESS_LIMIT:
        found += f", over the {_gb(SERVERLESS_LIMIT)} of serverless"
    if image.free is not None:
        found += f", {_gb(image.free)} of disk free"
        if image.free < image.size:
            found += ": no room to build or pull it once more"
    return Check("size", found)


def _gb(size: int) -> str:
    return f"{size / 1e9:.2f} GB"
