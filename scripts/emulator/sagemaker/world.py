"""What training and hosting need from outside; the server makes it once and passes it down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulator.cloud import Cloud
    from emulator.containers.images import Images
    from emulator.containers.interface import Launcher
    from emulator.settings import Settings


@dataclass(frozen=True, kw_only=True)
class World:
    """The emulator's connections to the outside."""

    settings: Settings
    cloud: Cloud
    images: Images
    launcher: Launcher
