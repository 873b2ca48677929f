"""HTTP requests and answers as ASGI has them: messages in, messages out.

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

# The server frames the answer itself.
OWN_HEADERS = {"connection", "content-length", "keep-alive", "transfer-encoding"}


class TooLargeError(Exception):
    """The body is over the limit; what is left of it may still be on its way."""


class NoRoomError(Exception):
    """The bodies of all requests together would fill the memory."""


class DisconnectedError(Exception):
    """The client is gone."""


def as_json(value: object) -> Response:
    """Return a value as a JSON answer."""
    return Response(200, [("Content-Type", "application/json")], json.dumps(value).encode())


def refusal(code: int, text: str, *headers: tuple[str, str]) -> Response:
    """Return an answer of the server itself, in one line of plain text."""
    return Response(code, [("Content-Type", "text/plain"), *headers], text.encode() + b"\n")


async def read_request(
    scope: Scope, receive: Receive, limit: int | None, take: Callable[[int], None]
) -> Request:
    """Read a whole request of at most `limit` bytes; `take` hears of each part before it is kept.

    Raises TooLargeError as soon as it is known to be larger, DisconnectedError, and what `take`
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
    """Return a handler's answer without the headers that frame it: the server sets those."""
    kept = [(name, value) for name, value in response.headers if name.lower() not in OWN_HEADERS]
    return replace(response, headers=kept)


async def drain(receive: Receive) -> None:
    """Read the rest of a body and forget it."""
    more = True
    while more:
        more = (await receive()).get("more_body", False)


async def send_response(send: Send, response: Response, *, more: bool = False) -> None:
    """Send an answer; with `more`, only an empty last part is left to be sent."""
    headers = [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in response.headers
    ]
    headers.append((b"content-length", b"%d" % len(response.body)))
    await send({"type": "http.response.start", "status": response.code, "headers": headers})
    await send({"type": "http.response.body", "body": response.body, "more_body": more})
