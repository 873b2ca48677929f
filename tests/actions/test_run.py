"""scripts/run: what it makes once is all that it needs, also where there is no network."""

import subprocess

import pytest

from conftest import KIT

NOWHERE = "http://127.0.0.1:9"
NO_NETWORK = {
    "HTTP_PROXY": NOWHERE,
    "HTTPS_PROXY": NOWHERE,
    "ALL_PROXY": NOWHERE,
    "PIP_INDEX_URL": NOWHERE,
    "UV_DEFAULT_INDEX": NOWHERE,
}


def run(folder, *words, **more):
    """Run the kit with its environments below `folder`."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "RUNNER_TEMP": str(folder)}
    return subprocess.run(
        [KIT / "scripts/run", *words],
        env={**environment, **NO_NETWORK, **more},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("verb", ["train", "comment", "emulate"])
def test_it_works_offline_when_the_environment_is_there(tmp_path, verb):
    (tmp_path / ".venv").symlink_to(KIT / ".venv")
    subprocess.run([KIT / "scripts/run", verb, "--help"], check=True, capture_output=True)
    done = run(tmp_path, verb, "--help")
    assert done.returncode == 0, done.stderr
    assert "Preparing" not in done.stderr


def test_without_environment_and_network_it_says_what_to_do(tmp_path):
    done = run(tmp_path, "train", "--help")
    assert done.returncode == 1
    assert "Without a network nothing" in done.stderr
    assert "PIP_INDEX_URL" in done.stderr


def test_an_environment_that_is_not_that_of_the_lock_is_made_anew(tmp_path):
    (tmp_path / ".venv/runtime").mkdir(parents=True)
    (tmp_path / ".venv/runtime/lock.txt").write_text("another\n")
    done = run(tmp_path, "train", "--help")
    assert "Preparing the locked 'runtime' environment" in done.stderr
