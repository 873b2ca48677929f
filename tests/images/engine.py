"""A Docker engine with buildx for the tests: the running one, or one that they start.

`python -m images.engine COMMAND …` runs a command with it, so that all workers share one in CI.
Starting one needs root, and leaves only the cache behind.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NoReturn

import pytest

from helpers.kit import go_programs

REQUIRED = "REQUIRE_DOCKER"  # set if a test without an engine is a failure: in CI
ROOT = "ENGINE_ROOT"  # the folder of the engine that `python -m images.engine` has started
START_S = 30
# Our own engine has no bridge: builds and containers use the host's network.
WITHOUT_BRIDGE = """#!/bin/sh
if [ "$*" != "${{*#buildx build}}" ]; then
  shift 2
  exec {buildx} buildx build --network host "$@"
fi
exec {buildx} "$@"
"""


class NoEngineError(Exception):
    """There is no engine; the message says why none can be started."""


def missing(what: str, error: NoEngineError) -> NoReturn:
    """Skip the test because there is no engine; fail it if the environment requires one."""
    (pytest.fail if os.environ.get(REQUIRED) else pytest.skip)(f"needs {what}: {error}")


@dataclass(frozen=True)
class Engine:
    """A running engine, and the variables with which the docker command finds it."""

    environment: dict[str, str]
    root: Path | None = None  # the folder with all files, of our own engine

    @property
    def variables(self):
        """All variables for a process that uses it."""
        return {**os.environ, **self.environment}

    def docker(self, *words, check=True, **options):
        """Run the docker command; return what it printed, both streams in one."""
        run = partial(
            subprocess.run,
            ["docker", *map(str, words)],
            env=self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **options,
        )
        done = run()
        if REMOVED in done.stdout:
            done = run()
        assert not check or done.returncode == 0, f"docker {words}:\n{done.stdout}"
        return done.stdout

    def build(self, folder, *options, tag):
        """Build an image as the kit does, from `folder`; return its tag."""
        plain = ("--platform", "linux/amd64", "--provenance=false", "--sbom=false", "--load")
        self.docker("buildx", "build", *plain, *options, "--tag", tag, folder)
        return tag

    def answers(self):
        """Return whether the daemon answers."""
        command = ["docker", "version", "--format", "{{.Server.Version}}"]
        done = subprocess.run(command, env=self.variables, capture_output=True, check=False)
        return done.returncode == 0


# What a pull says if another worker removes the same image at that moment.
REMOVED = 'lease "moby-image-sha256:'


@contextlib.contextmanager
def engine():
    """Yield the running engine, or start one and stop it again; NoEngineError says why not."""
    if not shutil.which("docker"):
        raise NoEngineError("there is no docker command")
    with tempfile.TemporaryDirectory(prefix="engine-") as folder:
        settings = Path(folder) / "config"
        settings.mkdir()
        where = {"DOCKER_HOST": os.environ["DOCKER_HOST"]} if "DOCKER_HOST" in os.environ else {}
        root = os.environ.get(ROOT)
        found = Engine({"DOCKER_CONFIG": str(settings), **where}, Path(root) if root else None)
        if found.answers():
            ensure_buildx(found)
            yield found
        else:
            with own_daemon(Path(folder)) as started:
                ensure_buildx(started)
                yield started


@contextlib.contextmanager
def own_daemon(root, program="dockerd", *options):
    """Start a daemon with all its files below `root`; it and its containers end with the block."""
    if os.geteuid() != 0:
        raise NoEngineError("no Docker daemon answers, and only root can start one")
    if not shutil.which(program):
        raise NoEngineError("no Docker daemon answers, and there is no dockerd to start")
    socket = f"unix://{root}/socket"
    # Its own logins and plugins, and only the host's network: two engines do not interfere,
    # and the machine's firewall does not change.
    command = [
        program, "--data-root", root / "data", "--exec-root", root / "exec",
        "--pidfile", root / "pid", "--host", socket, "--bridge=none", "--iptables=false",
        *options,
    ]  # fmt: skip
    environment = {"DOCKER_HOST": socket, "DOCKER_CONFIG": str(root / "config")}
    own = Engine(environment, root)
    with (root / "log").open("w") as log:
        daemon = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_for(own, daemon)
        yield own
    finally:
        if daemon.poll() is None:
            remove_containers(own)
        daemon.terminate()
        daemon.wait(60)
        unmount_below(root)


@contextlib.contextmanager
def fresh_engine():
    """Yield a daemon without images and build cache; NoEngineError says why there is none."""
    with tempfile.TemporaryDirectory(prefix="engine-") as folder:  # a socket's path must be short
        root = Path(folder)
        (root / "config").mkdir()
        with own_daemon(root) as started:
            ensure_buildx(started)
            yield started


def wait_for(own, daemon):
    """Wait until the daemon answers; if it does not, show its last lines."""
    limit = time.monotonic() + START_S
    while not own.answers():
        if daemon.poll() is not None or time.monotonic() > limit:
            words = (own.root / "log").read_text().splitlines()[-3:]
            raise NoEngineError("dockerd does not start: " + " ".join(words))
        time.sleep(0.1)


def remove_containers(own):
    """Remove every container, so that no process of one outlives its daemon."""
    for container in own.docker("ps", "--all", "--quiet", check=False).split():
        own.docker("rm", "--force", "--volumes", container, check=False)


def unmount_below(root):
    """Unmount what a daemon has left mounted, so that its folder can be removed."""
    mounted = [line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()]
    for place in sorted((p for p in mounted if Path(p).is_relative_to(root)), reverse=True):
        subprocess.run(["umount", "--lazy", place], check=True)


def ensure_buildx(found):
    """Give the engine's docker command a buildx that works with this engine."""
    plugin = Path(found.environment["DOCKER_CONFIG"]) / "cli-plugins/docker-buildx"
    plugin.parent.mkdir(exist_ok=True)
    if "bridge" not in found.docker("network", "ls", "--format", "{{.Name}}").split():
        plugin.write_text(WITHOUT_BRIDGE.format(buildx=buildx()))
        plugin.chmod(0o755)
    elif "docker/buildx" not in found.docker("buildx", "version", check=False):
        plugin.symlink_to(buildx())


def buildx():
    """Return the path of a buildx: the machine's, or the pinned version, built with Go."""
    for folder in ("libexec", "lib", "local/libexec", "local/lib"):
        installed = Path(f"/usr/{folder}/docker/cli-plugins/docker-buildx")
        if installed.exists():
            return installed
    return built_program("buildx")


def built_program(name):
    """Return the path of a program that Go builds; NoEngineError says why there is none."""
    try:
        return go_programs.tool(name)
    except go_programs.NoToolError as error:
        raise NoEngineError(str(error)) from error


def main(command):
    """Run a command with an engine; if there is none, say why, and run it anyway."""
    try:
        with engine() as found:
            root = {ROOT: str(found.root)} if found.root else {}
            return subprocess.run(command, env={**found.variables, **root}, check=False).returncode
    except NoEngineError as error:
        print(f"no Docker engine: {error}", file=sys.stderr)
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
