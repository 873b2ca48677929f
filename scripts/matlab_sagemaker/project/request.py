"""Read a request and its expected answer from files; check their types and sizes."""

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
    """The inputs that name a request and its expected answer; they override sagemaker.yml."""

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
    """The arguments of InvokeEndpoint."""

    body: bytes
    content_type: str
    accept: str
    file: str = ""

    @property
    def text(self) -> str:
        """The body as text, to show to people."""
        return self.body.decode(errors="replace")


@dataclass(frozen=True)
class Sample:
    """A request, and the expected answer if there is one."""

    request: Request
    expected: Expected | None = None


def chosen(project: Project | None, given: SampleInputs) -> tuple[Request, Expected | None]:
    """Return what `find` does; raise InputError if there is no request to send."""
    found = find(project, given)
    if found is None:
        raise InputError(
            "There is no request to send.",
            do="Give --request FILE, or set inference.request in sagemaker.yml.",
        )
    return found.request, found.expected


def find(project: Project | None, given: SampleInputs) -> Sample | None:
    """Find the request, and the expected answer if there is one.

    The expected answer in sagemaker.yml is used only with the request in sagemaker.yml. Without a
    project only the inputs count. The answer is asked for in the type of the expected one. Raises
    InputError for files that cannot be read or are not valid.
    """
    section = project.settings.inference if project else None
    root = project.folders.root if project else Path()
    own = section.request if section else None
    name = given.request or (str(root / own) if own else "")
    if not name:
        return None
    answer = section.expected if section and not given.request else None
    answer_name = given.expected or (str(root / answer) if answer else "")
    accept = given.accept or TYPES.get(Path(answer_name).suffix.lower(), "")
    sent = read(Path(name), given.content_type, accept)
    expected = read_expected(answer_name, sent.accept)
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
    """Read the request in `file`; its name's extension says the type if none is given."""
    sent = content_type or TYPES.get(file.suffix.lower(), "")
    if not sent:
        known = ", ".join(TYPES)
        raise InputError(
            f"Cannot tell the content type of {file} from its name.",
            do=f"Give --content-type, or use one of the extensions {known}.",
        )
    body = _content("request file", file)
    return Request(body, sent, accept or sent, str(file))


def read_expected(name: str, accept: str) -> Expected | None:
    """Read the expected answer, if `name` is not empty.

    Its type is known from the file's extension; otherwise it is `accept`.
    """
    if not name:
        return None
    file = Path(name)
    body = _content("expected answer", file)
    kind = TYPES.get(file.suffix.lower(), accept)
    try:
        comparison.rows_of(body, kind)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"The expected answer {file} is not {kind}.",
            why=f"{error}.",
            do="Correct its content, or its extension.",
        ) from error
    return Expected(str(file), body, kind)


def _content(what: str, file: Path) -> bytes:
    try:
        body = file.read_bytes()
    except OSError as error:
        raise InputError(
            f"The {what} {file} cannot be read: {error.strerror}.",
            do="Correct its path or its permissions.",
        ) from error
    if not body or len(body) > LIMIT:
        raise InputError(
            f"The {what} {file} has {len(body)} bytes.",
            why=f"An endpoint takes and answers 1 to {LIMIT} bytes.",
            do="Use a smaller table." if body else "Write a table into it.",
        )
    return body


# A job's outputs can have 1 MB in total, and only text.
# Source: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
SHOWN = 200_000  # characters


def keep(answer: bytes, file: str) -> str:
    """Write the answer to `file`, unless that is empty; return the answer as text to show."""
    if file:
        try:
            Path(file).write_bytes(answer)
        except OSError as error:
            raise InputError(
                f"The answer cannot be written to {file}: {error.strerror}.",
                do="Give --answer a path that can be written.",
            ) from error
    try:
        text = answer.decode()
    except UnicodeDecodeError:
        return f"({len(answer)} bytes that are not text; save them with --answer FILE)"
    cut = f"\n(shortened from {len(text)} characters; save all of them with --answer FILE)"
    return text if len(text) <= SHOWN else text[:SHOWN] + cut
