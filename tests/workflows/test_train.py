"""A pull request trains its model and reports how good it is; one without secrets is rehearsed."""

import threading
from pathlib import Path

import pytest

import acting
from acting import BROKEN, FUNCTION
from helpers.aws.fault_proxy import Recorder, proxy
from helpers.kit import verb_runs
from helpers.kit.waiting import eventually

FIND, IMAGE = "Find the model", "Build the training image"
TRAIN, COMMENT, REHEARSE = "Train on SageMaker", "Comment", "Rehearse on an emulator"
TRY, TOLD, PLAN = "Try the handler", "Comment on the handler", "Plan the merge"
BEGIN = "Comment at the start"
FOUND = dict.fromkeys((FIND, TRAIN, PLAN, TRY, COMMENT, TOLD), "success")
TRAINED = {**FOUND, BEGIN: "success"}
UNTRIED = dict.fromkeys((FIND, TRAIN, PLAN, COMMENT), "success")
TOLD_ONLY = dict.fromkeys((FIND, COMMENT, TOLD), "success")
UNFOUND = {**TOLD_ONLY, FIND: "failure", TRAIN: "failure", TRY: "failure"}
UNTRAINED = {**UNFOUND, **dict.fromkeys((FIND, BEGIN, PLAN), "success")}
HANDLER = "inference/ClassificationTreeInferenceHandler.m"
SECRETS = {"MATLAB_BATCH_TOKEN": "user@example.com::marked-batch-token"}


def open_pull_request(github, number=7, **more):
    return github.run("train.yml", "pull_request", acting.pull_request(number, **more))


def do_not_try(github):
    file = ".github/workflows/train.yml"
    github.edit(file, "    with:\n", "    with:\n      try-handler: false\n")


def jobs_of(aws, github):
    found = aws("sagemaker").list_training_jobs(NameContains=github.name)["TrainingJobSummaries"]
    names = {job["TrainingJobName"]: job["TrainingJobStatus"] for job in found}
    return {name: status for name, status in names.items() if "-try" not in name}


def test_a_pull_request_is_trained_and_told_and_a_second_push_compared(github, aws, api):
    first = open_pull_request(github)
    assert first.refused == []
    assert first.jobs == TRAINED
    outputs = first.outputs(TRAIN, "train")
    assert jobs_of(aws, github) == {outputs["job-name"]: "Completed"}
    (comment,) = api.comments(7)
    assert "## ✅ " in comment.body
    assert "same model as main · deploys on merge\n" in comment.body
    text = comment.body.replace("<wbr>", "")
    assert "| cross_validated_accuracy ↑ | 0.94 | 0.94 | none |" in text
    assert f"#/jobs/{outputs['job-name']}" in text
    assert "✅ The handler's answer to `requests/three_flowers.csv` matches" in text
    assert "+ endpoint: " in text
    assert "cross_validated_accuracy" in first.summary(TRAIN)
    # GitHub drops an output with a secret in it, which an account's number may be.
    for name in ("report", "verdict", "metrics"):  # what other jobs read
        assert outputs[name]
        assert verb_runs.ACCOUNT_ID not in outputs[name]

    github.edit("sagemaker.yml", "MinLeafSize: 1", "MinLeafSize: 40")
    github.commit("Fewer leaves")
    second = open_pull_request(github)
    assert second.refused == []
    assert second.jobs == TRAINED
    assert len(jobs_of(aws, github)) == 2
    (comment,) = api.comments(7)
    assert "| metric | main | this pull request | change |" in comment.body
    assert "| MinLeafSize | 1 | 40 |" in comment.body
    assert "🔴\u00a0worse" in comment.body
    assert "⚠️" in comment.body.splitlines()[1]


@pytest.mark.slow
def test_a_training_image_that_is_not_there_is_built_first(github, rights, without_image):
    first = open_pull_request(github)
    assert first.refused == []
    assert first.jobs == {**TRAINED, IMAGE: "success"}
    assert first.outputs(IMAGE, "image")["changed"] == "true"
    assert {"find: id-token", "image: id-token", "train: id-token"} < set(rights.asked)
    assert open_pull_request(github).jobs == FOUND


@pytest.mark.slow
def test_a_training_image_that_cannot_be_built_is_red_and_the_comment_says_why(
    github, aws, api, without_image
):
    github.settings["AWS_IMAGE_ROLE"] = github.settings["AWS_DEPLOY_ROLE"]
    run = open_pull_request(github)
    assert run.jobs == {**UNTRAINED, IMAGE: "failure"}
    (comment,) = api.comments(7)
    assert "❌" in comment.body
    assert "trust policy" in comment.body
    assert jobs_of(aws, github) == {}


@pytest.mark.slow
def test_a_run_that_waits_no_longer_says_so_and_the_next_one_finds_its_job(
    github, aws, api, rights
):
    go_on, file = github.folder / "go-on", ".github/workflows/train.yml"
    github.write(FUNCTION, SLOW.format(until=verb_runs.until(go_on), save=verb_runs.SAVE))
    github.edit(file, "    with:\n", "    with:\n      longest-wait: 1s\n")
    github.commit("Think")
    first = open_pull_request(github)
    assert first.jobs == UNTRAINED
    assert "it is still being trained" in first.annotations[-1][2]
    assert api.comments(7)[0].body.splitlines()[1].endswith(": still training")
    github.edit(file, "      longest-wait: 1s\n", "")
    do_not_try(github)  # a handler can do nothing with its model
    github.commit("Think on")
    rights.asked.clear()
    end = threading.Thread(target=end_training, args=(rights, go_on))
    end.start()
    run = open_pull_request(github)
    end.join()
    assert run.refused == []
    assert run.outputs(FIND, "train")["running"] == "true"
    assert run.outputs(TRAIN, "train")["changed"] == "false"
    assert list(jobs_of(aws, github).values()) == ["Completed"]


def end_training(rights, go_on):
    """Let it end when the run's own job `train` has begun: the one before it has looked by then."""
    eventually(lambda: "train: id-token" in rights.asked, 300)
    go_on.touch()


SLOW = """\
function trainClassificationTree(env, varargin)
    {until}
    {save}
end
"""


def test_a_kit_that_is_known_by_half_is_used_nowhere(github, tokens):
    asked = len(tokens.tokens)
    github.edit(".github/workflows/train.yml", f"      kit-ref: {acting.KIT_REF}\n", "")
    github.commit("Where was it?")
    run = open_pull_request(github)
    assert run.jobs == dict.fromkeys(UNFOUND, "failure")
    assert "give both kit-repository and kit-ref" in run.annotations[0][2].lower()
    assert "checkout" not in run.log()
    assert len(tokens.tokens) == asked


@pytest.mark.parametrize("event", ["pull_request_target", "pull_request_review"])
def test_a_caller_on_another_event_of_pull_requests_is_refused(github, tokens, api, event):
    asked = len(tokens.tokens)
    text = "  pull_request:\n    branches: [main]\n"
    github.edit(".github/workflows/train.yml", text, f"  {event}:\n")
    github.commit("For the forks")
    payload = acting.pull_request(8, head="mallory/flowers")
    run = github.run("train.yml", event, payload)
    assert run.jobs == dict.fromkeys((FIND, TRAIN, TRY), "failure")
    assert f"On {event} a fork's change could run" in run.annotations[0][2]
    assert len(tokens.tokens) == asked
    assert api.requests == []


@pytest.mark.slow
def test_a_training_that_fails_is_red_and_the_comment_says_why(github, aws, api):
    github.write(FUNCTION, BROKEN)
    github.commit("Break it")
    run = open_pull_request(github)
    assert run.code != 0
    assert run.jobs == UNTRAINED
    (comment,) = api.comments(7)
    assert comment.edits == 1, "before that it has said that this is being trained"
    assert "❌" in comment.body
    assert "There are no rows." in comment.body
    assert f"{FUNCTION}#L2" in comment.body
    (annotation, not_tried) = [a for a in run.annotations if a[0] == "error"]
    assert annotation[1]["file"] == FUNCTION
    assert annotation[1]["line"] == "2"
    assert "There is no model" in not_tried[2]


def test_a_broken_handler_is_red_before_anything_is_merged_with_its_line(github, aws, api):
    answer = "            species = predict(model, inputData);\n"
    github.edit(HANDLER, answer, f"{answer}            error('flowers:wilted', 'Wilted.');\n")
    github.commit("Break the handler")
    run = open_pull_request(github)
    assert run.jobs == {**TRAINED, TRY: "failure"}
    (annotation,) = [a for a in run.annotations if a[0] == "error"]
    line = (github.user / HANDLER).read_text().splitlines().index(answer.rstrip()) + 2
    assert (annotation[1]["file"], annotation[1]["line"]) == (HANDLER, str(line))
    (comment,) = api.comments(7)
    assert comment.body.splitlines()[1].startswith("## ❌ ")
    assert comment.body.splitlines()[1].endswith(": handler failed")
    text = comment.body.replace("<wbr>", "")
    assert "| cross_validated_accuracy ↑ | 0.94 |" in text, "trained it is all the same"
    assert "Wilted." in comment.body
    assert f"{HANDLER}#L{line}" in comment.body
    assert aws("sagemaker").list_endpoints(NameContains=github.name)["Endpoints"] == []

    do_not_try(github)
    github.commit("Do not try it")
    assert open_pull_request(github).jobs == UNTRIED


def test_a_role_that_does_not_trust_this_repository_is_told_in_the_comment(github, api):
    github.settings["AWS_TRAIN_ROLE"] = github.settings["AWS_DEPLOY_ROLE"]
    run = open_pull_request(github)
    assert run.jobs == UNFOUND
    (comment,) = api.comments(7)
    assert "repo:acme/flowers:pull_request" in comment.body
    assert "trust policy" in comment.body


@pytest.mark.slow
def test_each_job_asks_for_its_own_rights_and_one_step_for_the_token(github, rights, without_image):
    github.secrets.update(SECRETS)
    run = open_pull_request(github)
    aws = {f"{job}: id-token" for job in ("find", "image", "train", "plan", "try")}
    comments = {f"{job}: pull-requests" for job in ("begin", "report", "report-try")}
    assert set(rights.asked) == aws | comments
    (token,) = SECRETS.values()
    knowing = [seen for seen in run.environments if token in seen.values()]
    assert {Path(seen["GITHUB_ACTION_PATH"]).name for seen in knowing} == {"build-training-image"}
    assert {seen["GITHUB_JOB"] for seen in knowing} == {"image"}
    jobs = {seen["GITHUB_JOB"] for seen in run.environments}
    assert jobs == {"find", "begin", "image", "train", "plan", "try", "report", "report-try"}


def test_a_forks_pull_request_reaches_neither_aws_nor_a_secret(github, api, tokens, account):
    github.secrets.update(SECRETS)
    seen = github.folder / "seen"
    look = f"varargin)\n    system('cat /proc/self/environ > \"{seen}\"');\n"
    github.edit(FUNCTION, "varargin)\n", look)
    github.commit("Look around")
    recorder, asked = Recorder(), len(tokens.tokens)
    with proxy(account.url, recorder) as url:
        run = github.run(
            "train.yml",
            "pull_request",
            acting.pull_request(8, head="mallory/flowers"),
            AWS_ENDPOINT_URL=url,
        )
    assert run.refused == []
    assert run.jobs == {REHEARSE: "success"}
    assert recorder.exchanges == []
    assert len(tokens.tokens) == asked
    assert api.requests == []
    assert "no secrets" in run.summary(REHEARSE)
    assert "cross_validated_accuracy" in run.summary(REHEARSE)
    code = seen.read_text()
    assert "PATH=" in code, "the code has seen its environment"
    for secret in (*SECRETS.values(), *api_tokens(api), tokens.request_token):
        assert secret not in code
    steps = "\n".join(text for each in run.environments for text in each.values())
    assert "rehearse" in steps, "and so have the steps"
    assert not [secret for secret in SECRETS.values() if secret in steps]


def api_tokens(api):
    return list(api._tokens)


def test_dependabots_pull_request_is_a_foreign_one_and_red_where_its_code_fails(
    github, api, tokens
):
    github.write(FUNCTION, BROKEN)
    github.commit("Break it")
    asked = len(tokens.tokens)
    run = open_pull_request(github, author=acting.DEPENDABOT, branch="dependabot/x")
    assert run.jobs == {REHEARSE: "failure"}
    assert len(tokens.tokens) == asked
    assert api.requests == []
    (annotation,) = [a for a in run.annotations if a[0] == "error"]
    assert annotation[1]["file"] == FUNCTION


def test_what_only_matlab_could_judge_is_a_warning_of_a_foreign_pull_request(github):
    github.edit("sagemaker.yml", "engine: octave", "engine: matlab")
    github.edit(FUNCTION, "varargin)\n", "varargin)\n    fitcsvm(1, 2);\n")
    github.commit("Call a toolbox")
    run = open_pull_request(github, author=acting.DEPENDABOT, branch="dependabot/x")
    assert run.jobs == {REHEARSE: "success"}
    assert not [a for a in run.annotations if a[0] == "error"]
    (warning,) = [a for a in run.annotations if a[1].get("title") == "Not judged"]
    assert (warning[0], warning[1]["file"], warning[1]["line"]) == ("warning", FUNCTION, "2")
    assert run.outputs(REHEARSE, "rehearse")["judged"] == "false"


def test_a_project_that_is_wrong_is_told_before_anything_is_made(github, aws, api):
    github.edit("sagemaker.yml", "instance_type: ml.m5.large", "instance_type: large")
    github.commit("Typo")
    run = open_pull_request(github)
    assert run.jobs == UNFOUND
    assert "instance_type" in api.comments(7)[0].body
    assert jobs_of(aws, github) == {}
