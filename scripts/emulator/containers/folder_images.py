"""Folder images: programs that use this machine's interpreters, unpacked once into a folder."""

from __future__ import annotations

import os
import tarfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from emulator import storage
from emulator.errors import PlatformError
from unpacking import unpack

from .images import Images
from .interface import Command

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from emulator.cloud import Cloud, Scope
    from emulator.ecr.store import Store

    from .images import FoundImage


@dataclass(frozen=True, kw_only=True)
class FolderImage:
    """An image's files, and the entry point and variables from its configuration."""

    uri: str
    resolved_uri: str
    rootfs: Path
    entrypoint: tuple[str, ...]
    env: Mapping[str, str]

    def command(
        self, verb: str, entrypoint: Sequence[str] = (), arguments: Sequence[str] = ()
    ) -> Command:
        """Make the command of ``docker run <image> <verb>``; raises PlatformError.

        Source: https://docs.aws.amazon.com/sagemaker/latest/dg/
        your-algorithms-training-algo-dockerfile.html
        """
        first, *rest = entrypoint or self.entrypoint
        return Command(
            image=self.resolved_uri,
            entrypoint=(self._program(first), *rest),
            arguments=tuple(arguments or [verb]),
        )

    def _program(self, word: str) -> str:
        """Find a program in the image, or else on this machine (for example /bin/sh)."""
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


class FolderImages(Images):
    """Unpacks images, to be run as processes."""

    def __init__(self, cloud: Cloud, store: Store, work: Path) -> None:
        super().__init__(cloud, store)
        self._folder = work / "images"
        self._lock = threading.Lock()

    def pull(self, uri: str, scope: Scope, role: str) -> FolderImage:
        """Unpack an image unless that is done; raises PlatformError if it cannot be run."""
        image = self._found(uri, scope, role)
        if "layers" not in image.manifest:
            raise PlatformError(f"ClientError: Cannot run {uri}: {image.media_type} has no layers.")
        inner = self._configuration(image).get("config", {})
        entrypoint = tuple(inner.get("Entrypoint") or inner.get("Cmd") or ())
        if not entrypoint:
            raise PlatformError(f"ClientError: Cannot run {uri}: the image has no Entrypoint.")
        return FolderImage(
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
            unpack(self._store.blob(digest), folder)
        except tarfile.TarError as error:
            storage.remove_tree(folder.parent)
            raise PlatformError(f"ClientError: Cannot unpack image {uri}: {error}") from error
