"""--find-only: whether something exists, as a boolean for a workflow; it changes nothing."""

import json

import pytest

from helpers.aws.fault_proxy import Recorder, proxy
from helpers.kit.verb_runs import until, write_function
from helpers.kit.waiting import read_until
from matlab_sagemaker.github import tables

pytestmark = pytest.mark.slow


@pytest.fixture
def found(project):
    """Return a function that runs a verb with --find-only, and returns its requests to AWS."""

    def look(verb):
        recorder = Recorder()
        with proxy(project.url, recorder) as url:
            result = project.succeed(verb, "--find-only", AWS_ENDPOINT_URL=url)
        asked = {exchange.what for exchange in recorder.exchanges}
        assert not [what for what in asked if any(word in what for word in WRITES)]
        looked = result.outputs["found"] == "true"
        name = result.outputs.get("job-name", result.outputs.get("tag")) or f"{project.name}-"
        assert (": found\n" if looked else ": not found\n") in result.summary
        assert tables.shorten_digests(name) in result.summary
        return result.outputs

    return look


WRITES = ("Create", "Put", "Add", "Update", "Delete", "PUT ", "DELETE ")


def test_a_model_is_found_when_it_has_been_trained(project, found):
    nothing = {"job-name": "", "model-data": "", "metrics": "{}", "running": "false"}
    nothing |= {"gate": "none", "gate-rows": "[]"}  # it does not apply the gate
    assert found("train") == {**nothing, "found": "false", "changed": "false"}
    project.succeed("build-training-image")
    trained = project.succeed("train").outputs
    assert (trained["found"], trained["changed"]) == ("true", "true")
    looked = {"changed": "false", "gate": "none", "gate-rows": "[]"}
    assert found("train") == {**trained, **looked}
    assert json.loads(trained["metrics"])
    with (project.root / "code/trainClassificationTree.m").open("a") as code:
        code.write("% another model\n")
    assert found("train") == {**nothing, "found": "false", "changed": "false"}


def test_a_training_that_failed_or_is_not_done_is_none(project, found, tmp_path):
    go_on = tmp_path / "go-on"
    write_function(project, until(go_on), "error('no:model', 'there is none');")
    project.succeed("build-training-image")
    process = project.start("train")
    read_until(process, "[Training]")
    looked = found("train")
    assert (looked["found"], looked["running"]) == ("false", "true")
    go_on.touch()
    assert project.finish(process).code == 1
    looked = found("train")
    assert (looked["found"], looked["running"]) == ("false", "false")


def test_a_training_image_is_found_when_it_has_been_built(project, found, aws):
    project.succeed("build-training-image")
    built = project.succeed("build-training-image").outputs
    assert found("build-training-image") == built
    project.edit("sagemaker.yml", "engine: octave", "engine: matlab")
    looked = found("build-training-image")
    assert (looked["found"], looked["image"]) == ("false", "")


def test_an_image_is_found_when_it_has_been_built(project, found):
    with (project.root / "inference/ClassificationTreeInferenceHandler.m").open("a") as handler:
        handler.write(f"% only {project.name} has this line\n")
    looked = found("compile-handler")
    assert (looked["found"], looked["image"]) == ("false", "")
    built = project.succeed("compile-handler").outputs
    assert (built["found"], built["changed"]) == ("true", "true")
    assert found("compile-handler") == {**built, "changed": "false", "pushed-bytes": "0"}
