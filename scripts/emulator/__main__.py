"""`python -m emulator`: the command line; prints one line, `ready <url>`, when it serves."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .errors import CannotStartError
from .settings import Settings
from .web.server import serve


def main() -> int:
    """Run the emulator; exit code 2 when it cannot start."""
    try:
        serve(_settings())
    except CannotStartError as error:
        print(f"emulator: {error}", file=sys.stderr)
        return 2
    return 0


def _settings() -> Settings:
    parser = argparse.ArgumentParser(
        prog="scripts/run emulator",
        description="Emulate SageMaker: training jobs and endpoints that really run.",
        epilog="It prints `ready URL` when it serves: set AWS_ENDPOINT_URL to that.",
    )
    parser.add_argument("--work", type=Path, required=True, help="the one folder it writes to")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0: a free one")
    parser.add_argument("--idle-timeout", type=_seconds, help="seconds until it ends unused")
    parser.add_argument(
        "--time-scale", type=_seconds, default=1.0, help="factor on SageMaker's waiting times (1)"
    )
    parser.add_argument(
        "--docker", action="store_true", help="run images by Docker, from a registry of its own"
    )
    parser.add_argument("--memory", type=_mib, help="MiB for each Docker container (no limit)")
    parser.add_argument(
        "--session-seconds",
        type=_seconds,
        help="end sessions of assumed roles after this, for tests",
    )
    parser.add_argument(
        "--issuer", help="URL where keys of GitHub's tokens are read, for tests (GitHub's own)"
    )
    parser.add_argument(
        "--enforce-iam",
        action="store_true",
        help="judge every request by the caller's and the resource's policies, as AWS does",
    )
    words = parser.parse_args()
    if words.memory and not words.docker:
        parser.error("--memory limits Docker containers: it needs --docker")
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
    if value < 6:  # Docker's own least
        raise argparse.ArgumentTypeError(f"{text} MiB is less than a container can have (6)")
    return value


if __name__ == "__main__":
    sys.exit(main())
