"""How long scripts/run takes to its first line of Python: python tests/benchmarks/bench_start.py.

For each environment that a verb starts in. From nothing: an empty folder for environments and an
empty cache, so pip, uv and every package come from the index. An environment with only uv's wheel,
made in the same way, shows how fast index and machine are: it does not grow with the kit's locks.
Warm: compared with a bare start of Python. Exit code 1 if a warm start exceeds its limit, or a cold
one does although index and machine are fast.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TIMES_COLD, TIMES_WARM = 3, 10
COLD_S, WARM_S = 3.0, 0.4
TOLERANCE = 1.25  # as in the other benchmarks
FAST_S = 2.2  # in which pip has brought uv, and uv its own wheel, where index and machine are fast
PROBE = "probe"  # the environment with only that wheel


def main() -> int:
    """Measure, print and judge."""
    with tempfile.TemporaryDirectory() as folder:
        kit, homes = bare_kit(Path(folder) / "kit"), Path(folder) / "homes"
        cold = {group: min(cold_starts(kit, homes, group, verb)) for group, verb in verbs()}
        probe = min(cold_starts(kit, homes, PROBE, PROBE))
        warm = {group: min(warm_starts(kit, homes, group, verb)) for group, verb in verbs()}
        python = str(homes / "runtime-1/.venv/runtime/bin/python")
        bare = min(timed([python, "-I", "-c", ""]) for _ in range(TIMES_WARM))
    for group, seconds in cold.items():
        tell(f"{group} from nothing", seconds, COLD_S, probe, "a start with only uv's wheel")
        tell(f"{group} warm", warm[group], WARM_S, bare, "a bare start of Python")
    slow_cold = max(cold.values()) > TOLERANCE * COLD_S
    if slow_cold and probe > FAST_S:
        sys.stdout.write("Index or machine are slow now: the cold starts are not judged.\n")
    return 1 if max(warm.values()) > TOLERANCE * WARM_S or (slow_cold and probe <= FAST_S) else 0


def tell(what: str, seconds: float, limit: float, baseline: float, beside: str) -> None:
    """Print one measurement beside its limit and its baseline."""
    ratio = f"{seconds / baseline:.1f} times {beside} ({baseline:.3f} s)"
    sys.stdout.write(f"{what:22}{seconds:.2f} s, limit {limit:.1f} s; {ratio}\n")


def verbs() -> list[tuple[str, str]]:
    """Return each environment of scripts/run with a verb that starts in it."""
    cases = re.findall(r"(?m)^ +(\S+).*\) group=(\w+)", (ROOT / "scripts/run").read_text())
    return [(group, "train" if verb == "*" else verb) for verb, group in cases]


def bare_kit(kit: Path) -> Path:
    """Copy what starts a verb, with the lock of the probe and a first line of Python, the last."""
    shutil.copytree(ROOT / "locks", kit / "locks")
    shutil.copy(kit / "locks/uv.txt", kit / f"locks/{PROBE}.txt")
    (kit / "scripts").mkdir()
    shutil.copy(ROOT / "scripts/bootstrap.py", kit / "scripts")
    start = (ROOT / "scripts/run").read_text()
    run = kit / "scripts/run"
    run.write_text(start.replace("  *) group=", f"  {PROBE}) group={PROBE} ;;\n  *) group="))
    run.chmod(0o755)
    (kit / "scripts/__main__.py").write_text("")
    return kit


def cold_starts(kit: Path, homes: Path, group: str, verb: str) -> list[float]:
    """Time starts from nothing, each in a home of its own, which stays."""
    places = [homes / f"{group}-{number}" for number in range(1, TIMES_COLD + 1)]
    return [timed(start(kit, home, verb)) for home in places]


def warm_starts(kit: Path, homes: Path, group: str, verb: str) -> list[float]:
    """Time starts where everything is there."""
    return [timed(start(kit, homes / f"{group}-1", verb)) for _ in range(TIMES_WARM)]


def start(kit: Path, home: Path, verb: str) -> list[str]:
    """Return the command that starts a verb, with its environments in `home` and no other cache."""
    kept = [f"{name}={os.environ[name]}" for name in KEPT if name in os.environ]
    clean = ["env", "-i", f"RUNNER_TEMP={home}", f"HOME={home}", *kept]
    return [*clean, str(kit / "scripts/run"), verb]


# What finds programs and the index, wherever this is measured.
KEPT = ("PATH", "SSL_CERT_FILE", "PIP_INDEX_URL", "UV_DEFAULT_INDEX", "HTTPS_PROXY", "NO_PROXY")


def timed(command: list[str]) -> float:
    """Run a command; return its seconds."""
    began = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())
