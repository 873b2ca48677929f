"""Requests that no honest client sends, as bytes; seeded, so the same every time."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
HEADER = ",".join(NAMES).encode() + b"\n"
CSV, JSON = b"text/csv", b"application/json"


def odd_requests(count: int, seed: int = 13) -> list[bytes]:
    """Return `count` odd requests, all complete, so that each must be answered."""
    choose = random.Random(seed)
    fixed = [*bodies(), *heads()]
    made = [random_body(choose) for _ in range(count - len(fixed))]
    requests = [*fixed, *made][:count]
    choose.shuffle(requests)
    return requests


def post(body: bytes, kind: bytes = CSV, more: bytes = b"") -> bytes:
    """Return a whole POST /invocations; `more` is further header lines."""
    head = b"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: " + kind + b"\r\n" + more
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def bodies() -> Iterator[bytes]:
    """Yield requests whose bodies are odd."""
    for text in (
        b"", b"\n\n", b"\x00" * 100, b"\xff\xfe\x00", HEADER, HEADER * 2, b"a,b\n1\n", b"\r1\r2\r",
        HEADER + b'"1,2,3,4\n', HEADER + b"1,2,3\n", HEADER + b'"5,1",3i,0x10,1e\n',
        HEADER + b"Inf,-Inf,NaN,1e999\n", HEADER + b"a,b,c,d\n", HEADER + b"1,2,3,4\x00\n",
        HEADER + b"1,2,3," + b"9" * 100_000 + b"\n", HEADER + b'"' * 1001 + b"\n",
        b"\xef\xbb\xbf" + HEADER, b"," * 100_000, b"a," * 10_001 + b"a\n", b"x" * 3_000_000,
        HEADER + b"1,2,3,4\n" * 20_000, b"sepal_length," * 4 + b"\n1,2,3,4,5\n",
    ):  # fmt: skip
        yield post(text)
    record = dict.fromkeys(NAMES, 1)
    for text in (
        b"", b"{", b"[]", b"{}", b"null", b"1e999", b"NaN", b'"x"', b"[[[]]]", b"[" * 100_000,
        b'{"a":' * 50_000, b'[{"x":1},{"y":2}]', b'{"instances":{}}', b'{"instances":null}',
        b'{"":1}', b'{"a b":1,"1c":2}', b'{"x":1,"x":2}', b'{"\\ud800":"\\udfff"}',
        b'["' + b"\\" * 100_001 + b'"]', b'{"' + b"k" * 70_000 + b'":1}', b'\xc3\x28',
        json.dumps({f"c{n}": n for n in range(10_001)}).encode(), b'{"x":{"y":[1,{"z":2}]}}',
        json.dumps([{**record, "sepal_width": "wide"}]).encode(),
        json.dumps([{**record, "sepal_width": None}]).encode(),
        json.dumps([record] * 5_000).encode()[:-1],
        json.dumps([record, {**record, "more": 1}]).encode(), b" " * 1_000_000,
    ):  # fmt: skip
        yield post(text, JSON)


def heads() -> Iterator[bytes]:
    """Yield requests whose first line or headers are odd."""
    flower = HEADER + b"5.1,3.5,1.4,0.2\n"
    for kind in (b"", b"image/png", b";", b"text/csv;" * 500, b"text/\xe4", b"a/b/c", b"*/*"):
        yield post(flower, kind)
    for accept in (
        b"",
        b"image/png",
        b"text/csv;q=x",
        b",".join([b"a/b"] * 2000),
        b"*/*;q=0",
        b";",
    ):
        yield post(flower, CSV, b"Accept: " + accept + b"\r\n")
    for more in (
        b"X: " + b"y" * 40_000 + b"\r\n", b"X: y\r\n" * 300, b"bad name: x\r\n", b"X: a\x00b\r\n",
        b"Content-Length: 7\r\n", b"Transfer-Encoding: gzip\r\n", b"Expect: 100-continue\r\n",
        b"Content-Encoding: gzip\r\n", b"Connection: upgrade\r\nUpgrade: websocket\r\n",
    ):  # fmt: skip
        yield post(flower, CSV, more)
    for line in (
        b"GARBAGE", b"GET", b"GET / HTTP/3.0", b"POST /invocations", b"\x16\x03\x01\x02\x00\x01",
        b"GET /%00 HTTP/1.1", b"OPTIONS * HTTP/1.1", b"BREW /ping HTTP/1.1", b"TRACE / HTTP/1.1",
        b"GET http://elsewhere/ping HTTP/1.1", b"GET /" + b"x" * 30_000 + b" HTTP/1.1",
        b"GET /../../etc/passwd HTTP/1.1", b"get /ping http/1.1", b"GET /ping HTTP/1.0",
    ):  # fmt: skip
        yield line + b"\r\nHost: x\r\n\r\n"
    head = b"POST /invocations HTTP/1.1\r\nHost: x\r\n"
    for rest in (
        b"Content-Length: -1\r\n\r\n", b"Content-Length: ten\r\n\r\n",
        b"Content-Length: 99999999999999999999\r\n\r\n", b"Content-Length: 27000000\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", b"Transfer-Encoding: chunked\r\n\r\n-1\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"\r\n",
    ):  # fmt: skip
        yield head + rest


def random_body(choose: random.Random) -> bytes:
    """Return a request whose body is a good one with some changed bytes."""
    rows = [[round(choose.uniform(0, 8), 1) for _ in NAMES] for _ in range(choose.randint(1, 20))]
    if choose.random() < 0.5:
        kind, text = CSV, HEADER + b"".join(b"%s,%s,%s,%s\n" % tuple(map(encoded, r)) for r in rows)
    else:
        kind = JSON
        text = json.dumps([dict(zip(NAMES, row, strict=True)) for row in rows]).encode()
    body = bytearray(text)
    for _ in range(choose.randint(1, 6)):
        at = choose.randrange(len(body))
        piece = choose.choice([b"", b'"', b",", b"\n", b"\\", b"[", b"}", b"\x00", b"e", b"\xc3"])
        body[at : at + choose.randint(0, 3)] = piece
    return post(bytes(body), kind)


def encoded(number: float) -> bytes:
    return str(number).encode()
