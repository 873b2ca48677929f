"""Builds an image with `docker buildx build`, since only BuildKit can pass secrets to a build.

Source: https://docs.docker.com/build/building/secrets/
"""

from __future__ import annotations

import base64
import json
import re
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from matlab_sagemaker import shell
from matlab_sagemaker.images import build_errors
from matlab_sagemaker.project import build_context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from matlab_sagemaker.project.build_context import BuildContext

TOKEN = "MLM_LICENSE_TOKEN"  # noqa: S105 (the name of matlab-batch's variable)
# Holds logins in addition to those in Docker's settings. An older buildx ignores it and then
# builds without the cache.
# Source: https://docs.docker.com/reference/cli/docker/#environment-variables
LOGINS = "DOCKER_AUTH_CONFIG"


@dataclass(frozen=True)
class Cache:
    """Images in a registry whose layers the build reuses."""

    images: tuple[str, ...]
    logins: str  # the value for the variable LOGINS

    @property
    def options(self) -> list[str]:
        """Options of `docker buildx build` that name these images."""
        return [f"--cache-from=type=registry,ref={image}" for image in self.images]


def logins(hosts: Iterable[str], user: str, password: str) -> str:
    """Format one login for all registries in `hosts`, as Cache.logins."""
    login = base64.b64encode(f"{user}:{password}".encode()).decode()
    return json.dumps({"auths": {host: {"auth": login} for host in hosts}})


def build(
    context: BuildContext,
    reference: str,
    arguments: Mapping[str, str],
    token: str,
    cache: Cache,
    log: Callable[[str], None],
) -> None:
    """Build `context` in the engine as the image `reference`; raise a KitError if that fails.

    `arguments` are build arguments in addition to the context's own. The batch token, if there is
    one, is passed as a build secret, so no layer contains it. If the cache cannot be read, the
    build goes on without it.
    """
    with tempfile.TemporaryDirectory() as folder:
        build_context.lay_out(context.files, Path(folder))
        command = [
            *_COMMAND,
            "--builder",
            _builder(),
            "--tag",
            reference,
            "--target",
            context.purpose,
        ]
        for name, value in {**context.build_arguments, **arguments, **_marks(context)}.items():
            command += ["--build-arg", f"{name}={value}"]
        if token:
            command += ["--secret", f"id=batch-token,env={TOKEN}"]
        given = {TOKEN: token, LOGINS: cache.logins}
        _run(context, [*command, *cache.options, folder], given, log)
        if cache.images:
            # Older engines do not list layers that came from another image's cache in this image's
            # cache. Everything is in the engine's own cache now, so a second build lists them all.
            _run(context, [*command, folder], given, lambda _: None)


def _marks(context: BuildContext) -> dict[str, str]:
    """Return the image's labels, and the argument that makes every build check the licence."""
    return {"KEY": context.key, "LICENCE_CHECK": secrets.token_hex(4)}


def _builder() -> str:
    """Name the engine's own builder; one in a container would not see the engine's images.

    It has the name of the current Docker context (`default` if DOCKER_HOST is set).
    """
    return shell.run(["docker", "context", "show"], what="Asking Docker for its context").strip()


# No attestations: with them the image becomes an index, which SageMaker refuses. `inline` writes
# the cache into the image's configuration: digests of what each layer was made from.
# Source: https://docs.docker.com/build/cache/backends/inline/
_COMMAND = (
    "docker", "buildx", "build", "--progress", "plain", "--platform", "linux/amd64",
    "--provenance=false", "--sbom=false", "--load", "--cache-to=type=inline",
)  # fmt: skip


class BuildProgress:
    """Shows the progress of a build and the output of mpm; keeps the rest for the error message."""

    _STAGE = re.compile(r"#\d+ (\[|CACHED|DONE|ERROR)|ERROR")
    _INSTALLS = re.compile(r"(#\d+ )\[.*mpm install")
    _CACHE = re.compile(r"(#\d+ )importing cache manifest from ")

    def __init__(self, log: Callable[[str], None]) -> None:
        self._log = log
        self._step = "#no step yet"
        self._caches: set[str] = set()
        self._lines: list[str] = []

    @property
    def last(self) -> str:
        """The last lines, without those about reading the cache, which never fail a build."""
        return "\n".join(self._lines[-40:])

    def take(self, line: str) -> None:
        """Read one line of output, and log it if it shows progress."""
        if caches := self._CACHE.match(line):
            self._caches.add(caches[1])
        if installs := self._INSTALLS.match(line):
            self._step = installs[1]
        of_cache = line.startswith(tuple(self._caches))
        if not of_cache:
            self._lines.append(line)
        if of_cache or self._STAGE.match(line) or line.startswith(self._step):
            self._log(line)


def _run(
    context: BuildContext,
    command: list[str],
    environment: Mapping[str, str],
    log: Callable[[str], None],
) -> None:
    progress = BuildProgress(log)
    if shell.stream(command, environment, progress.take):
        raise build_errors.explained(progress.last, context)
