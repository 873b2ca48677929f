"""The types of values in sagemaker.yml; each says in words what it allows. Pure.

Limits are SageMaker's. Source, unless one is named: botocore's API models (sagemaker/2017-07-24).
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import core_schema

from matlab_sagemaker.errors import InputError
from matlab_sagemaker.project import batch_token, instances, problems, products

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler

    from matlab_sagemaker.project.problems import Problem

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class TextRule:
    """A text that `pattern` matches as a whole; `allowed` says in words what that means."""

    pattern: str
    allowed: str
    longest: int = 63

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Check before pydantic does, because `allowed` says more than pydantic's message."""
        return core_schema.no_info_before_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe the same rule to editors."""
        return {**handler(schema), "pattern": f"^(?:{self.pattern})$", "maxLength": self.longest}

    def check(self, value: Any) -> str:
        """Return `value` if it fits; raise ValueError with what is allowed otherwise."""
        fits = isinstance(value, str) and len(value) <= self.longest
        if fits and re.fullmatch(self.pattern, value):
            return str(value)
        raise ValueError(self.allowed)


_IDENTIFIER = r"[A-Za-z][A-Za-z0-9_]{0,62}"

# A job's name is the project's, a short key and a number: 32 + 21 + 10 = 63.
PROJECT = TextRule(
    r"[a-z0-9]+(-[a-z0-9]+)*",
    "1 to 32 lower-case letters, digits and single inner hyphens, such as pump-faults "
    "(it begins the names of the training jobs, models and S3 folders)",
    longest=32,
)
ProjectName = Annotated[str, PROJECT]
RESOURCE = TextRule(
    r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}",
    "1 to 63 letters, digits and inner hyphens (SageMaker does not allow others)",
)
ResourceName = Annotated[str, RESOURCE]


def _release(text: str) -> str:
    """Write a release as MathWorks does, such as R2026aU2."""
    return f"R{text[1:5]}{text[5].lower()}{text[6:].upper()}"


Release = Annotated[
    str,
    TextRule(
        r"[rR]20(2[3-9]|[3-9]\d)[abAB]([uU]\d+)?",
        "a MATLAB release such as R2026a, or R2026aU2 for an update; R2023a or later",
    ),
    AfterValidator(_release),
]
Product = Annotated[str, BeforeValidator(products.named), WithJsonSchema({"type": "string"})]
Products = Annotated[list[Product], AfterValidator(products.that_fit)]
ImageReference = Annotated[
    str,
    TextRule(
        r"[a-z0-9][a-z0-9._:/-]*[A-Za-z0-9](:[\w.-]+)?(@sha256:[0-9a-f]{64})?|[a-z0-9]+",
        "an image's name, such as mathworks/matlab-deps:r2026a or repository@sha256:…",
        longest=255,
    ),
]
SecretName = Annotated[
    str,
    TextRule(
        r"arn:aws[a-z-]*:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]+|[\w/+=.@-]+",
        "a Secrets Manager secret's name or ARN",
        longest=512,
    ),
]
FunctionName = Annotated[
    str,
    TextRule(
        rf"(?!.*\.m$){_IDENTIFIER}(\.{_IDENTIFIER})*",
        "a MATLAB function's name without .m, such as trainModel or mypackage.trainModel",
        longest=256,
    ),
]
ClassName = Annotated[
    str,
    TextRule(
        rf"(?!.*\.m$){_IDENTIFIER}(\.{_IDENTIFIER})*",
        "a MATLAB class's name without .m, such as ModelInferenceHandler",
        longest=256,
    ),
]


def _instance(use: instances.Use) -> AfterValidator:
    def check(name: str) -> str:
        if name not in instances.TYPES[use]:
            raise ValueError(instances.allowed(name, use))
        return name

    return AfterValidator(check)


_INSTANCE_TYPE = TextRule(r"ml\.[a-z0-9-]+\.[a-z0-9]+", "an instance type such as ml.m5.large")
FOR_SERVING = _instance("serving")
TrainingInstance = Annotated[str, _INSTANCE_TYPE, _instance("training")]
ServingInstance = Annotated[str, _INSTANCE_TYPE, FOR_SERVING]
InstanceCount = Annotated[int, Field(ge=1, le=100)]
VolumeSize = Annotated[int, Field(ge=1, le=16384)]
CHANNEL = TextRule(
    r"(?!code$)[A-Za-z0-9.\-_]+",
    "a channel's name: 1 to 64 letters, digits and . - _ ('code' is the kit's own channel)",
    longest=64,
)
ChannelName = Annotated[str, CHANNEL]
_FOLDER = TextRule(
    r"(?!/)(?!(.*/)?\.\.(/|$))(?![sS]3:)[^\\\x00]+",
    "a folder of the repository, relative to sagemaker.yml, such as code, or a list of them",
    longest=1024,
)
SampleFile = Annotated[
    str,
    TextRule(
        r"(?!/)(?!(.*/)?\.\.(/|$))(?![A-Za-z0-9]+:)[^\\\x00]+\.([cC][sS][vV]|[jJ][sS][oO][nN])",
        "a .csv or .json file of the repository, relative to sagemaker.yml, such as "
        "requests/one.csv",
        longest=1024,
    ),
]
Tolerance = Annotated[float, Field(ge=0, lt=1)]
Difference = Annotated[float, Field(allow_inf_nan=False)]
ChannelSource = Annotated[
    str,
    TextRule(
        r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/.*)?"
        r"|(?!/)(?!(.*/)?\.\.(/|$))(?![A-Za-z0-9]+://)[^\\\x00]+",
        "a folder of the repository such as data/training, or an S3 folder such as "
        "s3://my-bucket/training-data/",
        longest=1024,
    ),
]


def _no_token(name: Any) -> Any:
    if isinstance(name, str) and name.upper() == batch_token.VARIABLE:
        raise ValueError(batch_token.WAY_OUT)
    return name


NO_TOKEN = BeforeValidator(_no_token)
HyperParameterName = Annotated[
    str,
    TextRule(
        rf"(?!sagemaker_){_IDENTIFIER}",
        "a MATLAB name, because the training function gets it as a name-value argument "
        "(names that begin with sagemaker_ are reserved)",
    ),
    NO_TOKEN,
]
MetricName = Annotated[
    str, TextRule(r"[^\x00-\x1f\x7f]+", "a metric's name of 1 to 255 characters", longest=255)
]


def _metric_pattern(value: Any) -> str:
    allowed = (
        "a regular expression of 1 to 500 characters with a group around the number, "
        "such as 'accuracy: ([0-9.]+)'"
    )
    if not isinstance(value, str) or not 1 <= len(value) <= 500:
        raise ValueError(allowed)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            groups = re.compile(value).groups
    except FutureWarning as warning:  # such as [[:digit:]], which engines read differently
        raise ValueError(f"{allowed} ({warning}; {_PLAINER})") from warning
    except (re.error, OverflowError, Warning) as error:  # OverflowError: such as a{9999999999}
        raise ValueError(f"{allowed} ({error})") from error
    if groups < 1:
        raise ValueError(allowed)
    return value


_PLAINER = r"write \d for [:digit:], and \[ or \| for the character itself"
MetricPattern = Annotated[str, BeforeValidator(_metric_pattern)]
Unit = Annotated[str, TextRule(r"[^\x00-\x1f\x7f]+", "a unit of 1 to 20 characters", longest=20)]
_NUMBER = r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?0*[0-9]{1,2})?"  # any that fits is finite
Comparison = Annotated[
    str, TextRule(f"[<>]=? *{_NUMBER}", "a comparison in quotes, such as '>= 0.93' or '< 0.4'")
]


@dataclass(frozen=True)
class OrText:
    """A value that may be written as a text; `whole` converts it, or raises ValueError."""

    whole: Callable[[Any], Any]

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Convert the text before pydantic sees it, so that problems are reported at its key."""
        return core_schema.no_info_before_validator_function(self.whole, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe both forms to editors."""
        return {"anyOf": [{"type": "string"}, handler(schema)]}


def _metric(value: Any) -> Any:
    return value if isinstance(value, dict) else {"pattern": _metric_pattern(value)}


def _folders(value: Any) -> Any:
    return value if isinstance(value, list) else [_FOLDER.check(value)]


PATTERN_OR_SECTION = OrText(_metric)
Folder = Annotated[str, _FOLDER]
CodeFolders = Annotated[list[Folder], Field(min_length=1, max_length=20), OrText(_folders)]


_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST_RUN = 28 * 86400  # seconds; the service's limit for MaxRuntimeInSeconds


def seconds(value: Any) -> int:
    """Convert a time such as 90m to seconds; raise ValueError if it is not one, or too long."""
    allowed = "a time from 1s to 28d, such as 90m, 2h or 3600 (seconds)"
    match = re.fullmatch(r"(\d{1,9})([smhd]?)", value) if isinstance(value, str) else None
    if match:
        value = int(match[1]) * _UNITS[match[2] or "s"]
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _LONGEST_RUN:
        raise ValueError(allowed)
    return value


Duration = Annotated[
    int,
    BeforeValidator(seconds),
    WithJsonSchema(
        {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^\d+[smhd]?$"}]}
    ),
]


def checked(model: type[Model], value: Any) -> tuple[Model | None, list[Problem]]:
    """Validate `value` as a `model`; return that or None, and a list of its problems."""
    try:
        return model.model_validate(value), []
    except ValidationError as error:
        return None, problems.from_pydantic(error, model)


def check_inputs(given: Mapping[str, tuple[str, TextRule]]) -> None:
    """Raise InputError for the first input that is not empty and does not fit its rule."""
    for name, (value, rule) in given.items():
        try:
            if value:
                rule.check(value)
        except ValueError as error:
            raise InputError(f"Input '{name}' is '{value}'; allowed: {error}.") from error
