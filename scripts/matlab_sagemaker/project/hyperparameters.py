"""Hyperparameters: the allowed values, and their text in a SageMaker request. Pure."""

from __future__ import annotations

import json
import math
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from matlab_sagemaker.project import batch_token

_LONGEST_HYPERPARAMETER = 256  # characters, as the API's description says; its model says 2,500


def hyperparameter_text(value: Any) -> str:
    """Encode a value as the text that SageMaker takes, from which the job decodes the same value.

    Text that is not JSON stays as it is. Text that would be read as JSON ("5", "true") is quoted,
    and so is text of several lines, because SageMaker accepts only one.
    """
    if not isinstance(value, str):
        return json.dumps(value, allow_nan=False)
    try:
        json.loads(value)
    except ValueError:
        if value.isprintable():
            return value
    return json.dumps(value)


def _checked(value: Any) -> Any:
    items = value if isinstance(value, list) else [value]
    if not all(isinstance(item, bool | int | float | str) for item in items):
        raise ValueError("a number, a text, true or false, or a list of those")
    if any(isinstance(item, float) and not math.isfinite(item) for item in items):
        raise ValueError("a finite number (JSON, in which the job gets it, has no others)")
    if any(batch_token.FORM.search(str(item)) for item in items):
        raise ValueError(batch_token.WAY_OUT)
    if len(hyperparameter_text(value)) > _LONGEST_HYPERPARAMETER:
        raise ValueError(f"a value of at most {_LONGEST_HYPERPARAMETER} characters")
    return value


def _checked_text(value: Any) -> str:
    return hyperparameter_text(_checked(value))


_SCHEMA = WithJsonSchema({"type": ["number", "string", "boolean", "array"]})
HyperParameter = Annotated[Any, BeforeValidator(_checked), _SCHEMA]
HyperParameterText = Annotated[str, BeforeValidator(_checked_text), _SCHEMA]
