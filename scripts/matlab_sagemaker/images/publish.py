"""Gets an image into ECR: finds it there, or builds, tries, pushes and checks it."""

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

    # Makes something in the engine that the build needs, yields the build arguments that name it,
    # and removes it after the build.
    Preparation = Callable[
        [DockerClient, Callable[[str], None]], AbstractContextManager[dict[str, str]]
    ]

Builder = Literal["docker", "folder"]


@dataclass(frozen=True, kw_only=True)
class BuildInputs(signin.ProjectInputs):
    """The inputs of the commands that build an image."""

    builder: Builder
    find_only: bool


@dataclass(frozen=True, kw_only=True)
class StagedBuildInputs(BuildInputs):
    """The inputs of the command whose image may also go to the candidate repository."""

    repository: Stage


@dataclass(frozen=True)
class BuildSettings:
    """How to build an image that is not in ECR."""

    builder: Builder
    stage: Stage = "release"
    token: str = ""  # the batch token, or empty
    prepare: Preparation | None = None  # runs before the build

    @property
    def repositories(self) -> tuple[str, ...]:
        """Where to look for the image; a new one is pushed to the last of them."""
        return REPOSITORIES[self.stage]


def publish(run: Run, aws: Aws, context: BuildContext, settings: BuildSettings) -> dict[str, Any]:
    """Find the image of `context`, or build and push it; report that and return the outputs."""
    image, into = ecr.find(aws, settings.repositories, context.tag), settings.repositories[-1]
    if image:
        run.log(f"{_named(context, image)} exists already: nothing to do.")
        pushed, changed = 0, False
    else:
        with run.group(f"Building {into}:{context.tag}"):
            address = ecr.require_rules(aws, into)
            pushed = (
                _by_folder(run, aws, context, into)
                if settings.builder == "folder"
                else _by_docker(run, aws, context, settings, address)
            )
            run.log(f"{pushed} bytes of layers sent")
        image, changed = _require(aws, context, into), True
    title = f"{context.purpose.capitalize()} image"
    run.summary(report.image(title, image, context.tag, changed=changed))
    return _outputs(context, image, pushed, changed=changed)


def _named(context: BuildContext, image: str) -> str:
    """Name an image in ECR without its registry: repository:tag."""
    return f"{image.partition('/')[2].partition('@')[0]}:{context.tag}"


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
    """Build, try, push and check; the image gets its final tag only after all of that."""
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
    """Choose the images whose layers a build reuses; a release reuses none from pull requests.

    If the caller has already set logins for Docker, those are used.
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
    """Run the new image, or parse its handler, before it is pushed."""
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
    name = _named(context, image) if image else f"{where[-1]}:{context.tag}"
    run.log(f"{name} {'exists' if image else 'does not exist yet'}.")
    title = f"{context.purpose.capitalize()} image"
    run.summary(tables.looked(title, name, found=image is not None))
    return _outputs(context, image, 0, changed=False)


def find_training(run: Run, aws: Aws, project: AnyProject, stage: Stage) -> dict[str, Any]:
    """Do what `find` does for the training image; if none is built, say why."""
    if isinstance(project, TrainedProject) and not project.training.image:
        return find(run, aws, project.training_image, stage)
    return _not_built(run, aws, project)


def publish_training(
    run: Run, aws: Aws, project: AnyProject, settings: BuildSettings
) -> dict[str, Any]:
    """Do what `publish` does for the training image; if none is built, say why."""
    if isinstance(project, TrainedProject) and not project.training.image:
        return publish(run, aws, project.training_image, settings)
    return _not_built(run, aws, project)


def _not_built(run: Run, aws: Aws, project: AnyProject) -> dict[str, Any]:
    """Say why no training image is built, check the user's own one, and return the outputs."""
    image, why = "", "the model exists already, so nothing is trained"
    if isinstance(project, TrainedProject):
        image = ecr_images.require_own_training(aws, str(project.training.image))
        why = "training.image names one"
        if flaw := ecr_images.why_not_derived(aws, image):
            run.warn(f"A model trained on training.image cannot be deployed. {flaw}")
        if lack := ecr_images.which_products_lack(aws, image, project.settings.matlab):
            run.warn(f"{lack} {ecr_images.HOLD_PRODUCTS}")
    run.log(f"No training image is built: in sagemaker.yml, {why}.")
    run.summary(f"### Training image: not built\n\nIn sagemaker.yml, {why}.\n")
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
        "pushed-bytes": pushed_bytes,  # 0 if the image was in ECR already
    }


def _require(aws: Aws, context: BuildContext, repository: str) -> str:
    image = ecr.find(aws, (repository,), context.tag)
    if image is None:
        raise ImageError(
            f"{repository}:{context.tag} was pushed, but ECR does not show it.",
            do="Run again. If that does not help, look at the repository in the ECR console.",
        )
    return image
