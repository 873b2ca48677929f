"""What the pages say of the code is true: messages, exit codes, functions, commands, words."""

import ast
import re
from functools import cache

import pytest

from helpers.kit import commands
from helpers.kit.paths import KIT

LIBRARY = KIT / "scripts/matlab_sagemaker"


def page(name):
    return (KIT / name).read_text(encoding="utf-8")


def section(text, heading):
    """Return what is below a heading of the second level."""
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def rows(text):
    """Yield the cells of each row of the tables in a text."""
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith("| --- "):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def said(node):
    """Return a text of the code with … for each value, as Troubleshooting quotes it."""
    if isinstance(node, ast.JoinedStr):
        parts = [str(v.value) if isinstance(v, ast.Constant) else "…" for v in node.values]
        return re.sub("…+", "…", "".join(parts))
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


@cache
def texts():
    """Return all texts of the library, one a line."""
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


@pytest.mark.parametrize("verb", ["train", "deploy"])
def test_the_walks_of_design_are_those_of_the_code(verb):
    """Each function is in the file that is named; the line above with one dash less calls it.

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
    assert of_main == calls(functions(f"{verb}.py")["main"]) - {"isinstance", "run.facts.append"}


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


def test_the_inputs_of_a_run_by_hand_exist():
    example = "examples/TrainAndDeployClassificationTree/.github/workflows"
    given = {
        (file, name)
        for text in map(page, ["docs/operations.md", "docs/costs.md"])
        for file, rest in re.findall(r"gh workflow run (\S+)(.*)", text)
        for name in re.findall(r"-f ([\w-]+)=", rest)
    }
    assert len(given) > 1
    for file, name in given:
        assert f"\n      {name}:\n" in page(f"{example}/{file}"), f"{file} has no input {name}"


@cache
def usage(verb):
    """Return the text of the file in which a verb's options are: its inputs, or its program."""
    name = verb.replace("-", "_")
    files = [KIT / f"action/{verb}/action.yml", KIT / f"scripts/{name}.yml"]
    files += [KIT / f"scripts/{name}/__main__.py", KIT / "scripts/bootstrap.py"]
    files += [KIT / "scripts/matlab_sagemaker/init/answers.py"] if verb == "init" else []
    return "".join(file.read_text(encoding="utf-8") for file in files if file.exists())


def test_the_commands_in_the_pages_exist_with_their_options():
    seen = list(commands.in_pages())
    assert {"rehearse", "train", "job", "transfer", "doctor", "delete"} <= {w[0] for _, w in seen}
    for file, (verb, *words) in seen:
        assert usage(verb), f"{file}: there is no {verb}"
        for option in (word for word in words if word.startswith("--")):
            assert option.strip("-").partition("=")[0] in usage(verb), f"{file}: {verb} {option}"
