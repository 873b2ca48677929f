"""Builds an image from a context by `docker buildx build`: BuildKit alone has secrets.

Source: https://docs.docker.com/build/building/secrets/
"""

from __future__ import annotations

import re
import secrets
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from matlab_sagemaker import contexts, shell
from matlab_sagemaker.errors import (
    DiskFullError,
    ImageError,
    LicenceError,
    UnknownProductError,
    UnknownReleaseError,
)
from matlab_sagemaker.images.docker import gone

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from matlab_sagemaker.contexts import Context
    from matlab_sagemaker.errors import KitError

    Meaning = tuple[str, Callable[[str], KitError]]

TOKEN = "MLM_LICENSE_TOKEN"  # noqa: S105 (the name of matlab-batch's variable)


def build(
    context: Context,
    reference: str,
    arguments: Mapping[str, str],
    token: str,
    log: Callable[[str], None],
) -> None:
    """Build `context` as the image `reference` into the engine; raise a KitError that says why not.

    `arguments` are build arguments beside the context's own. The batch token, where there is one,
    reaches the build as a secret: it is in no layer.
    """
    with tempfile.TemporaryDirectory() as folder:
        contexts.lay_out(context.files, Path(folder))
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
        _run([*command, folder], token, log)


def _marks(context: Context) -> dict[str, str]:
    """Return what labels the image, and what has its licence checked in every build."""
    return {"KEY": context.key, "LICENCE_CHECK": secrets.token_hex(4)}


def _builder() -> str:
    """Return the engine's own builder: a container's would not see the images that it has.

    It has the name of the context by which the engine is found: `default` with DOCKER_HOST.
    """
    return shell.run(["docker", "context", "show"], what="Asking Docker for its context").strip()


# No attestations: they make an index of the image, which SageMaker refuses.
_COMMAND = (
    "docker", "buildx", "build", "--progress", "plain",
    "--platform", "linux/amd64", "--provenance=false", "--sbom=false", "--load",
)  # fmt: skip


class Progress:
    """What of a build's lines is told: what it is doing, and what the long step prints, mpm's.

    What other steps print is shown where one fails.
    """

    _STAGE = re.compile(r"#\d+ (\[|CACHED|DONE|ERROR)|ERROR")
    _INSTALLS = re.compile(r"(#\d+ )\[.*mpm install")

    def __init__(self, log: Callable[[str], None]) -> None:
        self._log = log
        self._step = "#no step yet"

    def take(self, line: str) -> None:
        """Take in a line."""
        if installs := self._INSTALLS.match(line):
            self._step = installs[1]
        if self._STAGE.match(line) or line.startswith(self._step):
            self._log(line)


def _run(command: list[str], token: str, log: Callable[[str], None]) -> None:
    lines: list[str] = []
    progress = Progress(log)

    def take(line: str) -> None:
        lines.append(line)
        progress.take(line)

    if shell.stream(command, {TOKEN: token}, take):
        raise explained("\n".join(lines[-40:]))


def of_engine(said: str) -> KitError | None:
    """Return the error of a full disk or a lost engine, where the last lines tell of it. Pure."""
    return _meant(said, _OF_ENGINE)


def explained(said: str) -> KitError:
    """Return the error that the last lines of a failed build mean. Pure."""
    return _meant(said, _MEANINGS) or ImageError(
        "The image was not built.", why=said, do="Correct what is said above."
    )


def _meant(said: str, meanings: Sequence[Meaning]) -> KitError | None:
    for words, error in meanings:
        if re.search(words, said, re.IGNORECASE):
            return error(said)
    return None


def _full(said: str) -> KitError:
    return DiskFullError(
        "The disk became full while the image was built.",
        why=said,
        do="Free some (`docker system prune`), or build on a larger machine, then run again.",
    )


def _unreached(said: str) -> KitError:
    return ImageError(
        "The build could not fetch what it needs.",
        why=said,
        do="Where the base image's name is wrong, correct matlab.base_image or matlab.release in "
        "sagemaker.yml; else let this machine reach the address named above, then run again.",
    )


def _licence(said: str) -> KitError:
    return LicenceError(
        "MATLAB's licence check failed in the build.",
        why=said,
        do="Put a valid batch token into the secret that gives MLM_LICENSE_TOKEN, then run again.",
    )


def _product(said: str) -> KitError:
    return UnknownProductError(
        "mpm did not install the products.",
        why=said,
        do="Correct matlab.products in sagemaker.yml: products that this release has.",
    )


def _mpm(said: str) -> KitError:
    return ImageError(
        "mpm did not install MATLAB and its products.",
        why=said,
        do="Its words are above. Where this machine cannot reach www.mathworks.com, let it; where "
        "the disk has no room, free some; else run again.",
    )


def _release(said: str) -> KitError:
    return UnknownReleaseError(
        "There is no such MATLAB release, or no base image of it.",
        why=said,
        do="Correct matlab.release in sagemaker.yml, or name a base image with matlab.base_image.",
    )


def _python(said: str) -> ImageError:
    return ImageError(
        "The base image's python3 is too old for the kit's programs, which need 3.10.",
        why=said,
        do="Name a newer image with matlab.base_image (Debian 12 and Ubuntu 22.04 have it). Where "
        "it is MATLAB Compiler SDK's microservice image, choose a newer matlab.release.",
    )


# In this order: a full disk makes other things fail, an unknown release leaves products out.
_OF_ENGINE: tuple[Meaning, ...] = (
    (r"no space left on device", _full),
    (r"cannot connect to the docker daemon", gone),
    (r"failed to receive status: rpc error: code = Unavailable", gone),
)
_MEANINGS: tuple[Meaning, ...] = (
    *_OF_ENGINE,
    (r"licence check failed", _licence),
    (r"python3 is too old", _python),
    (r"(cannot|could not|unable to) (reach|connect|resolve)", _unreached),
    (r"no such host|connection refused|i/o timeout|TLS handshake", _unreached),
    # mpm's words; source: https://github.com/matlab-actions/setup-matlab/issues/199
    (r"unsupported release version|does not support release version", _release),
    (r"unrecogni[sz]ed products?", _product),
    (r"products were not installed", _mpm),
    (r"pull access denied|repository does not exist", _release),
    (
        r"(create LLB definition|resolve source metadata)[^\n]*"
        r"(not found|manifest unknown|access denied|insufficient_scope)",
        _release,
    ),
)
