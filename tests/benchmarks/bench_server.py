"""How fast big requests are answered, compared with a peer in the same run: bench_server.py.

The serving process with the example's handler and one worker beside Flask with scikit-learn, which
serve 10,000 rows of CSV and of JSON; and the front of MATLAB's image (nginx) beside the service
behind it, with bodies of 5 MB. The two get requests in turn, and the quickest answer of each
counts, by the clock: other work on the machine slows the rest. The CPU time of servers and client
is printed, too. Exit code 1 if ours takes over a quarter longer than its limit, an answer is
incomplete, or nginx logs anything about the bodies.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psutil

TESTS = Path(__file__).resolve().parents[1]
KIT = TESTS.parent
sys.path[:0] = [str(TESTS), str(KIT / "scripts")]
sys.path[:0] = [str(KIT / "docker/common"), str(KIT / "docker/inference")]

from front import configuration, read_settings  # noqa: E402
from helpers.kit.inference_container import EXAMPLE, lay_out_image, serving  # noqa: E402
from helpers.kit.trained_model import train_model  # noqa: E402
from helpers.kit.waiting import eventually  # noqa: E402
from processes import free_port  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

PEER_PYTHON = KIT / ".venv/peers/bin/python"
PEERS = Path(__file__).parent / "peer"
DATA = EXAMPLE / "data/training/iris.csv"
HANDLER = "ClassificationTreeInferenceHandler"
CSV, JSON = "text/csv", "application/json"
ROWS, BODY = 10_000, 5_000_000
ROUNDS, TIMES = 6, 10
TOLERANCE = 1.25


def main() -> int:
    """Measure, print and judge."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        kept = [compare_csv_and_json(scratch), compare_front(scratch)]
    return 0 if all(kept) else 1


def compare_csv_and_json(scratch: Path) -> bool:
    """Compare the serving process with Flask; return whether both limits are kept."""
    image = lay_out_image(scratch / "image", EXAMPLE / "inference")
    train_model(scratch / "ml")
    csv_body, json_body = bodies()
    with (
        serving(image, scratch, HANDLER) as server,
        started(PEER_PYTHON, PEERS / "flask_iris.py", DATA) as peer,
    ):
        server.wait_for_workers(1)
        both = [(server.port, [server.process.pid]), (peer.port, [peer.pid])]
        kept = []
        for kind, body, limit in ((CSV, csv_body, 5.0), (JSON, json_body, 3.0)):
            ours, theirs = measure_in_turn(both, body, kind)
            what = f"{ROWS:,} rows of {kind}"
            kept.append(judge(what, ours, "Flask + scikit-learn", theirs, limit))
            kept.append([rows_in(each.answer, kind) for each in (ours, theirs)] == [ROWS] * 2)
    return all(kept)


class Measured(NamedTuple):
    """What one answer takes, in seconds: at least by each, and the last of them."""

    processor_s: float
    clock_s: float
    answer: bytes


def measure_in_turn(
    servers: list[tuple[int, list[int]]], body: bytes, kind: str
) -> Iterator[Measured]:
    """Ask servers, each a port and the processes that answer, in turn; yield the best of each."""
    rounds = [[measure(*server, body, kind) for server in servers] for _ in range(ROUNDS)]
    for of_one in zip(*rounds, strict=True):
        processor = min(each.processor_s for each in of_one)
        yield Measured(processor, min(each.clock_s for each in of_one), of_one[-1].answer)


def measure(port: int, pids: list[int], body: bytes, kind: str) -> Measured:
    """Ask a server, one request after another; `pids` are the processes that answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    ask(connection, body, kind)
    began = processor_s(pids)
    took = [ask(connection, body, kind) for _ in range(TIMES)]
    processor = (processor_s(pids) - began) / TIMES
    connection.close()
    return Measured(processor, min(seconds for seconds, _ in took), took[-1][1])


def processor_s(pids: list[int]) -> float:
    """Return the processor's time that we, processes and their children have had, in seconds."""
    roots = [psutil.Process(pid) for pid in pids]
    children = [child for root in roots for child in root.children(recursive=True)]
    times = [each.cpu_times() for each in (*roots, *children)]
    return time.process_time() + float(sum(each.user + each.system for each in times))


def rows_in(answer: bytes, kind: str) -> int:
    """Return how many predictions an answer has."""
    return len(json.loads(answer)) if kind == JSON else len(answer.split()) - 1


def bodies() -> tuple[bytes, bytes]:
    """Return the example's flowers, over and over, as CSV and as JSON records."""
    header, *flowers = [line.split(",")[:4] for line in DATA.read_text().split()]
    rows = [flowers[number % len(flowers)] for number in range(ROWS)]
    records = [dict(zip(header, map(float, row), strict=True)) for row in rows]
    text = "".join(",".join(row) + "\n" for row in [header, *rows])
    return text.encode(), json.dumps(records).encode()


def compare_front(scratch: Path) -> bool:
    """Compare nginx with the service behind it; return whether the limit is kept."""
    folder, log, port = scratch / "front", scratch / "nginx.log", free_port()
    folder.mkdir()
    (folder / "ready").touch()
    environ = {"MATLAB_SAGEMAKER_COMMAND": '["muserve"]', "SAGEMAKER_BIND_TO_PORT": str(port)}
    file = folder / "nginx.conf"
    with microservice(scratch) as service, log.open("wb") as errors:
        as_root = os.geteuid() == 0
        file.write_text(
            configuration(read_settings(environ), service.port, folder, as_root=as_root)
        )
        with subprocess.Popen(["nginx", "-p", folder, "-c", file], stderr=errors) as nginx:
            try:
                eventually((folder / "nginx.pid").exists)
                pids = [nginx.pid, service.pid]
                ways = [(service.port, pids), (port, pids)]
                direct, ours = measure_in_turn(ways, bytes(BODY), CSV)
                kept = connections(service)
            finally:
                nginx.terminate()
    said = log.read_text()
    sys.stdout.write(said)
    whole = ours.answer == direct.answer == b"%d" % BODY
    fast = judge("a body of 5 MB by nginx", ours, "the microservice itself", direct, 1 / 0.7)
    return fast and whole and kept == 1 and not said


def connections(service: Peer) -> int:
    """Return how many connections a service has."""
    all_of_them = psutil.Process(service.pid).net_connections("tcp")
    return sum(each.status == psutil.CONN_ESTABLISHED for each in all_of_them)


def ask(connection: http.client.HTTPConnection, body: bytes, kind: str) -> tuple[float, bytes]:
    """Send one request; return its seconds and the answer."""
    began = time.perf_counter()
    connection.request("POST", "/invocations", body, {"Content-Type": kind})
    response = connection.getresponse()
    answer = response.read()
    if response.status != 200:
        sys.exit(f"answered {response.status}: {answer[:500]!r}")
    return time.perf_counter() - began, answer


@contextmanager
def microservice(scratch: Path) -> Iterator[Peer]:
    """Run the container tests' stand-in for MATLAB's microservice, with LengthHandler in it."""
    root, port = scratch / "runtime", free_port()
    lay_out_image(root / "archive", PEERS)
    server = root / "bin/glnxa64/muserve"
    server.parent.mkdir(parents=True)
    shutil.copy(KIT / "tests/images/standin/bin/muserve", server)
    (root / "standin").mkdir()
    shutil.copy(KIT / "docker/octave/worker.m", root / "standin")
    with tarfile.open(root / "handler.ctf", "w") as archive:
        archive.add(root / "archive", ".")
    command = [sys.executable, server, "-a", root / "handler.ctf", "--http", str(port)]
    environ = {**os.environ, "SAGEMAKER_INFERENCE_HANDLER": "LengthHandler"}
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE) as process:
        try:
            process.stdout.readline()
            yield Peer(process.pid, port)
        finally:
            process.terminate()


def judge(what: str, ours: Measured, peer: str, theirs: Measured, limit: float) -> bool:
    """Print a line; return whether the limit is missed by no more than a quarter."""
    ratio = ours.clock_s / theirs.clock_s
    sys.stdout.write(
        f"{what}: {ours.clock_s * 1000:.1f} ms, {ratio:.2f} times {peer} "
        f"({theirs.clock_s * 1000:.1f} ms), limit {limit:.2f}; of the processor "
        f"{ours.processor_s * 1000:.1f} and {theirs.processor_s * 1000:.1f} ms\n"
    )
    return ratio <= TOLERANCE * limit


class Peer(NamedTuple):
    """A server that runs."""

    pid: int
    port: int


@contextmanager
def started(*command: str | Path) -> Iterator[Peer]:
    """Run a server that prints its port."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Peer(process.pid, int(process.stdout.readline()))
        finally:
            process.kill()


if __name__ == "__main__":
    sys.exit(main())
