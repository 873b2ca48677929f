"""Images: found by URI in the emulator's registry, and pulled: unpacked once into a folder."""

from __future__ import annotations

import json
import os
import re
import tarfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import storage
from .cloud import Cloud, Scope
from .errors import PlatformError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_URI = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?"
    r"/(?P<repository>[a-z0-9._/-]+?)(:(?P<tag>[\w.-]+))?(@(?P<digest>sha256:[a-f0-9]{64}))?"
)


class ImageNotFoundError(Exception):
    """No image is there; ``repository`` tells whether at least the repository is."""

    def __init__(self, uri: str, *, name: str | None = None, account: str | None = None) -> None:
        super().__init__(uri)
        self.uri = uri
        self.missing_repository = name
        self.account = account


class InvalidUriError(ImageNotFoundError):
    """The text is no ECR image URI."""


@dataclass(frozen=True, kw_only=True)
class FoundImage:
    """An image in the registry."""

    uri: str
    resolved_uri: str
    """The URI by digest."""
    media_type: str
    manifest: Mapping[str, Any]
    digest: str


@dataclass(frozen=True, kw_only=True)
class PulledImage:
    """An image that can be run: its files and its configuration's entry point and variables."""

    uri: str
    resolved_uri: str
    rootfs: Path
    entrypoint: tuple[str, ...]
    env: Mapping[str, str]

    def command(
        self, verb: str, entrypoint: Sequence[str] = (), arguments: Sequence[str] = ()
    ) -> list[str]:
        """Give the command of ``docker run <image> <verb>``; raises PlatformError.

        Source: https://docs.aws.amazon.com/sagemaker/latest/dg/
        your-algorithms-training-algo-dockerfile.html
        """
        first, *rest = [*(entrypoint or self.entrypoint), *(arguments or [verb])]
        return [self._program(first), *rest]

    def _program(self, word: str) -> str:
        """Find a program in the image; one that is not there may be the machine's (/bin/sh)."""
        if not word.startswith("/"):
            return word
        inside = self.rootfs / os.path.normpath(word).lstrip("/")
        program = inside if inside.exists() else Path(word)
        if not (program.is_file() and os.access(program, os.X_OK)):
            raise PlatformError(
                f"ClientError: Cannot start the container of {self.uri}: its entry point {word} "
                "is missing in the image or not executable. Check the image's Entrypoint."
            )
        return str(program)


class Images:
    """The images of the registry."""

    def __init__(self, cloud: Cloud, work: Path) -> None:
        self._cloud = cloud
        self._blobs = work / "blobs"
        self._folder = work / "images"
        self._lock = threading.Lock()

    def find(self, uri: str) -> FoundImage:
        """Find an image by tag or digest; raises ImageNotFoundError."""
        match = _URI.fullmatch(uri)
        if match is None:
            raise InvalidUriError(uri)
        account, repository = match["account"], match["repository"]
        ecr = self._cloud.ecr(Scope(account, match["region"]))
        image_id = {"imageDigest": match["digest"]} if match["digest"] else {}
        image_id = image_id or {"imageTag": match["tag"] or "latest"}
        try:
            answer: Any = ecr.batch_get_image(repositoryName=repository, imageIds=[image_id])  # type: ignore[list-item]
        except ecr.exceptions.RepositoryNotFoundException as error:
            raise ImageNotFoundError(uri, name=repository, account=account) from error
        if not answer["images"]:
            raise ImageNotFoundError(uri)
        image = answer["images"][0]
        digest = image["imageId"]["imageDigest"]
        host = uri.partition("/")[0]
        return FoundImage(
            uri=uri,
            resolved_uri=f"{host}/{repository}@{digest}",
            media_type=image["imageManifestMediaType"],
            manifest=json.loads(image["imageManifest"]),
            digest=digest,
        )

    def pull(self, uri: str) -> PulledImage:
        """Unpack an image, unless it is unpacked; raises PlatformError when it cannot be run."""
        try:
            image = self.find(uri)
        except ImageNotFoundError as error:
            raise PlatformError(f"ClientError: Cannot pull image {uri}: not found.") from error
        if "layers" not in image.manifest:
            raise PlatformError(f"ClientError: Cannot run {uri}: {image.media_type} has no layers.")
        config = json.loads(self._blob(image.manifest["config"]["digest"]).read_bytes())
        inner = config.get("config", {})
        entrypoint = tuple(inner.get("Entrypoint") or inner.get("Cmd") or ())
        if not entrypoint:
            raise PlatformError(f"ClientError: Cannot run {uri}: the image has no Entrypoint.")
        return PulledImage(
            uri=uri,
            resolved_uri=image.resolved_uri,
            rootfs=self._unpacked(image),
            entrypoint=entrypoint,
            env=dict(word.partition("=")[::2] for word in inner.get("Env") or []),
        )

    def _unpacked(self, image: FoundImage) -> Path:
        home = self._folder / image.digest.removeprefix("sha256:")
        with self._lock:
            if not home.exists():
                fresh = home.with_suffix(".part")
                for layer in image.manifest["layers"]:
                    self._unpack(layer["digest"], fresh / "rootfs", image.uri)
                fresh.rename(home)
        return home / "rootfs"

    def _unpack(self, digest: str, folder: Path, uri: str) -> None:
        try:
            with tarfile.open(self._blob(digest)) as tar:
                storage.unpack(tar, folder)
        except (tarfile.TarError, OSError, EOFError) as error:
            storage.remove_tree(folder.parent)
            raise PlatformError(f"ClientError: Cannot unpack image {uri}: {error}") from error

    def _blob(self, digest: str) -> Path:
        return self._blobs / digest.removeprefix("sha256:")
