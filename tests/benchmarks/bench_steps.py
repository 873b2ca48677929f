"""How much time the steps themselves take: python tests/benchmarks/bench_steps.py.

Against an emulator where everything exists: each step's calls, and the seconds of all five; the
time to a step's first line, compared with an import of boto3; the time between its last line and
its end; and how long after a job's end its step notices it, compared with the SDK. Exit code 1 if a
limit is exceeded by more than a quarter. bench_history.py counts the calls after years of use.
"""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "scripts"), str(ROOT / "docker/common")]

from helpers.aws.fault_proxy import Recorder, proxy  # noqa: E402
from helpers.emulator.process import Emulator  # noqa: E402
from helpers.kit import verb_runs  # noqa: E402
from matlab_sagemaker.aws import polling  # noqa: E402

STEPS = (
    ("build-training-image", "--repository", "release"),
    ("train",),
    ("compile-handler",),
    ("deploy",),
    ("predict", "--request", "requests/three_flowers.csv"),
)
TIMES = 5
TOLERANCE = 1.25
CALLS, OF_CHAMPION = 24, 6
CHAIN, FIRST_WORD, LEFT = 3.0 * len(STEPS), 1.5, 0.35  # times an import of boto3
JOB_S, SEEN_S, SDK_S = 10 * 3600, 2.5, 5.0  # the SDK asks every ten seconds


def main() -> int:
    """Measure, print and judge."""
    with tempfile.TemporaryDirectory() as folder:
        emulator = Emulator(Path(folder, "work"), "--time-scale", "0.01")
        try:
            verb_runs.set_up(emulator.url)
            project = verb_runs.example(Path(folder, "repository"), emulator.url)
            for step in STEPS:
                project.succeed(*step)
            boto3_s = min(import_boto3() for _ in range(4 * TIMES))
            kept = [compare_chain(project, boto3_s), compare_first_word(project, boto3_s)]
        finally:
            emulator.stop()
    return 0 if all([*kept, compare_end_of_job()]) else 1


def import_boto3() -> float:
    """Return the seconds of the imports that no step can do without."""
    began = time.monotonic()
    python = ROOT / ".venv/runtime/bin/python"
    subprocess.run([python, "-I", "-c", "import boto3"], check=True)
    return time.monotonic() - began


def compare_chain(project: verb_runs.Project, boto3_s: float) -> bool:
    """Run the five steps, in which nothing changes; return whether all limits are kept.

    `train` asks what serves only for a rule of champion, so that is counted separately.
    """
    with_champion = count(project)
    text = (project.root / "sagemaker.yml").read_text(encoding="utf-8")
    project.write("sagemaker.yml", re.sub(r"(?m)^champion:.*\n(  .*\n)*", "", text))
    total = count(project)
    seconds = sum(min(timed(project, step) for _ in range(TIMES)) for step in STEPS)
    sys.stdout.write(
        f"{total} calls of five steps, limit {CALLS}; {seconds:.2f} s, {seconds / boto3_s:.1f} "
        f"times an import of boto3 ({boto3_s:.3f} s), limit {CHAIN}\n"
        f"{with_champion - total} more with a rule of champion, limit {OF_CHAMPION}\n"
    )
    quick = seconds <= TOLERANCE * CHAIN * boto3_s
    return quick and total <= CALLS and with_champion <= total + OF_CHAMPION


def count(project: verb_runs.Project) -> int:
    """Run the five steps; print the requests of each, and return how many there are."""
    total = 0
    for step in STEPS:
        recorder = Recorder()
        with proxy(project.url, recorder) as url:
            project.succeed(*step, AWS_ENDPOINT_URL=url)
        total += len(recorder.exchanges)
        calls = ", ".join(exchange.call for exchange in recorder.exchanges)
        sys.stdout.write(f"{step[0]:22}{calls}\n")
    return total


def timed(project: verb_runs.Project, step: tuple[str, ...]) -> float:
    """Run a step as a user does; return its seconds."""
    began = time.monotonic()
    result = project.finish(project.start_really(*step))
    if result.code:
        raise AssertionError(result.stdout + result.stderr)
    return time.monotonic() - began


def compare_first_word(project: verb_runs.Project, boto3_s: float) -> bool:
    """Time a step's first word and its end; return whether both limits are kept."""
    first, left = [], []
    for _ in range(4 * TIMES):
        began = time.monotonic()
        process = project.start_really("train")
        output = process.stdout.fileno()
        os.read(output, 1 << 16)
        first.append(time.monotonic() - began)
        while os.read(output, 1 << 16):
            last = time.monotonic()
        process.wait()
        left.append(time.monotonic() - last)
        process.communicate()
    begins, ends = min(first) / boto3_s, min(left) / boto3_s
    sys.stdout.write(
        f"first word of a step after {min(first):.3f} s, {begins:.2f} times an import of boto3, "
        f"limit {FIRST_WORD}\n"
        f"its end {min(left):.3f} s after its last word, {ends:.2f} times, limit {LEFT}\n"
    )
    return begins <= TOLERANCE * FIRST_WORD and ends <= TOLERANCE * LEFT


class Clock:
    """Time that passes while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        """Return the time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let it pass."""
        self.now += seconds


def compare_end_of_job() -> bool:
    """Compute how long after a job's end a step notices it, and how often it asks."""
    clock = Clock()
    looks = [clock.now for _ in polling.looks(dict, JOB_S, clock)]
    pauses = [later - earlier for earlier, later in itertools.pairwise(looks)]
    mean_s = sum(pause**2 for pause in pauses) / 2 / sum(pauses)
    sys.stdout.write(
        f"the end of a job is seen {mean_s:.1f} s later on average, {mean_s / SDK_S:.2f} times the "
        f"SDK ({SDK_S:.1f} s), limit {SEEN_S}; {len(looks) * 3600 / JOB_S:.0f} calls an hour\n"
    )
    return mean_s <= TOLERANCE * SEEN_S


if __name__ == "__main__":
    sys.exit(main())
