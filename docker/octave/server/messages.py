"""Reads HTTP requests and sends answers as ASGI messages.

Source: https://asgi.readthedocs.io/en/latest/specs/www.html
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from server.frames import Request, Response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    Scope = Mapping[str, Any]
    Message = Mapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]

# Headers that the server sets itself.
OWN_HEADERS = {"connection", "content-length", "keep-alive", "transfer-encoding"}


class TooLargeError(Exception):
    """The body is over the limit; the rest of it may still be arriving."""


class NoRoomError(Exception):
    """The bodies of all requests together would need too much memory."""


class DisconnectedError(Exception):
    """The client has disconnected."""


def as_json(value: object) -> Response:
    """Make a JSON answer."""
    return Response(200, [("Content-Type", "application/json")], json.dumps(value).encode())


def refusal(code: int, text: str, *headers: tuple[str, str]) -> Response:
    """Make an answer from the server itself, one line of plain text."""
    return Response(code, [("Content-Type", "text/plain"), *headers], text.encode() + b"\n")


async def read_request(
    scope: Scope, receive: Receive, limit: int | None, take: Callable[[int], None]
) -> Request:
    """Read a request with at most `limit` bytes; `take` gets each part's size before it is kept.

    Raises TooLargeError as soon as the body is larger, DisconnectedError, and whatever `take`
    raises.
    """
    headers = [(k.decode("latin-1"), v.decode("latin-1")) for k, v in scope["headers"]]
    length = dict(headers).get("content-length", "0")
    if limit is not None and int(length) > limit:
        raise TooLargeError
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise DisconnectedError
        part = message.get("body", b"")
        take(len(part))
        body += part
        more = message.get("more_body", False)
        if limit is not None and len(body) > limit:
            raise TooLargeError
    return Request(scope["method"], scope["path"], headers, bytes(body))


def without_own_headers(response: Response) -> Response:
    """Remove the headers from a handler's answer that the server sets itself."""
    kept = [(name, value) for name, value in response.headers if name.lower() not in OWN_HEADERS]
    return replace(response, headers=kept)


async def drain(receive: Receive) -> None:
    """Read the rest of a body and discard it."""
    more = True
    while more:
        more = (await receive()).get("more_body", False)


async def send_response(send: Send, response: Response, *, more: bool = False) -> None:
    """Send an answer; with `more`, the caller must still send an empty last part."""
    headers = [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in response.headers
    ]
    headers.append((b"content-length", b"%d" % len(response.body)))
    await send({"type": "http.response.start", "status": response.code, "headers": headers})
    await send({"type": "http.response.body", "body": response.body, "more_body": more})
