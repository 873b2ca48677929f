"""How fast a job checks its inputs, beside sha256sum: python tests/benchmarks/bench_inputs.py.

Both read the same files, which the system has in memory by then: a few big ones and many small
ones. Exit code 1 when the job's entry point takes more than twice as long as sha256sum.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "docker/training"))

from contract import Job  # noqa: E402
from inputs import FILE, VARIABLE, prove_inputs  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = {"big": [128 << 20] * 3, "small": [10_000] * 5_000}
TIMES, LIMIT = 3, 2.0


def main() -> int:
    """Measure, print and judge."""
    with tempfile.TemporaryDirectory() as folder:
        job, environ = lay_out(Path(folder))
        ours = min(timed(lambda: prove_inputs(job, environ)) for _ in range(TIMES))
        theirs = min(timed(lambda: sha256sum(job)) for _ in range(TIMES))
    size = sum(sum(sizes) for sizes in SIZES.values()) >> 20
    sys.stdout.write(
        f"{size} MiB of inputs proved in {ours:.2f} s, {ours / theirs:.2f} times sha256sum "
        f"({theirs:.2f} s), limit {LIMIT:.1f}\n"
    )
    return 1 if ours > LIMIT * theirs else 0


def lay_out(base: Path) -> tuple[Job, dict[str, str]]:
    """Write the channels and their inputs.json; return the job and its environment."""
    channels = {"code": SIZES["small"][:1], **SIZES}
    job = Job(
        base=base,
        program="train",
        submit_directory=None,
        channels=frozenset(channels),
        hosts=("algo-1",),
        host="algo-1",
    )
    described = {name: list(files(job.channel_folder(name), channels[name])) for name in channels}
    rest = {"listed": {}, "metrics": {}, "seal": ""}
    text = json.dumps({"channels": described, **rest}).encode()
    (job.code_channel / FILE).write_bytes(text)
    return job, {VARIABLE: hashlib.sha256(text).hexdigest()}


def files(folder: Path, sizes: list[int]):
    """Write files of these sizes; yield what inputs.json says of each."""
    folder.mkdir(parents=True)
    for number, size in enumerate(sizes):
        content = os.urandom(size)
        (folder / f"{number}.bin").write_bytes(content)
        yield f"{number}.bin", size, hashlib.sha256(content).hexdigest()


def sha256sum(job: Job) -> None:
    """Digest the same files with coreutils."""
    command = ["find", str(job.base / "input/data"), "-type", "f", "-exec", "sha256sum", "{}", "+"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def timed(work: Callable[[], object]) -> float:
    """Do it; return its seconds."""
    began = time.monotonic()
    work()
    return time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())
