"""The structure of DESIGN: which way imports point, and one name through the house."""

import ast
import dataclasses
import importlib
import re

import pytest
import yaml

from conftest import KIT
from matlab_sagemaker import github

LIBRARY = KIT / "scripts/matlab_sagemaker"
ACTIONS = sorted((KIT / "action").glob("*/action.yml"))
VERBS_WITHOUT_ACTION = {"init", "schema"}
ACTIONS_THAT_TELL_NOBODY = {"comment"}  # it tells the others' ends

# A module imports only from the rooms named after its own, never back up.
ORDER = [
    "questions", "standing", "starting", "answers", "answer_kinds", "finding", "examination",
    "account", "principals", "machine", "pull_requests", "comments", "publish", "outcomes",
    "opening", "signin", "github", "writing", "terminal", "repository", "events", "commands",
    "inputs", "endpoint_report", "report", "sharing", "markdown", "failures", "trust", "diagnosis",
    "calls",
    "aws.serving", "aws.made", "aws.apply", "aws.training", "aws.hosting", "aws.access",
    "aws.roles", "aws.servable", "aws.acceptance", "aws.registry", "aws.repositories",
    "aws.platforms", "aws.secrets", "aws.storage", "aws.logs", "aws.session", "aws.credentials",
    "aws.refusals", "aws.polling", "aws", "images.microservice", "images.serving",
    "images.inspection", "images.trial", "images.push", "images.build", "images.folder",
    "images.docker", "images.causes", "checks", "images.manifests", "images", "git", "shell",
    "console", "rehearsal", "describe", "contexts", "config", "plan", "plan.deletion",
    "plan.endpoints", "plan.record", "plan.training", "plan.steps", "resources", "tags", "models",
    "requests", "comparison", "folders", "problems", "hyperparameters", "kinds", "yamlfile",
    "digest", "permissions", "arns", "oidc", "errors",
]  # fmt: skip
PURE = {
    "answer_kinds", "answers", "arns", "aws.refusals", "commands", "comments", "comparison",
    "console", "contexts", "describe", "diagnosis", "digest", "endpoint_report", "events",
    "failures", "images.causes", "kinds", "markdown", "permissions", "plan", "problems",
    "rehearsal", "report", "resources", "sharing", "standing", "starting", "tags", "trust",
    "yamlfile",
}  # fmt: skip
DOORS = {
    "boto3": ("aws",),
    "botocore": ("aws",),
    "docker": ("images",),
    "github": ("pull_requests",),
    "subprocess": ("shell",),
    "urllib3": ("oidc", "images"),
}


def library_modules():
    for file in sorted(LIBRARY.rglob("*.py")):
        name = ".".join(file.relative_to(LIBRARY).with_suffix("").parts).removesuffix(".__init__")
        if name != "__init__":
            yield name, file


def imports(file):
    """Yield every module a file imports at run time; imports for types alone carry no direction."""
    for node in statements_at_run_time(ast.parse(file.read_text()).body):
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def statements_at_run_time(body):
    for node in body:
        if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)):
            yield from ast.walk(node)


def rooms(file):
    """Yield the library's own modules among a file's imports."""
    known = dict(library_modules())
    for name in imports(file):
        room = name.removeprefix("matlab_sagemaker.")
        if room in known:
            yield room


def test_every_room_has_its_place_in_the_order():
    assert sorted(ORDER) == sorted(name for name, _ in library_modules())


@pytest.mark.parametrize(("name", "file"), list(library_modules()))
def test_imports_point_one_way(name, file):
    allowed = ORDER[ORDER.index(name) + 1 :]
    assert [room for room in rooms(file) if room not in allowed] == []


@pytest.mark.parametrize(("name", "file"), list(library_modules()))
def test_each_way_out_has_one_door(name, file):
    for module in imports(file):
        doors = DOORS.get(module.partition(".")[0], ())
        room = name.partition(".")[0]
        assert not doors or room in doors, f"{name} imports {module}: only {doors} may"


@pytest.mark.parametrize(("name", "file"), list(library_modules()))
def test_pure_rooms_ask_nobody(name, file):
    if name.partition(".")[0] in PURE:
        outside = {"aws", "github", "images", "shell", "opening"}
        assert not outside & {room.partition(".")[0] for room in rooms(file)}
        assert not {"time", "random", "socket", "urllib"} & {
            m.partition(".")[0] for m in imports(file)
        }


@pytest.mark.parametrize(("name", "file"), list(library_modules()))
def test_the_runners_variables_are_read_in_one_place(name, file):
    if name not in ("github", "shell"):
        assert not re.search(r"GITHUB_[A-Z]|os\.environ|getenv|[\"']ACTIONS_", file.read_text())


def test_kit_and_emulator_do_not_know_each_other():
    for file in LIBRARY.rglob("*.py"):
        assert not [m for m in imports(file) if m.startswith(("emulator", "moto"))], file
    for file in (KIT / "scripts/emulator").rglob("*.py"):
        assert not [m for m in imports(file) if m.startswith("matlab_sagemaker")], file


@pytest.fixture(params=ACTIONS, ids=lambda path: path.parent.name)
def path(request):
    return request.param


def module_name(path):
    return path.parent.name.replace("-", "_")


def test_an_action_has_a_script_and_a_test_of_its_name(path):
    assert (KIT / f"scripts/{module_name(path)}.py").is_file()
    assert (KIT / f"tests/actions/test_{module_name(path)}.py").is_file()


def test_a_script_has_an_action_of_its_name():
    scripts = {file.stem for file in (KIT / "scripts").glob("*.py")} - {"__main__", "bootstrap"}
    assert scripts - VERBS_WITHOUT_ACTION == {module_name(path) for path in ACTIONS}


def test_an_action_has_an_icon_and_a_colour(path):
    """`make check` compares both with the schema, where there are any."""
    assert set(yaml.safe_load(path.read_text())["branding"]) == {"icon", "color"}


def test_an_actions_inputs_are_its_scripts(path):
    declared = list(yaml.safe_load(path.read_text())["inputs"])
    fields = dataclasses.fields(importlib.import_module(module_name(path)).Inputs)
    assert sorted(declared) == sorted(field.name.replace("_", "-") for field in fields)


def test_an_actions_outputs_tell_how_it_ended(path):
    outputs = list(yaml.safe_load(path.read_text())["outputs"])
    if path.parent.name not in ACTIONS_THAT_TELL_NOBODY:
        assert tuple(outputs[-2:]) == github.AT_THE_END


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
        tree = ast.parse(script.read_text())
        bodies = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        assert all(node.end_lineno - node.lineno < 40 for node in bodies)


def test_the_bootstrap_is_short_enough_to_read():
    assert len((KIT / "scripts/run").read_text().splitlines()) <= 20
