"""Turns the last lines of a failed build into an error that names cause and remedy. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from matlab_sagemaker.errors import (
    DiskFullError,
    DockerMissingError,
    ImageError,
    LicenceError,
    UnknownProductError,
    UnknownReleaseError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matlab_sagemaker.errors import KitError
    from matlab_sagemaker.project.build_context import BuildContext

    Meaning = tuple[str, Callable[[str], KitError]]


def explained(said: str, context: BuildContext) -> KitError:
    """Find the error that matches `said`, the last lines of a failed build of `context`."""
    meanings = _MICROSERVICE_MEANINGS if context.takes_over else _MEANINGS
    return _meant(said, meanings) or ImageError(
        "The image could not be built.", why=said, do="Fix the error in the log above."
    )


def of_engine(said: str) -> KitError | None:
    """Find the error if the last lines show a full disk or a lost engine; else None."""
    return _meant(said, _OF_ENGINE)


def _meant(said: str, meanings: Sequence[Meaning]) -> KitError | None:
    for words, error in meanings:
        if re.search(words, said, re.IGNORECASE):
            return error(said)
    return None


def gone(said: str) -> DockerMissingError:
    """Make the error for an engine that stopped or no longer answers."""
    return DockerMissingError(
        "The connection to the Docker engine was lost.",
        why=said,
        do="Find out why (`sudo journalctl -u docker`, memory, disk), start Docker and run again.",
    )


def _full(said: str) -> KitError:
    return DiskFullError(
        "The Docker engine's disk is full.",
        why=said,
        do="Free some space (`docker system prune`) or use a machine with more; then run again.",
    )


def _limited(said: str) -> KitError:
    return ImageError(
        "The base image's registry refused: too many requests from this machine.",
        why=said,
        do="Log in to it first (`docker login`), set matlab.base_image to a copy of the image in "
        "another registry, or wait; then run again.",
    )


def _expired(said: str) -> KitError:
    return ImageError(
        "The login to the base image's registry has expired.",
        why=said,
        do="Log in again (`docker login`; a login to ECR lasts 12 hours), then run again.",
    )


def _packages(said: str) -> KitError:
    return ImageError(
        "The build could not fetch the packages it installs.",
        why=said,
        do="Builds in this engine must reach the Linux distribution's archive and the Python "
        "package index: check DNS, proxy and firewall. If the archive that matlab.base_image "
        "uses does not have a package, use another base image. Then run again.",
    )


def _unreached(said: str) -> KitError:
    return ImageError(
        "The build could not download what it needs.",
        why=said,
        do="If the base image's name is wrong, correct matlab.base_image or matlab.release in "
        "sagemaker.yml. Otherwise make sure that this machine can reach the address above. Then "
        "run again.",
    )


def _licence(said: str) -> KitError:
    return LicenceError(
        "MATLAB's licence check failed during the build.",
        why=said,
        do="Put a valid batch token into the secret behind MLM_LICENSE_TOKEN, then run again.",
    )


def _product(said: str) -> KitError:
    return UnknownProductError(
        "mpm could not install the products.",
        why=said,
        do="Correct matlab.products in sagemaker.yml: list only products of this release.",
    )


def _mpm(said: str) -> KitError:
    return ImageError(
        "mpm could not install MATLAB and its products.",
        why=said,
        do="See its output above. Let this machine reach www.mathworks.com, and free some space "
        "if the disk is full. Otherwise run again.",
    )


def _release(said: str) -> KitError:
    return UnknownReleaseError(
        "This MATLAB release does not exist, or it has no base image.",
        why=said,
        do="Correct matlab.release in sagemaker.yml, or set matlab.base_image.",
    )


def _python(said: str) -> KitError:
    return ImageError(
        "The base image's python3 is too old: the kit needs 3.10 or later.",
        why=said,
        do="Set matlab.base_image to a newer image (Debian 12 and Ubuntu 22.04 are new enough). If "
        "it is MATLAB Compiler SDK's microservice image, set a newer matlab.release.",
    )


def _microservice(said: str) -> KitError:
    return ImageError(
        "The build cannot find the microservice image that MATLAB has just built.",
        why=said,
        do="MATLAB and this step must use the same Docker engine (check DOCKER_HOST and `docker "
        "context show`), and nothing may remove images there during the build. Then run again.",
    )


# The first match counts: a full disk causes other errors too, and so does an unknown release.
_OF_ENGINE: tuple[Meaning, ...] = (
    (r"no space left on device", _full),
    (r"cannot connect to the docker daemon", gone),
    (r"failed to receive status: rpc error: code = Unavailable", gone),
)
_ANY_BUILD: tuple[Meaning, ...] = (
    *_OF_ENGINE,
    (r"licence check failed", _licence),
    (r"python3 is too old", _python),
    # From Docker Hub; source: https://docs.docker.com/docker-hub/usage/pulls/
    (r"toomanyrequests|429 Too Many Requests|reached your[^\n]* pull rate limit", _limited),
    (r"authorization token has expired", _expired),
    (r"Max retries exceeded|Failed to establish a new connection", _packages),  # pip
    (r"Unable to locate package|Temporary failure (in name resolution|resolving)", _packages),
)
_MEANINGS = (
    *_ANY_BUILD,
    (r"(cannot|could not|unable to) (reach|connect|resolve)", _unreached),
    (r"no such host|connection refused|i/o timeout|TLS handshake", _unreached),
    # From mpm; source: https://github.com/matlab-actions/setup-matlab/issues/199
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
# If the engine does not have the base image, it asks a registry, which never has this one.
_MICROSERVICE_MEANINGS = (
    *_ANY_BUILD,
    (
        r"pull access denied|repository does not exist"
        r"|create LLB definition|resolve source metadata",
        _microservice,
    ),
    *_MEANINGS,
)
