"""init on a terminal: it asks for what it needs, and writes after a confirmation."""

import shutil

import pytest
import yaml

from helpers.kit.init_runs import GIVEN, present, workflow
from helpers.kit.mat_files import mat_file
from helpers.kit.paths import KIT
from helpers.kit.terminal import Terminal, terminal
from helpers.kit.verb_runs import FUNCTION

INIT = (KIT / "scripts/run", "init")


def test_on_a_terminal_it_asks_shows_and_writes(bare):
    with terminal(bare.root, *INIT, "--kit", "your-org/matlab-sagemaker") as person:
        person.answer("other names start with it [my-flowers]: ", "My Flowers")
        assert "1 to 32 lower-case letters" in person.wait_for(
            "other names start with it [my-flowers]: "
        )
        person.type("\n")
        person.answer("octave [matlab]: ", "octave")
        person.answer("[code/trainClassificationTree.m]: ")
        person.answer("[data/training]: ")
        better = "[resubstitution_accuracy=higher, cross_validated_accuracy=higher]: "
        person.answer(better, "acuracy=higher")
        assert "found acuracy, which is no metric" in person.wait_for(better)
        person.type("\n")
        person.answer("[inference/ClassificationTreeInferenceHandler.m]: ")
        person.answer("AWS_REGION): ", "eu-west-1")
        person.answer("[trunk]: ", "main")
        person.answer("[production]: ", "the-room")
        person.answer("[requests/three_flowers.csv]: ")
        person.answer("[requests/expected.csv]: ", "-")
        assert "new      .github/workflows/operate.yml" in person.wait_for(
            "Write them? y or n [y]: "
        )
        person.type("\n")
        assert person.end() == 0, person.shown
    assert "Nothing is written before you confirm it." in person.shown
    assert "Next steps" in person.shown
    metric = "cross_validated_accuracy, from `cross-validated accuracy: …`"
    assert f"Found in {FUNCTION}: resubstitution_accuracy, from " in person.shown
    assert metric in person.shown
    project = yaml.safe_load((bare.root / "sagemaker.yml").read_text())
    assert project["name"] == "my-flowers"
    assert project["aws"] == {"region": "eu-west-1"}
    deploy = workflow(bare, "deploy")["with"]
    assert deploy["environment"] == "the-room"
    assert project["inference"]["request"] == "requests/three_flowers.csv"
    assert "expected" not in project["inference"]


def test_without_a_handler_nothing_of_an_endpoint_is_asked(bare):
    with terminal(bare.root, *INIT, *GIVEN, "--handler", "", "--name", "a") as person:
        person.answer("[code/trainClassificationTree.m]: ")
        person.answer("[data/training]: ")
        person.answer("[resubstitution_accuracy=higher, cross_validated_accuracy=higher]: ")
        person.answer("AWS_REGION): ")
        person.answer("[trunk]: ")
        person.answer("Write them? y or n [y]: ", "yes")
        assert person.end() == 0, person.shown
    assert not (bare.root / ".github/workflows/deploy.yml").exists()


def test_a_model_that_is_found_is_asked_for_and_then_nothing_of_a_training(bare):
    for folder in ("code", "data", "inference"):
        shutil.rmtree(bare.root / folder)
    (bare.root / "iris.mat").write_bytes(mat_file("model"))
    with terminal(bare.root, *INIT, *GIVEN, "--name", "a", "--region", "") as person:
        person.answer("[iris.mat]: ")
        person.answer("[sagemaker_inference.DefaultInferenceHandler]: ")
        person.answer("[trunk]: ")
        person.answer("[production]: ")
        person.answer("[requests/three_flowers.csv]: ", "-")
        assert "No request file: nothing tests" in person.wait_for("Write them? y or n [y]: ")
        person.type("\n")
        assert person.end() == 0, person.shown
    project = yaml.safe_load((bare.root / "sagemaker.yml").read_text())
    assert project["model"] == "iris.mat"
    assert person.shown.count("No request file") == 1
    assert project["inference"] == {}


def test_a_training_function_in_a_live_file_only_is_to_be_exported(bare):
    (bare.root / FUNCTION).rename(bare.root / "code/trainIris.mlx")
    words = "export it in MATLAB: export('code/trainIris.mlx', 'code/trainIris.m')"
    refused = bare.run("init", *GIVEN, "--yes")
    assert refused.code == 2
    assert words in refused.stderr
    with terminal(bare.root, *INIT, *GIVEN, "--handler", "", "--name", "a") as person:
        assert words in person.wait_for("not with --model: ")
    (bare.root / "iris.mat").write_bytes(mat_file("model"))
    taken = bare.succeed("init", *GIVEN, "--yes", "--dry-run")
    assert "model: iris.mat" in taken.stdout
    assert words in taken.stdout


def test_shared_code_that_is_found_is_asked_for(bare):
    for name in ("lib", "util"):
        (bare.root / name).mkdir()
        bare.write(f"{name}/{name}_of.m", "function x = f(x)\nend\n")
    bare.edit(FUNCTION, "    rng(1);", "    rng(1); lib_of(util_of(1));")
    with terminal(bare.root, *INIT, *GIVEN, *ANSWERED, "--yes") as person:
        assert person.end() == 0, person.shown
    project = yaml.safe_load((bare.root / "sagemaker.yml").read_text())
    assert project["training"]["code"] == ["code", "lib", "util"]
    with terminal(bare.root, *INIT, *GIVEN, *ANSWERED, "--force") as person:
        person.answer("[lib, util]: ", "lib")
        person.answer("Write them? y or n [y]: ")
        assert person.end() == 0, person.shown
    project = yaml.safe_load((bare.root / "sagemaker.yml").read_text())
    assert project["training"]["code"] == ["code", "lib"]


def test_on_a_terminal_what_is_found_can_be_taken_without_a_question(bare):
    with terminal(bare.root, *INIT, *GIVEN, "--yes") as person:
        assert person.end() == 0, person.shown
    assert "]: " not in person.shown
    assert (bare.root / "sagemaker.yml").is_file()


ANSWERED = (
    "--name", "a", "--handler", "", "--region", "", "--branch", "b",
    "--data", "data/training", "--function", "code/trainClassificationTree.m", "--better", "",
)  # fmt: skip
WAYS_OUT = {
    "end of input": lambda person: person.type("\x04"),
    "Ctrl-C": Terminal.interrupt,
}


@pytest.mark.parametrize("leave", WAYS_OUT.values(), ids=WAYS_OUT)
def test_nothing_is_written_until_it_is_confirmed(bare, leave):
    before = present(bare.root)
    with terminal(bare.root, *INIT, *GIVEN, *ANSWERED) as person:
        person.wait_for("Write them? y or n [y]: ")
        leave(person)
        assert person.end() == 130, person.shown
    assert present(bare.root) == before


def test_no_is_an_answer_and_no_error(bare):
    before = present(bare.root)
    with terminal(bare.root, *INIT, *GIVEN, *ANSWERED) as person:
        shown = person.wait_for("Write them? y or n [y]: ")
        person.type("n\n")
        assert person.end() == 0, person.shown
    assert "Nothing was written." in person.shown
    assert "error:" not in person.shown
    assert "+  function: trainClassificationTree" in shown, "the files whole, before the question"
    assert present(bare.root) == before


def test_where_all_is_the_same_nothing_is_asked(bare):
    bare.succeed("init", *GIVEN, *ANSWERED)
    with terminal(bare.root, *INIT, *GIVEN, *ANSWERED) as person:
        assert person.end() == 0, person.shown
    assert "Write them?" not in person.shown


def test_an_end_in_the_middle_of_the_questions_writes_nothing(bare):
    before = present(bare.root)
    with terminal(bare.root, *INIT, *GIVEN) as person:
        person.wait_for("other names start with it [my-flowers]: ")
        person.type("\x04")
        assert person.end() == 130, person.shown
    assert "Cancelled; nothing was written." in person.shown
    assert present(bare.root) == before
