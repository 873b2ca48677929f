"""Environment variables of a training job: which ones users may set. No secrets. Pure.

DescribeTrainingJob shows them to everyone who can view the job. Source of the limits:
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from matlab_sagemaker.project import batch_token
from matlab_sagemaker.project.fields import NO_TOKEN, TextRule

_THE_KITS = 3  # variables reserved for the kit
_LONGEST = 512  # characters of a name and of a value
# Users may not set what affects the entrypoint, which checks the inputs before any of them runs.
_USERS = TextRule(
    r"(?!(MATLAB_SAGEMAKER|SAGEMAKER|TRAINING_JOB|AWS|LD|PYTHON)_)"
    r"(?!(PATH|PYTHON[A-Z]*|MATLAB_REQUIRED_PRODUCTS)$)[a-zA-Z_][a-zA-Z0-9_]*",
    f"a variable's name of 1 to {_LONGEST} letters, digits and underscores, but not PATH, "
    "MATLAB_REQUIRED_PRODUCTS or a name that begins with MATLAB_SAGEMAKER_, SAGEMAKER_, "
    "TRAINING_JOB_, AWS_, LD_ or PYTHON: those are reserved for the kit and SageMaker",
    longest=_LONGEST,
)
Name = Annotated[str, _USERS, NO_TOKEN]


def steers(name: str) -> bool:
    """Return whether a variable of an image may affect the job's entrypoint.

    These are the reserved variables, and those for proxies, certificates and folders that the
    entrypoint, the shell or the engine uses. The latter belong in sagemaker.yml, where reviewers
    see them.
    """
    return not re.fullmatch(_USERS.pattern, name) or bool(_OF_IMAGES.fullmatch(name))


_OF_IMAGES = re.compile(
    r"[a-z]+_proxy|(ssl|openssl|matlab|octave).*|[a-z]+_ca_bundle|locpath|gconv_path"
    r"|bash_env|home|hostaliases",
    re.IGNORECASE,
)


Value = Annotated[
    str,
    TextRule(
        r"[^\x00]*",
        f"a text of at most {_LONGEST} characters; put a number, true or false in quotes",
        longest=_LONGEST,
    ),
    AfterValidator(batch_token.refuse),
]
_SAGEMAKERS = 100
_MOST = _SAGEMAKERS - _THE_KITS


def _not_too_many(value: Any) -> Any:
    if isinstance(value, dict) and len(value) > _MOST:
        why = f"SageMaker allows {_SAGEMAKERS}, the kit needs {_THE_KITS}"
        raise ValueError(f"at most {_MOST} variables ({why})")
    return value


Variables = Annotated[
    dict[Name, Value],
    Field(json_schema_extra={"maxProperties": _MOST}),
    BeforeValidator(_not_too_many),
]
