"""What a repository's own workflows say about deployments: the branch, the environment."""

import pytest

from helpers.kit.paths import KIT
from helpers.kit.workflow_files import REUSABLE, on
from matlab_sagemaker.project import workflows
from matlab_sagemaker.project.workflows import Calls

TEXT = (KIT / "examples/TrainAndDeployClassificationTree/.github/workflows/deploy.yml").read_text()
ON = TEXT[TEXT.index("\n  push:") : TEXT.index("\npermissions:")]
NOTHING = Calls()
MAIN = Calls(files=("own.yml",), branches=("main",), environments=("production",))


def find(root, text, config="sagemaker.yml"):
    folder = root / workflows.FOLDER
    folder.mkdir(parents=True)
    (folder / "own.yml").write_text(text)
    return workflows.find(root, config)


def test_the_default_environment_is_that_of_the_kits_workflows():
    for name in ("deploy.yml", "operate.yml"):
        known = on(REUSABLE[name])["workflow_call"]["inputs"]["environment"]
        assert known["default"] == workflows.ENVIRONMENT


@pytest.mark.parametrize(
    ("old", "new", "branches", "environments"),
    [
        ("", "", ("main",), ("production",)),
        ("      environment: production\n", "", ("main",), ("production",)),
        ("environment: production", "environment: staging-2", ("main",), ("staging-2",)),
        ("environment: production", "environment: ${{ vars.X }}", ("main",), ("*",)),
        ("branches: [main]", "branches: trunk", ("trunk",), ("production",)),
        ("branches: [main]", "branches: [a, b, a]", ("a", "b"), ("production",)),
        ("branches: [main]", "branches: ['release/**']", ("*",), ("production",)),
        ("    branches: [main]\n", "", (), ("production",)),
        ("  push:\n    branches: [main]\n", "", (), ("production",)),
        (ON, " push\n", (), ("production",)),
    ],
)
def test_what_a_call_says_is_found_and_what_it_leaves_open_is_not(
    tmp_path, old, new, branches, environments
):
    assert old in TEXT
    found = find(tmp_path, TEXT.replace(old, new))
    assert found == Calls(files=("own.yml",), branches=branches, environments=environments)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "jobs: 1",
        "jobs: {a: {steps: []}}",
        TEXT.replace("deploy.yml@", "other.yml@"),
        TEXT.replace("your-org/matlab-sagemaker/", "./"),
        TEXT.replace("      role-to-assume:", "      role:"),
    ],
)
def test_what_calls_nothing_of_the_kit_with_a_role_tells_nothing(tmp_path, text):
    assert find(tmp_path, text) == NOTHING


@pytest.mark.parametrize(
    ("named", "asked", "expected"),
    [
        ("models/pump.yml", "models/pump.yml", MAIN),
        ("./models/pump.yml", "models/pump.yml", MAIN),
        ("models/pump.yml", "sagemaker.yml", NOTHING),
        ("sagemaker.yml", "models/pump.yml", NOTHING),
    ],
)
def test_of_several_projects_each_has_its_own_calls(tmp_path, named, asked, expected):
    text = TEXT.replace("    with:\n", f"    with:\n      config: {named}\n")
    assert find(tmp_path, text, asked) == expected


def test_a_repository_without_workflows_tells_nothing(tmp_path):
    assert workflows.find(tmp_path, "sagemaker.yml") == NOTHING


def test_a_file_that_is_no_text_tells_nothing(tmp_path):
    find(tmp_path, TEXT)
    (tmp_path / workflows.FOLDER / "other.yaml").write_bytes(b"\xff\xfe")
    assert workflows.find(tmp_path, "sagemaker.yml") == MAIN
