"""How long scripts/run takes to its first line of Python: python tests/benchmarks/bench_start.py.

From nothing: an empty folder for environments and an empty cache, so pip, uv and every package come
from the index; beside it, in the same run, the same packages got by uv alone, which tells how fast
the index is. Warm: beside a bare start of Python. Exit code 1 when the warm start is over its
limit, or the cold one although the index is fast.
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
TIMES_COLD, TIMES_WARM = 2, 10
COLD_S, WARM_S = 3.0, 0.4
FAST_INDEX_S = 1.0  # in which uv alone has all packages from it


def main() -> int:
    """Measure, tell, judge."""
    with tempfile.TemporaryDirectory() as folder:
        homes = [Path(folder) / str(number) for number in range(TIMES_COLD)]
        cold = min(timed(verbs(home)) for home in homes)
        alone = min(uv_alone(home) for home in homes)
        warm = min(timed(verbs(homes[0])) for _ in range(TIMES_WARM))
        python = homes[0] / ".venv/runtime/bin/python"
        bare = min(timed([str(python), "-I", "-c", ""]) for _ in range(TIMES_WARM))
    rows = [
        ("scripts/run from nothing", cold, COLD_S, alone, "uv's installation alone"),
        ("scripts/run warm", warm, WARM_S, bare, "a bare start of Python"),
    ]
    for what, seconds, limit, baseline, beside in rows:
        ratio = f"{seconds / baseline:.1f} times {beside} ({baseline:.3f} s)"
        sys.stdout.write(f"{what:26}{seconds:.2f} s, limit {limit:.1f} s; {ratio}\n")
    if cold > COLD_S and alone > FAST_INDEX_S:
        sys.stdout.write("The index is slow today: the cold start is not judged.\n")
    return 1 if warm > WARM_S or (cold > COLD_S and alone <= FAST_INDEX_S) else 0


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
