"""Actions in a user's own workflow, directly from the kit's repository."""

import pytest
import yaml

import acting
from helpers.kit import verb_runs

NOWHERE = {"DOCKER_HOST": "unix:///nowhere"}
CHECKED = {
    "image": "a-server",
    "model": "${{ steps.train.outputs.model-data }}",
    "request": "requests/three_flowers.csv",
}


@pytest.fixture
def run(github):
    """Return a function that runs steps, (action, inputs), in one job."""
    (checkout,) = {use for use in acting.actions() if use.startswith("actions/checkout@")}
    place = f"{acting.KIT_NAME}/action"

    def run(*steps, **more):
        first = {"uses": checkout, "with": {"persist-credentials": False}}
        used = [
            {"id": action, "uses": f"{place}/{action}@{acting.KIT_REF}", "with": inputs}
            for action, inputs in steps
        ]
        job = {"name": "Alone", "runs-on": "ubuntu-24.04", "steps": [first, *used]}
        text = yaml.safe_dump({"on": "workflow_dispatch", "jobs": {"alone": job}})
        github.write(".github/workflows/alone.yml", text)
        github.commit("My own workflow")
        payload = acting.event("workflow_dispatch", inputs={})
        variables = {**verb_runs.CREDENTIALS, **more}
        return github.run("alone.yml", "workflow_dispatch", payload, **variables)

    return run


def test_a_step_works_in_the_users_own_workflow_with_the_runners_credentials(run):
    done = run(("train", {}), ("doctor", {"steps": "train", "builder": "folder"}))
    assert done.refused == []
    assert done.jobs == {"Alone": "success"}
    assert done.outputs("Alone", "train")["metrics"].startswith('{"')
    assert done.outputs("Alone", "doctor")["passed"] == "true"
    assert "cross_validated_accuracy" in done.summary("Alone")


def test_an_image_is_checked_by_an_engine_and_without_one_that_is_said(run):
    done = run(("train", {}), ("check-image", CHECKED), **NOWHERE)
    assert done.jobs == {"Alone": "failure"}
    assert "No Docker engine answers." in done.annotations[0][2]
    assert done.outputs("Alone", "check-image")["verdict"] == "failure"
