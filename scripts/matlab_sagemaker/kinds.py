"""The kinds of value that sagemaker.yml holds: each says in words what it allows. Pure.

Limits are the service's; source: the API models in botocore (sagemaker/2017-07-24) unless named.
"""

from __future__ import annotations

import difflib
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import core_schema

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler


@dataclass(frozen=True)
class Text:
    """A piece of text that matches `pattern` whole; `allowed` says in words what that means."""

    pattern: str
    allowed: str
    longest: int = 63

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Check before pydantic's own check: the words of this one tell more than `text`."""
        return core_schema.no_info_before_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe the same rule to editors."""
        return {**handler(schema), "pattern": f"^(?:{self.pattern})$", "maxLength": self.longest}

    def check(self, value: Any) -> str:
        """Return `value`, or raise ValueError with what is allowed."""
        if not isinstance(value, str) or len(value) > self.longest:
            raise ValueError(self.allowed)
        if not re.fullmatch(self.pattern, value):
            raise ValueError(self.allowed)
        return value


_IDENTIFIER = r"[A-Za-z][A-Za-z0-9_]{0,62}"
_RESOURCE = r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"

# The kit's own names begin with the project's and end in a key and a number: 40 + 17 + 4 <= 63.
ProjectName = Annotated[
    str,
    Text(
        r"[a-z0-9]+(-[a-z0-9]+)*",
        "1 to 40 lower-case letters, digits and single inner hyphens, such as pump-faults "
        "(it begins the names of the training jobs, models and S3 folders)",
        longest=40,
    ),
]
ResourceName = Annotated[
    str, Text(_RESOURCE, "1 to 63 letters, digits and inner hyphens (SageMaker allows no others)")
]
Release = Annotated[
    str, Text(r"R20\d\d[ab](U\d+)?", "a MATLAB release such as R2026a, or R2026aU2 for an update")
]


def _product(value: Any) -> str:
    name = value.replace(" ", "_") if isinstance(value, str) else value
    if name not in PRODUCTS:
        raise ValueError(
            f"a product of MathWorks as MATLAB's `ver` or mpm names it{_near(str(name))}"
        )
    return str(name)


def _near(name: str) -> str:
    """Return a hint at a product of nearly this name; that both are toolboxes makes none near."""
    products = {_bare(product): product for product in PRODUCTS}
    near = difflib.get_close_matches(_bare(name), products, 1, cutoff=0.75)
    return f"; did you mean '{products[near[0]].replace('_', ' ')}'?" if near else ""


def _bare(name: str) -> str:
    return name.lower().removesuffix("_toolbox")


def products_that_fit(names: list[str]) -> list[str]:
    """Return the products; they travel in one variable of the job, of at most 512 characters."""
    if len(" ".join({"MATLAB", *names})) > 512:
        raise ValueError("products whose names have at most 512 characters in all")
    return names


# Source: https://github.com/mathworks-ref-arch/matlab-dockerfile (mpm-input-files/R2026a)
PRODUCTS = (Path(__file__).parent / "products.txt").read_text(encoding="utf-8").split()
Product = Annotated[str, BeforeValidator(_product), WithJsonSchema({"type": "string"})]
ImageReference = Annotated[
    str,
    Text(
        r"[a-z0-9][a-z0-9._:/-]*[A-Za-z0-9](:[\w.-]+)?(@sha256:[0-9a-f]{64})?|[a-z0-9]+",
        "an image's name, such as mathworks/matlab-deps:r2026a or repository@sha256:…",
        longest=255,
    ),
]
SecretName = Annotated[
    str,
    Text(
        r"arn:aws[a-z-]*:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]+|[\w/+=.@-]+",
        "a Secrets Manager secret's name or ARN",
        longest=512,
    ),
]
FunctionName = Annotated[
    str,
    Text(
        rf"(?!.*\.m$){_IDENTIFIER}(\.{_IDENTIFIER})*",
        "a MATLAB function's name without .m, such as trainModel or mypackage.trainModel",
        longest=256,
    ),
]
ClassName = Annotated[
    str,
    Text(
        rf"(?!.*\.m$){_IDENTIFIER}(\.{_IDENTIFIER})*",
        "a MATLAB class's name without .m, such as ModelInferenceHandler",
        longest=256,
    ),
]
InstanceType = Annotated[
    str, Text(r"ml\.[a-z0-9-]+\.[a-z0-9]+", "an instance type such as ml.m5.large")
]
InstanceCount = Annotated[int, Field(ge=1, le=100)]
VolumeSize = Annotated[int, Field(ge=1, le=16384)]
ChannelName = Annotated[
    str,
    Text(
        r"(?!code$)[A-Za-z0-9.\-_]+",
        "a channel's name: 1 to 64 letters, digits and . - _ ('code' is the kit's own channel)",
        longest=64,
    ),
]
RelativePath = Annotated[
    str,
    Text(
        r"(?!/)(?!(.*/)?\.\.(/|$))(?![sS]3:)[^\\]+",
        "a folder of the repository, relative to sagemaker.yml, such as code or data/training",
        longest=1024,
    ),
]
Source = Annotated[
    str,
    Text(
        r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/.*)?"
        r"|(?!/)(?!(.*/)?\.\.(/|$))(?![A-Za-z0-9]+://)[^\\]+",
        "a folder of the repository such as data/training, or an S3 folder such as "
        "s3://my-bucket/training-data/",
        longest=1024,
    ),
]
BUCKET = Text(
    r"(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
    "an S3 bucket's name: 3 to 63 lower-case letters, digits, dots and hyphens",
)
BucketName = Annotated[str, BUCKET]
REGION = Text(r"[a-z]{2,4}(-[a-z]+)+-\d", "an AWS Region such as eu-west-1")
Region = Annotated[str, REGION]
ROLE = Text(
    r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+|[\w+=,.@/-]{1,64}",
    "an IAM role's ARN (arn:aws:iam::123456789012:role/name) or its name",
    longest=2048,
)
Role = Annotated[str, ROLE]
ROLE_ARN = Text(
    r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+",
    "an IAM role's ARN such as arn:aws:iam::123456789012:role/name",
    longest=2048,
)
AUDIENCE = Text(
    r"[!-~]+",
    "the audience of a token: sts.amazonaws.com, or sts.amazonaws.com.cn in China",
    longest=255,
)
SESSION_NAME = Text(
    r"[A-Za-z0-9_+=,.@-]{2,}",
    "2 to 64 letters, digits and _ + = , . @ - (STS allows no others)",
    64,
)
HyperParameterName = Annotated[
    str,
    Text(
        rf"(?!sagemaker_){_IDENTIFIER}",
        "a MATLAB name: the training function gets it as a name-value argument "
        "(names that begin with sagemaker_ are the platform's)",
    ),
]
MetricName = Annotated[
    str, Text(r"[^\x00-\x1f\x7f]+", "a metric's name of 1 to 255 characters", longest=255)
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
    except FutureWarning as warning:  # such as [[:digit:]], which each engine reads in its own way
        raise ValueError(f"{allowed} ({warning}; {_PLAINER})") from warning
    except (re.error, OverflowError, Warning) as error:  # the second is for a{9999999999}
        raise ValueError(f"{allowed} ({error})") from error
    if groups < 1:
        raise ValueError(allowed)
    return value


_PLAINER = r"write \d for [:digit:], and \[ or \| for the sign itself"
MetricPattern = Annotated[str, BeforeValidator(_metric_pattern)]

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST_RUN = 28 * 86400  # seconds; the service's limit for MaxRuntimeInSeconds


def seconds(value: Any) -> int:
    """Return a time in seconds; raise ValueError where it is none, or too long."""
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
