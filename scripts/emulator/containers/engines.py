"""Puts together the two engines: folder images as processes, or Docker with a real registry."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.ecr.docker_registry import DockerRegistry
from emulator.ecr.docker_store import DockerStore
from emulator.ecr.store import FolderStore
from emulator.orphans import end_marked

from .docker_daemon import connect
from .docker_images import DockerImages
from .docker_launcher import DockerLauncher
from .folder_images import FolderImages
from .process_launcher import ProcessLauncher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from emulator.cloud import Cloud
    from emulator.ecr.store import Store
    from emulator.settings import Settings

    from .images import Images
    from .interface import Launcher


@dataclass(frozen=True, kw_only=True)
class Engine:
    """Parts that belong together: the store of images, the finder, and the launcher."""

    store: Store
    launcher: Launcher
    images: Callable[[Cloud], Images]


@contextmanager
def engine(settings: Settings) -> Iterator[Engine]:
    """Make the engine that the settings ask for; raises CannotStartError."""
    with _docker(settings) if settings.docker else _processes(settings) as made:
        yield made


@contextmanager
def _processes(settings: Settings) -> Iterator[Engine]:
    store = FolderStore(settings.work / "blobs")
    yield Engine(
        store=store,
        launcher=ProcessLauncher(settings.work),
        images=lambda cloud: FolderImages(cloud, store, settings.work),
    )


@contextmanager
def _docker(settings: Settings) -> Iterator[Engine]:
    api = connect()
    end_marked(f"{settings.work}#")  # the registry of an emulator that was killed
    launcher = DockerLauncher(api, settings.work, settings.memory_mib)
    registry = DockerRegistry(settings.work)
    store = DockerStore(registry)
    made: list[DockerImages] = []

    def images(cloud: Cloud) -> Images:
        made.append(DockerImages(cloud, store, api))
        return made[-1]

    try:
        yield Engine(store=store, launcher=launcher, images=images)
    finally:
        for each in made:
            each.close()
        registry.stop()
        api.close()
