"""How long one-row predictions take: python tests/benchmarks/bench_predict.py [--json FILE].

Measures the serving process with the example's handler and one worker, and InvokeEndpoint of an
emulator with the deployed example. Compares them in the same run with Octave answering the same
request without a server, and with the server loading the model for each request. Exit code 1 if a
request fails, if p50 exceeds its multiple of Octave's, or if workers grow.
"""

from __future__ import annotations

import argparse
import http.client
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent / "scripts")]
sys.path.insert(0, str(TESTS.parent / "docker/common"))

from helpers.emulator.process import Emulator  # noqa: E402
from helpers.kit import verb_runs  # noqa: E402
from helpers.kit.inference_container import EXAMPLE, environment, lay_out_image, serving  # noqa: E402
from helpers.kit.trained_model import train_model  # noqa: E402
from source_path import OCTAVE, prepare_octave, source_folders  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psutil

ROW = b"sepal_length,sepal_width,petal_length,petal_width\n5.1,3.5,1.4,0.2\n"
WANTED = b"species\nsetosa\n"
BASELINE = Path(__file__).parent / "baseline"
WARM_UP = 50
PARTS = 10  # of a run
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # as the server's workers
HANDLER = "ClassificationTreeInferenceHandler"
# Times Octave without a server, which takes about 4.2 ms.
SERVER_LIMIT = 2.0
ENDPOINT_LIMIT = 6.0
GROWTH_LIMIT_MIB = 2.0


@dataclass(frozen=True)
class Measurement:
    """The times of one way to predict, and its workers' resident memory where it is known."""

    way: str
    p50_ms: float
    p99_ms: float | None
    failures: int
    limit_ms: float | None = None  # from the multiple of Octave's time in the same run
    memory_before_mib: float | None = None
    memory_after_mib: float | None = None

    def passed(self) -> bool:
        """Return whether nothing failed, the median keeps its limit and the memory its size."""
        fast = self.limit_ms is None or self.p50_ms < self.limit_ms
        before, after = self.memory_before_mib or 0.0, self.memory_after_mib or 0.0
        return not self.failures and fast and after <= before + GROWTH_LIMIT_MIB


def measure(predict: Callable[[], bytes | None], count: int) -> tuple[float, float, int]:
    """Predict `count` times, one after the other; return p50 and p99 in ms, and the failures.

    p50 is that of the quickest tenth of the run: other work on the machine slows the rest.
    """
    times_ms, failures = [], 0
    for _ in range(count):
        started = time.perf_counter()
        failures += predict() != WANTED
        times_ms.append((time.perf_counter() - started) * 1000)
    size = max(1, count // PARTS)
    parts = [times_ms[start : start + size] for start in range(0, count, size)]
    p50_ms = min(statistics.median(part) for part in parts)
    return p50_ms, sorted(times_ms)[min(count - 1, count * 99 // 100)], failures


def measure_server(
    way: str, handler: str, image: Path, scratch: Path, count: int, limit_ms: float | None = None
) -> Measurement:
    """Measure a handler at its serving process, over one connection that stays open."""
    with serving(image, scratch, handler) as server:
        workers = server.wait_for_workers(1)
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        measure(lambda: invoke_server(connection), WARM_UP)
        before = memory_mib(workers)
        p50_ms, p99_ms, failures = measure(lambda: invoke_server(connection), count)
        after = memory_mib(workers)
        connection.close()
    return Measurement(way, p50_ms, p99_ms, failures, limit_ms, before, after)


def invoke_server(connection: http.client.HTTPConnection) -> bytes | None:
    """Return the prediction for one flower; None when the answer is no 200."""
    connection.request("POST", "/invocations", ROW, {"Content-Type": "text/csv"})
    response = connection.getresponse()
    body = response.read()
    return body if response.status == 200 else None


def memory_mib(workers: list[psutil.Process]) -> float:
    """Return the resident memory of all workers."""
    return float(sum(worker.memory_info().rss for worker in workers)) / 2**20


@contextmanager
def deployed_example(folder: Path) -> Iterator[verb_runs.Project]:
    """Take the example through all its steps on an emulator of its own."""
    emulator = Emulator(folder / "emulator")
    try:
        verb_runs.set_up(emulator.url)
        project = verb_runs.example(folder / "repository", emulator.url)
        for verb in ("build-training-image", "train", "compile-handler", "deploy"):
            project.succeed(verb, INPUT_REPOSITORY="release")
        yield project
    finally:
        emulator.stop()


def measure_endpoint(project: verb_runs.Project, count: int, limit_ms: float) -> Measurement:
    """Measure InvokeEndpoint through boto3."""
    name, client = project.name, verb_runs.client("sagemaker-runtime", project.url)

    def invoke() -> bytes | None:
        try:
            answer = client.invoke_endpoint(EndpointName=name, ContentType="text/csv", Body=ROW)
        except ClientError:
            return None
        body: bytes = answer["Body"].read()
        return body

    measure(invoke, WARM_UP)
    return Measurement("InvokeEndpoint", *measure(invoke, count), limit_ms)


def measure_octave(image: Path, scratch: Path, count: int) -> float:
    """Return the median time, in ms, in which Octave answers the request without a server."""
    folders = [f for part in ("handler", "compat", "matlab") for f in source_folders(image / part)]
    statement = prepare_octave([*folders, BASELINE]) + f"timeRouter({count})"
    done = subprocess.run(
        [*OCTAVE, statement],
        cwd=image / "handler",
        env={**ONE_THREAD, **environment(scratch, HANDLER)},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return float(done.stdout)


def measure_servers(count: int) -> list[Measurement]:
    """Measure the example's handler between its two peers."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        image = lay_out_image(scratch / "image", EXAMPLE / "inference")
        shutil.copy(BASELINE / "ReloadingHandler.m", image / "handler")
        train_model(scratch / "ml")
        octave_ms = measure_octave(image, scratch, count)
        limit_ms = SERVER_LIMIT * octave_ms
        return [
            Measurement("Octave without a server", octave_ms, None, 0),
            measure_server("model kept by the worker", HANDLER, image, scratch, count, limit_ms),
            measure_server("model loaded per request", "ReloadingHandler", image, scratch, count),
        ]


def table(measurements: list[Measurement]) -> str:
    """Return the measurements as lines of text."""
    lines = [f"{'':34}{'p50':>10}{'p99':>10}{'failed':>8}  {'worker memory':24}limit (p50)"]
    for m in measurements:
        memory = (
            ""
            if m.memory_before_mib is None
            else (f"{m.memory_before_mib:.1f} -> {m.memory_after_mib:.1f} MiB")
        )
        limit = "" if m.limit_ms is None else f"{m.limit_ms:.2f} ms"
        p99 = "" if m.p99_ms is None else f"{m.p99_ms:.2f} ms"
        lines.append(f"{m.way:34}{m.p50_ms:7.2f} ms{p99:>10}{m.failures:8}  {memory:24}{limit}")
    return "\n".join(lines)


def main() -> int:
    """Measure, print a table and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--requests", type=int, default=1000, help="one-row predictions (1000)")
    parser.add_argument("--json", type=Path, help="write the measurements to this file, too")
    options = parser.parse_args()
    measurements = measure_servers(options.requests)
    octave, kept, reloaded = measurements
    ratio = reloaded.p50_ms / kept.p50_ms
    limit_ms = ENDPOINT_LIMIT * octave.p50_ms
    with tempfile.TemporaryDirectory() as folder, deployed_example(Path(folder)) as project:
        measurements.append(measure_endpoint(project, options.requests, limit_ms))
    print(f"{options.requests} one-row CSV predictions, one after the other\n")
    print(table(measurements))
    added_ms = kept.p50_ms - octave.p50_ms
    print(f"\nThrough the server, a prediction takes {added_ms:.1f} ms longer than without it.")
    print(f"Keeping the model is {ratio:.1f} times as fast as loading it for each request.")
    if options.json:
        result = {"measurements": [asdict(m) for m in measurements], "ratio": ratio}
        options.json.write_text(json.dumps(result, indent=2) + "\n")
    return 0 if all(m.passed() for m in measurements) else 1


if __name__ == "__main__":
    sys.exit(main())
