"""A request file: its bytes and types, checked against SageMaker's limit; it only reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matlab_sagemaker.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = (
    25 * 1024 * 1024
)  # bytes; https://docs.aws.amazon.com/sagemaker/latest/dg/model-hosting-faqs.html
TYPES = {".csv": "text/csv", ".json": "application/json"}


@dataclass(frozen=True)
class Request:
    """What InvokeEndpoint takes."""

    body: bytes
    content_type: str
    accept: str


def read(file: Path, content_type: str, accept: str) -> Request:
    """Return the request in `file`; its name tells the type where none is given."""
    sent = content_type or TYPES.get(file.suffix.lower(), "")
    if not sent:
        known = ", ".join(TYPES)
        raise InputError(
            f"The content type of {file} is not known from its name.",
            do=f"Give --content-type, or name the file {known}.",
        )
    try:
        body = file.read_bytes()
    except OSError as error:
        raise InputError(f"The request file {file} cannot be read: {error.strerror}.") from error
    if not body or len(body) > LIMIT:
        raise InputError(
            f"The request file {file} has {len(body)} bytes.", why=f"SageMaker takes 1 to {LIMIT}."
        )
    return Request(body, sent, accept or sent)
