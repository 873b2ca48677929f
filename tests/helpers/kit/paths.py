"""Where the kit is."""

from pathlib import Path

KIT = Path(__file__).resolve().parents[3]
