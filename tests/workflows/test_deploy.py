"""A merge deploys without training again; people operate the endpoint by hand."""

import pytest

import acting
from helpers.kit import verb_runs
from helpers.kit.git_repository import git

FIND, IMAGE, TRAIN, COMPILE, CHECK, DEPLOY = (
    "Find the model", "Build the training image", "Train what is missing", "Compile the handler",
    "Check the image", "Deploy",
)  # fmt: skip


@pytest.fixture
def trained(github):
    """A project whose pull request has trained its model."""
    run = github.run("train.yml", "pull_request", acting.pull_request(7))
    assert run.refused == []
    return github


@pytest.fixture
def trained_by_hand(github, account):
    """A project whose model somebody has trained, without any workflow."""
    verb_runs.Project(github.user, account.url).succeed("train")
    return github


def merge(github, **changes):
    payload = acting.event("push", ref="refs/heads/main", **changes)
    return github.run("deploy.yml", "push", payload)


def by_hand(github, **inputs):
    payload = acting.event("workflow_dispatch", inputs=inputs)
    return github.run("deploy.yml", "workflow_dispatch", payload)


def operate(github, operation, **inputs):
    payload = acting.event("workflow_dispatch", inputs={"operation": operation, **inputs})
    return github.run("operate.yml", "workflow_dispatch", payload)


def test_a_merge_deploys_what_the_pull_request_trained_and_hands_operate_it(trained, aws, api):
    merged = trained.commit("Merge pull request #7")
    first = merge(trained)
    assert first.refused == []
    assert first.jobs == {FIND: "success", COMPILE: "success", DEPLOY: "success"}
    jobs = aws("sagemaker").list_training_jobs(NameContains=trained.name)
    names = [job["TrainingJobName"] for job in jobs["TrainingJobSummaries"]]
    assert len([name for name in names if "-try" not in name]) == 1, "nothing was trained again"
    deployed = first.outputs(DEPLOY, "deploy")
    assert deployed["endpoint-name"] == trained.name
    assert "setosa" in first.outputs(DEPLOY, "predict")["prediction"]
    assert deployed["endpoint-url"].startswith("https://eu-west-1.console.aws.amazon.com/")

    again = merge(trained)
    assert again.refused == []
    assert again.jobs == {FIND: "success", DEPLOY: "success"}, "nothing is compiled again either"
    assert again.outputs(DEPLOY, "deploy")["changed"] == "false"

    a_worse_model_is_refused_before_it_is_merged(trained, api)

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
    (there,) = aws("sagemaker").list_endpoints(NameContains=trained.name)["Endpoints"]
    assert there["EndpointStatus"] == "InService"

    gone = operate(trained, "delete", **{"endpoint-name": trained.name})
    assert gone.refused == []
    assert gone.jobs == {"delete": "success"}
    missing = operate(trained, "status")
    assert missing.jobs == {"status": "failure"}
    assert missing.outputs("status", "status")["endpoint-status"] == "missing"
    assert merged


def a_worse_model_is_refused_before_it_is_merged(github, api):
    """The rule of champion compares it with what serves; its handler is tried all the same."""
    good = github.commit("So far")
    github.edit("sagemaker.yml", "MinLeafSize: 1\n", "MinLeafSize: 40\n")
    github.edit("sagemaker.yml", "at_least: -0.01", "at_least: -0.001")  # it keeps the rule of gate
    github.commit("Fewer leaves")
    run = github.run("train.yml", "pull_request", acting.pull_request(8))
    assert (run.jobs["Train on SageMaker"], run.jobs["Try the handler"]) == ("failure", "success")
    (comment,) = api.comments(8)
    assert comment.body.splitlines()[1].endswith(": gate failed · not deployed on merge")
    assert "| metric | production | this pull request | change |" in comment.body
    acting.git(github.user, "reset", "-q", "--hard", good)


def test_a_model_that_exists_already_is_deployed_without_any_training_job(github, api, aws):
    job = verb_runs.Project(github.user, aws("s3").meta.endpoint_url).succeed("train").outputs
    bucket, _, key = job["model-data"].removeprefix("s3://").partition("/")
    model = aws("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    (github.user / "model.tar.gz").write_bytes(model)
    head, rest = (github.user / "sagemaker.yml").read_text().split("training:\n")
    text = f"{head}model: model.tar.gz\n\ninference:{rest.partition('inference:')[2]}"
    github.write("sagemaker.yml", text.replace(github.name, f"{github.name}-given"))
    github.commit("The model exists already")

    tried = github.run("train.yml", "pull_request", acting.pull_request(7))
    assert tried.refused == []
    assert set(tried.jobs.values()) == {"success"}
    assert IMAGE not in tried.jobs
    (comment,) = api.comments(7)
    assert ": nothing to train · deploys on merge\n" in comment.body
    assert "— metrics and gate: sagemaker.yml names an existing model" in comment.body

    merged = merge(github)
    assert merged.refused == []
    assert merged.jobs == {FIND: "success", COMPILE: "success", DEPLOY: "success"}
    assert "setosa" in merged.outputs(DEPLOY, "predict")["prediction"]
    assert merged.outputs(DEPLOY, "deploy")["training-job"] == ""
    assert "| training\u00a0job | — |" in merged.summary(DEPLOY)
    name = f"{github.name}-given"
    assert not aws("sagemaker").list_training_jobs(NameContains=name)["TrainingJobSummaries"]


@pytest.mark.slow
def test_a_commit_that_nobody_trained_is_trained_first(github, aws):
    run = merge(github)
    assert run.refused == []
    assert run.jobs == {FIND: "success", TRAIN: "success", COMPILE: "success", DEPLOY: "success"}


@pytest.mark.slow
def test_a_merge_that_changes_the_training_image_builds_it_and_trains_again(
    github, aws, api, without_image
):
    tried = github.run("train.yml", "pull_request", acting.pull_request(7))
    assert "the merge builds it from the merged files and trains again" in api.comments(7)[0].body
    github.commit("Merge pull request #7")
    run = merge(github)
    assert run.refused == []
    assert run.jobs == {
        FIND: "success", IMAGE: "success", TRAIN: "success", COMPILE: "success", DEPLOY: "success",
    }  # fmt: skip
    built, candidate = (r.outputs(IMAGE, "image")["image"] for r in (run, tried))
    assert "/release@" in built
    assert "/candidate@" in candidate
    job = run.outputs(DEPLOY, "deploy")["training-job"]
    trained = aws("sagemaker").describe_training_job(TrainingJobName=job)
    assert trained["AlgorithmSpecification"]["TrainingImage"] == built


@pytest.mark.slow
def test_nothing_is_deployed_where_the_training_image_cannot_be_built(github, aws, without_image):
    github.settings["AWS_BUILD_ROLE"] = github.settings["AWS_DEPLOY_ROLE"]
    run = merge(github)
    assert run.jobs == {FIND: "success", IMAGE: "failure", TRAIN: "failure", COMPILE: "failure"}
    assert aws("sagemaker").list_endpoints(NameContains=github.name)["Endpoints"] == []


@pytest.mark.slow
def test_a_merge_that_comes_late_is_deployed_unless_a_newer_one_is_deployed_already(
    trained_by_hand,
):
    older = trained_by_hand.commit("Waits for its reviewer")
    trained_by_hand.edit("sagemaker.yml", "instance_count: 1", "instance_count: 2")
    newer = trained_by_hand.commit("Overtakes it")
    git(trained_by_hand.user, "checkout", "-q", older)
    first = merge(trained_by_hand)
    assert first.refused == []
    assert first.outputs(DEPLOY, "deploy")["changed"] == "true", "the newer one deploys nothing yet"

    git(trained_by_hand.user, "checkout", "-q", newer)
    serves = merge(trained_by_hand).outputs(DEPLOY, "deploy")
    assert serves["changed"] == "true"
    git(trained_by_hand.user, "checkout", "-q", older)
    late = merge(trained_by_hand)
    assert late.refused == []
    assert late.jobs == {FIND: "success", DEPLOY: "success"}
    told = late.outputs(DEPLOY, "deploy")
    assert (told["left-to"], told["endpoint-config"]) == (newer, serves["endpoint-config"])
    assert late.outputs(DEPLOY, "predict") == {}, "nobody asks the newer model for this answer"
    ((kind, _, said),) = late.annotations
    assert kind == "notice"
    assert "a newer commit, " in said

    reset = merge(trained_by_hand, forced=True)
    assert reset.refused == []
    assert reset.outputs(DEPLOY, "deploy")["changed"] == "true", "the branch was set back to it"
    assert reset.annotations == []


@pytest.mark.parametrize("event", ["pull_request", "pull_request_target"])
def test_a_pull_request_that_calls_the_deployment_is_refused(github, tokens, event):
    asked = len(tokens.tokens)
    github.edit(".github/workflows/deploy.yml", "  push:\n    branches: [main]\n", f"  {event}:\n")
    github.commit("Deploy before the merge")
    run = github.run("deploy.yml", event, acting.pull_request(7))
    assert run.jobs == {FIND: "failure"}
    assert f"On {event} what nobody has merged would be deployed" in run.annotations[0][2]
    assert len(tokens.tokens) == asked


def expect_something_else(github):
    text = (github.user / "requests/expected.csv").read_text()
    github.write("requests/expected.csv", text.replace("setosa", "virginica"))


def test_a_smoke_test_that_gets_another_answer_is_red_and_goes_back(trained_by_hand, aws):
    good = merge(trained_by_hand).outputs(DEPLOY, "deploy")["endpoint-config"]
    trained_by_hand.edit("sagemaker.yml", "instance_count: 1", "instance_count: 2")
    expect_something_else(trained_by_hand)
    trained_by_hand.commit("Expect something else")
    run = merge(trained_by_hand)
    assert run.jobs == {FIND: "success", DEPLOY: "failure"}
    failed = run.outputs(DEPLOY, "deploy")["endpoint-config"]
    assert failed != good
    smoke, back = [text for kind, _, text in run.annotations if kind == "error"]
    assert "setosa" in smoke
    assert f"The smoke test of {failed} has failed" in back
    assert f"serves {good} again" in back
    assert run.outputs(DEPLOY, "rollback")["endpoint-config"] == good
    serves = aws("sagemaker").describe_endpoint(EndpointName=trained_by_hand.name)
    assert (serves["EndpointStatus"], serves["EndpointConfigName"]) == ("InService", good)
    status = operate(trained_by_hand, "status").outputs("status", "status")
    assert (status["failed-configs"], status["previous-config"]) == (failed, "")


@pytest.mark.slow
def test_a_first_deployment_that_fails_its_smoke_test_has_no_way_back(trained_by_hand):
    expect_something_else(trained_by_hand)
    trained_by_hand.commit("Expect something else")
    run = merge(trained_by_hand)
    assert run.jobs == {FIND: "success", COMPILE: "success", DEPLOY: "failure"}
    smoke, back = [text for kind, _, text in run.annotations if kind == "error"]
    assert "setosa" in smoke
    assert "there is no way back" in back
    assert "its first deployment" in back


@pytest.mark.slow
def test_an_image_that_cannot_be_checked_is_not_deployed_and_what_serves_is_not_checked(
    trained_by_hand,
):
    serves = merge(trained_by_hand).outputs(DEPLOY, "deploy")["endpoint-config"]
    trained_by_hand.edit(".github/workflows/deploy.yml", "builder: folder", "builder: docker")
    trained_by_hand.commit("By Docker, which the runner has not")
    same = merge(trained_by_hand)
    assert same.refused == []
    assert same.jobs == {FIND: "success", DEPLOY: "success"}
    assert same.outputs(DEPLOY, "deploy")["endpoint-config"] == serves
    trained_by_hand.edit("sagemaker.yml", "instance_count: 1", "instance_count: 2")
    trained_by_hand.commit("Two instances")
    assert merge(trained_by_hand).jobs == {FIND: "success", CHECK: "failure"}
    status = operate(trained_by_hand, "status").outputs("status", "status")
    assert status["endpoint-config"] == serves


def test_a_request_that_cannot_be_read_ends_the_run_before_anything_is_made(github, aws):
    added = "builder: folder\n      request: requests/none.csv"
    github.edit(".github/workflows/deploy.yml", "builder: folder", added)
    github.commit("A wrong path")
    run = merge(github)
    assert run.jobs == {FIND: "failure"}
    assert "requests/none.csv cannot be read" in run.annotations[0][2]
    assert not aws("sagemaker").list_training_jobs(NameContains=github.name)["TrainingJobSummaries"]


@pytest.mark.slow
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


@pytest.mark.slow
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


def hosted(aws, name):
    """Give the project's endpoints, configurations and models."""
    sagemaker, of = aws("sagemaker"), {"NameContains": name}
    return (
        sagemaker.list_endpoints(**of)["Endpoints"],
        sagemaker.list_endpoint_configs(**of)["EndpointConfigs"],
        sagemaker.list_models(**of)["Models"],
    )


def test_a_model_that_passes_no_gate_is_deployed_by_hand_only_and_a_dry_run_writes_nothing(
    trained_by_hand, aws
):
    github = trained_by_hand
    before = hosted(aws, github.name)
    shown = by_hand(github, **{"dry-run": "true"})
    assert shown.jobs == {FIND: "success"}, "nobody has to approve it, and nothing is deployed"
    assert "+ inference image: inference-" in shown.summary(FIND)
    assert shown.outputs(FIND, "plan")["changes"] == "true"
    assert hosted(aws, github.name) == before
    github.edit("sagemaker.yml", '">= 0.9"', '">= 0.95"')
    github.commit("A stricter gate")
    refused = merge(github)
    assert refused.jobs == {FIND: "success", COMPILE: "success", DEPLOY: "failure"}
    assert aws("sagemaker").list_models(NameContains=github.name)["Models"] == []
    done = by_hand(github, **{"ignore-gate": "true"})
    assert done.jobs == {FIND: "success", DEPLOY: "success"}
    assert done.outputs(DEPLOY, "deploy")["gate"] == "failed"
    github.edit("sagemaker.yml", "MinLeafSize: 1", "MinLeafSize: 2")
    github.commit("Another model")
    trains = by_hand(github, **{"ignore-gate": "true"})
    assert trains.jobs[TRAIN] == "success", "the gate is ignored here, and says so"
    assert trains.outputs(TRAIN, "train")["gate"] == "failed"
    assert trains.jobs[DEPLOY] == "success"
