"""Installs the MATLAB products that the job needs but the image does not have."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from failure import JobError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

REQUIRED = "MATLAB_REQUIRED_PRODUCTS"  # of the job: names as for mpm, separated by spaces
HELD = "MATLAB_SAGEMAKER_PRODUCTS"  # of the image
RELEASE = "MATLAB_SAGEMAKER_RELEASE"
ROOT = "MATLAB_SAGEMAKER_ROOT"  # where MATLAB is installed
LASTING = (
    "Add them to matlab.products in sagemaker.yml and run build-training-image: then the image has "
    "them."
)


def products_of(environ: Mapping[str, str]) -> list[str]:
    """List the products in a job: those of the image, and those installed for the job."""
    return sorted({*environ.get(HELD, "").split(), *environ.get(REQUIRED, "").split()})


def missing_products(environ: Mapping[str, str]) -> list[str]:
    """List the products that the job requires but the image does not have."""
    held = {"MATLAB", *environ.get(HELD, "").split()}
    return [name for name in dict.fromkeys(environ.get(REQUIRED, "").split()) if name not in held]


def add_products(
    environ: Mapping[str, str],
    run: Callable[[Sequence[str]], int],
    stopping: Callable[[], bool],
) -> int:
    """Install missing products, with a warning; return 0, or mpm's exit code after a stop.

    `run` runs a command to its end and returns its exit code; `stopping` says whether the job
    should stop. Raises JobError if there is no mpm, or if it fails without a stop.
    """
    missing = missing_products(environ)
    if not missing:
        return 0
    command = install_command(missing, environ)
    print(
        f"warning: The training image does not have {', '.join(missing)}. Installing that takes "
        f"minutes of billed time, in every job.\n{LASTING}",
        flush=True,
    )
    code = run(command)
    if code and not stopping():
        raise JobError(
            "sagemaker_training:products:install",
            f"mpm could not install {', '.join(missing)} (exit code {code}).",
            "Its output is in the log. A name may be unknown to mpm, which writes names with "
            "underscores; a job with EnableNetworkIsolation cannot download anything.",
            LASTING,
        )
    return code


def install_command(products: list[str], environ: Mapping[str, str]) -> list[str]:
    """Make mpm's command. Raises JobError if the image cannot install anything."""
    mpm = shutil.which("mpm", path=environ.get("PATH", os.defpath))
    absent = [name for name in (RELEASE, ROOT) if not environ.get(name)]
    if mpm is None or absent:
        raise JobError(
            "sagemaker_training:products:missing",
            f"The training image does not have {', '.join(products)} and cannot install them.",
            f"It has no {' and no '.join(absent) or 'mpm on PATH'}.",
            LASTING,
        )
    options = [f"--release={environ[RELEASE]}", f"--destination={environ[ROOT]}"]
    return [mpm, "install", *options, "--products", *products]
