"""The bytes between server and worker."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.frames import (
    LENGTHS,
    AnswerError,
    FrameError,
    Request,
    Response,
    decode_lengths,
    decode_response,
    encode_request,
)

TEXT = st.text(st.characters(max_codepoint=255))
NAME = st.text("abcXYZ019-_!", min_size=1)
VALUE = st.text(st.characters(min_codepoint=32, max_codepoint=126)).map(str.strip)
SENT = st.lists(st.tuples(NAME, VALUE), max_size=5)
HEADERS = st.lists(st.tuples(TEXT, TEXT), max_size=5)


@given(TEXT, TEXT, HEADERS, st.binary(max_size=300))
def test_a_request_frame_tells_all_of_the_request(method, path, headers, body):
    frame = encode_request(Request(method, path, headers, body))
    head_length, body_length = decode_lengths(frame[:LENGTHS])
    head = json.loads(frame[LENGTHS : LENGTHS + head_length])
    assert (head["method"], head["path"]) == (method, path)
    assert list(zip(head["names"], head["values"], strict=True)) == headers
    assert frame[LENGTHS + head_length :] == body
    assert len(body) == body_length


@given(st.integers(200, 599), SENT, st.binary(max_size=300))
def test_a_response_is_what_its_head_and_body_say(code, headers, body):
    names, values = [name for name, _ in headers], [value for _, value in headers]
    head = json.dumps({"code": code, "names": names, "values": values}).encode()
    assert decode_response(head, body) == Response(code, headers, body)


@given(st.binary(max_size=64))
def test_bytes_that_are_no_head_are_told_as_such(head):
    with pytest.raises(FrameError):
        decode_response(head, b"")


@pytest.mark.parametrize("code", ["x", None, [200]])
def test_a_code_that_is_no_number_is_no_head(code):
    with pytest.raises(FrameError):
        decode_response(json.dumps({"code": code, "names": [], "values": []}).encode(), b"")


@pytest.mark.parametrize("code", [0, 100, 199, 600])
def test_a_code_that_http_has_not_is_refused(code):
    with pytest.raises(AnswerError):
        decode_response(json.dumps({"code": code, "names": [], "values": []}).encode(), b"")


@pytest.mark.parametrize(
    ("name", "value"), [("a b", "x"), ("", "x"), ("a:", "x"), ("a", "x\r\nb: y"), ("a", "\u20ac")]
)
def test_a_header_that_http_has_not_is_refused(name, value):
    head = {"code": 200, "names": [name], "values": [value]}
    with pytest.raises(AnswerError):
        decode_response(json.dumps(head).encode(), b"")


@pytest.mark.parametrize("head", [{"names": ["a"], "values": []}, {"names": 3, "values": []}])
def test_headers_without_values_are_refused(head):
    with pytest.raises(FrameError):
        decode_response(json.dumps({"code": 200, **head}).encode(), b"")


@pytest.mark.parametrize("prefix", [b"hello, world ok!", b"0000000\xff00000000"])
def test_what_does_not_begin_a_frame_is_refused(prefix):
    with pytest.raises(FrameError):
        decode_lengths(prefix)
