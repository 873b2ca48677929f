"""The command line of the demo: `scripts/run demo`, and `scripts/run demo --stop`."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
from typing import TYPE_CHECKING

import bootstrap
from demo import account, emulation, story

if TYPE_CHECKING:
    from types import FrameType


def main() -> None:
    """Show the demo, or stop the emulator that an earlier one left running."""
    parser = argparse.ArgumentParser(prog="scripts/run demo", description=story.DESCRIPTION)
    parser.add_argument("--stop", action="store_true", help="stop the emulator of an earlier demo")
    if parser.parse_args().stop:
        stopped = emulation.stop()
        sys.stdout.write("The emulator is stopped.\n" if stopped else "No emulator is running.\n")
        return
    signal.signal(signal.SIGTERM, _interrupt)
    if not shutil.which("octave-cli"):
        why = "GNU Octave runs the example's MATLAB code here; no MATLAB is needed"
        bootstrap.install_system_packages(["octave"], why)
    try:
        url = emulation.start()
        account.set_up(url)
        code = story.tell(url)
    except KeyboardInterrupt:
        emulation.stop()
        sys.stdout.write("\nStopped, and the emulator with it.\n")
        sys.exit(130)
    sys.exit(code)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
