"""The format of messages between the server and a worker. Pure.

A frame is two lengths of 8 hexadecimal digits each, then a head in JSON, then the unchanged body:
    request head   {"path", "method", "names": [...], "values": [...]}
    response head  {"code", "names": [...], "values": [...]}
Header names and values are two lists, because Octave decodes those into cell columns.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

LENGTHS = 16  # characters of the two lengths
# Source: https://www.rfc-editor.org/rfc/rfc9110#name-fields
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


class FrameError(Exception):
    """A worker sent something that is not a frame; nothing after it can be read either."""


class AnswerError(Exception):
    """A handler's answer is complete but cannot be sent."""


@dataclass(frozen=True)
class Request:
    """An HTTP request as a handler sees it."""

    method: str
    path: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""


@dataclass(frozen=True)
class Response:
    """A handler's answer."""

    code: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""


def encode_request(request: Request) -> bytes:
    """Write a request as a frame."""
    head = json.dumps(
        {
            "path": request.path,
            "method": request.method,
            "names": [name for name, _ in request.headers],
            "values": [value for _, value in request.headers],
        }
    ).encode()
    return b"%08x%08x%b%b" % (len(head), len(request.body), head, request.body)


def decode_lengths(prefix: bytes) -> tuple[int, int]:
    """Read the lengths of head and body. Raises FrameError."""
    try:
        return int(prefix[:8].decode("ascii"), 16), int(prefix[8:].decode("ascii"), 16)
    except ValueError as error:
        raise FrameError(f"{prefix!r} is not the start of a frame") from error


def decode_response(head: bytes, body: bytes) -> Response:
    """Read the response in a frame.

    Raises FrameError for an invalid head, AnswerError for a response that HTTP cannot express.
    """
    try:
        fields = json.loads(head)
        code, names, values = int(fields["code"]), fields["names"], fields["values"]
        headers = list(zip(map(str, names), map(str.strip, map(str, values)), strict=True))
    except (ValueError, KeyError, TypeError) as error:
        raise FrameError(f"{head[:200]!r} is not the head of a response ({error})") from error
    check_answer(code, headers)
    return Response(code, headers, body)


def check_answer(code: int, headers: list[tuple[str, str]]) -> None:
    """Raise AnswerError for a status or header that HTTP cannot express."""
    if not 200 <= code <= 599:
        raise AnswerError(f"its HttpCode is {code}; allowed are 200 to 599")
    for name, value in headers:
        if not HEADER_NAME.fullmatch(name) or not HEADER_VALUE.fullmatch(value):
            raise AnswerError(f"{name!r}: {value!r} is not a valid HTTP header")
