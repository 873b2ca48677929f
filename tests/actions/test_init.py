"""init on a user's repository: what it writes works, and what stands there already is safe."""

import shutil
import subprocess
import sys

import pytest
import yaml

import tools
from beginning import GIVEN, WRITTEN, present, workflow
from conftest import KIT
from harness import Project


def test_what_it_writes_goes_through_all_steps(bare):
    bare.succeed("init", *GIVEN, "--name", bare.name, "--hyperparameter", "MinLeafSize=2")
    bare.succeed("build-training-image")
    trained = bare.succeed("train")
    assert set(yaml.safe_load(trained.outputs["metrics"])) == {
        "resubstitution_accuracy",
        "cross_validated_accuracy",
    }
    bare.succeed("compile-handler")
    bare.succeed("deploy")
    job = workflow(bare, "deploy")
    answered = bare.succeed("predict", "--request", job["with"]["request"])
    expected = (bare.root / job["with"]["expected"]).read_text()
    assert answered.outputs["prediction"].split() == expected.split()


def test_it_tells_what_it_found_and_what_is_left(bare):
    result = bare.succeed("init", *GIVEN)
    for name in WRITTEN:
        assert f"new      {name}\n" in result.stdout
    assert "AWS_DEPLOY_ROLE" in result.stdout
    assert "scripts/run doctor" in result.stdout
    project = yaml.safe_load((bare.root / "sagemaker.yml").read_text())
    assert project["name"] == "my-flowers"
    assert "branches: [trunk]" in (bare.root / WRITTEN[1]).read_text()


ODD = (
    "--environment", "1.0",
    "--runner", '["self-hosted", "linux x64"]',
    "--matlab-runner", "ubuntu-24.04",
    "--setup-matlab",
    "--config", "my models/pump.yml",
    "--request", "requests/one: two.csv",
    "--ref", "5" * 40,
)  # fmt: skip


@pytest.mark.parametrize("odd", [(), ODD], ids=["plain", "odd"])
@pytest.mark.parametrize("engine", ["matlab", "octave"])
def test_the_linters_take_what_it_writes(bare, engine, odd):
    shutil.copy(bare.root / "requests/three_flowers.csv", bare.root / "requests/one: two.csv")
    if odd:
        shutil.copytree(bare.root, bare.root / "my models", ignore=shutil.ignore_patterns(".git"))
    given = ("--kit", "your-org/matlab-sagemaker", "--engine", engine)
    bare.succeed("init", *given, "--request", "requests/three_flowers.csv", *odd)
    workflows = sorted((bare.root / ".github/workflows").iterdir())
    assert len(workflows) == 3
    schema = ("--builtin-schema", "vendor.github-workflows")
    lint(sys.executable, "-m", "check_jsonschema", *schema, *workflows)
    lint(sys.executable, "-m", "yamllint", "--strict", "-c", KIT / ".yamllint.yml", bare.root)
    try:
        lint(tools.tool("actionlint"), *workflows)
    except tools.NoToolError as error:
        pytest.skip(str(error))


def lint(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_second_run_changes_nothing(bare):
    bare.succeed("init", *GIVEN)
    before = present(bare.root)
    result = bare.succeed("init", *GIVEN)
    assert result.stdout.count("same     ") == len(WRITTEN)
    assert present(bare.root) == before


@pytest.mark.parametrize("name", WRITTEN)
def test_a_file_that_differs_is_shown_and_nothing_is_written(bare, name):
    (bare.root / name).parent.mkdir(parents=True, exist_ok=True)
    bare.write(name, "# mine\n")
    before = present(bare.root)
    result = bare.run("init", *GIVEN, "--yes")
    assert result.code == 17
    assert f"{name} would be overwritten" in result.stderr
    assert f"changed  {name}\n--- a/{name}\n+++ b/{name}\n" in result.stdout
    assert "\n-# mine\n+" in result.stdout
    assert present(bare.root) == before
    bare.succeed("init", *GIVEN, "--force")
    assert "# mine" not in (bare.root / name).read_text()


def test_what_the_project_says_already_is_not_lost_by_force(bare):
    bare.succeed("init", *GIVEN, "--region", "eu-west-1", "--hyperparameter", "MinLeafSize=3")
    before = (bare.root / "sagemaker.yml").read_text()
    bare.succeed("init", *GIVEN, "--force")
    assert (bare.root / "sagemaker.yml").read_text() == before


def test_settings_that_init_has_no_question_for_are_not_lost_by_force(bare):
    bare.succeed("init", *GIVEN)
    bare.edit("sagemaker.yml", "  max_runtime: 1d\n", "  max_runtime: 1d\n  volume_gb: 100\n")
    bare.edit("sagemaker.yml", "instance_count: 1\n", "instance_count: 1\n\naws:\n  role: ours\n")
    before = (bare.root / "sagemaker.yml").read_text()
    result = bare.succeed("init", *GIVEN, "--force", "--name", "leaves")
    assert "-name: my-flowers\n+name: leaves\n" in result.stdout
    after = (bare.root / "sagemaker.yml").read_text()
    assert yaml.safe_load(after) == yaml.safe_load(before.replace("my-flowers", "leaves"))


def test_a_file_beside_that_is_the_users_stays(bare):
    bare.write(".sagemaker.yml.new", "mine\n")
    bare.succeed("init", *GIVEN)
    assert (bare.root / ".sagemaker.yml.new").read_text() == "mine\n"
    assert not list(bare.root.glob(".sagemaker.yml.?????*"))[1:], "nothing else was left there"
    modes = {(bare.root / name).stat().st_mode & 0o777 for name in WRITTEN}
    assert modes == {(bare.root / ".sagemaker.yml.new").stat().st_mode & 0o777}


def test_a_dry_run_shows_the_files_whole_and_writes_nothing(bare):
    before = present(bare.root)
    patch = bare.succeed("init", *GIVEN, "--dry-run").stdout
    assert present(bare.root) == before
    bare.succeed("init", *GIVEN)
    added = [line[1:] for line in patch.splitlines() if line.startswith("+") and line[:3] != "+++"]
    texts = [(bare.root / name).read_text() for name in WRITTEN]
    assert "\n".join(added) + "\n" == "".join(texts)


def test_an_empty_folder_is_asked_for_everything_at_once(tmp_path):
    folder = tmp_path / "漢字"
    folder.mkdir()
    result = Project(folder, "").run("init")
    assert result.code == 2
    for option in ("--name", "--function", "--data", "--handler", "--branch", "--kit"):
        assert f"\n{option}: " in result.stderr
    assert "fork or import the kit" in result.stderr
    assert list(folder.iterdir()) == []


def test_what_may_be_several_things_is_not_guessed(bare):
    shutil.copytree(bare.root / "code", bare.root / "other code")
    result = bare.run("init", *GIVEN)
    assert result.code == 2
    assert "--function" in result.stderr
    assert "code/trainClassificationTree.m, other code/trainClassificationTree.m" in result.stderr
    bare.succeed("init", *GIVEN, "--function", "other code/trainClassificationTree.m")
    assert "code: other code\n" in (bare.root / "sagemaker.yml").read_text()


WRONG = {
    ("--name", "Pump", "--branch", "${{ x }}", "--data", "../x"): ["--name", "--branch", "--data"],
    ("--data", "nowhere", "--function", "code/none.m"): [
        "training.channels.training: found 'nowhere' (no such folder)",
        "training.function: found 'none'",
    ],
    ("--request", "requests/none.csv"): ["requests/none.csv cannot be read"],
    ("--expected", "inference"): ["There is no file inference"],
    ("--folder", "nowhere"): ["There is no folder nowhere"],
    ("--folder", "code"): ["--folder", "--config code/sagemaker.yml"],
}


@pytest.mark.parametrize(("options", "words"), WRONG.items(), ids=lambda value: value[0])
def test_all_that_is_wrong_is_said_before_anything_is_written(bare, options, words):
    before = present(bare.root)
    result = bare.run("init", *GIVEN, *options)
    assert result.code == 2
    for word in words:
        assert word in result.stderr
    assert present(bare.root) == before


@pytest.mark.parametrize("blocker", [".github", ".github/workflows", WRITTEN[3]])
def test_what_cannot_be_written_leaves_nothing_behind(bare, blocker):
    path = bare.root / blocker
    if blocker == WRITTEN[3]:
        path.mkdir(parents=True)
    else:
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    before = present(bare.root)
    result = bare.run("init", *GIVEN)
    assert result.code == 2
    assert "cannot be read" in result.stderr
    assert present(bare.root) == before
