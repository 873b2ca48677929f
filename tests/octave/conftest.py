"""Inference containers for tests; most tests share one, those that break it have their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from helpers.kit.inference_container import EXAMPLE, PROBE, Server, lay_out_image, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def probe_image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An image whose handler does what a request says."""
    return lay_out_image(tmp_path_factory.mktemp("probe image") / "it's root", PROBE)


@pytest.fixture(scope="session")
def example_image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The image of the example."""
    return lay_out_image(tmp_path_factory.mktemp("example") / "root", EXAMPLE / "inference")


@pytest.fixture(scope="module")
def server(probe_image: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A probe server with one worker, for requests that harm only their worker."""
    with serving(probe_image, tmp_path_factory.mktemp("shared"), "ProbeHandler") as server:
        server.wait_until_ready()
        yield server
