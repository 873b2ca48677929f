"""What act does not check: the order of jobs, and which runs wait for each other."""

import pytest

from helpers.kit.workflow_files import OWN, REUSABLE, action_of, kit_steps, on

PROJECT = "${{ inputs.region }}-${{ inputs.config }}"
ENDPOINT = "${{ inputs.environment }}-${{ inputs.region }}-${{ inputs.config }}"
PULL_REQUEST = "github.event.pull_request.number"


def test_a_superseded_training_is_cancelled_unless_it_trains_what_the_newer_run_would():
    train = REUSABLE["train.yml"]["jobs"]["train"]["concurrency"]
    ended = "contains(needs.*.result, 'failure') || contains(needs.*.result, 'cancelled')"
    alone = f"({ended}) && github.run_id"
    assert train["group"] == (
        f"matlab-sagemaker-train-{PROJECT}-${{{{ {alone} || {PULL_REQUEST} || github.ref }}}}"
    )
    assert train["cancel-in-progress"] == (
        "${{ github.event_name == 'pull_request' && needs.find.outputs.running == 'false' }}"
    )


def test_an_older_run_cannot_come_to_its_training_after_a_newer_one():
    jobs = REUSABLE["train.yml"]["jobs"]
    assert jobs["find"]["concurrency"] == jobs["image"]["concurrency"] == {
        "group": f"matlab-sagemaker-find-{PROJECT}-${{{{ {PULL_REQUEST} || github.run_id }}}}",
        "cancel-in-progress": "${{ github.event_name == 'pull_request' }}",
    }  # fmt: skip


def test_two_regions_of_a_pull_request_are_in_nobodys_way():
    jobs = REUSABLE["train.yml"]["jobs"]
    groups = [job["concurrency"]["group"] for job in jobs.values()]
    assert len(groups) == len(jobs)
    assert all(f"-{PROJECT}-" in group for group in groups)
    key = "inputs.region != '' && format('{0} in {1}', inputs.config, inputs.region)"
    comment = jobs["report"]["steps"][-1]["with"]
    assert comment["key"] == f"${{{{ {key} || inputs.config }}}}"


def test_a_check_that_may_be_required_is_red_where_a_job_before_it_was():
    """GitHub counts a check that is skipped as passed."""
    train = REUSABLE["train.yml"]["jobs"]["train"]
    before = "contains(needs.*.result, 'failure') || contains(needs.*.result, 'cancelled')"
    assert train["needs"] == ["find", "image"]
    assert train["if"].endswith(f" && (!cancelled() || {before})")
    assert train["steps"][0]["if"] == before
    deploying = REUSABLE["deploy.yml"]["jobs"]["train"]
    assert deploying["steps"][0]["if"] == (
        "needs.image.result == 'failure' || needs.image.result == 'cancelled'"
    )
    for job in (train, deploying):
        assert job["steps"][0]["run"].endswith("exit 1\n")


def test_a_handler_is_tried_where_there_is_a_model_and_is_red_where_there_is_none():
    """A training that a gate fails still has a model."""
    jobs = REUSABLE["train.yml"]["jobs"]
    trial, before = jobs["try"], jobs["try"]["steps"][0]
    assert trial["needs"] == "train"
    ended = "contains(needs.*.result, 'failure') || contains(needs.*.result, 'cancelled')"
    assert trial["if"].startswith("inputs.try-handler && ")
    assert trial["if"].endswith(f" && (!cancelled() || {ended})")
    assert before["if"] == "needs.train.result != 'success' && needs.train.outputs.gate != 'failed'"
    made = "(needs.train.result == 'success' || needs.train.outputs.gate == 'failed')"
    told = jobs["report"]["steps"][-1]["with"]["handler"]
    assert told.startswith("${{ inputs.try-handler && " + made)
    assert before["run"].endswith("exit 1\n")
    assert trial["permissions"] == jobs["train"]["permissions"]
    group = f"({ended}) && github.run_id || {PULL_REQUEST} || github.ref"
    assert trial["concurrency"]["group"] == f"matlab-sagemaker-try-{PROJECT}-${{{{ {group} }}}}"
    assert trial["concurrency"]["cancel-in-progress"] is False, "a newer push may try the same"
    given = trial["steps"][-1]["with"]
    assert given["job-timeout"] == f"{trial['timeout-minutes']}m"
    assert on(REUSABLE["train.yml"])["workflow_call"]["inputs"]["try-handler"]["default"] is True


def test_what_serves_is_looked_at_after_a_training_that_has_failed_as_well():
    plan = REUSABLE["train.yml"]["jobs"]["plan"]["if"]
    assert plan.endswith(
        "needs.find.result == 'success' && "
        "(needs.train.result == 'success' || needs.train.result == 'failure')"
    )


def test_the_comment_does_not_wait_for_the_handler_and_is_written_again_after_it():
    jobs = REUSABLE["train.yml"]["jobs"]
    assert jobs["report"]["needs"] == ["train", "plan"]
    assert jobs["report-try"]["needs"] == ["train", "plan", "try", "report"]
    assert jobs["plan"]["needs"] == ["find", "train"]
    assert jobs["try"]["needs"] == "train"
    assert jobs["report-try"]["concurrency"] == jobs["report"]["concurrency"]
    first, second = (jobs[name]["steps"][-1]["with"] for name in ("report", "report-try"))
    others = dict.fromkeys(("verdict", "body", "handler"), "")
    assert {**second, **others} == {**first, **others}
    assert second["verdict"].startswith(first["verdict"])
    assert second["body"].startswith(first["body"])


def test_the_comment_says_that_a_training_begins_and_no_job_waits_for_that():
    jobs = REUSABLE["train.yml"]["jobs"]
    begin, later = jobs["begin"], jobs["report"]["steps"][-1]["with"]
    assert begin["if"] == (
        "inputs.comment && github.event_name == 'pull_request' && "
        "needs.find.result == 'success' && needs.find.outputs.model-found == 'false'"
    )
    assert not [name for name, job in jobs.items() if "begin" in job.get("needs", [])]
    assert begin["concurrency"]["group"] != jobs["report"]["concurrency"]["group"]
    facts = "${{ needs.find.outputs.facts }}"
    given = {"key": later["key"], "title": later["title"], "verdict": "running", "train": facts}
    assert begin["steps"][-1]["with"] == given


@pytest.mark.parametrize("name", ["begin", "report", "report-try"])
def test_what_writes_the_comment_has_no_role(name):
    permissions = REUSABLE["train.yml"]["jobs"][name]["permissions"]
    assert permissions == {"contents": "read", "pull-requests": "write"}


def test_the_comment_also_tells_of_a_run_that_was_cancelled():
    assert REUSABLE["train.yml"]["jobs"]["report"]["if"] == (
        "always() && inputs.comment && github.event_name == 'pull_request' && "
        "needs.train.result != 'skipped'"
    )


@pytest.mark.parametrize("name", ["train.yml", "deploy.yml"])
def test_a_run_waits_for_less_time_than_github_gives_its_job(name):
    train = REUSABLE[name]["jobs"]["train"]
    assert train["timeout-minutes"] == "${{ inputs.timeout-minutes }}"
    given = train["steps"][-1]["with"]
    assert given["job-timeout"] == "${{ inputs.timeout-minutes }}m"
    assert given["longest-wait"] == "${{ inputs.longest-wait }}"
    assert [action_of(step) for step in kit_steps(train)] == ["train"], "nothing takes of its time"
    inputs = on(REUSABLE[name])["workflow_call"]["inputs"]
    assert inputs["longest-wait"]["default"] == ""


def test_a_rehearsal_that_cannot_be_judged_passes_and_nothing_follows_it():
    steps = REUSABLE["train.yml"]["jobs"]["rehearse"]["steps"]
    (at,) = (number for number, step in enumerate(steps) if step["name"] == "Rehearse")
    assert steps[at]["with"]["unjudged"] == "warning"
    (predict,) = (step for step in steps if step["name"] == "Predict")
    for name in ("request", "expected", "tolerance"):
        assert steps[at]["with"][name] == f"${{{{ inputs.{name} }}}}"
    assert predict["with"]["request"] == "${{ inputs.request }}"
    assert "expected" not in predict["with"], "it may be MATLAB's; the rehearsal only warns then"
    for step in steps[at + 1 :]:
        assert step["if"].startswith("steps.rehearse.outputs.judged == 'true'"), step["name"]


def test_a_rehearsal_can_be_left_out_and_has_a_limit_of_its_own():
    rehearse = REUSABLE["train.yml"]["jobs"]["rehearse"]
    assert rehearse["if"].startswith("inputs.rehearse && ")
    assert rehearse["timeout-minutes"] == "${{ inputs.rehearse-timeout-minutes }}"
    inputs = on(REUSABLE["train.yml"])["workflow_call"]["inputs"]
    assert inputs["rehearse"]["default"] is True
    assert inputs["rehearse-timeout-minutes"]["default"] == 60
    assert rehearse["concurrency"]["cancel-in-progress"] is True


def test_a_deployment_is_never_cancelled():
    deploy = REUSABLE["deploy.yml"]["jobs"]["deploy"]["concurrency"]
    assert deploy["group"] == f"matlab-sagemaker-endpoint-{ENDPOINT}"
    operate = REUSABLE["operate.yml"]["jobs"]["operate"]["concurrency"]
    looks = "(inputs.operation == 'status' || inputs.operation == 'predict')"
    alone = f"${{{{ {looks} && format('-{{0}}', github.run_id) || '' }}}}"
    assert operate["group"] == f"matlab-sagemaker-operate-{ENDPOINT}{alone}"
    for queue in (deploy, operate, OWN["release.yml"]["concurrency"]):
        assert (queue["cancel-in-progress"], queue["queue"]) == (False, "max")


def test_a_deployment_is_seen_under_its_environment_and_a_change_by_hand_is_none():
    deploy = REUSABLE["deploy.yml"]["jobs"]["deploy"]["environment"]
    url = "${{ steps.deploy.outputs.endpoint-url }}"
    assert deploy == {"name": "${{ inputs.environment }}", "url": url}
    operate = REUSABLE["operate.yml"]["jobs"]["operate"]["environment"]
    assert operate == {"name": "${{ inputs.environment }}", "deployment": False}


def test_a_deployment_needs_all_before_it_done_or_not_needed():
    condition = REUSABLE["deploy.yml"]["jobs"]["deploy"]["if"]
    assert condition == (
        "!cancelled() && !inputs.dry-run && needs.find.result == 'success' && "
        "(needs.train.result == 'success' || needs.train.result == 'skipped') && "
        "(needs.compile.result == 'success' || needs.compile.result == 'skipped') && "
        "(needs.check.result == 'success' || needs.check.result == 'skipped')"
    )


def test_a_gate_that_is_to_be_ignored_fails_no_training():
    jobs = REUSABLE["deploy.yml"]["jobs"]
    for job in ("train", "deploy"):
        (step,) = (s for s in jobs[job]["steps"] if s.get("id") == job)
        assert step["with"]["ignore-gate"] == "${{ inputs.ignore-gate }}"


def test_a_dry_run_makes_nothing_and_is_no_deployment_that_somebody_has_to_approve():
    jobs = dict(REUSABLE["deploy.yml"]["jobs"])
    (plan,) = (step for step in jobs["find"]["steps"] if step.get("id") == "plan")
    assert ("if" in plan, plan["with"]["dry-run"]) == (False, "true")
    assert "environment" not in jobs.pop("find")
    for name, job in jobs.items():
        assert "!inputs.dry-run && " in job["if"], name


def test_what_docker_has_built_is_checked_before_it_is_deployed():
    check = REUSABLE["deploy.yml"]["jobs"]["check"]
    assert "inputs.check-image && inputs.builder == 'docker'" in check["if"]
    assert "check" in REUSABLE["deploy.yml"]["jobs"]["deploy"]["needs"]
    *_, model, image, tried = check["steps"]
    assert (model["with"]["find-only"], image["with"]["find-only"]) == ("true", "true")
    assert tried["with"]["model"] == "${{ steps.train.outputs.model-data }}"
    assert tried["with"]["image"] == "${{ steps.compile.outputs.image }}"
    assert tried["with"]["expected"] == "${{ inputs.expected }}"


def test_the_image_is_pulled_and_checked_only_where_the_endpoint_would_change():
    jobs = REUSABLE["deploy.yml"]["jobs"]
    assert jobs["find"]["outputs"]["changes"] == "${{ steps.plan.outputs.changes }}"
    assert "needs.find.outputs.changes != 'false'" in jobs["check"]["if"]


def test_the_files_of_the_smoke_test_are_read_before_anything_is_made():
    jobs = REUSABLE["deploy.yml"]["jobs"]
    (plan,) = (step for step in jobs["find"]["steps"] if step.get("id") == "plan")
    assert "if" not in plan
    (deploy,) = (step for step in jobs["deploy"]["steps"] if step.get("id") == "deploy")
    for name in ("request", "expected", "tolerance"):
        given = f"${{{{ inputs.{name} }}}}"
        assert plan["with"][name] == deploy["with"][name] == given


def test_a_smoke_test_that_fails_is_rolled_back_in_its_own_job():
    *_, predict, back = REUSABLE["deploy.yml"]["jobs"]["deploy"]["steps"]
    assert (predict["id"], back["id"]) == ("predict", "rollback")
    assert predict["with"]["tried-config"] == "${{ steps.deploy.outputs.endpoint-config }}"
    assert back["if"] == "failure() && steps.predict.outputs.as-expected == 'false'"
    assert back["with"]["failed-config"] == "${{ steps.deploy.outputs.endpoint-config }}"
    assert back["with"]["was-changed"] == "${{ steps.deploy.outputs.changed }}"
    assert back["with"]["roll-back"] == "${{ inputs.roll-back }}"


def test_only_what_was_pushed_gives_way_to_a_newer_commit_and_it_has_the_history():
    """Who deploys by hand, or sets the branch back, means this commit."""
    jobs = REUSABLE["deploy.yml"]["jobs"]
    found, checkout = (
        next(step["with"] for step in jobs[job]["steps"] if step["name"] == "Check out the project")
        for job in ("find", "deploy")
    )
    *_, deploy, predict, _ = jobs["deploy"]["steps"]
    assert checkout["fetch-depth"] == 0
    assert found["fetch-depth"] == "${{ inputs.dry-run && '0' || '1' }}", "a plan names it, too"
    pushed = "${{ github.event_name == 'push' && !github.event.forced }}"
    assert deploy["with"]["unless-newer"] == pushed
    assert "steps.deploy.outputs.left-to == ''" in predict["if"], "it would ask the newer model"


def test_a_pull_request_of_dependabot_gets_nothing_that_it_could_not_use():
    trusted = REUSABLE["train.yml"]["jobs"]["train"]["if"]
    assert "github.event.pull_request.user.login != 'dependabot[bot]'" in trusted
    foreign = REUSABLE["train.yml"]["jobs"]["rehearse"]["if"]
    assert "github.event.pull_request.user.login == 'dependabot[bot]'" in foreign


def test_a_run_that_ends_before_its_training_is_told_as_it_has_ended():
    """For example cancelled: then nothing has failed."""
    jobs = REUSABLE["train.yml"]["jobs"]
    ended = "(contains(needs.*.result, 'failure') && 'failure' || 'cancelled')"
    assert ended in jobs["train"]["outputs"]["verdict"]
    (comment,) = [step for step in jobs["report"]["steps"] if step.get("id") == "comment"]
    told = "${{ needs.train.outputs.verdict || needs.train.result }} ${{ needs.plan.result }}"
    assert comment["with"]["verdict"] == told
