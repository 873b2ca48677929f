"""The kit's structure: which way imports point, and the same name for action, script and test."""

import ast
import dataclasses
import importlib
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml

from helpers.kit.paths import KIT
from matlab_sagemaker.github import run

LIBRARY = KIT / "scripts/matlab_sagemaker"
ACTIONS = sorted((KIT / "action").glob("*/action.yml"))
VERBS_BY_HAND = sorted((KIT / "scripts").glob("*.yml"))  # which only people run
VERBS_WITHOUT_ACTION = {"init", "schema"} | {file.stem for file in VERBS_BY_HAND}
ACTIONS_THAT_TELL_NOBODY = {"comment"}  # it reports on the other steps

ROOMS = {"github", "project", "aws", "images", "training", "hosting", "init", "doctor", "rehearsal"}
DOORS = {  # only they may import these
    "boto3": {"aws"},
    "botocore": {"aws"},
    "docker": {"images"},
    "moto": set(),
    "subprocess": {"shell"},
    "urllib3": {"github.api", "github.oidc", "images"},
}


def library_modules():
    for file in sorted(LIBRARY.rglob("*.py")):
        name = ".".join(file.relative_to(LIBRARY).with_suffix("").parts).removesuffix(".__init__")
        if name != "__init__":
            yield name, file


def imports(file):
    """Yield every module that a file imports, and whether for types only."""
    for_types = {
        node
        for block in ast.walk(ast.parse(file.read_text()))
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
        for node in map(ast.unparse, block.body)
    }
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or ""), ast.unparse(node) in for_types
        elif isinstance(node, ast.Import):
            yield from ((alias.name, ast.unparse(node) in for_types) for alias in node.names)


def test_imports_point_one_way():
    """The layers are in pyproject.toml; imports for type checkers count, too."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=KIT,
        env={"PYTHONPATH": str(KIT / "scripts"), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_there_are_few_layers():
    text = (KIT / "pyproject.toml").read_text().partition('containers = ["matlab_sagemaker"]')[2]
    layers = text.partition("layers = [")[2].partition("]")[0]
    assert 1 < len(re.findall(r'"[^"]+"', layers)) <= 6


@pytest.mark.parametrize(("name", "file"), list(library_modules()))
def test_a_pure_module_asks_nobody(name, file):
    """A module is pure if its docstring says so."""
    if "Pure." in (ast.get_docstring(ast.parse(file.read_text())) or ""):
        for module, is_for_types in imports(file):
            assert is_for_types or module.partition(".")[0] not in ASKING, module
            assert module != "matlab_sagemaker.shell"


ASKING = {
    "time", "random", "socket", "urllib", "urllib3", "boto3", "botocore", "docker", "os", "shutil",
    "tempfile",
}  # fmt: skip


def test_the_library_has_few_rooms_and_short_files():
    folders = {path.parent.name for path in LIBRARY.glob("*/__init__.py")}
    assert folders == ROOMS
    for file in [*(KIT / "scripts").rglob("*.py"), *(KIT / "docker").rglob("*.py")]:
        assert len(file.read_text().splitlines()) <= 300, file


def test_what_folders_of_tests_share_lies_in_helpers():
    """Those of workflows/ are imported without its name."""
    tests = KIT / "tests"
    homes = {folder.name: folder.name for folder in tests.iterdir()}
    homes |= {file.stem: "workflows" for file in (tests / "workflows").glob("*.py")}
    del homes["helpers"], homes["emulator"]  # the latter is also the emulator itself
    for file in tests.rglob("*.py"):
        folder = file.relative_to(tests).parts[0]
        for module, _ in imports(file):
            assert homes.get(module.partition(".")[0], folder) == folder, f"{file}: {module}"


def test_no_two_public_classes_share_a_name():
    names = Counter(
        node.name
        for _, file in library_modules()
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize(("name", "file"), list(library_modules()))
def test_each_way_out_has_one_door(name, file):
    for module, is_for_types in imports(file):
        doors = DOORS.get(module.partition(".")[0])
        is_let_in = doors is None or name in doors or name.partition(".")[0] in doors
        assert is_let_in or is_for_types, f"{name} imports {module}: only {doors} may"


@pytest.mark.parametrize(("name", "file"), list(library_modules()))
def test_the_runners_variables_are_read_in_one_place(name, file):
    if name not in ("github.run", "shell"):
        assert not re.search(r"GITHUB_[A-Z]|os\.environ|getenv|[\"']ACTIONS_", file.read_text())


@pytest.fixture(params=ACTIONS, ids=lambda path: path.parent.name)
def path(request):
    return request.param


def module_name(path):
    return path.parent.name.replace("-", "_")


def test_an_action_has_a_script_and_a_test_of_its_name(path):
    assert (KIT / f"scripts/{module_name(path)}.py").is_file()
    assert (KIT / f"tests/verbs/test_{module_name(path)}.py").is_file()


def test_a_script_has_an_action_of_its_name():
    scripts = {file.stem for file in (KIT / "scripts").glob("*.py")} - {"__main__", "bootstrap"}
    assert scripts - VERBS_WITHOUT_ACTION == {module_name(path) for path in ACTIONS}


def test_an_action_has_an_icon_and_a_colour(path):
    """`make check` compares both with the schema, if they exist."""
    assert set(yaml.safe_load(path.read_text())["branding"]) == {"icon", "color"}


def test_an_actions_inputs_are_its_scripts(path):
    declared = list(yaml.safe_load(path.read_text())["inputs"])
    fields = dataclasses.fields(importlib.import_module(module_name(path)).Inputs)
    assert sorted(declared) == sorted(field.name.replace("_", "-") for field in fields)


@pytest.mark.parametrize("path", VERBS_BY_HAND, ids=lambda file: file.stem)
def test_a_verb_without_an_action_declares_its_inputs_and_outputs_alike(path):
    declared = yaml.safe_load(path.read_text())
    fields = dataclasses.fields(importlib.import_module(path.stem).Inputs)
    assert sorted(declared["inputs"]) == sorted(f.name.replace("_", "-") for f in fields)
    for about in [*declared["inputs"].values(), *declared["outputs"].values()]:
        assert about["description"].endswith(".")
    assert all(isinstance(about["default"], str) for about in declared["inputs"].values())
    assert (KIT / f"tests/verbs/test_{path.stem}.py").is_file()


def test_the_hook_before_a_commit_runs_check_for_all_files_that_it_reads():
    (hook,) = yaml.safe_load((KIT / ".pre-commit-hooks.yaml").read_text())
    program, verb = hook["entry"].split()
    assert os.access(KIT / program, os.X_OK)
    assert f"{verb}.py" in {script.name for script in (KIT / "scripts").glob("*.py")}
    assert (hook["language"], hook["pass_filenames"]) == ("script", False)
    names = ("sagemaker.yml", "models/sagemaker.yml", "code/f.m", "data/x.csv", "request.json")
    assert all(re.search(hook["files"], name) for name in names)
    assert not any(re.search(hook["files"], name) for name in ("README.md", "my-sagemaker.yml"))


def test_an_actions_outputs_tell_how_it_ended(path):
    outputs = list(yaml.safe_load(path.read_text())["outputs"])
    if path.parent.name not in ACTIONS_THAT_TELL_NOBODY:
        assert tuple(outputs[-2:]) == run.AT_THE_END


def test_every_input_reaches_the_script_and_no_expression_reaches_a_shell(path):
    action = yaml.safe_load(path.read_text())
    (step,) = action["runs"]["steps"]
    assert "${{" not in step["run"]
    assert step["env"] == {
        "INPUT_" + name.upper().replace("-", "_"): f"${{{{ inputs.{name} }}}}"
        for name in action["inputs"]
    }


def test_inputs_and_outputs_are_described_and_defaults_given(path):
    action = yaml.safe_load(path.read_text())
    for about in action["inputs"].values():
        assert about["description"].endswith(".")
        assert isinstance(about["default"], str)
    for name, about in action["outputs"].items():
        assert about["description"].endswith(".")
        assert about["value"] == f"${{{{ steps.{path.parent.name}.outputs.{name} }}}}"


@pytest.mark.parametrize(
    "script", sorted((KIT / "scripts").glob("*.py")), ids=lambda file: file.name
)
def test_a_verb_is_a_table_of_contents(script):
    if script.name not in ("__main__.py", "bootstrap.py"):
        assert len(script.read_text().splitlines()) <= 40


def test_the_bootstrap_is_short_enough_to_read():
    assert len((KIT / "scripts/run").read_text().splitlines()) <= 20
