"""An image from its context to ECR: the way that both verbs go which make one."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matlab_sagemaker import images, opening, report
from matlab_sagemaker.aws import acceptance, registry, repositories
from matlab_sagemaker.errors import ImageError
from matlab_sagemaker.images import build, docker, folder, push, serving, trial

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from docker.client import DockerClient

    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.contexts import Context
    from matlab_sagemaker.github import Run

    # Makes in the engine what a build needs, for its time, and yields the arguments that name it.
    Prepare = Callable[
        [DockerClient, Callable[[str], None]], AbstractContextManager[dict[str, str]]
    ]


@dataclass(frozen=True, kw_only=True)
class Inputs(opening.Inputs):
    """The inputs of both."""

    builder: images.Builder


@dataclass(frozen=True)
class Making:
    """How an image is made that is not there: by what, and what has to be made before it."""

    builder: images.Builder
    token: str = ""
    prepare: Prepare | None = None


def publish(run: Run, aws: Aws, context: Context, making: Making) -> dict[str, Any]:
    """Find the image of `context`, or build and push it; report either, and return the outputs."""
    image = registry.find(aws, context.repository, context.tag)
    if image:
        run.log(f"{context.repository}:{context.tag} is there already: nothing to do.")
        pushed, changed = 0, False
    else:
        with run.group(f"Building {context.repository}:{context.tag}"):
            pushed = (
                _by_folder(aws, context)
                if making.builder == "folder"
                else _by_docker(run, aws, context, making)
            )
            run.log(f"{pushed} bytes of layers sent")
        run.warn(repositories.tend(aws, context.repository))
        image, changed = _require(aws, context), True
    title = f"{context.purpose.capitalize()} image"
    run.summary(report.image(title, image.uri, context.tag, changed=changed))
    return _outputs(context, image, pushed, changed=changed)


def _by_folder(aws: Aws, context: Context) -> int:
    built = folder.build(context)
    registry.push_folder(aws, context.repository, context.tag, built)
    return len(built.layer)


def _by_docker(run: Run, aws: Aws, context: Context, making: Making) -> int:
    """Build, try, push and check; what ECR shows under the content's tag has passed all of it."""
    waiting = acceptance.unchecked(context.tag)
    with docker.connected() as engine:
        docker.require_buildx()
        docker.require_disk(engine, context.expected_size)
        address = repositories.require(aws, context.repository)
        reference, login = f"{address}:{waiting}", registry.login(aws)
        run.mask(login[1])
        cache = _cache(run, aws, context, address, login)
        with run.foreign_text() as log:
            preparing = (
                making.prepare(engine, log) if making.prepare else contextlib.nullcontext({})
            )
            try:
                with preparing as prepared:
                    arguments = {**prepared, "COMMIT": run.commit}
                    build.build(context, reference, arguments, making.token, cache, log)
                _try(engine, context, reference, making.token, log)
                with acceptance.discarding(aws, context.repository, waiting):
                    sent = push.push(engine, reference, login, log)
                    sizes = acceptance.accept(aws, context.repository, waiting, context.tag)
            finally:
                docker.forget(engine, reference)
    return sum(sizes.get(layer, 0) for layer in sent)


def _cache(
    run: Run, aws: Aws, context: Context, address: str, login: tuple[str, str]
) -> build.Cache:
    """Return what a build here may take over; logins that Docker is given already stay its own."""
    tags = registry.newest(aws, context.repository, context.engine)
    logins = run.secret(build.LOGINS) or build.logins(address.partition("/")[0], *login)
    return build.Cache(tuple(f"{address}:{tag}" for tag in tags), logins)


def _try(
    engine: DockerClient, context: Context, reference: str, token: str, log: Callable[[str], None]
) -> None:
    """Start what was built before it is pushed."""
    if context.purpose == "training":
        trial.try_training(engine, reference, context.engine, token)
    elif context.engine == "octave":
        trial.try_handler(engine, reference)
    else:
        serving.require_start(engine, reference, serving.START_S, log)


def look(run: Run, aws: Aws, context: Context) -> dict[str, Any]:
    """Say whether the image is there, and return the outputs: no MATLAB and no Docker needed."""
    image = registry.find(aws, context.repository, context.tag)
    run.log(f"{context.repository}:{context.tag} is {'there' if image else 'not there yet'}.")
    title, name = f"{context.purpose.capitalize()} image", f"{context.repository}:{context.tag}"
    run.summary(report.looked(title, name, found=image is not None))
    return {"found": image is not None, **_outputs(context, image, 0, changed=False)}


def _outputs(
    context: Context, image: registry.Image | None, pushed_bytes: int, *, changed: bool
) -> dict[str, Any]:
    return {
        "image": image.uri if image else "",
        "tag": context.tag,
        "changed": changed,
        "pushed-bytes": pushed_bytes,  # 0 where it was there already
    }


def _require(aws: Aws, context: Context) -> registry.Image:
    image = registry.find(aws, context.repository, context.tag)
    if image is None:
        raise ImageError(
            f"{context.repository}:{context.tag} was pushed, but ECR does not show it.",
            do="Run again; if it stays so, look at the repository in the ECR console.",
        )
    return image
