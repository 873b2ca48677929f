"""A user's own image trains, by digest; derived FROM the kit's, its model can be deployed."""

import json
import re

import pytest

from helpers.aws import own_images
from helpers.kit import verb_runs

pytestmark = pytest.mark.slow


@pytest.fixture
def own(ready, aws):
    """Return a function that makes the project train on an image, and the URI of the kit's."""
    kits = ready.succeed("build-training-image", "--find-only").outputs["image"]

    def train_on(image):
        before = f"image: {ready.image}" if hasattr(ready, "image") else "code: code"
        after = f"image: {image}" + ("" if hasattr(ready, "image") else "\n  code: code")
        ready.edit("sagemaker.yml", before, after)
        ready.image = image

    return train_on, kits


def test_what_is_derived_from_the_kits_is_taken_by_its_digest_and_deployed(
    ready, own, aws, stand_in
):
    (train_on, kits), ecr = own, aws("ecr")
    repository = f"own/{ready.name}"
    tool = {"files": {"opt/tool": "x"}, "Cmd": ["bash"], "WorkingDir": "/opt"}
    train_on(own_images.derive(ecr, kits, repository, "1", "TOOL=/opt/tool", **tool))
    done = ready.succeed("build-training-image", "--repository", "release")
    built = done.outputs
    assert f"/{repository}@sha256:" in built["image"]
    assert (built["found"], built["changed"]) == ("true", "false")
    assert "::warning" not in done.stdout
    first = ready.succeed("train").outputs
    job = aws("sagemaker").describe_training_job(TrainingJobName=first["job-name"])
    assert job["AlgorithmSpecification"]["TrainingImage"] == built["image"]

    assert ready.succeed("try-handler").outputs["as-expected"] == "true", "in this image, too"

    train_on(built["image"])
    found = ready.succeed("train", "--find-only").outputs
    assert found["job-name"] == first["job-name"], "by its digest it is the same"
    ready.write(verb_runs.HANDLER, stand_in())
    deployed = ready.succeed("deploy").outputs
    assert deployed["training-job"] == first["job-name"]
    assert f"/sealed/{ready.name}/{first['job-name']}/" in deployed["model-data"]

    train_on(own_images.derive(ecr, kits, repository, "2", "TOOL=another"))
    assert ready.succeed("train", "--find-only").outputs["found"] == "false"
    assert ready.run("deploy").code == 3


def test_the_kits_own_image_in_another_repository_is_one_that_is_derived(ready, own, aws):
    (train_on, kits), ecr = own, aws("ecr")
    train_on(own_images.copy(ecr, kits, ecr, f"own/{ready.name}"))
    assert ready.run("deploy").code == 3, "all that is missing is the job"


NOT_DERIVED = [
    ({"Entrypoint": ["/bin/true"]}, "Its ENTRYPOINT is ['/bin/true'], not the kit's"),
    ({"User": "matlab"}, "It runs as the user matlab"),
    ({"Env": ["MATLAB_SAGEMAKER_ENGINE=octave", "LD_PRELOAD=/x.so"]}, "ENV LD_PRELOAD"),
    ({"Labels": {}}, "Its label matlab-sagemaker.key does not name a training image in"),
    ({"Labels": None}, "does not name a training image"),
    ({"Labels": {"matlab-sagemaker.key": "a" * 64}}, "does not name a training image"),
    ({"Labels": {"matlab-sagemaker.key": "../x"}}, "does not name a training image"),
]


@pytest.mark.parametrize(("settings", "why"), NOT_DERIVED)
def test_what_is_not_derived_is_not_deployed_and_the_first_step_says_so(
    ready, own, aws, settings, why
):
    train_on, kits = own
    train_on(own_images.derive(aws("ecr"), kits, f"own/{ready.name}", "1", **settings))
    refused = ready.run("deploy")
    assert refused.code == 2
    assert "file=sagemaker.yml,line=" in refused.annotations[0]
    for said in (
        "Cannot deploy a model that training.image has trained",
        why,
        "Build it FROM the kit's",
    ):
        assert said in refused.annotations[0]
    built = ready.succeed("build-training-image", "--find-only")
    assert re.search(f"::warning.*cannot be deployed.*{re.escape(why)}", built.stdout)


@pytest.mark.parametrize(("settings", "state"), [({}, "fine"), ({"User": "1000"}, "warning")])
def test_doctor_says_whether_its_models_are_deployed(ready, own, aws, settings, state):
    train_on, kits = own
    train_on(own_images.derive(aws("ecr"), kits, f"own/{ready.name}", "1", **settings))
    told = ready.run("doctor", "--json", "--steps", "build-training-image")
    (row,) = (row for row in json.loads(told.stdout)["checks"] if row["what"] == "training image")
    assert row["state"] == state
    assert ("but deploy does not" in row["found"]) == (state == "warning")


MATLAB = "engine: matlab\n  products: [Deep Learning Toolbox, Signal Processing Toolbox]"
LACKS = "training.image does not have Signal_Processing_Toolbox, according to its label"


@pytest.mark.parametrize(
    ("label", "lacks"),
    [
        ({"matlab-sagemaker.products": "Deep_Learning_Toolbox MATLAB"}, True),
        ({"matlab-sagemaker.products": "Deep_Learning_Toolbox Signal_Processing_Toolbox"}, False),
        ({}, False),
    ],
)
def test_a_product_that_the_image_lacks_is_named_before_the_job(ready, own, aws, label, lacks):
    train_on, _ = own
    train_on(own_images.push(aws("ecr"), f"own/{ready.name}", "1", Labels=label))
    ready.edit("sagemaker.yml", "engine: octave", MATLAB)
    assert (LACKS in ready.succeed("build-training-image", "--find-only").stdout) == lacks


def test_doctor_names_a_product_that_the_image_lacks(ready, own, aws):
    train_on, kits = own
    labels = {**own_images.settings(aws("ecr"), kits)["config"]["Labels"]}
    labels["matlab-sagemaker.products"] = "Deep_Learning_Toolbox MATLAB"
    train_on(own_images.derive(aws("ecr"), kits, f"own/{ready.name}", "1", Labels=labels))
    ready.edit("sagemaker.yml", "engine: octave", MATLAB)
    told = ready.run("doctor", "--json", "--steps", "build-training-image")
    (row,) = (row for row in json.loads(told.stdout)["checks"] if row["what"] == "training image")
    assert row["state"] == "warning"
    assert LACKS in row["found"]


def test_an_image_that_sagemaker_does_not_run_is_refused(ready, own, aws):
    train_on, _ = own
    train_on(own_images.push(aws("ecr"), "own/arm", ready.name, architecture="arm64"))
    refused = ready.run("train")
    assert refused.code == 6
    assert "built for linux/arm64" in refused.annotations[0]
    train_on(ready.image.replace(ready.name, "nothing"))
    assert "Correct training.image" in ready.run("train").annotations[0]
