"""Makes the locked environments, using only Python's standard library.

  bootstrap.py environment GROUP      makes .venv/GROUP, a virtual environment from locks/GROUP.txt
  bootstrap.py packages LOCK FOLDER   installs the packages of a lock file into a plain folder
  bootstrap.py system PACKAGE WHY     installs a package of the Linux distribution, and says why

On a GitHub runner, .venv is in RUNNER_TEMP; elsewhere it is next to the README.

Every Python package, including uv itself, is checked against the hashes in its lock. An environment
is complete when it contains a copy of its lock, which is written last; after an interruption, just
run it again.
"""

import contextlib
import errno
import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "locks"
HOME = Path(os.environ.get("RUNNER_TEMP", ROOT)) / ".venv"  # for environments, uv and its cache


def main() -> None:
    """Run the task that the command line names; exit with a message if something is missing."""
    require_python()
    task, source, *more = sys.argv[1:]
    if task == "environment":
        make_environment(source)
    elif task == "packages":
        install_packages(Path(source), Path(*more))
    else:
        install_system_packages([source], " ".join(more))


def require_python() -> None:
    """Exit with a message if this Python is too old for the locks."""
    if sys.version_info < (3, 10):  # noqa: UP036 (an older Python can start this file)
        sys.exit(f"error: Python 3.10 or newer is needed; {sys.executable} is {sys.version}.")


def make_environment(group: str) -> None:
    """Make .venv/<group> a virtual environment with exactly the packages in locks/<group>.txt."""
    folder, lock = HOME / group, LOCKS / f"{group}.txt"
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "wait").open("w") as waiting, locked(waiting):  # two steps may start together
        if is_ready(lock, folder):
            return
        print(f"Preparing the locked '{group}' environment (once) ...", flush=True)
        uv = find_uv()
        if not program(folder, "python"):
            run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)])
        run([uv, *SYNC, "--python", program(folder, "python"), str(lock)])
        shutil.copyfile(lock, folder / "lock.txt")


SYNC = ("pip", "sync", "--quiet", "--require-hashes", "--no-python-downloads")


@contextlib.contextmanager
def locked(file: IO[str]) -> Iterator[None]:
    """Wait for a lock on an open file; closing the file releases it."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 (Windows has no fcntl)

        while True:
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                break
            except OSError as error:  # it gives up after ten seconds
                if error.errno != errno.EDEADLK:
                    raise
    else:
        import fcntl  # noqa: PLC0415 (not on Windows)

        fcntl.flock(file, fcntl.LOCK_EX)
    yield


def program(folder: Path, name: str) -> str:
    """Find a program in an environment, also on Windows; empty if it is not there."""
    places = [folder / "bin" / name, folder / "bin" / f"{name}.exe", folder / f"Scripts/{name}.exe"]
    return next((str(place) for place in places if place.exists()), "")


def install_packages(lock: Path, folder: Path) -> None:
    """Install exactly the packages of `lock` into `folder`, for PYTHONPATH."""
    uv = find_uv()
    command = [uv, *SYNC, "--python", sys.executable, "--target", str(folder), str(lock)]
    if not succeeds([*command, "--offline"]):  # not in the cache yet
        run(command)


def is_ready(lock: Path, folder: Path) -> bool:
    """Whether `folder` is complete for the current content of `lock`."""
    copy = folder / "lock.txt"
    return copy.is_file() and copy.read_bytes() == lock.read_bytes()


def find_uv() -> str:
    """Return the path of the locked uv; the first time, install it with pip."""
    folder, lock = HOME / "uv", LOCKS / "uv.txt"
    if not is_ready(lock, folder):
        shutil.rmtree(folder, ignore_errors=True)
        run([*find_pip(), "install", *PIP_OPTIONS, "--target", str(folder), "-r", str(lock)])
        shutil.copyfile(lock, folder / "lock.txt")
    return program(folder, "uv")


PIP_OPTIONS = ("--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes")


def find_pip() -> list[str]:
    """Return the command for pip: this Python's own, or one in a new virtual environment."""
    if has_module("pip"):
        return [sys.executable, "-m", "pip"]
    if not has_module("ensurepip"):
        install_system_packages(["python3-venv"], "this Python does not have ensurepip")
    run([sys.executable, "-m", "venv", "--clear", str(HOME / "pip")])
    return [program(HOME / "pip", "python"), "-m", "pip"]


def has_module(name: str) -> bool:
    """Ask a new interpreter, which also sees a package that was just installed."""
    return succeeds([sys.executable, "-c", f"import {name}"])


def succeeds(command: list[str]) -> bool:
    """Whether a command succeeds; its output is discarded."""
    done = subprocess.run(command, check=False, capture_output=True, env=surroundings())
    return done.returncode == 0


def install_system_packages(packages: list[str], why: str) -> None:
    """Install packages of the Linux distribution, as root or with sudo; print what and why."""
    names = " ".join(packages)
    command = f"apt-get update && apt-get install -y --no-install-recommends {names}"
    if not shutil.which("apt-get"):
        sys.exit(f"error: {names} is needed: {why}.\nInstall it, then run this again.")
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if prefix and not may_sudo():
        sys.exit(
            f"error: {names} is needed: {why}.\nInstall it, then run this again:\n"
            f"  sudo sh -c '{command}'"
        )
    print(f"Installing {names} from the distribution: {why} ...", flush=True)
    shell = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "sh", "-c", command]
    done = subprocess.run(shell, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(
            f"{done.stdout}{done.stderr}error: {names} could not be installed (see above). "
            f"Install it yourself, then run this again:\n  sudo sh -c '{command}'"
        )


def may_sudo() -> bool:
    """Whether sudo works without a password."""
    return bool(shutil.which("sudo")) and succeeds(["sudo", "-n", "true"])


def run(command: list[str]) -> None:
    """Run one command; if it fails, exit with a hint below the command's own output."""
    if subprocess.run(command, check=False, env=surroundings()).returncode:
        sys.exit(
            f"error: {' '.join(command[:4])} ... failed (see above). The first run needs a network "
            "to download packages. If you use a mirror, set PIP_INDEX_URL and UV_DEFAULT_INDEX."
        )


def surroundings() -> dict[str, str]:
    """Return the environment for pip and uv, which must not write to the caller's home."""
    inherited = {name: text for name, text in os.environ.items() if name not in LEAKS}
    cache = {"UV_CACHE_DIR": str(HOME / "cache"), "PIP_NO_CACHE_DIR": "1"}
    # Let uv trust the machine's certificates, as pip does: a company's proxy may need that.
    trust = {"UV_SYSTEM_CERTS": "true"} if has_certificates() else {}
    return {**cache, **trust, "PIP_ROOT_USER_ACTION": "ignore", **inherited}


def has_certificates() -> bool:
    """Whether the machine has certificates; a minimal one has none, and uv then uses its own."""
    paths = ssl.get_default_verify_paths()
    return bool(paths.cafile or (paths.capath and any(Path(paths.capath).iterdir())))


# The caller's active environment or Python settings would change what is installed, and where.
LEAKS = {
    "VIRTUAL_ENV",
    "PYTHONPATH",
    "PYTHONHOME",
    "UV_PYTHON",
    "UV_PROJECT_ENVIRONMENT",
    "UV_EXCLUDE_NEWER",
    "UV_SYSTEM_PYTHON",
    "PIP_TARGET",
    "PIP_USER",
    "PIP_PREFIX",
}


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("error: The run was cancelled. Run it again to continue.", file=sys.stderr)
        sys.exit(130)
