"""init in a user's repository: its files work, and existing files are safe."""

import shutil
import subprocess
import sys

import pytest
import yaml

from helpers.kit import go_programs
from helpers.kit.init_runs import GIVEN, WRITTEN, present
from helpers.kit.mat_files import mat_file
from helpers.kit.paths import KIT
from helpers.kit.verb_runs import FUNCTION, Project


@pytest.mark.slow
def test_what_it_writes_goes_through_all_steps(bare):
    bare.succeed("init", *GIVEN, "--name", bare.name, "--hyperparameter", "MinLeafSize=2")
    bare.succeed("build-training-image", "--repository", "release")
    trained = bare.succeed("train")
    assert set(yaml.safe_load(trained.outputs["metrics"])) == {
        "resubstitution_accuracy",
        "cross_validated_accuracy",
    }
    bare.succeed("compile-handler")
    bare.succeed("deploy")
    assert "The answer is as requests/expected.csv expects." in bare.succeed("predict").stdout


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
        lint(go_programs.tool("actionlint"), *workflows)
    except go_programs.NoToolError as error:
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


def test_force_replaces_a_file_by_what_the_answers_give(bare):
    bare.succeed("init", *GIVEN)
    before = (bare.root / "sagemaker.yml").read_text()
    bare.edit("sagemaker.yml", ": 1d\n", ": 1d\n  volume_gb: 100 # ours\n")
    result = bare.succeed("init", *GIVEN, "--force")
    assert "\n-  volume_gb: 100 # ours\n" in result.stdout
    assert "comments, and keys that init does not ask for, are lost" in result.stdout
    assert (bare.root / "sagemaker.yml").read_text() == before


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
    assert result.stderr.count("your workflows call it") == 1
    assert "(--handler '' to train only)" in result.stderr
    assert list(folder.iterdir()) == []


def test_an_option_that_is_not_missing_is_not_explained(bare):
    result = bare.run("init", "--branch", "main")
    assert result.code == 2
    assert "\n--kit: " in result.stderr
    assert "--handler" not in result.stderr


def test_without_a_request_it_says_once_that_nothing_is_tested(bare):
    told = "No request file: nothing tests what the endpoint answers"
    assert told not in bare.succeed("init", *GIVEN, "--dry-run").stdout
    shutil.copy(bare.root / "requests/three_flowers.csv", bare.root / "requests/two.csv")
    several = bare.succeed("init", *GIVEN, "--dry-run").stdout
    assert "--request: requests/three_flowers.csv, requests/two.csv." in several
    shutil.rmtree(bare.root / "requests")
    result = bare.succeed("init", *GIVEN, "--yes")
    assert result.stdout.count(told) == 1
    assert "Write a .csv" in result.stdout
    assert told not in bare.succeed("init", *GIVEN, "--handler", "", "--dry-run").stdout


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
    ("--request", "requests/none.csv"): ["inference.request: found 'requests/none.csv' (no such f"],
    ("--expected", "inference"): ["--expected: found 'inference'; allowed: a .csv or .json file"],
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


def test_shared_code_and_the_kits_handler_are_found_and_work(bare):
    shutil.rmtree(bare.root / "inference")
    (bare.root / "lib").mkdir()
    read = "readall(tabularTextDatastore(env.ChannelInputFolders.training))"
    bare.write("lib/table_of.m", f"function t = table_of(env)\n    t = {read};\nend\n")
    bare.edit(FUNCTION, read, "table_of(env)")
    bare.succeed("init", *GIVEN)
    written = yaml.safe_load((bare.root / "sagemaker.yml").read_text())
    assert written["training"]["code"] == ["code", "lib"]
    assert written["inference"]["handler"] == "sagemaker_inference.TableModelHandler"
    assert "code" not in written["inference"]
    assert "The answer is as requests/expected.csv expects." in bare.succeed("rehearse").stdout


def test_what_the_models_of_a_toolbox_need_is_a_product(bare):
    given = ("--kit", "your-org/matlab-sagemaker")
    bare.edit(FUNCTION, "cross-validated accuracy: ", "RMSE (mm): ")
    bare.succeed("init", *given)
    written = yaml.safe_load((bare.root / "sagemaker.yml").read_text())
    toolbox = "Statistics_and_Machine_Learning_Toolbox"
    assert written["matlab"]["products"] == [toolbox]
    assert written["training"]["metrics"]["RMSE"]["unit"] == "mm"
    shutil.rmtree(bare.root / "data")
    shutil.rmtree(bare.root / "code")
    (bare.root / "iris.mat").write_bytes(mat_file("model"))
    table = ("--handler", "sagemaker_inference.TableModelHandler")
    bare.succeed("init", *given, *table, "--force")
    written = yaml.safe_load((bare.root / "sagemaker.yml").read_text())
    assert (written["model"], written["matlab"]["products"]) == ("iris.mat", [toolbox])
    bare.succeed("init", *given, *table, "--engine", "octave", "--force")
    assert "products" not in (bare.root / "sagemaker.yml").read_text()


def test_a_model_is_found_where_there_is_nothing_to_train(bare):
    for folder in ("code", "data", "inference"):
        shutil.rmtree(bare.root / folder)
    (bare.root / "models").mkdir()
    (bare.root / "models/iris.mat").write_bytes(mat_file("model"))
    bare.succeed("init", *GIVEN)
    written = yaml.safe_load((bare.root / "sagemaker.yml").read_text())
    assert written["model"] == "models/iris.mat"
    assert written["inference"]["request"] == "requests/three_flowers.csv"
    assert bare.succeed("train").outputs["job-name"] == ""


def test_the_projects_file_can_stay_and_only_workflows_be_written(bare):
    bare.succeed("init", *GIVEN, "--name", bare.name)
    expected = {name: (bare.root / name).read_text() for name in WRITTEN[1:]}
    shutil.rmtree(bare.root / ".github")
    before = (bare.root / "sagemaker.yml").read_text() + "# mine\n"
    bare.write("sagemaker.yml", before)
    kept = bare.succeed("init", "--workflows", *GIVEN[:2])
    assert "No request file" not in kept.stdout
    assert (bare.root / "sagemaker.yml").read_text() == before
    assert {name: (bare.root / name).read_text() for name in WRITTEN[1:]} == expected


def test_without_a_projects_file_none_can_stay(bare):
    result = bare.run("init", "--workflows", *GIVEN[:2])
    assert (result.code, "There is no file" in result.stderr) == (2, True)
    assert not (bare.root / ".github").exists()
