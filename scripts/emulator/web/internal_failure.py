"""The answer to a request that failed with an exception: status 500 and the reason, as AWS does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

STATUS = "500 Internal Server Error"
_XML = (
    "<ErrorResponse><Error><Type>Receiver</Type><Code>InternalFailure</Code>"
    "<Message>{}</Message></Error></ErrorResponse>"
)


def answer(error: Exception, environ: WSGIEnvironment) -> tuple[list[tuple[str, str]], bytes]:
    """Make headers and body: JSON for clients that use it, XML for all others."""
    reason = _reason(error)
    if "json" in environ.get("CONTENT_TYPE", "") or "HTTP_X_AMZ_TARGET" in environ:
        text = json.dumps({"__type": "InternalFailure", "message": reason})
        return [("Content-Type", "application/x-amz-json-1.1")], text.encode()
    printable = "".join(c if c.isprintable() else " " for c in reason)
    return [("Content-Type", "text/xml")], _XML.format(escape(printable)).encode()


def _reason(error: Exception) -> str:
    if isinstance(error, ModuleNotFoundError):
        return (
            f"The emulator's environment has no Python package {error.name}, which moto needs for "
            "this request. The environment of the tests has it (group dev of pyproject.toml): "
            ".venv/dev/bin/python scripts emulator --work FOLDER, after `make check`."
        )
    return f"The emulator failed: {type(error).__name__}: {error}"
