"""Programs of the tests that Python's index does not have: pinned, built with Go once, and kept.

`python tests/helpers/kit/go_programs.py NAME …` runs one of them; without a name it builds all that
is missing.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGES = {
    "act": "github.com/nektos/act@v0.2.89",
    "actionlint": "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12",
    "buildx": "github.com/docker/buildx/cmd/buildx@v0.38.2",
    "dockerd": "github.com/moby/moby/v2/cmd/dockerd@v2.0.0-beta.24",  # its images are OCI's
}


class NoToolError(Exception):
    """The program is missing; the message says why it cannot be built."""


def cache():
    """Return the folder for programs that take minutes to build."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(home) / "matlab-sagemaker"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def place(name):
    """Return the path of a program, whether it exists or not."""
    return cache() / f"{name}-{PACKAGES[name].partition('@')[2]}"


def tool(name):
    """Return the path of a program, which is built first if it is missing."""
    target = place(name)
    with target.with_name(f"{name}.lock").open("w") as waiting:
        fcntl.flock(waiting, fcntl.LOCK_EX)  # all workers of the tests come here
        if not target.exists():
            build(PACKAGES[name], target)
    return target


def build(package, target):
    """Build a Go package's program into `target`."""
    if not shutil.which("go"):
        raise NoToolError(f"there is no {target}, and no go to build {package}")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        variables = {**os.environ, "GOBIN": folder}
        subprocess.run(["go", "install", package], env=variables, check=True)
        (program,) = Path(folder).iterdir()
        program.replace(target)


def main(name, arguments):
    """Replace this process by a program."""
    try:
        program = tool(name)
    except NoToolError as error:
        sys.exit(f"error: {error}")
    os.execv(program, [name, *arguments])


def build_all():
    """Build what is missing."""
    for name in PACKAGES:
        tool(name)


if __name__ == "__main__":
    main(*sys.argv[1:2], sys.argv[2:]) if sys.argv[1:] else build_all()
