"""Makes the locked environments, with nothing but Python's standard library.

  bootstrap.py environment GROUP      makes .venv/GROUP, a virtual environment of locks/GROUP.txt
  bootstrap.py packages LOCK FOLDER   puts the packages of a lock file into a plain folder
  bootstrap.py system PACKAGE WHY     installs a package of the distribution, and says why

On a GitHub runner .venv lies in RUNNER_TEMP, elsewhere beside the README.

Every Python package is checked against the hashes in its lock, uv's own included. An environment is
ready when it holds a copy of its lock, written last: an interrupted run is simply run again.
"""

import contextlib
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
HOME = Path(os.environ.get("RUNNER_TEMP", ROOT)) / ".venv"  # of environments, uv and its cache


def main() -> None:
    """Do what the command line asks, or say what is missing."""
    require_python()
    task, source, *more = sys.argv[1:]
    if task == "environment":
        make_environment(source)
    elif task == "packages":
        install_packages(Path(source), Path(*more))
    else:
        install_system_packages([source], " ".join(more))


def require_python() -> None:
    """End where this Python is too old for the locks."""
    if sys.version_info < (3, 10):  # noqa: UP036 (the one file that an older Python reads)
        sys.exit(f"error: Python 3.10 or newer is needed; {sys.executable} is {sys.version}.")


def make_environment(group: str) -> None:
    """Make .venv/<group> a virtual environment that holds exactly locks/<group>.txt."""
    folder, lock = HOME / group, LOCKS / f"{group}.txt"
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "wait").open("w") as waiting, locked(waiting):  # two steps may start at once
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
    """Wait for a lock on an open file, which ends with it."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 (Windows has no fcntl)

        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
    else:
        import fcntl  # noqa: PLC0415 (which Windows has not)

        fcntl.flock(file, fcntl.LOCK_EX)
    yield


def program(folder: Path, name: str) -> str:
    """Return a program of an environment, or nothing; Windows puts it elsewhere."""
    places = [folder / "bin" / name, folder / "bin" / f"{name}.exe", folder / f"Scripts/{name}.exe"]
    return next((str(place) for place in places if place.exists()), "")


def install_packages(lock: Path, folder: Path) -> None:
    """Put exactly the packages of `lock` into `folder`, for PYTHONPATH."""
    uv = find_uv()
    command = [uv, *SYNC, "--python", sys.executable, "--target", str(folder), str(lock)]
    if not succeeds([*command, "--offline"]):  # from the cache, as every time but the first
        run(command)


def is_ready(lock: Path, folder: Path) -> bool:
    """Tell whether `folder` was finished for this very lock."""
    copy = folder / "lock.txt"
    return copy.is_file() and copy.read_bytes() == lock.read_bytes()


def find_uv() -> str:
    """Return the locked uv, installed by pip the first time."""
    folder, lock = HOME / "uv", LOCKS / "uv.txt"
    if not is_ready(lock, folder):
        shutil.rmtree(folder, ignore_errors=True)
        run([*find_pip(), "install", *PIP_OPTIONS, "--target", str(folder), "-r", str(lock)])
        shutil.copyfile(lock, folder / "lock.txt")
    return program(folder, "uv")


PIP_OPTIONS = ("--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes")


def find_pip() -> list[str]:
    """Return a pip to call: this Python's own, or one in a virtual environment made for it."""
    if has_module("pip"):
        return [sys.executable, "-m", "pip"]
    if not has_module("ensurepip"):
        install_system_packages(["python3-venv"], "Python's own installer, which is missing here")
    run([sys.executable, "-m", "venv", "--clear", str(HOME / "pip")])
    return [program(HOME / "pip", "python"), "-m", "pip"]


def has_module(name: str) -> bool:
    """Ask a fresh interpreter: a package installed a moment ago counts."""
    return succeeds([sys.executable, "-c", f"import {name}"])


def succeeds(command: list[str]) -> bool:
    """Tell whether a command succeeds, whatever it says."""
    done = subprocess.run(command, check=False, capture_output=True, env=surroundings())
    return done.returncode == 0


def install_system_packages(packages: list[str], why: str) -> None:
    """Install packages of the distribution, as root or by sudo, saying what and why."""
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
            f"Install it by hand, then run this again:\n  sudo sh -c '{command}'"
        )


def may_sudo() -> bool:
    """Tell whether sudo works without asking for a password."""
    return bool(shutil.which("sudo")) and succeeds(["sudo", "-n", "true"])


def run(command: list[str]) -> None:
    """Run one command; its own output says why when it fails."""
    if subprocess.run(command, check=False, env=surroundings()).returncode:
        sys.exit(
            f"error: {' '.join(command[:4])} ... failed (see above). Without a network nothing "
            "can be downloaded the first time; behind a mirror, set PIP_INDEX_URL and "
            "UV_DEFAULT_INDEX."
        )


def surroundings() -> dict[str, str]:
    """Return the variables that pip and uv see: nothing is kept in the caller's home."""
    inherited = {name: text for name, text in os.environ.items() if name not in LEAKS}
    cache = {"UV_CACHE_DIR": str(HOME / "cache"), "PIP_NO_CACHE_DIR": "1"}
    # Like pip, uv believes what the machine believes: a company's proxy has a certificate there.
    trust = {"UV_SYSTEM_CERTS": "true"} if has_certificates() else {}
    return {**cache, **trust, "PIP_ROOT_USER_ACTION": "ignore", **inherited}


def has_certificates() -> bool:
    """Tell whether the machine has certificates of its own; uv brings some, a bare one has none."""
    paths = ssl.get_default_verify_paths()
    return bool(paths.cafile or (paths.capath and any(Path(paths.capath).iterdir())))


# A caller's active environment or Python settings would change what is installed, and where.
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
        print("error: The run was cancelled. Run it again to go on.", file=sys.stderr)
        sys.exit(130)
