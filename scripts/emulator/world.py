"""What every room of the emulator works with: made once by the server and passed down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .cloud import Cloud
    from .engine import Launcher
    from .images import Images
    from .settings import Settings


@dataclass(frozen=True, kw_only=True)
class World:
    """The emulator's doors to the outside."""

    settings: Settings
    cloud: Cloud
    images: Images
    launcher: Launcher
