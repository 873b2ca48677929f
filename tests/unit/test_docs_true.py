"""What the pages say about the code is true: messages, exit codes, functions, commands, words."""

import ast
import re
from functools import cache

import pytest
import yaml

from helpers.kit import commands, parsers
from helpers.kit.paths import KIT

LIBRARY = KIT / "scripts/matlab_sagemaker"


def page(name):
    return (KIT / name).read_text(encoding="utf-8")


def section(text, heading):
    """Return the text below a heading of the second level."""
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def rows(text):
    """Yield the cells of each row of the tables in a text."""
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith("| --- "):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def said(node):
    """Return a text in the code with … for each value, as Troubleshooting quotes it."""
    if isinstance(node, ast.JoinedStr):
        parts = [str(v.value) if isinstance(v, ast.Constant) else "…" for v in node.values]
        return re.sub("…+", "…", "".join(parts))
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


@cache
def texts():
    """Return all texts in the library, one on each line."""
    trees = (ast.parse(file.read_bytes()) for file in LIBRARY.rglob("*.py"))
    return "\n".join(said(node) for tree in trees for node in ast.walk(tree))


@cache
def functions(file):
    """Return the functions of a file of the library or of a script, by name, as code."""
    path = LIBRARY / file if "/" in file else KIT / "scripts" / file
    tree = ast.parse(path.read_bytes())
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def calls(node):
    """Return what a function calls, as it is written: `name` or `room.name`."""
    return {ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}


def called(node):
    """Return what a function calls, with and without the room."""
    return calls(node) | {name.rpartition(".")[2] for name in calls(node)}


def walk(verb):
    """Yield (depth, name, file) of each function of a walk in Design."""
    for name, file, _ in list(rows(section(page("docs/design.md"), f"The walk of `{verb}`")))[1:]:
        depth = name.count("—")
        yield depth, name.strip("— `"), file.strip("`")


OTHERS = {"isinstance", "run.facts.append", "run.log"}  # of no interest to a reader of the walk


@pytest.mark.parametrize("verb", ["train", "deploy"])
def test_the_walks_of_design_are_those_of_the_code(verb):
    """Each function is in the file beside it; the line above with one dash less calls it.

    main calls those without a dash, and nothing else.
    """
    steps = list(walk(verb))
    assert steps[0][1:] == ("main", f"{verb}.py")
    above = {-1: functions(f"{verb}.py")["main"]}
    for depth, name, file in steps[1:]:
        own = functions(file)
        assert name.rpartition(".")[2] in own, f"{name} is not in {file}"
        assert name in called(above[depth - 1]), f"{name} is not called by the line above"
        above[depth] = own[name.rpartition(".")[2]]
    assert len(steps) > 10
    of_main = {name for depth, name, _ in steps[1:] if depth == 0}
    assert of_main == calls(functions(f"{verb}.py")["main"]) - OTHERS


def test_a_message_is_quoted_as_the_code_has_it():
    quoted = [
        cells[0].strip("`")
        for cells in rows(page("docs/troubleshooting.md"))
        if cells[0].startswith("`")
    ]
    assert len(quoted) > 40
    assert [message for message in quoted if message not in texts()] == []


def test_the_glossary_is_short_and_in_order():
    words = [cells[0] for cells in rows(section(page("CONTRIBUTING.md"), "Glossary"))][1:]
    assert 20 < len(words) <= 40
    assert words == sorted(words, key=str.lower)


ALLOWED = {"boolean": ["true", "false"]}  # values of a workflow's input, by its type


@cache
def by_hand(file):
    """Return the inputs of a run by hand of one of the example's workflows."""
    text = page(f"examples/TrainAndDeployClassificationTree/.github/workflows/{file}")
    return yaml.load(text, yaml.BaseLoader)["on"]["workflow_dispatch"]["inputs"]


def test_the_inputs_of_a_run_by_hand_take_their_values():
    files = [KIT / "README.md", *KIT.glob("docs/*.md")]
    lines = [
        found
        for file in files
        for found in re.findall(r"gh workflow run (\S+\.yml)([^`\n]*)", file.read_text("utf-8"))
    ]
    given = [(file, *pair) for file, rest in lines for pair in re.findall(r"-f (\S+?)=(\S+)", rest)]
    assert len(given) > 5
    for file, name, value in given:
        about = by_hand(file)[name]
        allowed = about.get("options") or ALLOWED.get(about["type"], [value])
        assert value in allowed, f"{file}: {name}={value}"


def test_the_verbs_take_the_commands_in_the_pages():
    seen = [*commands.in_pages(), *commands.within_texts()]
    assert {"rehearse", "train", "job", "transfer", "doctor", "delete"} <= {w[0] for _, w in seen}
    assert [why for _, (verb, *words) in seen if (why := parsers.refusal(verb, words))] == []


def test_a_command_with_an_unknown_option_or_value_is_found():
    assert "--only" in parsers.refusal("train", ["--only"])
    assert "allowed: candidate, release" in parsers.refusal("train", ["--repository", "mine"])
    assert "--name" in parsers.refusal("demo", ["--name"])
    assert "--unheard-of" in parsers.refusal("init", ["--unheard-of"])
