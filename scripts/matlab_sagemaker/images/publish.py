"""An image from its build context to ECR: found, or built, tried, pushed and checked."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from matlab_sagemaker.aws import ecr, ecr_images, signin
from matlab_sagemaker.errors import ImageError
from matlab_sagemaker.github import tables
from matlab_sagemaker.images import buildx, container, folder, parsing, push, report, sample_job
from matlab_sagemaker.images.docker_engine import connected, forget, require_buildx, require_disk
from matlab_sagemaker.project.build_context import REPOSITORIES, Stage
from matlab_sagemaker.project.content import TrainedProject

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from docker.client import DockerClient

    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.github.run import Run
    from matlab_sagemaker.project.build_context import BuildContext
    from matlab_sagemaker.project.content import AnyProject

    # Makes in the engine what a build needs, for its time, and yields the arguments that name it.
    Preparation = Callable[
        [DockerClient, Callable[[str], None]], AbstractContextManager[dict[str, str]]
    ]

Builder = Literal["docker", "folder"]


@dataclass(frozen=True, kw_only=True)
class BuildInputs(signin.ProjectInputs):
    """The inputs of the verbs that build an image."""

    builder: Builder
    find_only: bool


@dataclass(frozen=True, kw_only=True)
class StagedBuildInputs(BuildInputs):
    """The inputs of the verb whose image may also be a candidate."""

    repository: Stage


@dataclass(frozen=True)
class BuildSettings:
    """How a missing image is built: by what, and what has to be made before it."""

    builder: Builder
    stage: Stage = "release"
    token: str = ""  # the batch token, or nothing
    prepare: Preparation | None = None

    @property
    def repositories(self) -> tuple[str, ...]:
        """Where the image may be already; it is built into the last."""
        return REPOSITORIES[self.stage]


def publish(run: Run, aws: Aws, context: BuildContext, settings: BuildSettings) -> dict[str, Any]:
    """Find the image of `context`, or build and push it; report either, and return the outputs."""
    image, into = ecr.find(aws, settings.repositories, context.tag), settings.repositories[-1]
    if image:
        run.log(f"{_named(context, image)} exists already: nothing to do.")
        pushed, changed = 0, False
    else:
        with run.group(f"Building {_brief(into, context)}"):
            address = ecr.require_rules(aws, into)
            pushed = (
                _by_folder(run, aws, context, into)
                if settings.builder == "folder"
                else _by_docker(run, aws, context, settings, address)
            )
            run.log(f"pushed {tables.size(pushed)} of layers")
        image, changed = _require(aws, context, into), True
    title = f"{context.purpose.capitalize()} image"
    run.summary(report.image(title, image, context.tag, changed=changed))
    return _outputs(context, image, pushed, changed=changed)


def _named(context: BuildContext, image: str) -> str:
    """Return the name of an image that ECR has, for people; the outputs have all of it."""
    return _brief(image.partition("/")[2].partition("@")[0], context)


def _brief(repository: str, context: BuildContext) -> str:
    return tables.shorten_digests(f"{repository}:{context.tag}")


def _by_folder(run: Run, aws: Aws, context: BuildContext, repository: str) -> int:
    if code := parsing.code_of(context):
        parsing.require_here(code, run.log)
    built = folder.build(context)
    pushed = ecr.push_blobs(aws, repository, (built.layer, built.config), built.manifest.decode())
    ecr_images.accept(aws, repository, pushed, context.tag)
    return len(built.layer)


def _by_docker(
    run: Run, aws: Aws, context: BuildContext, settings: BuildSettings, address: str
) -> int:
    """Build, try, push and check; what ECR shows under the content's tag has passed all of it."""
    with connected() as engine:
        require_buildx()
        require_disk(engine, context.expected_size)
        reference, login = f"{address}:{ecr.UNCHECKED}{context.tag}", ecr.login(aws)
        run.mask(login[1])
        cache = _cache(run, aws, context, settings, login)
        with run.foreign_text() as log:
            preparing = (
                settings.prepare(engine, log) if settings.prepare else contextlib.nullcontext({})
            )
            try:
                with preparing as prepared:
                    arguments = {**prepared, "COMMIT": run.commit}
                    buildx.build(context, reference, arguments, settings.token, cache, log)
                _try(engine, context, reference, settings.token, log)
                pushed = push.push(engine, reference, login, log)
                into = settings.repositories[-1]
                sizes = ecr_images.accept(aws, into, pushed.digest, context.tag)
            finally:
                forget(engine, reference)
    return sum(sizes.get(layer, 0) for layer in pushed.layers)


def _cache(
    run: Run, aws: Aws, context: BuildContext, settings: BuildSettings, login: tuple[str, str]
) -> buildx.Cache:
    """Return what a build may take over: of a release, nothing that a pull request has written.

    Logins that Docker is given already stay its own.
    """
    images = ecr.newest(aws, settings.repositories, context.purpose)
    hosts = {image.partition("/")[0] for image in images}
    logins = run.secret(buildx.LOGINS) or buildx.logins(hosts, *login)
    return buildx.Cache(tuple(images), logins)


def _try(
    engine: DockerClient,
    context: BuildContext,
    reference: str,
    token: str,
    log: Callable[[str], None],
) -> None:
    """Start what was built before it is pushed."""
    if context.purpose == "training":
        sample_job.try_training(engine, reference, context.engine, token)
    elif code := parsing.code_of(context):
        parsing.require_in_image(engine, reference, code)
    else:
        container.require_start(engine, reference, container.START_S, log)


def find(run: Run, aws: Aws, context: BuildContext, stage: Stage = "release") -> dict[str, Any]:
    """Say whether the image exists, and return the outputs; needs no MATLAB and no Docker."""
    where = REPOSITORIES[stage]
    image = ecr.find(aws, where, context.tag)
    name = _named(context, image) if image else _brief(where[-1], context)
    run.log(f"{name} {'exists' if image else 'does not exist yet'}.")
    title = f"{context.purpose.capitalize()} image"
    run.summary(tables.looked(title, name, found=image is not None))
    return _outputs(context, image, 0, changed=False)


def find_training(run: Run, aws: Aws, project: AnyProject, stage: Stage) -> dict[str, Any]:
    """Say whether the training image is there, or that none is to be built, as `find` does."""
    if isinstance(project, TrainedProject) and not project.training.image:
        return find(run, aws, project.training_image, stage)
    return _not_built(run, aws, project)


def publish_training(
    run: Run, aws: Aws, project: AnyProject, settings: BuildSettings
) -> dict[str, Any]:
    """Find or build the training image as `publish` does, or say that none is to be built."""
    if isinstance(project, TrainedProject) and not project.training.image:
        return publish(run, aws, project.training_image, settings)
    return _not_built(run, aws, project)


def _not_built(run: Run, aws: Aws, project: AnyProject) -> dict[str, Any]:
    """Say what the model is made with in place of an image of the kit's; return the outputs."""
    image, why = "", "the model exists already: nothing is trained"
    if isinstance(project, TrainedProject):
        image = ecr_images.require_own_training(aws, str(project.training.image))
        why = "training.image names one"
        if flaw := ecr_images.why_not_derived(aws, image):
            run.warn(f"A model that is trained on training.image is not deployed. {flaw}")
        if lack := ecr_images.which_products_lack(aws, image, project.settings.matlab):
            run.warn(f"{lack} {ecr_images.HOLD_PRODUCTS}")
    run.log(f"No training image is built, since {why}.")
    run.summary(f"### Training image: not built\n\nIn sagemaker.yml {why}.\n")
    nothing = {"tag": "", "changed": False, "pushed-bytes": 0}
    return {"found": bool(image), "image": image, **nothing}


def _outputs(
    context: BuildContext, image: str | None, pushed_bytes: int, *, changed: bool
) -> dict[str, Any]:
    return {
        "found": image is not None,
        "image": image or "",
        "tag": context.tag,
        "changed": changed,
        "pushed-bytes": pushed_bytes,  # 0 where it was there already
    }


def _require(aws: Aws, context: BuildContext, repository: str) -> str:
    image = ecr.find(aws, (repository,), context.tag)
    if image is None:
        raise ImageError(
            f"{repository}:{context.tag} was pushed, but ECR does not show it.",
            do="Run again. If it happens again, look at the repository in the ECR console.",
        )
    return image
