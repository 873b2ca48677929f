"""MATLAB products: what the job needs against what the image holds."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from failure import JobError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

REQUIRED = "MATLAB_REQUIRED_PRODUCTS"  # of the job: names as mpm has them, separated by spaces
HELD = "MATLAB_SAGEMAKER_PRODUCTS"  # of the image
RELEASE = "MATLAB_SAGEMAKER_RELEASE"
ROOT = "MATLAB_SAGEMAKER_ROOT"  # where MATLAB is installed
LASTING = (
    "Name them under matlab.products in sagemaker.yml and run build-training-image: then the image "
    "holds them."
)


def products_of(environ: Mapping[str, str]) -> list[str]:
    """Return the products that a job has: those of the image, and what is installed for it."""
    return sorted({*environ.get(HELD, "").split(), *environ.get(REQUIRED, "").split()})


def missing_products(environ: Mapping[str, str]) -> list[str]:
    """Return the products that the job requires and the image lacks."""
    held = {"MATLAB", *environ.get(HELD, "").split()}
    return [name for name in dict.fromkeys(environ.get(REQUIRED, "").split()) if name not in held]


def add_products(
    environ: Mapping[str, str],
    run: Callable[[Sequence[str]], int],
    stopping: Callable[[], bool],
) -> int:
    """Install what the image lacks, saying what that costs; return 0, or how a stop ended it.

    `run` runs a command to its end and returns its exit code; `stopping` tells whether the job is
    to stop. Raises JobError when there is no mpm, or when it fails by itself.
    """
    missing = missing_products(environ)
    if not missing:
        return 0
    command = install_command(missing, environ)
    print(
        f"warning: The training image lacks {', '.join(missing)}. Installing takes minutes of this "
        f"job's billed time, in every job.\n{LASTING}",
        flush=True,
    )
    code = run(command)
    if code and not stopping():
        raise JobError(
            "sagemaker_training:products:install",
            f"mpm could not install {', '.join(missing)} (exit code {code}).",
            "The log has its words. A name may be unknown to mpm, which writes names with "
            "underscores; a job with EnableNetworkIsolation cannot download anything.",
            LASTING,
        )
    return code


def install_command(products: list[str], environ: Mapping[str, str]) -> list[str]:
    """Return mpm's command. Raises JobError when the image cannot install anything."""
    mpm = shutil.which("mpm", path=environ.get("PATH", os.defpath))
    absent = [name for name in (RELEASE, ROOT) if not environ.get(name)]
    if mpm is None or absent:
        raise JobError(
            "sagemaker_training:products:missing",
            f"The training image lacks {', '.join(products)} and cannot install them.",
            f"There is no {' and no '.join(absent) or 'mpm on PATH'} in it.",
            LASTING,
        )
    options = [f"--release={environ[RELEASE]}", f"--destination={environ[ROOT]}"]
    return [mpm, "install", *options, "--products", *products]
