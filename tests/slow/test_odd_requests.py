"""300 odd requests to an endpoint: each gets an answer, and honest clients notice nothing."""

from __future__ import annotations

import http.client
import re
import socket
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from helpers.kit.inference_container import EXAMPLE, lay_out_image, serving
from helpers.kit.odd_requests import odd_requests
from helpers.kit.trained_model import train_model

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from pathlib import Path

FLOWERS = (EXAMPLE / "requests/three_flowers.csv").read_bytes()
EXPECTED = (EXAMPLE / "requests/expected.csv").read_bytes()
COUNT = 300
ROUNDS = 3  # other work on the machine can only increase p99, so the best round counts


def test_odd_requests_have_an_answer_each_and_harm_nobody(tmp_path: Path):
    image = lay_out_image(tmp_path / "image", EXAMPLE / "inference")
    train_model(tmp_path / "ml")
    odd = odd_requests(COUNT)
    with serving(
        image, tmp_path, "ClassificationTreeInferenceHandler", MATLAB_SAGEMAKER_WORKERS="2"
    ) as server:
        before = [worker.pid for worker in server.wait_for_workers(2)]
        ratios: list[float] = []
        while len(ratios) < ROUNDS and min(ratios, default=9) > 2:
            alone = p99(honest(server.port, 2 * COUNT))
            times, answers = honest_beside(server.port, odd)
            ratios.append(round(p99(times) / alone, 2))
            unanswered = [
                request[:200] for request, code in zip(odd, answers, strict=True) if not code
            ]
            assert unanswered == []
        assert [worker.pid for worker in server.wait_for_workers(2)] == before, server.log[-2000:]
        assert min(ratios) <= 2, ratios


def p99(times: list[float]) -> float:
    """Return the 99th percentile."""
    return sorted(times)[len(times) * 99 // 100]


def honest_beside(port: int, odd: list[bytes]) -> tuple[list[float], list[int]]:
    """Return the seconds of an honest client's requests, and the codes of simultaneous odd ones."""
    answers: list[int] = []
    working = threading.Thread(target=lambda: answers.extend(answered(port, each) for each in odd))
    working.start()
    times: list[float] = []
    while working.is_alive():
        times += honest(port, 20)
    working.join()
    return times, answers


def honest(port: int, count: int) -> list[float]:
    """Request predictions over one connection, check them, and return the seconds of each."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times = []
    for _ in range(count):
        began = time.perf_counter()
        connection.request("POST", "/invocations", FLOWERS, {"Content-Type": "text/csv"})
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, EXPECTED)
        times.append(time.perf_counter() - began)
    connection.close()
    return times


def answered(port: int, request: bytes) -> int:
    """Send the bytes of a request; return the status of the answer, or 0 if there is none."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        with suppress(OSError):  # answered and closed before all was sent
            client.sendall(request)
        received = b""
        while not (found := re.match(rb"HTTP/1\.1 (?!100)(\d{3}) ", after_100(received))):
            try:
                part = client.recv(65536)
            except OSError:
                return 0
            if not part:
                return 0
            received += part
        return int(found[1])


def after_100(received: bytes) -> bytes:
    """Return what follows an answer that only says Continue."""
    return re.sub(rb"^HTTP/1\.1 100 .*?\r\n\r\n", b"", received, flags=re.DOTALL)
