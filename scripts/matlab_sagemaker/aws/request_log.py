"""Logs each request to AWS in one line: service, operation, status and duration, no contents.

Each attempt of a repeated request has its own line.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.hooks import BaseEventHooks

_SENT = "matlab_sagemaker_sent"  # the key for our entry in botocore's request context


def start(events: BaseEventHooks, log: Callable[[str], object]) -> None:
    """Log every request of clients that are created after this call."""

    def sent(request: Any, **_: object) -> None:
        request.context[_SENT] = time.monotonic()

    def answered(**about: Any) -> None:
        seconds = time.monotonic() - about["context"][_SENT]
        _, service, operation = about["event_name"].split(".")
        outcome = _outcome(about["parsed_response"], about["exception"])
        log(f"aws {service} {operation}: {outcome}, {seconds:.2f} s")

    events.register("request-created.*.*", sent)
    events.register("response-received.*.*", answered)


def _outcome(parsed: dict[str, Any] | None, exception: Exception | None) -> str:
    """Format status and error code, such as 400 ValidationException."""
    if parsed is None:
        return f"no answer ({type(exception).__name__})"
    status = parsed.get("ResponseMetadata", {}).get("HTTPStatusCode", "")
    code = parsed.get("Error", {}).get("Code", "")
    return f"{status} {code}".strip() if str(code) != str(status) else str(status)
