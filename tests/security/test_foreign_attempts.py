"""Jobs with the name of a training but another request: none is deployed.

Whoever may push a branch can create them with the train role, as this test does.
"""

import dataclasses
import json
import re

import botocore.session
import pytest

from helpers.aws.fault_proxy import Recorder, proxy
from helpers.kit.waiting import eventually
from matlab_sagemaker.training import attempts, cards
from matlab_sagemaker.training.takeover import WantedJob

pytestmark = pytest.mark.slow

MODEL = botocore.session.get_session().get_service_model("sagemaker")
CREATE = set(MODEL.operation_model("CreateTrainingJob").input_shape.members)


def variable(request):
    request.setdefault("Environment", {})["LD_PRELOAD"] = "/opt/ml/input/data/code/evil.so"


def entrypoint(request):
    request["AlgorithmSpecification"]["ContainerEntrypoint"] = ["sh", "-c", "true"]


def arguments(request):
    request["AlgorithmSpecification"]["ContainerArguments"] = ["train"]


def checkpoint(request):
    request["CheckpointConfig"] = {"S3Uri": "s3://elsewhere/", "LocalPath": "/opt/ml/code"}


def code(request):
    (channel,) = [c for c in request["InputDataConfig"] if c["ChannelName"] == "code"]
    source = channel["DataSource"]["S3DataSource"]["S3Uri"]
    channel["DataSource"]["S3DataSource"]["S3Uri"] = source.rstrip("/")


def metric(request):
    definitions = request["AlgorithmSpecification"].setdefault("MetricDefinitions", [])
    definitions.append({"Name": "cross_validated_accuracy", "Regex": "evil=(.*)"})


def function(request):
    request["HyperParameters"]["sagemaker_program"] = "trainAnother"


def rules(request):
    request["DebugRuleConfigurations"] = [
        {"RuleConfigurationName": "evil", "RuleEvaluatorImage": "1.dkr.ecr/evil"}
    ]


ATTACKS = {
    variable: "Environment.LD_PRELOAD is set",
    entrypoint: "AlgorithmSpecification.ContainerEntrypoint.0 is set",
    arguments: "AlgorithmSpecification.ContainerArguments.0 is set",
    checkpoint: "CheckpointConfig.LocalPath is set",
    code: "InputDataConfig.code.DataSource.S3DataSource.S3Uri is s3://",
    metric: "AlgorithmSpecification.MetricDefinitions.cross_validated_accuracy.",
    function: "HyperParameters.sagemaker_program has another value",
    rules: "DebugRuleConfigurations.0.RuleConfigurationName is set",
}


@pytest.fixture
def forge(account):
    """Return a function that makes a job like another, with another name; all are deleted later."""
    sagemaker, made = account.client_of("train", "sagemaker"), []

    def create(like, name, change):
        told = sagemaker.describe_training_job(TrainingJobName=like)
        request = {key: value for key, value in told.items() if key in CREATE}
        request["TrainingJobName"] = name
        change(request)
        sagemaker.create_training_job(**request)
        made.append(name)

    yield create
    for name in made:
        completed(account, name)
        forget(account, name)


def forget(account, name):
    """Delete a job and what it has sealed, so that its name can be used again."""
    bucket = account.outputs["BucketName"]
    for item in account.client("s3").list_objects_v2(Bucket=bucket, Prefix="sealed/")["Contents"]:
        if f"/{name}/" in item["Key"]:
            account.client("s3").delete_object(Bucket=bucket, Key=item["Key"])
    account.client("sagemaker").delete_training_job(TrainingJobName=name)


def completed(account, *names):
    """Wait for the end of jobs; return whether all have Completed."""

    def status(name):
        told = account.client("sagemaker").describe_training_job(TrainingJobName=name)
        return told["TrainingJobStatus"]

    eventually(lambda: all(status(n) in ("Completed", "Failed", "Stopped") for n in names))
    return {status(name) for name in names} == {"Completed"}


def later(job, by=1):
    """Return the name of the attempt `by` numbers after a job's."""
    stem, _, number = job.rpartition("-")
    return f"{stem}-{int(number) + by}"


def warnings(result):
    return [line for line in result.stdout.splitlines() if line.startswith("::warning")]


def nothing(_request):
    pass


@dataclasses.dataclass(frozen=True, kw_only=True)
class Careless(WantedJob):
    """A comparison that ignores some members."""

    left_out: str

    def differences(self, attempt, described):
        found = super().differences(attempt, described)
        return [told for told in found if not told.startswith(self.left_out)]


def careless(wanted, told):
    """Return a comparison that leaves out the member about which it says `told`."""
    return Careless(**vars(wanted), left_out=told.partition(" ")[0].rpartition(".")[0])


def test_attempts_that_differ_are_passed_over_and_named_whenever_it_is_deployed(
    account, merged, forge, kit_as
):
    job = merged.job()  # what `find` finds; the approval comes days later
    forged = {attack: later(job, n) for n, attack in enumerate(ATTACKS, 1)}
    for attack, name in forged.items():
        forge(job, name, attack)
    assert completed(account, *forged.values())
    merged.seal(forged[entrypoint], IfNoneMatch="*")  # its code may seal what it likes
    result = merged.succeed("deploy")
    assert result.outputs["training-job"] == job
    assert merged.answers() == {merged.model_of(job)}
    (warning,) = warnings(result)
    for attack, name in forged.items():
        assert f"{name} ({ATTACKS[attack]}" in warning
    assert warning.count("evil") == 1, "the only value that the warning shows is a metric's pattern"

    aws = kit_as("deploy")
    wanted = merged.wanted(aws)
    for attack, name in forged.items():
        found = attempts.find_now(aws, careless(wanted, ATTACKS[attack]))
        assert found.name == name, "only this difference excludes it"
        assert cards.sealed(aws, wanted.job.seal, found.job).is_sealed, "it would be served"


def test_where_only_other_jobs_have_the_name_nothing_is_deployed_and_it_is_trained(
    account, merged, forge
):
    job = merged.job()
    forge(job, later(job), variable)
    assert completed(account, later(job))
    forget(account, job)
    refused = merged.run("deploy")
    assert refused.code == 3
    assert ATTACKS[variable] in refused.annotations[0]
    assert "Run train first" in refused.annotations[0]
    again = merged.succeed("train")
    assert again.outputs["job-name"] == later(job, 2)
    assert ATTACKS[variable] in warnings(again)[0]


def test_what_the_same_request_made_is_ours_whoever_sent_it(account, merged, forge):
    job = merged.job()
    forge(job, later(job), nothing)
    assert completed(account, later(job))
    result = merged.succeed("deploy")
    assert result.outputs["training-job"] == later(job)
    assert warnings(result) == []


def test_another_image_under_the_tag_trains_again_on_a_merge_only(candidate, tmp_path, moved):
    job = candidate.succeed("train").outputs["job-name"]
    moved(candidate.succeed("build-training-image", "--find-only").outputs["tag"])
    event = tmp_path / "event.json"
    head = {"sha": "c" * 40, "repo": {"full_name": "acme/flowers"}}
    event.write_text(json.dumps({"pull_request": {"number": 7, "head": head}}))
    looked_at = candidate.succeed("train", GITHUB_EVENT_PATH=str(event), GITHUB_REPOSITORY="a/b")
    assert looked_at.outputs["job-name"] == job
    for environment in ({}, {"GITHUB_EVENT_PATH": str(event)}):
        refused = candidate.run("deploy", **environment)
        assert refused.code == 3
        assert "AlgorithmSpecification.TrainingImage is " in refused.annotations[0]
    merged = candidate.succeed("train")
    assert merged.outputs["job-name"] == later(job)
    assert candidate.succeed("train").outputs["changed"] == "false"


@pytest.fixture
def moved(account):
    """Return a function that moves a tag to another image; the tag is restored later."""
    ecr, undo = account.client("ecr"), []
    where = {"repositoryName": "matlab-sagemaker/release"}

    def put(tag, image, manifest):
        ecr.batch_delete_image(**where, imageIds=[{"imageTag": tag}])
        kind = image["imageManifestMediaType"]
        ecr.put_image(**where, imageManifest=manifest, imageManifestMediaType=kind, imageTag=tag)

    def move(tag):
        (image,) = ecr.batch_get_image(**where, imageIds=[{"imageTag": tag}])["images"]
        undo.append((tag, image, image["imageManifest"]))
        put(tag, image, json.dumps(json.loads(image["imageManifest"]), indent=7))

    yield move
    for words in undo:
        put(*words)


def test_a_name_that_only_holds_this_projects_is_another_projects(account, merged, forge):
    job = merged.job()
    stem = job.rpartition("-")[0]
    names = [f"t-{job}"[:63], f"{job}-2", f"{job[:-1]}0{job[-1]}"]
    for name in names:
        forge(job, name, nothing)
    assert completed(account, *names)
    listed = account.client_of("deploy", "sagemaker").list_training_jobs(NameContains=f"{stem}-")
    told = {summary["TrainingJobName"] for summary in listed["TrainingJobSummaries"]}
    assert told >= set(names), "AWS's own filter lets them through"
    result = merged.succeed("deploy")
    assert result.outputs["training-job"] == job
    assert warnings(result) == []


def test_a_name_that_was_taken_before_the_list_shows_it_is_not_believed(account, candidate, forge):
    job = candidate.succeed("train").outputs["job-name"]
    forge(job, later(job), variable)
    assert completed(account, later(job))
    forget(account, job)
    forge(later(job), job, nothing)
    assert completed(account, job)
    with proxy(candidate.url, Recorder(without_jobs)) as url:
        result = candidate.succeed("train", AWS_ENDPOINT_URL=url)
    assert result.outputs["job-name"] == later(job, 2)
    assert "Meanwhile another job has taken the name" in result.stdout


def without_jobs(exchange):
    """Answer a list of jobs without new ones, as SageMaker may for a while."""
    if exchange.what != "SageMaker.ListTrainingJobs":
        return exchange
    return dataclasses.replace(exchange, body=b'{"TrainingJobSummaries": []}')


def test_the_check_costs_at_most_five_calls_and_one_for_each_further_job(account, merged, forge):
    def calls():
        recorder = Recorder()
        with proxy(merged.url, recorder) as url:
            merged.succeed("train", "--find-only", AWS_ENDPOINT_URL=url)
        return [e.what for e in recorder.exchanges if "GetCallerIdentity" not in str(e.sent)]

    job = merged.job()
    assert len(calls()) <= 5
    assert not [what for what in calls() if re.search("/(code|data|jobs)/", what)], "of each object"
    one = len(calls())
    for more in (1, 2):
        forge(job, later(job, more), variable)
        assert completed(account, later(job, more))
        assert len(calls()) == one + more
