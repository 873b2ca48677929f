"""What is merged is deployed without training again; by hand it is operated."""

import pytest

import acting

FIND, IMAGE, TRAIN, COMPILE, DEPLOY = (
    "Find the model", "Build the training image", "Train what is missing", "Compile the handler",
    "Deploy",
)  # fmt: skip


@pytest.fixture
def trained(github):
    """A project whose pull request has trained its model."""
    run = github.run("train.yml", "pull_request", acting.pull_request(7))
    assert run.refused == []
    return github


def merge(github, **changes):
    payload = acting.event("push", ref="refs/heads/main", **changes)
    return github.run("deploy.yml", "push", payload)


def operate(github, operation, **inputs):
    payload = acting.event("workflow_dispatch", inputs={"operation": operation, **inputs})
    return github.run("operate.yml", "workflow_dispatch", payload)


def test_a_merge_deploys_what_the_pull_request_trained_and_hands_operate_it(trained, aws):
    merged = trained.commit("Merge pull request #7")
    first = merge(trained)
    assert first.refused == []
    assert first.jobs == {FIND: "success", COMPILE: "success", DEPLOY: "success"}
    jobs = aws("sagemaker").list_training_jobs(NameContains=trained.name)
    assert len(jobs["TrainingJobSummaries"]) == 1, "nothing was trained again"
    deployed = first.outputs(DEPLOY, "deploy")
    assert deployed["endpoint-name"] == trained.name
    assert "setosa" in first.outputs(DEPLOY, "predict")["prediction"]
    assert deployed["endpoint-url"].startswith("https://eu-west-1.console.aws.amazon.com/")

    again = merge(trained)
    assert again.refused == []
    assert again.jobs == {FIND: "success", DEPLOY: "success"}, "nothing is compiled again either"
    assert again.outputs(DEPLOY, "deploy")["changed"] == "false"

    trained.edit("sagemaker.yml", "instance_count: 1", "instance_count: 2")
    trained.commit("Two instances")
    second = merge(trained)
    assert second.jobs == {FIND: "success", DEPLOY: "success"}
    now = second.outputs(DEPLOY, "deploy")["endpoint-config"]
    assert now != deployed["endpoint-config"]

    status = operate(trained, "status")
    assert status.refused == []
    assert status.jobs == {"status": "success"}
    told = status.outputs("status", "status")
    assert (told["endpoint-status"], told["endpoint-config"]) == ("InService", now)
    assert told["previous-config"] == deployed["endpoint-config"]

    back = operate(trained, "rollback")
    assert back.jobs == {"rollback": "success"}
    assert back.outputs("rollback", "rollback")["endpoint-config"] == deployed["endpoint-config"]

    answer = operate(trained, "predict")
    assert answer.jobs == {"predict": "success"}
    assert "virginica" in answer.outputs("predict", "predict")["prediction"]

    slip = operate(trained, "delete", **{"endpoint-name": "another"})
    assert slip.jobs == {"delete": "failure"}
    assert operate(trained, "status").outputs("status", "status")["endpoint-status"] == "InService"

    gone = operate(trained, "delete", **{"endpoint-name": trained.name})
    assert gone.refused == []
    assert gone.jobs == {"delete": "success"}
    assert operate(trained, "status").outputs("status", "status")["endpoint-status"] == "missing"
    assert merged


def test_a_commit_that_nobody_trained_is_trained_first(github, aws):
    run = merge(github)
    assert run.refused == []
    assert run.jobs == {FIND: "success", TRAIN: "success", COMPILE: "success", DEPLOY: "success"}


def test_nothing_is_deployed_where_the_training_image_cannot_be_built(github, aws, without_image):
    github.settings["AWS_IMAGE_ROLE"] = github.settings["AWS_DEPLOY_ROLE"]
    run = merge(github)
    assert run.jobs == {FIND: "success", IMAGE: "failure", TRAIN: "failure", COMPILE: "success"}
    assert aws("sagemaker").list_endpoints(NameContains=github.name)["Endpoints"] == []


def test_a_merge_that_comes_late_is_deployed_unless_a_newer_one_is_deployed_already(trained):
    older = trained.commit("Waits for its reviewer")
    trained.edit("sagemaker.yml", "instance_count: 1", "instance_count: 2")
    newer = trained.commit("Overtakes it")
    acting.git(trained.user, "checkout", "-q", older)
    first = merge(trained)
    assert first.refused == []
    assert first.outputs(DEPLOY, "deploy")["changed"] == "true", "the newer one deploys nothing yet"

    acting.git(trained.user, "checkout", "-q", newer)
    serves = merge(trained).outputs(DEPLOY, "deploy")
    assert serves["changed"] == "true"
    acting.git(trained.user, "checkout", "-q", older)
    late = merge(trained)
    assert late.refused == []
    assert late.jobs == {FIND: "success", DEPLOY: "success"}
    told = late.outputs(DEPLOY, "deploy")
    assert (told["left-to"], told["endpoint-config"]) == (newer, serves["endpoint-config"])
    assert late.outputs(DEPLOY, "predict") == {}, "nobody asks the newer model for this answer"
    ((kind, _, said),) = late.annotations
    assert kind == "notice"
    assert "newer than this one" in said

    reset = merge(trained, forced=True)
    assert reset.refused == []
    assert reset.outputs(DEPLOY, "deploy")["changed"] == "true", "the branch was set back to it"
    assert reset.annotations == []


def test_a_smoke_test_that_gets_another_answer_is_red(trained):
    text = (trained.user / "requests/expected.csv").read_text()
    trained.write("requests/expected.csv", text.replace("setosa", "virginica"))
    trained.commit("Expect something else")
    run = merge(trained)
    assert run.jobs == {FIND: "success", COMPILE: "success", DEPLOY: "failure"}
    errors = [text for kind, _, text in run.annotations if kind == "error"]
    assert len(errors) == 1
    assert "setosa" in errors[0]


def test_nothing_is_deployed_of_a_training_that_fails(github, aws):
    github.write(acting.FUNCTION, acting.BROKEN)
    github.commit("Break it")
    run = merge(github)
    assert run.jobs == {FIND: "success", TRAIN: "failure", COMPILE: "success"}
    assert aws("sagemaker").list_endpoints(NameContains=github.name)["Endpoints"] == []


def test_an_unknown_operation_is_told(github):
    run = operate(github, "destroy")
    assert run.jobs == {"destroy": "failure"}
    assert "none of status, predict, rollback, delete" in run.annotations[0][2]


def test_a_handler_for_matlab_is_compiled_on_the_runner_that_has_it(github):
    github.edit(
        "sagemaker.yml",
        "engine: octave",
        "engine: matlab\n  release: R2025b\n  products: [Statistics and Machine Learning Toolbox]",
    )
    github.edit(
        ".github/workflows/deploy.yml",
        "    with:\n",
        "    with:\n      setup-matlab: true\n      matlab-runner: matlab-machine\n",
    )
    github.commit("For MATLAB")
    run = merge(github)
    assert run.jobs[FIND] == "success"
    log = run.log(COMPILE)
    products = "MATLAB_Compiler MATLAB_Compiler_SDK Statistics_and_Machine_Learning_Toolbox"
    assert f"setup-matlab would install R2025b with {products}" in log
