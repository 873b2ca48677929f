"""SageMaker's contract at the port, with real Octave. No request here harms a worker."""

from __future__ import annotations

import http.client
import json
import random
import socket
import threading
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from helpers.kit.inference_container import Server

MEBIBYTE = 2**20


def test_a_ping_is_answered_with_200_and_nothing(server: Server):
    answer = server.request("GET", "/ping")
    assert (answer.code, answer.body) == (200, b"")


def test_the_handler_gets_production_servers_request_struct(server: Server):
    answer = server.probe("describe", b"12345", Content_Type="text/csv")
    fields = dict(line.split(" ", 1) for line in answer.body.decode().splitlines())
    headers = fields.pop("Headers").split()
    assert headers[0] == "cell"
    assert headers[1].endswith("x2")
    assert fields == {
        "ApiVersion": "double 1x3",
        "Body": "uint8 1x5",
        "HttpVersion": "double 1x2",
        "Method": "char 1x4",
        "Path": "char 1x12",
    }


def test_every_byte_survives_the_round_trip(server: Server):
    every = bytes(range(256)) * 3 + b"\r\n\x00\x1a"
    assert server.probe("echo", every).body == every


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 5 * MEBIBYTE])
def test_a_body_of_any_size_survives_the_round_trip(server: Server, size: int):
    body = random.Random(size).randbytes(size)
    assert server.probe("echo", body).body == body


def test_a_body_of_exactly_the_limit_is_taken(server: Server):
    assert server.probe("code 201", bytes(25 * MEBIBYTE)).code == 201


def test_a_chunked_body_arrives_whole(server: Server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request("POST", "/invocations", iter([b"ab", b"c" * 100_000]), {"X-Probe": "echo"})
    assert connection.getresponse().read() == b"ab" + b"c" * 100_000
    connection.close()


def test_headers_of_the_handler_go_out_numbers_as_text(server: Server):
    answer = server.probe("echo", Content_Type="application/x-iris")
    assert answer.headers["content-type"] == "application/x-iris"
    assert answer.headers["x-number"] == "12.5"


def test_custom_attributes_go_in_and_out(server: Server):
    answer = server.probe("echo", X_Amzn_SageMaker_Custom_Attributes='trace="7"; c=\\x')
    assert answer.headers["x-amzn-sagemaker-custom-attributes"] == 'trace="7"; c=\\x'


def test_the_handlers_own_code_is_passed_on_without_any_other_field(server: Server):
    answer = server.probe("code 418")
    assert (answer.code, answer.body) == (418, b"")


def test_an_error_in_the_handler_is_a_500_with_its_identifier_and_the_worker_goes_on(
    server: Server,
):
    before = server.probe("pid").body
    answer = server.probe("throw")
    assert answer.code == 500
    assert b"kit:test:broken" in answer.body
    assert "Out of tea." in server.log
    assert server.probe("pid").body == before


@pytest.mark.parametrize(("act", "words"), [("code 42", b"HttpCode is 42"), ("split", b"X-Split")])
def test_an_answer_that_http_cannot_express_is_a_500_and_the_worker_goes_on(
    server: Server, act: str, words: bytes
):
    before = server.probe("pid").body
    answer = server.probe(act)
    assert answer.code == 500
    assert words in answer.body
    assert server.probe("pid").body == before


def test_what_a_handler_prints_goes_to_the_log_and_not_into_answers(server: Server):
    assert server.probe("echo", b"x").body == b"x"
    assert "probe on stdout" in server.log


def test_a_handler_that_closes_all_files_can_still_answer(server: Server):
    before = server.probe("pid").body
    assert server.probe("close", b"x").body == b"x"
    assert server.probe("pid").body == before


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("POST", "/ping", 405),
        ("GET", "/invocations", 405),
        ("PUT", "/invocations", 405),
        ("GET", "/", 404),
        ("POST", "/invocations/", 404),
        ("GET", "/../../etc/passwd", 404),
    ],
)
def test_other_requests_are_refused(server: Server, method: str, path: str, code: int):
    assert server.request(method, path).code == code


def test_execution_parameters_are_json(server: Server):
    answer = server.request("GET", "/execution-parameters")
    assert answer.headers["content-type"] == "application/json"
    assert json.loads(answer.body)["MaxConcurrentTransforms"] == 1


def test_a_declared_body_over_the_limit_is_refused_before_it_is_read(server: Server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        head = (
            f"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: {25 * MEBIBYTE + 1}\r\n\r\n"
        )
        client.sendall(head.encode())
        assert client.recv(100).startswith(b"HTTP/1.1 413")


def test_a_chunked_body_over_the_limit_is_refused_while_it_comes(server: Server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(
            b"POST /invocations HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        for _ in range(26):
            client.sendall(b"100000\r\n" + bytes(MEBIBYTE) + b"\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 413")


def test_a_client_that_writes_all_before_it_reads_gets_the_413_too(server: Server):
    assert server.probe("echo", bytes(30 * MEBIBYTE)).code == 413


def test_bodies_that_stall_keep_nobody_else_waiting(server: Server):
    head = b"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nthe beginning"
    with ExitStack() as clients:
        for _ in range(200):
            client = socket.create_connection(("127.0.0.1", server.port), timeout=10)
            clients.enter_context(client).sendall(head)
        time.sleep(0.2)
        assert server.probe("echo", b"x").body == b"x"
        assert server.ping() == 200


def test_pings_are_fast_while_the_only_worker_computes(server: Server):
    computing = threading.Thread(target=server.probe, args=("sleep 1.5",))
    computing.start()
    time.sleep(0.2)
    slowest = 0.0
    for _ in range(50):
        asked = time.monotonic()
        assert server.ping() == 200
        slowest = max(slowest, time.monotonic() - asked)
    assert computing.is_alive()
    assert slowest < 0.25  # SageMaker wants a connection within 250 ms
    computing.join()


def test_requests_queue_for_a_busy_worker_and_are_all_answered(server: Server):
    answers: list[bytes] = []
    clients = [
        threading.Thread(target=lambda n=n: answers.append(server.probe("echo", b"%d" % n).body))
        for n in range(20)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert sorted(answers, key=int) == [b"%d" % n for n in range(20)]


def test_a_client_that_goes_away_costs_no_worker(server: Server):
    before = server.probe("pid").body
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(
            b"POST /invocations HTTP/1.1\r\nHost: x\r\nX-Probe: sleep 0.3\r\n"
            b"Content-Length: 0\r\n\r\n"
        )
        time.sleep(0.1)
    assert server.probe("pid").body == before


def test_a_queued_request_whose_client_has_gone_is_not_computed(server: Server):
    before = server.probe("pid").body
    computing = threading.Thread(target=server.probe, args=("sleep 1",))
    computing.start()
    time.sleep(0.2)
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(
            b"POST /invocations HTTP/1.1\r\nHost: x\r\nX-Probe: exit\r\nContent-Length: 0\r\n\r\n"
        )
        time.sleep(0.2)
    computing.join()
    assert server.probe("pid").body == before


def test_a_slow_client_holds_no_worker(server: Server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(b"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf")
        assert server.probe("echo", b"x", timeout_s=5).body == b"x"
