"""Any answer is refused with a message, or is in the files exactly as given."""

import contextlib
import re

import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from helpers.kit.init_answers import FULL, ON_SERVER, WORKFLOWS, made, parsed
from matlab_sagemaker.errors import InputError
from matlab_sagemaker.init import answers, render
from matlab_sagemaker.project import yaml12

TEMPLATES = {
    name: yaml.load((render.EXAMPLE / name).read_text(), yaml.CSafeLoader) for name in WORKFLOWS
}


HOSTILE = (
    "${{ secrets.X }}", "$", "{{", "'", '"', "\\", ": ", " #", "- ", "? ", "! ", "&a", "*a", "%",
    "@", "`", "|", ">", "[", "]", "{", "}", ",", "\n", "\r", "\t", "\x00", "\u2028", "\ufeff",
    "\ud800", "no", "null", "1e3", "0o7", "1:30", "~", "é", "漢字", "🌊", "a", "main", "/",
    "..", ".", "=", ".yml", ".m", ".csv", "data", "your-org/matlab-sagemaker", "    with:", "@v1",
    "x" * 200,
)  # fmt: skip
anything = st.text(max_size=30) | st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=5).map(
    "".join
)
ENDS = {"config": ".yml", "function": ".m", "handler": ".m"}
PREFIXES = {"data": "training=", "metric": "resubstitution_accuracy=(.)", "hyperparameter": "H=",
            "unit": "resubstitution_accuracy="}  # fmt: skip
TEXTS = ("config", "function", "handler", "data", "metric", "unit", "hyperparameter", "name",
         "branch", "environment", "request", "expected", "runner", "matlab_runner", "kit",
         "ref")  # fmt: skip


@st.composite
def accepted(draw):
    """Random answers; the example's in place of those that are refused."""
    values = dict(FULL)
    for name in draw(st.sets(st.sampled_from(TEXTS), min_size=1)):
        text = PREFIXES.get(name, "") + draw(anything) + ENDS.get(name, "")
        value = [text] if name in PREFIXES else text
        with contextlib.suppress(InputError):
            answers.checked({**values, name: value})
            values[name] = value
    return values


def texts_of(value):
    """Yield every key and every text of a YAML value, with the keys that lead to it."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from texts_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts_of(item)
    else:
        yield str(value)


@given(accepted())
def test_whatever_is_answered_comes_back_from_the_workflows(values):
    given_, texts = answers.checked(values), made(values, ON_SERVER)
    for name in WORKFLOWS:
        (job,) = parsed(texts[name])["jobs"].values()
        assert job["uses"] == f"{given_.kit}/{name}@{given_.ref}"
        wanted = render._inputs(name[len(render.WORKFLOWS) + 1 : -4], given_, ON_SERVER)
        assert {key: job["with"].get(key, "") for key in wanted} == wanted
    assert parsed(texts[WORKFLOWS[0]])[True]["pull_request"] == {"branches": [given_.branch]}
    assert parsed(texts[WORKFLOWS[1]])[True]["push"] == {"branches": [given_.branch]}


@given(accepted())
def test_no_answer_adds_an_expression_or_a_key_to_a_workflow(values):
    texts = made(values, ON_SERVER)
    for name in WORKFLOWS:
        before, after = TEMPLATES[name], parsed(texts[name])
        allowed = {text for text in texts_of(before) if "${{" in text}
        assert {text for text in texts_of(after) if "${{" in text} <= allowed
        assert without_answers(after) == without_answers(before)


def without_answers(workflow):
    """Return a workflow without the parts that depend on answers."""
    ((name, job),) = workflow["jobs"].items()
    bare = {key: value for key, value in job.items() if key not in ("with", "uses")}
    events = {
        event: {key: value for key, value in (about or {}).items() if key != "branches"}
        for event, about in workflow[True].items()
    }
    return {**workflow, "jobs": {name: bare}, True: events}


@given(accepted())
def test_whatever_is_answered_comes_back_from_the_project(values):
    given_ = answers.checked(values)
    project = yaml12.parse(made(values)[given_.config], "f").value
    code, function = answers.place(given_.function)
    assert (project["training"]["code"], project["training"]["function"]) == (code, function)
    assert project["training"]["channels"] == given_.data
    assert project["training"]["hyperparameters"] == given_.hyperparameter
    written = project["training"].get("metrics", {})
    assert {name: as_section(metric) for name, metric in written.items()} == {
        name: {"pattern": text, **more_about(given_, name)} for name, text in given_.metric.items()
    }
    assert project["inference"].get("request", "") == given_.request
    assert project["inference"].get("expected", "") == given_.expected
    assert project["name"] == given_.name
    assert project["matlab"]["products"] == ["Curve_Fitting_Toolbox", "Deep_Learning_Toolbox"]


def as_section(metric):
    return metric if isinstance(metric, dict) else {"pattern": metric}


def more_about(given_, name):
    found = {"better": given_.better.get(name), "unit": given_.unit.get(name)}
    return {key: value for key, value in found.items() if value is not None}


@given(anything | st.lists(anything))
def test_text_is_read_back_from_its_line_by_every_yaml(value):
    texts = [value] if isinstance(value, str) else value
    assume(all(text.isprintable() for text in texts))
    line = yaml12.scalar(value)
    assert "\n" not in line
    assert yaml12.parse(f"a: {line}", "f").value == {"a": value}
    assert parsed(f"a: {line} # b") == {"a": value}


@given(st.dictionaries(st.sampled_from(sorted(FULL)), anything))
def test_whatever_is_wrong_is_said_in_words(values):
    for name, text in answers.wrong(values).items():
        assert name in values
        assert "allowed: " in text
        assert re.search(r"Error|pydantic|validator", text) is None
