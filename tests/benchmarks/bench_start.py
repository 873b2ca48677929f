"""How long scripts/run takes to its first line of Python: python tests/benchmarks/bench_start.py.

From nothing: an empty folder for environments and an empty cache, so pip, uv and every package come
from the index; beside it, in the same run, the same packages got by uv alone. Warm: beside a bare
start of Python. Exit code 1 when the ratio of either, or the warm start, is over its limit; how
fast the index is decides over the cold seconds, so they are told (3 s are wanted) and not judged.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TIMES_WARM = 10
COLD_RATIO, WARM_RATIO, WARM_S = 4.0, 25.0, 0.4


def main() -> int:
    """Measure, tell, judge."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        cold = timed(verbs(home))
        warm = min(timed(verbs(home)) for _ in range(TIMES_WARM))
        alone = uv_alone(home)
        python = home / ".venv/runtime/bin/python"
        bare = min(timed([str(python), "-I", "-c", ""]) for _ in range(TIMES_WARM))
    rows = [
        ("scripts/run from nothing", cold, alone, COLD_RATIO, "uv's installation alone"),
        ("scripts/run warm", warm, bare, WARM_RATIO, "a bare start of Python"),
    ]
    for what, seconds, baseline, limit, beside in rows:
        ratio = f"{seconds / baseline:.1f} times {beside} ({baseline:.3f} s)"
        sys.stdout.write(f"{what:26}{seconds:.2f} s, {ratio}; limit {limit:.0f} times\n")
    slow = any(seconds > limit * baseline for _, seconds, baseline, limit, _ in rows)
    return 1 if slow or warm > WARM_S else 0


def verbs(home: Path) -> list[str]:
    """Return the command that lists the verbs, with its environments in `home` and no cache."""
    kept = [f"{name}={os.environ[name]}" for name in KEPT if name in os.environ]
    clean = ["env", "-i", f"RUNNER_TEMP={home}", f"HOME={home}", *kept]
    return [*clean, str(ROOT / "scripts/run"), "--help"]


# What finds programs and the index, wherever this is measured.
KEPT = ("PATH", "SSL_CERT_FILE", "PIP_INDEX_URL", "UV_DEFAULT_INDEX", "HTTPS_PROXY", "NO_PROXY")


def uv_alone(home: Path) -> float:
    """Time uv as it gets and installs the locked packages, into a folder and from no cache."""
    cache, target = home / "other-cache", home / "other"
    sync = ["pip", "sync", "--quiet", "--require-hashes", "--target", str(target)]
    lock = str(ROOT / "locks/runtime.txt")
    uv = str(home / ".venv/uv/bin/uv")
    seconds = timed([uv, *sync, "--cache-dir", str(cache), "--python", sys.executable, lock])
    shutil.rmtree(cache)
    return seconds


def timed(command: list[str]) -> float:
    """Run a command; return its seconds."""
    began = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())
