"""A request's file and its answer's: types by their names, sizes against the limits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from matlab_sagemaker.errors import InputError
from matlab_sagemaker.project import comparison
from matlab_sagemaker.project.comparison import Expected

if TYPE_CHECKING:
    from matlab_sagemaker.project.content import Project

LIMIT = (
    25 * 1024 * 1024
)  # bytes; https://docs.aws.amazon.com/sagemaker/latest/dg/model-hosting-faqs.html
TYPES = {".csv": "text/csv", ".json": "application/json"}


@dataclass(frozen=True, kw_only=True)
class SampleFileInputs:
    """The inputs that name a request and its answer; one given counts before sagemaker.yml."""

    request: str
    expected: str
    tolerance: str


@dataclass(frozen=True, kw_only=True)
class SampleInputs(SampleFileInputs):
    """The inputs of a verb that sends a request."""

    content_type: str
    accept: str


@dataclass(frozen=True)
class Request:
    """What InvokeEndpoint takes."""

    body: bytes
    content_type: str
    accept: str
    file: str = ""

    @property
    def text(self) -> str:
        """The body as text, for showing."""
        return self.body.decode(errors="replace")


@dataclass(frozen=True)
class Sample:
    """A request, and the answer that is expected, if one is."""

    request: Request
    expected: Expected | None = None


def chosen(project: Project | None, given: SampleInputs) -> tuple[Request, Expected | None]:
    """Return the request, and the answer that is expected if there is one; raises InputError.

    It is that of `find`; without one there is nothing to send.
    """
    found = find(project, given)
    if found is None:
        raise InputError(
            "There is no request to send.",
            do="Give --request FILE, or write inference.request into sagemaker.yml.",
        )
    return found.request, found.expected


def find(project: Project | None, given: SampleInputs) -> Sample | None:
    """Return the request, with the answer that is expected of it, if there is one.

    The answer that sagemaker.yml names is that to its own request, not to another; without a
    project only what is given counts. Raises InputError for files that are not what they should be.
    """
    section = project.settings.inference if project else None
    root = project.folders.root if project else Path()
    own = section.request if section else None
    name = given.request or (str(root / own) if own else "")
    if not name:
        return None
    sent = read(Path(name), given.content_type, given.accept)
    answer = section.expected if section and not given.request else None
    expected = read_expected(given.expected or (str(root / answer) if answer else ""), sent.accept)
    tolerance = section.tolerance if section else Expected.tolerance
    if given.tolerance:
        tolerance = _tolerance(given.tolerance)
    return Sample(sent, expected and replace(expected, tolerance=tolerance))


def check(project: Project, given: SampleFileInputs) -> None:
    """Raise InputError for files that `find` refuses, where their names have to tell the types."""
    files = {"request": given.request, "expected": given.expected, "tolerance": given.tolerance}
    find(project, SampleInputs(**files, content_type="", accept=""))


def _tolerance(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value < 1:
        raise InputError(
            f"Input 'tolerance' is '{text}'; allowed: a number from 0 to less than 1, such as 1e-6."
        )
    return value


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
    return Request(body, sent, accept or sent, str(file))


def read_expected(name: str, accept: str) -> Expected | None:
    """Return the answer that is expected, if a file of one is named.

    The file's name tells its type, or else what is accepted.
    """
    if not name:
        return None
    file = Path(name)
    try:
        body = file.read_bytes()
    except OSError as error:
        raise InputError(f"The expected answer {file} cannot be read: {error.strerror}.") from error
    if not body or len(body) > LIMIT:
        raise InputError(
            f"The expected answer {file} has {len(body)} bytes.",
            why=f"An endpoint answers 1 to {LIMIT}.",
        )
    kind = TYPES.get(file.suffix.lower(), accept)
    try:
        comparison.rows_of(body, kind)
    except (ValueError, RecursionError) as error:
        raise InputError(f"The expected answer {file} is not {kind}.", why=f"{error}.") from error
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
