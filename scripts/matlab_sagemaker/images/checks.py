"""What an inference image has to fulfil before it is deployed: checks and verdict. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matlab_sagemaker.aws import manifests
from matlab_sagemaker.checks import MARKS, Check
from matlab_sagemaker.errors import ImageError, InputError
from matlab_sagemaker.github import tables
from matlab_sagemaker.project import comparison
from matlab_sagemaker.project.content import GivenProject

if TYPE_CHECKING:
    from matlab_sagemaker.project.comparison import Expected
    from matlab_sagemaker.project.content import AnyProject
    from matlab_sagemaker.project.given_model import GivenModel

# Source: https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
SERVERLESS_LIMIT = 10 * 1024**3


@dataclass(frozen=True)
class LocalImage:
    """An image that the engine has."""

    id: str
    platform: str
    size: int  # bytes on disk
    free: int | None  # bytes on the engine's disk; None where it is another machine's
    media_type: str  # of its manifest; empty where it was not pushed, or the registry does not say
    registry: str  # what the registry said where it does not tell the media type
    takes_port: bool  # whether it listens where SAGEMAKER_BIND_TO_PORT says


def require_named(image: str, model: str, project: AnyProject | None) -> str | GivenModel:
    """Return the model, which may be the one that sagemaker.yml names.

    Raises InputError where no image, or no model for it, is named.
    """
    if not image:
        raise InputError(
            "Input 'image' is required.",
            do="Name the image: scripts/run check-image IMAGE, or `image` in `with:`.",
        )
    if model:
        return model
    if isinstance(project, GivenProject):
        return project.model
    raise InputError("Input 'model' is required.", do="Give it as --model or in `with:`.")


def of_model_away(model: GivenModel) -> Check:
    """Return why a model that sagemaker.yml names in S3 is not tried: the role may not read it."""
    return Check("model", f"{model.source} is tried where it is given as `model`", passed=None)


def of_image(image: LocalImage) -> list[Check]:
    """Check what can be checked without running it."""
    return [_platform(image), _manifest(image), _size(image)]


def rows(checks: list[Check]) -> list[list[str]]:
    """Return the checks as a table, with a header."""
    body = [[check.name, check.found, MARKS[check.passed]] for check in checks]
    return [["check", "found", ""], *body]


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
                do=check.fix,
            )


def of_answer(expected: Expected, answer: bytes) -> Check:
    """Return whether an answer is the expected one, and the first row that differs."""
    try:
        difference = comparison.first_difference(expected, answer)
    except ValueError as error:
        found, why = f"not {expected.content_type}, as {expected.file}", f"{error}."
        return Check("expected answer", found, passed=False, why=why, fix=_EXPECT)
    if difference is None:
        return Check("expected answer", f"as {expected.file}", passed=True)
    return Check(
        "expected answer",
        f"row {difference.row} is the first that is not as in {expected.file}",
        passed=False,
        why=f"expected: {difference.expected}\nanswered: {difference.answered}",
        fix=_EXPECT,
    )


_EXPECT = "Correct the handler; if the new answer is right, put it into that file."


def _platform(image: LocalImage) -> Check:
    return Check(
        "platform",
        image.platform,
        image.platform == manifests.PLATFORM,
        why=f"SageMaker runs images for {manifests.PLATFORM}.",
        fix=f"Build it with --platform {manifests.PLATFORM}.",
    )


def _manifest(image: LocalImage) -> Check:
    if not image.media_type:
        return Check("manifest", image.registry or "none before it is pushed", passed=None)
    return Check(
        "manifest",
        image.media_type,
        image.media_type == manifests.DOCKER_MANIFEST,
        why=f"SageMaker accepts only {manifests.DOCKER_MANIFEST}, not an index.",
        fix="Push it with `docker buildx build --provenance=false --sbom=false "
        "--output type=image,oci-mediatypes=false,push=true`.",
    )


def _size(image: LocalImage) -> Check:
    """Tell the size beside the limits that it may meet; an endpoint on instances has neither."""
    found = f"{tables.size(image.size)} unpacked"
    if image.size > SERVERLESS_LIMIT:
        found += f", over the {tables.size(SERVERLESS_LIMIT)} of serverless"
    if image.free is not None:
        found += f", {tables.size(image.free)} of disk free"
        if image.free < image.size:
            found += ": no room to build or pull it once more"
    return Check("size", found)
