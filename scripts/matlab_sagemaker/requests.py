"""A request's file and its answer's: types by their names, sizes against the limits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from matlab_sagemaker import comparison
from matlab_sagemaker.comparison import Expected
from matlab_sagemaker.errors import InputError

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

    @property
    def text(self) -> str:
        """The body as text, for showing."""
        return self.body.decode(errors="replace")


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


def read_expected(file: Path, accept: str) -> Expected:
    """Return the answer that is expected; its name tells the type, or else what is accepted."""
    try:
        body = file.read_bytes()
    except OSError as error:
        raise InputError(f"The expected answer {file} cannot be read: {error.strerror}.") from error
    kind = TYPES.get(file.suffix.lower(), accept)
    try:
        comparison.rows_of(body, kind)
    except ValueError as error:
        raise InputError(
            f"The expected answer {file} is not {kind}.", why=f"{error}. Nothing was sent."
        ) from error
    return Expected(str(file), body, kind)


# Outputs of a job hold 1 MB in all, and they hold text.
# Source: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
SHOWN = 200_000  # characters


def keep(answer: bytes, file: str) -> str:
    """Write the answer to `file`, where one is given; return the text that can be shown of it."""
    if file:
        try:
            Path(file).write_bytes(answer)
        except OSError as error:
            raise InputError(
                f"The answer cannot be written to {file}: {error.strerror}."
            ) from error
    try:
        text = answer.decode()
    except UnicodeDecodeError:
        return f"({len(answer)} bytes that are no text; --answer FILE keeps them)"
    cut = f"\n(cut: {len(text)} characters in all; --answer FILE keeps them)"
    return text if len(text) <= SHOWN else text[:SHOWN] + cut
