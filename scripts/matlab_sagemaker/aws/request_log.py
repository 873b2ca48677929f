"""A line in the log for each request to AWS: service, operation, status and seconds, no contents.

A request that is sent again has a line for each attempt.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.hooks import BaseEventHooks

_SENT = "matlab_sagemaker_sent"  # our key in botocore's context of a request


def start(events: BaseEventHooks, log: Callable[[str], object]) -> None:
    """Log every request of the clients that are made after this."""

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
    """Return the status with the error's code, such as 400 ValidationException."""
    if parsed is None:
        return f"no answer ({type(exception).__name__})"
    status = parsed.get("ResponseMetadata", {}).get("HTTPStatusCode", "")
    code = parsed.get("Error", {}).get("Code", "")
    return f"{status} {code}".strip() if str(code) != str(status) else str(status)
