"""Jobs by hand: show one, follow its log, stop it."""

import json
import re
import signal

import pytest

from helpers.aws.fault_proxy import RESET, Exchange, proxy
from helpers.kit.verb_runs import BY_HAND, SAVE, until, write_function
from helpers.kit.waiting import read_until

pytestmark = pytest.mark.slow

THROTTLED = b'{"__type": "ThrottlingException", "message": "Rate exceeded"}'


def document(project, *words, code=0, **environment):
    """Run a verb with --json, and return its document and its log."""
    result = project.run(*words, "--json", **environment)
    assert result.code == code, result.stdout + result.stderr
    return json.loads(result.stdout), result.stderr


def started(project, *lines):
    """Start a training with these lines of code, and return its job's name."""
    write_function(project, *lines)
    return document(project, "train", "--no-wait")[0]["job-name"]


def test_a_job_that_has_sealed_a_model_is_told_whole_and_with_its_log(trained_once):
    found, _ = document(trained_once, "train", "--find-only")
    told, _ = document(trained_once, "job", found["job-name"], "--log")
    assert told["training-job"] == found["job-name"]
    assert told["model-data"] == found["model-data"]
    assert told["metrics"] == found["metrics"]
    assert (told["status"], told["secondary-status"], told["sealed"]) == (*["Completed"] * 2, True)
    assert (told["instance"], told["instance-count"]) == ("ml.m5.large", 1)
    assert told["seconds"] == told["billable-seconds"] > 0
    assert any(line.startswith("cross-validated accuracy") for line in told["log"])
    by_name, _ = document(trained_once, "job", told["training-job"])
    assert by_name == {**told, "log": None}


def test_a_look_into_another_bucket_names_it_where_the_job_has_sealed_nothing(trained_once, aws):
    bucket = f"other-{trained_once.name}"
    aws("s3").create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    told, said = document(trained_once, "job", "--bucket", bucket)
    assert told["sealed"] is False
    assert f"sealed no model below s3://{bucket}/sealed/{trained_once.name}. If it" in said
    assert "sealed no model" not in document(trained_once, "job")[1]


def test_by_hand_the_log_is_shown(trained_once):
    result = trained_once.succeed("job", "--log")
    assert "  | cross-validated accuracy" in result.stdout
    shown = trained_once.succeed("job", "--log", **BY_HAND).stdout
    assert re.search(r"(?m)^log +\(shown above\)$", shown)


def test_by_hand_a_log_that_was_not_asked_for_is_not_said_to_be_none(trained_once):
    said = trained_once.succeed("job", **BY_HAND).stdout
    name = re.search(r"(?m)^training-job +(\S+)$", said)[1]
    assert not re.search(r"(?m)^log ", said)
    assert f"To see its log: job {name} --log" in said
    followed = trained_once.succeed("job", "--follow", **BY_HAND).stdout
    assert "  | cross-validated accuracy" in followed
    assert "To see its log" not in followed
    assert "(none)" not in said + followed


def test_a_job_is_followed_to_its_end_its_lines_live_on_stderr(ready, tmp_path):
    go = tmp_path / "go"
    name = started(ready, "disp('first');", until(go), SAVE)
    process = ready.start("job", "--follow", "--json")
    read_until(process, "  | first", process.stderr)
    go.touch()
    result = ready.finish(process)
    assert result.code == 0
    assert "  | [Completed]" in result.stderr
    told = json.loads(result.stdout)
    assert (told["training-job"], told["status"]) == (name, "Completed")


def test_a_followed_job_that_fails_is_the_error_that_train_has(ready):
    started(ready, "error('flowers:train:noRows', 'There are no rows.');")
    told, _ = document(ready, "job", "--follow", code=1)
    error = told["error"]
    assert error["kind"] == "trainingFailed"
    assert error["why"].startswith("flowers:train:noRows: There are no rows.")
    assert "ended as Failed" in error["what"]
    assert error["message"].splitlines()[0] == error["what"]
    assert told["status"] == "Failed"
    assert told["failure-reason"] == error["why"]
    looked, _ = document(ready, "job")
    assert looked["failure-reason"] == error["why"], "only to look is no error"


def test_a_job_is_stopped_also_while_aws_is_busy_and_loses_an_answer(ready):
    name = started(ready, "pause(60);")
    busy = Busy(2)
    with proxy(ready.url, busy) as url:
        told, _ = document(ready, "job", name, "--stop", "--follow", AWS_ENDPOINT_URL=url)
    assert (busy.left, busy.is_lost) == (0, True)
    assert told["status"] == "Stopped"
    again, said = document(ready, "job", "--stop")
    assert "has ended" in said
    assert again["status"] == "Stopped"
    told, _ = document(ready, "job", "--follow", code=1)
    assert "Somebody stopped it" in told["error"]["do"]


class Busy:
    """Refuses to stop a job `left` times, then stops it, but loses the answer."""

    def __init__(self, left):
        self.left, self.is_lost = left, False

    def instead(self, what):
        if not what.endswith("StopTrainingJob") or not self.left:
            return None
        self.left -= 1
        return Exchange(what, 400, THROTTLED)

    def __call__(self, exchange):
        if not exchange.what.endswith("StopTrainingJob") or self.is_lost:
            return exchange
        self.is_lost = True
        return RESET


def test_a_cancelled_look_leaves_the_job_alone(ready):
    name = started(ready, "disp('first');", "pause(60);")
    process = ready.start("job", "--follow", "--json")
    read_until(process, "  | first", process.stderr)
    process.send_signal(signal.SIGINT)
    result = ready.finish(process)
    assert result.code == 130
    assert json.loads(result.stdout)["error"]["kind"] == "cancelled"
    told, _ = document(ready, "job", name, "--stop")
    assert told["status"] in ("Stopping", "Stopped"), "it had gone on"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("other-aaaaaaaaaaaaaaaaaaaa-1", "Its name does not have the form"),
        ("{}-2-aaaaaaaaaaaaaaaaaaaa-1", "Its name does not have the form"),
        ("{}-aaaaaaaaaaaaaaaaaaaa-0", "Its name does not have the form"),
        ("{}-aaaaaaaaaaaaaaaaaaaa-1", "There is no training job"),
    ],
)
def test_a_job_that_is_not_the_projects_is_refused(ready, name, why):
    told, _ = document(ready, "job", name.format(ready.name), "--stop", code=2)
    assert why in told["error"]["message"]
    assert told["error"]["kind"] == "input"


def test_a_job_of_its_name_without_its_tag_is_refused_and_never_the_latest(ready, aws):
    name = started(ready, SAVE)
    request = aws("sagemaker").describe_training_job(TrainingJobName=name)
    members = ("AlgorithmSpecification", "RoleArn", "OutputDataConfig", "ResourceConfig",
               "StoppingCondition", "HyperParameters", "InputDataConfig")  # fmt: skip
    foreign = f"{ready.name}-{'a' * 20}-1"
    copied = {member: request[member] for member in members}
    aws("sagemaker").create_training_job(TrainingJobName=foreign, **copied)
    told, _ = document(ready, "job", foreign, "--stop", code=2)
    assert "It does not have the project's tag" in told["error"]["why"]
    assert document(ready, "job")[0]["training-job"] == name


def test_without_any_job_or_with_another_project_it_is_said(ready):
    told, _ = document(ready, "job", code=3)
    assert told["error"]["kind"] == "missingStep"
    name = started(ready, SAVE)
    elsewhere = {"folder": ready.root.parent}  # without a sagemaker.yml
    told, _ = document(ready, "job", "--project", ready.name, **elsewhere)
    assert told["training-job"] == name
    told, _ = document(ready, "job", "--project", "Not a name", code=2, **elsewhere)
    assert "1 to 32 lower-case letters" in told["error"]["what"]
