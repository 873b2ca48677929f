"""`scripts/run emulator`: the command line; prints one line, `ready <url>`, when it is ready."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .errors import CannotStartError
from .settings import Settings
from .web.server import serve


def main() -> int:
    """Run the emulator; return exit code 2 if it cannot start."""
    try:
        serve(_settings())
    except CannotStartError as error:
        print(f"emulator: {error}", file=sys.stderr)
        return 2
    return 0


_EXAMPLES = """\
It prints `ready URL` when it is ready: set AWS_ENDPOINT_URL to this URL.

examples:
  scripts/run emulator --work /tmp/emulator                on a free port
  scripts/run emulator --work /tmp/emulator --enforce-iam  with the policies of roles and bucket
  python scripts emulator                                  the same as scripts/run
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/run emulator",
        description="Emulate SageMaker: training jobs and endpoints that really run.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--work", type=Path, required=True, help="the folder for everything it writes"
    )
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0: a free one")
    parser.add_argument(
        "--idle-timeout", type=_seconds, help="end after this many seconds without use"
    )
    parser.add_argument(
        "--time-scale",
        type=_seconds,
        default=1.0,
        help="multiply SageMaker's waiting times by this (1)",
    )
    parser.add_argument(
        "--docker", action="store_true", help="run images with Docker, from a real registry"
    )
    parser.add_argument(
        "--memory", type=_mib, help="memory limit of each container, in MiB (no limit)"
    )
    parser.add_argument(
        "--session-seconds",
        type=_seconds,
        help="end sessions of assumed roles after this many seconds, for tests",
    )
    parser.add_argument(
        "--issuer", help="URL with the keys of GitHub's tokens, for tests (GitHub's own)"
    )
    parser.add_argument(
        "--enforce-iam",
        action="store_true",
        help="apply the caller's and the resource's policies to every request, as AWS does",
    )
    return parser


def _settings() -> Settings:
    parser = _parser()
    words = parser.parse_args()
    if words.memory and not words.docker:
        parser.error("--memory needs --docker: it limits Docker containers")
    return Settings(
        work=words.work.resolve(),
        port=words.port,
        idle_timeout_s=words.idle_timeout,
        time_scale=words.time_scale,
        docker=words.docker,
        memory_mib=words.memory,
        session_s=words.session_seconds,
        issuer=words.issuer,
        enforce_iam=words.enforce_iam,
    )


def _seconds(text: str) -> float:
    value = float(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not greater than 0")
    return value


def _mib(text: str) -> int:
    value = int(text)
    if value < 6:  # Docker's minimum
        raise argparse.ArgumentTypeError(f"{text} MiB is less than Docker's minimum (6)")
    return value


if __name__ == "__main__":
    sys.exit(main())
