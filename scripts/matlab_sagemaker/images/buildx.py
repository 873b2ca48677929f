"""Builds an image from a context with `docker buildx build`: only BuildKit has secrets.

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
# Logins beside those of Docker's settings; a buildx that does not know it has no cache.
# Source: https://docs.docker.com/reference/cli/docker/#environment-variables
LOGINS = "DOCKER_AUTH_CONFIG"


@dataclass(frozen=True)
class Cache:
    """Images of a registry, whose layers are taken over where they would be made again."""

    images: tuple[str, ...]
    logins: str  # as the variable LOGINS holds them

    @property
    def options(self) -> list[str]:
        """What names the images to a build."""
        return [f"--cache-from=type=registry,ref={image}" for image in self.images]


def logins(hosts: Iterable[str], user: str, password: str) -> str:
    """Return a login to the registries `hosts`, for a Cache."""
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
    """Build `context` as the image `reference` into the engine; raise a KitError that says why not.

    `arguments` are build arguments beside the context's own. The batch token, where there is one,
    reaches the build as a secret: it is in no layer. A cache that cannot be had is done without.
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
            # Older engines leave what came from another image's cache out of this one's. All is in
            # the engine's own cache now: built again from that only, the image names it all.
            _run(context, [*command, folder], given, lambda _: None)


def _marks(context: BuildContext) -> dict[str, str]:
    """Return what labels the image, and what has its licence checked in every build."""
    return {"KEY": context.key, "LICENCE_CHECK": secrets.token_hex(4)}


def _builder() -> str:
    """Return the engine's own builder: a container's would not see the images that it has.

    It has the name of the context by which the engine is found: `default` with DOCKER_HOST.
    """
    return shell.run(["docker", "context", "show"], what="Asking Docker for its context").strip()


# No attestations: they make an index of the image, which SageMaker refuses. The cache is a field of
# the image's configuration: what each of its layers was made of, as digests.
# Source: https://docs.docker.com/build/cache/backends/inline/
_COMMAND = (
    "docker", "buildx", "build", "--progress", "plain", "--platform", "linux/amd64",
    "--provenance=false", "--sbom=false", "--load", "--cache-to=type=inline",
)  # fmt: skip


class BuildProgress:
    """Picks the lines of a build that are shown: what it is doing, and the output of mpm.

    What other steps print is shown where one fails.
    """

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
        """The last lines; nothing of the cache, without which a build goes on."""
        return "\n".join(self._lines[-40:])

    def take(self, line: str) -> None:
        """Take in a line."""
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
