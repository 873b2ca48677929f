"""Predictions: send a request to the endpoint and compare its answer with the expected one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from matlab_sagemaker.aws import logs, session
from matlab_sagemaker.errors import MissingStepError, PredictionFailedError
from matlab_sagemaker.hosting import handler_errors
from matlab_sagemaker.hosting.endpoints import log_group
from matlab_sagemaker.project import comparison, fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.digest import Files
    from matlab_sagemaker.github.run import Run
    from matlab_sagemaker.project.comparison import Expected
    from matlab_sagemaker.project.content import Project
    from matlab_sagemaker.project.request import Request

_LOG_LINES = 15


class RefusedRequestError(PredictionFailedError):
    """The handler does not accept the request: it answered 4xx."""


def endpoint(project: Project | None, name: str) -> tuple[str, Files]:
    """Return the endpoint's name and the handler's code; without a project, `name` and no code.

    Raises InputError if `name` is not a valid name.
    """
    if project:
        return project.endpoint_name, project.handler_code
    fields.check_inputs({"endpoint-name": (name, fields.RESOURCE)})
    return name, {}


def require_answer(run: Run, aws: Aws, endpoint: str, code: Files, request: Request) -> bytes:
    """Invoke the endpoint; if the model answers an error, show the end of its log and raise it.

    `code` has the handler's files, to locate an error in them. On a model's error the outputs are
    written first; if the request never reached the model, there are none.
    """
    try:
        return invoke(aws, endpoint, request, code)
    except PredictionFailedError as error:
        run.outputs(outputs(endpoint, "", None, error), logged=True)
        if isinstance(error, RefusedRequestError):
            raise  # the answer says why; the log would show other requests
        group = log_group(endpoint)
        with run.group(f"The last lines of {group}"), run.foreign_text() as log:
            for line in logs.last_lines(aws, group, _LOG_LINES):
                log(line)
        raise


def outputs(
    endpoint: str, answer: str, expected: Expected | None, error: PredictionFailedError | None
) -> dict[str, Any]:
    """Build the outputs of a request that reached the model; no `error`: it answered as `expected`.

    Without an expected answer, only an error says something about it.
    """
    as_expected = False if error else True if expected else ""
    return {"prediction": answer, "endpoint-name": endpoint, "as-expected": as_expected}


def compare(
    run: Run, endpoint: str, expected: Expected | None, answer: bytes
) -> PredictionFailedError | None:
    """Compare an answer with the expected one; None, or an error with the first row that differs.

    The error is returned, not raised, so that the caller can report the answer with it.
    """
    if expected is None:
        return None
    what = f"{endpoint} did not answer what {expected.file} expects"
    try:
        difference = comparison.first_difference(expected, answer)
    except ValueError as error:
        return PredictionFailedError(
            f"{what}: the answer is not {expected.content_type}.",
            why=f"{error}.",
            do=f"Correct the handler, or the input 'accept'. {still_serves(endpoint)}",
        )
    if difference:
        return PredictionFailedError(
            f"{what}: {difference.words}.",
            why=f"expected: {difference.expected}\nanswered: {difference.answered}",
            do="If the new answer is right, put it into that file. " + still_serves(endpoint),
        )
    run.log(f"The answer is as {expected.file} expects.")
    return None


def still_serves(endpoint: str) -> str:
    """Tell the user that the endpoint serves this model, and how to roll back."""
    return (
        f"Endpoint {endpoint} serves this model now; rollback brings back what it served before, "
        "if that is recorded (status shows it)."
    )


def invoke(aws: Aws, endpoint: str, request: Request, code: Files) -> bytes:
    """Invoke the endpoint; raise PredictionFailedError with the container's error.

    `code` has the handler's files, to locate an error in them. Raises MissingStepError if there is
    no such endpoint.
    """
    with session.explained(f"invoking the endpoint {endpoint}"):
        try:
            answer = aws.runtime.invoke_endpoint(
                EndpointName=endpoint,
                Body=request.body,
                ContentType=request.content_type,
                Accept=request.accept,
            )
        except session.Refused as error:
            if session.code(error) == "ValidationError" and "not found" in session.message(error):
                raise MissingStepError(
                    f"There is no endpoint {endpoint}.",
                    why=session.message(error),
                    do="Run deploy first, or correct endpoint.name in sagemaker.yml.",
                ) from error
            if session.code(error) != "ModelError":
                raise
            said = str(error.response.get("OriginalMessage", session.message(error)))
            status = str(error.response.get("OriginalStatusCode", ""))
            raise model_error(endpoint, status, said, code) from error
        return answer["Body"].read()


def model_error(endpoint: str, status: str, said: str, code: Files) -> PredictionFailedError:
    """Create the error for a container's answer that is not a prediction. Pure.

    handler_errors describes how the kit's handlers answer an error.
    """
    try:
        told = json.loads(said)
    except ValueError:
        told = None
    told = told if isinstance(told, dict) else {}
    place = handler_errors.place(str(told.get("where", "")), code)
    log = f"The endpoint's log is in CloudWatch ({log_group(endpoint)})."
    is_refused = status.startswith("4")
    if is_refused:
        do = "Correct the request, or change the handler so that it accepts it."
    elif place:
        where = f"{place.file}:{place.line}"
        do = f"Correct the handler at {where}, or send a request that it can handle. {log}"
    else:
        do = f"The log says why the handler, or the process that runs it, failed. {log}"
    why = _said(told) or said
    return (RefusedRequestError if is_refused else PredictionFailedError)(
        f"The model behind {endpoint} answered {status or 'with an error'}.",
        why=f"{told['error']} in {told['where']}. {told.get('message', '')}" if place else why,
        do=do if is_refused else f"{do} {still_serves(endpoint)}",
        place=place,
    )


def _said(told: Mapping[str, Any]) -> str:
    """Return the message and identifier from a kit handler's error; empty for other handlers."""
    message, identifier = told.get("message"), told.get("error")
    return f"{message} ({identifier})" if message and identifier else ""
