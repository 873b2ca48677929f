"""The demo's choice between containers and processes, and what it says of it."""

import pytest

from demo import containers

ENGINE = '[ "$1" = info ] && exit 0; exit 1'


@pytest.mark.parametrize(
    ("docker", "missing"),
    [
        (None, "there is no docker command"),
        ("exit 1", "no Docker engine answers"),
        (ENGINE, "Docker has no buildx"),
        ("exit 0", ""),
    ],
)
def test_what_is_missing_of_docker_is_said_in_a_phrase(tmp_path, monkeypatch, docker, missing):
    if docker:
        (tmp_path / "docker").write_text(f"#!/bin/sh\n{docker}\n")
        (tmp_path / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert containers.missing() == missing
