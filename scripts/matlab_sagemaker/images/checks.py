"""Checks that an inference image must pass before it is deployed. Pure."""

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
    """An image in the Docker engine."""

    id: str
    platform: str
    size: int  # bytes on disk
    free: int | None  # bytes on the engine's disk; None if the engine is on another machine
    media_type: str  # of its manifest; empty if not pushed, or if the registry does not say
    registry: str  # why the registry did not give the media type
    takes_port: bool  # whether it listens on the port in SAGEMAKER_BIND_TO_PORT


def require_named(image: str, model: str, project: AnyProject | None) -> str | GivenModel:
    """Choose the model: the input, or else the one in sagemaker.yml.

    Raises InputError if no image or no model is given.
    """
    if not image:
        raise InputError(
            "Input 'image' is required.",
            do="Give the image's name: scripts/run check-image IMAGE, or `image` in `with:`.",
        )
    if model:
        return model
    if isinstance(project, GivenProject):
        return project.model
    raise InputError("Input 'model' is required.", do="Set --model, or `model` in `with:`.")


def of_model_away(model: GivenModel) -> Check:
    """Say why a model that sagemaker.yml names in S3 is skipped: the role may not read it."""
    return Check("model", f"to try {model.source}, set the input `model`", passed=None)


def of_image(image: LocalImage) -> list[Check]:
    """Run the checks that do not start the image."""
    return [_platform(image), _manifest(image), _size(image)]


def rows(checks: list[Check]) -> list[list[str]]:
    """Format the checks as rows of a table; the first row is the header."""
    body = [[check.name, check.found, MARKS[check.passed]] for check in checks]
    return [["check", "found", ""], *body]


def outputs(checks: list[Check]) -> dict[str, Any]:
    """Return the step's outputs."""
    facts = [{"name": c.name, "found": c.found, "passed": c.passed} for c in checks]
    return {"passed": passed(checks), "checks": facts}


def passed(checks: list[Check]) -> bool:
    """Whether no check failed; a check that was skipped counts as passed."""
    return all(check.passed is not False for check in checks)


def require(image: str, checks: list[Check]) -> None:
    """Raise ImageError for the first check that failed."""
    for check in checks:
        if check.passed is False:
            raise ImageError(
                f"{image} cannot be deployed: {check.name}: {check.found}.",
                why=check.why,
                do=check.fix,
            )


def of_answer(expected: Expected, answer: bytes) -> Check:
    """Compare an answer with the expected one; a failed check shows the first row that differs."""
    try:
        difference = comparison.first_difference(expected, answer)
    except ValueError as error:
        found, why = f"not {expected.content_type}, unlike {expected.file}", f"{error}."
        return Check("expected answer", found, passed=False, why=why, fix=_EXPECT)
    if difference is None:
        return Check("expected answer", f"same as {expected.file}", passed=True)
    return Check(
        "expected answer",
        f"differs from {expected.file}: {difference.words}",
        passed=False,
        why=f"expected: {difference.expected}\nanswered: {difference.answered}",
        fix=_EXPECT,
    )


_EXPECT = "Correct the handler. If the new answer is right, copy it to that file."


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
        return Check("manifest", image.registry or "none: not pushed yet", passed=None)
    return Check(
        "manifest",
        image.media_type,
        image.media_type == manifests.DOCKER_MANIFEST,
        why=f"SageMaker accepts only {manifests.DOCKER_MANIFEST}, not an index.",
        fix="Push it with `docker buildx build --provenance=false --sbom=false "
        "--output type=image,oci-mediatypes=false,push=true`.",
    )


def _size(image: LocalImage) -> Check:
    """Report the size and the limits it may exceed; none of them applies to instances."""
    found = f"{tables.size(image.size)} unpacked"
    if image.size > SERVERLESS_LIMIT:
        found += f", over the limit of {tables.size(SERVERLESS_LIMIT)} for serverless endpoints"
    if image.free is not None:
        found += f", {tables.size(image.free)} free on disk"
        if image.free < image.size:
            found += ": not enough to build or pull it again"
    return Check("size", found)
