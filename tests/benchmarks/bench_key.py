"""How fast a job's key is computed, beside sha256sum: python tests/benchmarks/bench_key.py.

Both read the same 20,000 small files, which the system has in memory by then. The key's time is
that of all that `train` does before its first request: it checks sagemaker.yml, walks the folders,
digests each file, and describes the job with its uploads. Exit code 1 when that takes over a
quarter more than it should.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "scripts"))

from matlab_sagemaker.project import content  # noqa: E402
from matlab_sagemaker.training import job  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

EXAMPLE = ROOT / "examples/TrainAndDeployClassificationTree"
DATA = "data/training"
FILES, FOLDERS, SIZE = 20_000, 100, 1_000
TIMES, LIMIT, TOLERANCE = 5, 3.75, 1.25  # sha256sum takes 0.24 s where the key may take 0.9 s


def main() -> int:
    """Measure, print and judge."""
    with tempfile.TemporaryDirectory() as folder:
        root = lay_out(Path(folder) / "repository")
        ours = min(timed(lambda: describe(root)) for _ in range(TIMES))
        theirs = min(timed(lambda: sha256sum(root / DATA)) for _ in range(TIMES))
    ratio = ours / theirs
    sys.stdout.write(
        f"Key of {FILES} files in {ours:.2f} s, {ratio:.2f} times sha256sum ({theirs:.2f} s), "
        f"limit {LIMIT}\n"
    )
    return 1 if ratio > LIMIT * TOLERANCE else 0


def lay_out(root: Path) -> Path:
    """Write a repository whose data are many small files; return it."""
    shutil.copytree(EXAMPLE, root)
    for number in range(FILES):
        file = root / DATA / f"{number % FOLDERS}/{number}.csv"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(os.urandom(SIZE))
    return root


def describe(root: Path) -> None:
    """Compute the key."""
    project = content.load(root / "sagemaker.yml")
    found = job.describe(project, "bucket", "arn:aws:iam::123456789012:role/training", {})
    if len(found.uploads) < FILES:
        raise AssertionError(found)


def sha256sum(folder: Path) -> None:
    """Digest the same files with coreutils."""
    command = ["find", str(folder), "-type", "f", "-exec", "sha256sum", "{}", "+"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def timed(work: Callable[[], object]) -> float:
    """Do it; return its seconds."""
    began = time.monotonic()
    work()
    return time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())
