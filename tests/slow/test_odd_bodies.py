"""Odd bodies: each gets an answer or a refusal with a reason; none is a 500 or ends a worker.

`BODIES` sets their number; CI's sample is small, the campaign has 500.
"""

from __future__ import annotations

import json
import os
import random
from itertools import islice
from typing import TYPE_CHECKING

from helpers.kit.inference_container import EXAMPLE, lay_out_image, serving
from helpers.kit.odd_requests import CSV, HEADER, JSON, NAMES, bodies, post, random_body
from helpers.kit.trained_model import train_model

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COUNT = int(os.environ.get("BODIES", "170"))
ABSENT, PRESENT = CSV + b"; header=absent", CSV + b"; header=present"
FLOWER = b"5.1,3.5,1.4,0.2\n"


def odd_bodies(count: int) -> list[tuple[str, bytes]]:
    """Return `count` odd bodies with their types, the same every time."""
    choose = random.Random(14)
    made = (random_body(choose) for _ in range(count))
    requests = islice([*columns(), *bodies(), *made], count)
    parts = [request.partition(b"\r\n\r\n") for request in requests]
    return [
        (head.split(b"Content-Type: ")[1].split(b"\r\n")[0].decode(), body)
        for head, _, body in parts
    ]


def columns() -> Iterator[bytes]:
    """Yield requests whose names, headers or values are odd."""
    name = b"sepal_length"
    for text in (
        FLOWER, FLOWER[:-1], b"\r\n" + FLOWER, b"5.1,3.5,1.4\n", b"a,b,c,d\n" + FLOWER,
        HEADER.replace(name, b"sepal length") + FLOWER,
        HEADER.replace(name, b'"sepal_length "') + FLOWER,
        HEADER.replace(name, b"Properties") + FLOWER, HEADER.replace(name, b":") + FLOWER,
        HEADER.replace(name, b"") + FLOWER, HEADER.replace(name, b'"a\nb"') + FLOWER,
        HEADER.replace(name, b"\xc3\xa4" * 40) + FLOWER, HEADER.replace(name, b"%s%d\\n") + FLOWER,
        HEADER + b'"5.1","3.5","1.4","0.2"\n', HEADER + b"5.1,3.5,1.4,\n", HEADER + b",,,\n",
        HEADER + b"true,false,true,false\n", HEADER + b"5.1,3.5,1.4,0x2\n", HEADER + b"-,+,.,e\n",
        HEADER + b"5.1,3.5,1.4,\xe2\x82\xac\n", HEADER + b'" ",3.5,1.4,0.2\n', b"\xc3\xa9",
        b'"', b'""',
    ):  # fmt: skip
        yield from (post(text, kind) for kind in (CSV, ABSENT, PRESENT))
    record = dict.fromkeys(NAMES, 1)
    for value in (
        None,
        True,
        "x",
        "5.1",
        "",
        [],
        {},
        [1, 2],
        {"y": 1},
        10**400,
        -0.0,
        1.7976931348623157e308,
    ):
        body = json.dumps([{**record, "sepal_width": value}, record]).encode()
        yield post(body, JSON)
        yield post(b'{"instances": ' + body + b', "signature_name": "x"}', JSON)
    for text in (
        b'{"instances": [[5.1, 3.5, 1.4, 0.2]]}', b'{"instances": [5]}', b'{"instances": "x"}',
        b'{"instances": [{}]}', b'{"instances": []}', b'[{"a/b": 1, "a_b": 2}]', b'[{":": 1}]',
        b'[{"a": "\\u0000"}]', b'[{"\\u0061\\"": 1, "b}": "}{"}]', b'[{"a": -}]', b'[{"a": 01}]',
        b'{"instances": {"instances": [{"x": 1}]}}', b'[{"x": 1}, {"x": 1, "x": 2}]', b'["a":1]',
    ):  # fmt: skip
        yield post(text, JSON)


def test_odd_bodies_are_answered_or_refused_with_a_reason(tmp_path: Path):
    image = lay_out_image(tmp_path / "image", EXAMPLE / "inference")
    train_model(tmp_path / "ml")
    with serving(image, tmp_path, "ClassificationTreeInferenceHandler") as server:
        before = [worker.pid for worker in server.wait_for_workers(1)]
        for kind, body in odd_bodies(COUNT):
            answer = server.request("POST", "/invocations", body, Content_Type=kind)
            said = f"{answer.code} to {kind}, {body[:200]!r}: {answer.body[:500]!r}"
            assert answer.code == 200 or 400 <= answer.code < 500, said + server.log[-2000:]
            assert answer.code == 200 or json.loads(answer.body)["message"], said
        assert [worker.pid for worker in server.wait_for_workers(1)] == before, server.log[-2000:]
