"""Builds an image without Docker, for the emulator.

The image has one layer, with the context's files and an executable `run`, and a Docker v2 schema
2 manifest; it is pushed through ECR's API. It contains no operating system: only the emulator can
run it, as a process of this machine.
Source: https://distribution.github.io/distribution/spec/manifest-v2-2/
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matlab_sagemaker import digest, file_list, shell
from matlab_sagemaker.aws import manifests
from matlab_sagemaker.errors import ImageError
from matlab_sagemaker.project.build_context import KIT

if TYPE_CHECKING:
    from matlab_sagemaker.project.build_context import BuildContext

# Not needed: scripts in bin/, which contain this machine's path of Python, and 15 MB of botocore's
# descriptions of other AWS services.
_UNUSED = re.compile(r"bin/|botocore/data/(?!(s3|secretsmanager|sts)/)[^/]+/")


@dataclass(frozen=True)
class FolderImage:
    """An image with one layer, as the three blobs that a registry stores."""

    layer: bytes
    config: bytes
    manifest: bytes


def build(context: BuildContext) -> FolderImage:
    """Build `context` as a folder image; the same context gives the same image."""
    if context.engine == "matlab":
        raise ImageError(
            "The folder builder cannot build MATLAB images.",
            why="A folder image contains no MATLAB: it runs with this machine's programs.",
            do="Build with Docker, or set matlab.engine to octave in sagemaker.yml.",
        )
    with tempfile.TemporaryDirectory() as site:
        files = {**context.files, **_packages(context.requirements, Path(site))}
        plain = digest.tar(files)
    layer = digest.compress(plain)
    config = _encoded(_config(context, digest.sha256(plain)))
    manifest = {
        "schemaVersion": 2,
        "mediaType": manifests.DOCKER_MANIFEST,
        "config": _descriptor(manifests.DOCKER_CONFIG, config),
        "layers": [_descriptor(manifests.DOCKER_LAYER, layer)],
    }
    return FolderImage(layer, config, _encoded(manifest))


def _packages(lock: Path | None, folder: Path) -> digest.Files:
    """Install the packages of a lock file into `folder`; return them as files below site/."""
    if lock is None:
        return {}
    command = [
        sys.executable,
        str(KIT / "scripts/bootstrap.py"),
        "packages",
        str(lock),
        str(folder),
    ]
    shell.run(command, what=f"Installing the packages of {lock.name} into the image")
    return {
        f"site/{name}": path
        for name, path in file_list.folder_files(folder).items()
        if not _UNUSED.match(name)
    }


def _config(context: BuildContext, layer: str) -> dict[str, Any]:
    return {
        "architecture": "amd64",
        "os": "linux",
        "config": {
            "Entrypoint": ["/run"],
            "Env": [f"{name}={value}" for name, value in sorted(context.environment.items())],
            "Labels": {"matlab-sagemaker.key": context.key},
        },
        "rootfs": {"type": "layers", "diff_ids": [layer]},
    }


def _descriptor(media_type: str, data: bytes) -> dict[str, Any]:
    return {"mediaType": media_type, "size": len(data), "digest": digest.sha256(data)}


def _encoded(value: dict[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True).encode()
