"""What the last lines of a failed build mean: each cause with its own cure. Pure."""

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
    """Turn the last lines of a failed build of `context` into the error that they mean."""
    meanings = _MICROSERVICE_MEANINGS if context.takes_over else _MEANINGS
    return _meant(said, meanings) or ImageError(
        "The image was not built.", why=said, do="Correct what the log above says."
    )


def of_engine(said: str) -> KitError | None:
    """Return the error of a full disk or a lost engine, where the last lines tell of it."""
    return _meant(said, _OF_ENGINE)


def _meant(said: str, meanings: Sequence[Meaning]) -> KitError | None:
    for words, error in meanings:
        if re.search(words, said, re.IGNORECASE):
            return error(said)
    return None


def gone(said: str) -> DockerMissingError:
    """Return the error that the engine ended, or does not answer any more."""
    return DockerMissingError(
        "The connection to the Docker engine was lost.",
        why=said,
        do="See why (`sudo journalctl -u docker`, memory, disk), start it, and run again.",
    )


def _full(said: str) -> KitError:
    return DiskFullError(
        "The disk of the Docker engine is full.",
        why=said,
        do="Free space (`docker system prune`), or use a larger machine, then run again.",
    )


def _limited(said: str) -> KitError:
    return ImageError(
        "The base image's registry has had too many requests from this machine.",
        why=said,
        do="Log in there first (`docker login`), or name a copy of the base image in another "
        "registry with matlab.base_image; or wait, and run again.",
    )


def _expired(said: str) -> KitError:
    return ImageError(
        "The login to the base image's registry has expired.",
        why=said,
        do="Log in there again (`docker login`; a login to ECR lasts 12 hours), then run again.",
    )


def _packages(said: str) -> KitError:
    return ImageError(
        "The build could not fetch the packages that it installs.",
        why=said,
        do="Let the engine's builds reach the distribution's archive and the package index "
        "(name service, proxy, firewall); if the archive of matlab.base_image does not have "
        "a package, name an image that has it. Then run again.",
    )


def _unreached(said: str) -> KitError:
    return ImageError(
        "The build could not fetch what it needs.",
        why=said,
        do="If the base image's name is wrong, correct matlab.base_image or matlab.release in "
        "sagemaker.yml. Otherwise let this machine reach the address named above. Then run "
        "again.",
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
        do="Its output is above. If this machine cannot reach www.mathworks.com, allow it. If "
        "the disk is full, free some space. Otherwise run again.",
    )


def _release(said: str) -> KitError:
    return UnknownReleaseError(
        "There is no such MATLAB release, or it has no base image.",
        why=said,
        do="Correct matlab.release in sagemaker.yml, or name a base image with matlab.base_image.",
    )


def _python(said: str) -> KitError:
    return ImageError(
        "The base image's python3 is too old for the kit's programs, which need 3.10.",
        why=said,
        do="Name a newer image with matlab.base_image (Debian 12 and Ubuntu 22.04 have it). Where "
        "it is MATLAB Compiler SDK's microservice image, choose a newer matlab.release.",
    )


def _microservice(said: str) -> KitError:
    return ImageError(
        "The build does not find the microservice image that MATLAB has just built.",
        why=said,
        do="MATLAB and this step must use the same Docker engine (DOCKER_HOST, or the Docker "
        "context, names it), and nothing may remove images there meanwhile; then run again.",
    )


# In this order: a full disk makes other things fail, an unknown release leaves products out.
_OF_ENGINE: tuple[Meaning, ...] = (
    (r"no space left on device", _full),
    (r"cannot connect to the docker daemon", gone),
    (r"failed to receive status: rpc error: code = Unavailable", gone),
)
_ANY_BUILD: tuple[Meaning, ...] = (
    *_OF_ENGINE,
    (r"licence check failed", _licence),
    (r"python3 is too old", _python),
    # Docker Hub's; source: https://docs.docker.com/docker-hub/usage/pulls/
    (r"toomanyrequests|429 Too Many Requests|reached your[^\n]* pull rate limit", _limited),
    (r"authorization token has expired", _expired),
    (r"Max retries exceeded|Failed to establish a new connection", _packages),  # pip
    (r"Unable to locate package|Temporary failure (in name resolution|resolving)", _packages),
)
_MEANINGS = (
    *_ANY_BUILD,
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
# A base that the engine does not have is looked for in a registry, which has it even less.
_MICROSERVICE_MEANINGS = (
    *_ANY_BUILD,
    (
        r"pull access denied|repository does not exist"
        r"|create LLB definition|resolve source metadata",
        _microservice,
    ),
    *_MEANINGS,
)
