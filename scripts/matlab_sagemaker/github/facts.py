"""What a step tells the comment, as data: a small output that does not reveal the account. Pure.

Writers and readers use these classes. Numbers that JSON does not have, such as NaN, are texts.
Blocks that do not fit into the output are left out whole and named.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from matlab_sagemaker.errors import InputError
from matlab_sagemaker.github import redact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LIMIT = 20_000  # bytes of one step's facts
_LEFT_OUT = 200  # bytes of these that are reserved for `left_out`


class _Block(BaseModel):
    model_config = ConfigDict(frozen=True, ser_json_inf_nan="strings")


class Failure(_Block):
    """An error, and the line of the user's code that caused it."""

    title: str
    kind: str  # its class, such as trainingFailed
    what: str
    why: str = ""
    do: str = ""
    file: str = ""  # relative to the repository
    line: int | None = None


class Metric(_Block):
    """A metric from sagemaker.yml; a list of them keeps its order."""

    name: str
    better: Literal["lower", "higher"] | None = None
    unit: str = ""


class FileGroup(_Block):
    """The files of a channel, the code or the handler."""

    name: str
    key: str  # of the files' content
    files: int
    size: int  # bytes
    rows: int | None = None  # of CSV; None: there is none, or too much to count


class ModelFacts(_Block):
    """A training job and its model."""

    job: str
    page: str = ""  # in the AWS console; empty: unknown
    log_page: str = ""
    has_ended: bool = True
    by_this_run: bool = False
    trains_again: bool = False  # the merge trains again, with an image that it builds
    metrics: dict[str, float] = {}
    missing: dict[str, str] = {}  # why a metric has no value, by name
    size: int | None = None  # bytes of model.tar.gz; None: nothing is sealed
    trained_s: int = 0
    billed_s: int = 0
    instance: str = ""


class Rule(_Block):
    """A rule of the gate, and whether the model passed it."""

    rule: str
    metric: str
    wanted: str
    got: str
    passed: bool


class DifferenceFacts(_Block):
    """The first row that is not as expected; it is in HandlerFacts.rows, maybe as the last one."""

    row: int  # counted in a table with a header
    where: str  # as the error says it
    expected: str


class HandlerFacts(_Block):
    """The handler's answer, or the reason why it was not tested."""

    reason: str = ""
    billed_s: int = 0
    request: str = ""  # the file
    rows: list[list[str]] = []  # of request and answer: the header, and some
    answer: str = ""  # if they are not tables
    expected: str = ""  # the file with the expected answer
    difference: DifferenceFacts | None = None


class ServingFacts(_Block):
    """The model in production."""

    job: str = ""
    metrics: dict[str, float] = {}


class PlanFacts(_Block):
    """What the merge would change."""

    endpoint: str
    changes: bool
    text: str  # one line for each thing
    serves: ServingFacts | None = None


class Facts(_Block):
    """All facts of a step, the most important blocks first."""

    verdict: str = ""
    project: str = ""
    failure: Failure | None = None
    metrics: list[Metric] = []
    model: ModelFacts | None = None
    rules: list[Rule] = []
    files: list[FileGroup] = []
    plan: PlanFacts | None = None
    handler: HandlerFacts | None = None
    log: list[str] = []  # its last lines, after a failure
    hyperparameters: dict[str, str] = {}
    left_out: list[str] = []  # names of blocks


NONE = Facts()


def compose(told: Iterable[Mapping[str, Any]], private: Mapping[str, str]) -> str:
    """Make a step's output from fields of Facts; `private` maps values to their replacements."""
    fields = {name: value for each in told for name, value in each.items()}
    facts = Facts.model_validate(_without_account(fields, private))
    kept, left_out = NONE, []
    for name in list(Facts.model_fields)[:-1]:
        more = kept.model_copy(update={name: getattr(facts, name)})
        if len(_json(more).encode()) > LIMIT - _LEFT_OUT:
            left_out.append(name)
        else:
            kept = more
    return _json(kept.model_copy(update={"left_out": left_out}))


def _json(facts: Facts) -> str:
    return facts.model_dump_json(exclude_defaults=True)


@dataclass(frozen=True, kw_only=True)
class FactsInputs:
    """The inputs of the step `comment` that are facts of other steps."""

    train: str
    handler: str
    plan: str
    base: str

    @property
    def told(self) -> dict[str, Facts]:
        """The facts of each step that has any."""
        texts = {
            "train": self.train, "handler": self.handler, "plan": self.plan, "base": self.base,
        }  # fmt: skip
        return {name: parse(text, name) for name, text in texts.items() if text.strip()}


def parse(text: str, name: str) -> Facts:
    """Parse the facts in the input `name`; raise InputError if they are not a step's facts."""
    try:
        return Facts.model_validate_json(text)
    except ValidationError as error:
        raise InputError(
            f"Input '{name}' is not the output `facts` of a step: {error.errors()[0]['msg']}.",
            do="Pass the output `facts` of the step unchanged.",
        ) from error


def _without_account(value: Any, private: Mapping[str, str]) -> Any:
    """Replace whatever identifies the account in all texts of a JSON-like value."""
    if isinstance(value, str):
        return redact.without_account(value, private)
    if isinstance(value, BaseModel):
        return _without_account(json.loads(value.model_dump_json()), private)
    if isinstance(value, dict):
        return {_without_account(k, private): _without_account(v, private)
                for k, v in value.items()}  # fmt: skip
    if isinstance(value, list | tuple):
        return [_without_account(item, private) for item in value]
    return value
