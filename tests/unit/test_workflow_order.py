"""What no runner of the tests checks: in which order things run, and what is in nobody's way."""

from workflow_files import OWN, REUSABLE

ENDPOINT = "${{ inputs.environment }}-${{ inputs.region }}-${{ inputs.config }}"
PULL_REQUEST = "github.event.pull_request.number"


def test_a_superseded_training_is_cancelled_and_a_deployment_never():
    train = REUSABLE["train.yml"]["jobs"]["train"]["concurrency"]
    assert train["group"].startswith(
        "matlab-sagemaker-train-${{ inputs.region }}-${{ inputs.config }}-${{ " + PULL_REQUEST
    )
    assert train["cancel-in-progress"] == "${{ github.event_name == 'pull_request' }}"
    rehearse = REUSABLE["train.yml"]["jobs"]["rehearse"]["concurrency"]
    assert "${{ inputs.config }}-${{ " + PULL_REQUEST in rehearse["group"]
    assert rehearse["cancel-in-progress"] is True
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
        "!cancelled() && needs.find.result == 'success' && "
        "(needs.train.result == 'success' || needs.train.result == 'skipped') && "
        "(needs.compile.result == 'success' || needs.compile.result == 'skipped')"
    )


def test_a_pull_request_of_dependabot_gets_nothing_that_it_could_not_use():
    trusted = REUSABLE["train.yml"]["jobs"]["train"]["if"]
    assert "github.event.pull_request.user.login != 'dependabot[bot]'" in trusted
    foreign = REUSABLE["train.yml"]["jobs"]["rehearse"]["if"]
    assert "github.event.pull_request.user.login == 'dependabot[bot]'" in foreign
