"""The command line of the demo: `scripts/run demo`, and `scripts/run demo --stop`."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import bootstrap
from demo import account, containers, emulation, own, story
from matlab_sagemaker.errors import KitError
from matlab_sagemaker.github import examples, log

if TYPE_CHECKING:
    from types import FrameType


def main() -> None:
    """Show the demo, or stop the emulator of an earlier one."""
    options = _parser().parse_args()
    if options.stop:
        stopped = emulation.stop()
        sys.stdout.write("The emulator is stopped.\n" if stopped else "No emulator is running.\n")
        return
    signal.signal(signal.SIGTERM, _interrupt)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]  # the demo never uses the caller's own AWS account
    missing = containers.missing()
    try:
        with own.shown(options.config, options.request) as shown:
            _install_what_is_missing(with_docker=not missing)
            url = emulation.start(with_docker=not missing)
            account.set_up(url)
            code = story.tell(url, missing, options.config, shown)
    except KitError as error:
        sys.stderr.write(log.shown(f"error: {error}", sys.stderr, os.environ) + "\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        emulation.stop()
        sys.stdout.write("\nThe demo and its emulator are stopped.\n")
        sys.exit(130)
    sys.exit(code)


def _install_what_is_missing(with_docker: bool) -> None:
    """With Docker, the images contain Octave, and need a registry; else Octave runs here."""
    if with_docker and not shutil.which("docker-registry"):
        bootstrap.install_system_packages(["docker-registry"], "it is the emulated ECR's registry")
    if not with_docker and not shutil.which("octave-cli"):
        why = "GNU Octave runs the example's MATLAB code here; you need no MATLAB"
        bootstrap.install_system_packages(["octave"], why)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/run demo",
        description=story.DESCRIPTION,
        epilog=examples.text("demo"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--stop", action="store_true", help="stop the emulator of an earlier demo")
    parser.add_argument(
        "--config", type=Path, default=story.CONFIG, help="sagemaker.yml of your own project"
    )
    parser.add_argument(
        "--request", type=Path, help="a request to send to its endpoint [inference.request]"
    )
    return parser


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
