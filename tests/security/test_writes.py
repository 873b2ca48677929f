"""A pull request's roles write to existing objects, and to what a merge's job reads and makes.

Whoever may push a branch may add objects below every project's prefixes, as these tests do; they
say where only an administrator could do that.
"""

import contextlib
import dataclasses
import functools
import hashlib
import itertools
import json
import re
import threading
import time
import uuid

import pytest
from botocore.exceptions import ClientError

from helpers.aws.fault_proxy import Recorder, Refuser, proxy
from helpers.emulator import clients
from helpers.kit.verb_runs import FUNCTION
from helpers.kit.waiting import eventually
from matlab_sagemaker.training import attempts, cards

pytestmark = pytest.mark.slow

GROUP = "/aws/sagemaker/TrainingJobs"


def overwrite(s3, place):
    s3.put_object(**place, Body=b"evil")


def overwrite_with_as_much(s3, place):
    s3.put_object(**place, Body=b"e" * s3.head_object(**place)["ContentLength"])


def copy_over(s3, place):
    kind, bucket = place["Key"].partition("/")[0], place["Bucket"]
    evil = {"Bucket": bucket, "Key": f"{kind}/t-evil/{uuid.uuid4().hex}"}
    s3.put_object(**evil, Body=b"evil", IfNoneMatch="*")
    s3.copy_object(**place, CopySource=evil)


def delete(s3, place):
    s3.delete_object(**place)


def delete_many(s3, place):
    s3.delete_objects(Bucket=place["Bucket"], Delete={"Objects": [{"Key": place["Key"]}]})


def begin_an_upload(s3, place):
    """Begin a multipart upload, which nobody sees before it is complete."""
    theirs = {**place, "UploadId": s3.create_multipart_upload(**place)["UploadId"]}
    part = s3.upload_part(**theirs, PartNumber=1, Body=b"evil")
    return {**theirs, "MultipartUpload": {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}}


def end_an_upload(s3, place):
    s3.complete_multipart_upload(**begin_an_upload(s3, place))


ATTACKS = [overwrite, overwrite_with_as_much, copy_over, delete, delete_many, end_an_upload]
PLACES = {"code": "train", "data": "train", "sealed": "training"}  # and who writes there


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("kind", PLACES)
def test_where_nobody_has_drawn_a_line_what_is_there_is_changed(account, kind, attack):
    root, s3 = account.client("s3"), account.client_of(PLACES[kind], "s3")
    place = {"Bucket": account.outputs["BucketName"], "Key": f"{kind}/t-x/{uuid.uuid4().hex}"}
    root.put_object(**place, Body=b"honest", IfNoneMatch="*")
    with account.permissive(PLACES[kind]):
        attack(s3, place)
    there = root.list_objects_v2(Bucket=place["Bucket"], Prefix=place["Key"])["KeyCount"]
    assert not there or root.get_object(**place)["Body"].read() in (b"evil", b"eeeeee")


def test_with_the_template_all_stays_as_it_is_from_find_to_the_approval(account, merged):
    root, bucket = account.client("s3"), account.outputs["BucketName"]

    def there():
        listed = root.list_objects_v2(Bucket=bucket)["Contents"]
        return [entry for entry in listed if entry["Key"].split("/")[1] == merged.name]

    job, before = merged.job(), there()  # what `find` finds; the approval comes days later
    of_kind = {entry["Key"].partition("/")[0] for entry in before}
    assert of_kind == {*PLACES, "jobs"}
    for entry, attack in itertools.product(before, ATTACKS):
        place, kind = {"Bucket": bucket, "Key": entry["Key"]}, entry["Key"].partition("/")[0]
        if kind in PLACES:
            with pytest.raises(ClientError, match="AccessDenied"):
                attack(account.client_of(PLACES[kind], "s3"), place)
    assert there() == before
    with pytest.raises(ClientError, match="PreconditionFailed"):
        merged.seal(job, IfNoneMatch="*")
    assert merged.succeed("deploy").outputs["training-job"] == job
    assert merged.answers() == {merged.model_of(job)}


def test_where_nobody_has_drawn_a_line_what_was_put_there_is_served(account, merged, candidate):
    """A card after `find`, and a model after the deployment: one endpoint gives two answers."""
    assert merged  # the serving image exists
    evil, worse = (hashlib.sha256(word).hexdigest() for word in (b"evil", b"worse"))
    candidate.succeed("train")
    job = candidate.job()
    with account.permissive("training"):
        place = candidate.seal(job)
    assert candidate.succeed("deploy").outputs["training-job"] == job
    assert candidate.answers() == {evil}
    with account.permissive("training"):
        s3 = account.client_of("training", "s3")
        s3.put_object(**place, Body=clients.archive({"model.mat": b"worse"}))
    scale_out(account, candidate)
    assert candidate.answers(times=9) == {evil, worse}


def scale_out(account, project):
    """Give the endpoint three instances, as scaling does."""
    sagemaker, words = account.client("sagemaker"), {"EndpointName": project.endpoint}
    (variant,) = sagemaker.describe_endpoint(**words)["ProductionVariants"]
    count = {"VariantName": variant["VariantName"], "DesiredInstanceCount": 3}
    sagemaker.update_endpoint_weights_and_capacities(**words, DesiredWeightsAndCapacities=[count])
    eventually(lambda: sagemaker.describe_endpoint(**words)["EndpointStatus"] == "InService")


def without_a_policy(s3, bucket):
    s3.delete_bucket_policy(Bucket=bucket)


def with_a_rule_that_ends_models(s3, bucket):
    rule = {"ID": "tidy", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 9}}
    rules = {"Rules": [rule]}
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=rules)


@pytest.fixture
def bucket(account):
    """The bucket; its policy and rules are restored."""
    root, name = account.client("s3"), account.outputs["BucketName"]
    policy = root.get_bucket_policy(Bucket=name)["Policy"]
    rules = root.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
    yield name
    root.put_bucket_policy(Bucket=name, Policy=policy)
    words = {"Bucket": name, "LifecycleConfiguration": {"Rules": rules}}
    root.put_bucket_lifecycle_configuration(**words)


@pytest.mark.parametrize(
    ("attack", "told"),
    [
        (without_a_policy, "does not have WrittenOnce"),
        (with_a_rule_that_ends_models, "The lifecycle rule tidy"),
    ],
)
def test_who_may_take_the_buckets_protection_away_makes_deployments_red(
    account, merged, bucket, attack, told
):
    for role in ("image", "train", "training"):
        with pytest.raises(ClientError, match="AccessDenied"):
            attack(account.client_of(role, "s3"), bucket)
    with account.allowed_everything("train"):
        attack(account.client_of("train", "s3"), bucket)
    refused = merged.run("deploy")
    assert refused.code == 18
    assert told in refused.annotations[0]


def test_no_pull_request_writes_where_models_of_a_users_own_lie(account):
    place = {"Bucket": account.outputs["BucketName"], "Key": "models/t/model.tar.gz"}
    for role in ("train", "training"):
        with pytest.raises(ClientError, match="AccessDenied"):
            account.client_of(role, "s3").put_object(**place, Body=b"evil", IfNoneMatch="*")


class AtTheLastMoment(Refuser):
    """Does something just before the request that creates the job."""

    def __init__(self, attack):
        self.attack = attack

    def instead(self, what):
        if what.endswith(".CreateTrainingJob"):
            self.attack()


def sent_by(project, aws, word):
    """Return the location of the upload whose key ends with a word."""
    (upload,) = (u for u in project.wanted(aws).job.uploads if u.key.endswith(word))
    return {"Bucket": upload.bucket, "Key": upload.key}


@pytest.mark.parametrize("word", ["code.tar.gz", ".csv"])
def test_what_was_sent_is_what_the_job_reads(account, candidate, kit_as, word):
    """Whatever somebody tries before the job reads, or had begun before the upload."""
    s3, place = account.client_of("train", "s3"), sent_by(candidate, kit_as("train"), word)
    begun, refused = begin_an_upload(s3, place), []

    def attack():
        attempts = [functools.partial(attack, s3, place) for attack in ATTACKS]
        end = functools.partial(s3.complete_multipart_upload, **begun)
        for attempt in [*attempts, end, functools.partial(end, IfNoneMatch="*")]:
            with pytest.raises(ClientError) as caught:
                attempt()
            refused.append(caught.value.response["Error"]["Code"])

    with proxy(candidate.url, AtTheLastMoment(attack)) as url:
        job = candidate.succeed("train", AWS_ENDPOINT_URL=url).outputs["job-name"]
    assert refused == ["AccessDenied"] * (len(ATTACKS) + 1) + ["PreconditionFailed"]
    assert candidate.job() == job


CHANGES = [  # what changes before the job reads it, and how the job reports it
    (overwrite, "code.tar.gz", "code/'code.tar.gz' has 4 bytes instead of"),
    (overwrite_with_as_much, "code.tar.gz", "code/'code.tar.gz' has other content"),
    (overwrite_with_as_much, "inputs.json", "inputs.json is not the file that the job was"),
    (copy_over, ".csv", "training/'iris.csv' has 4 bytes instead of"),
    (delete, "code.tar.gz", "code/'code.tar.gz' is missing"),
    (end_an_upload, "code.tar.gz", "code/'code.tar.gz' has 4 bytes instead of"),
]


@pytest.mark.parametrize(("attack", "word", "told"), CHANGES)
def test_where_nobody_has_drawn_a_line_the_job_itself_finds_what_was_changed(
    account, candidate, kit_as, attack, word, told
):
    s3, place = account.client_of("train", "s3"), sent_by(candidate, kit_as("train"), word)
    begun = begin_an_upload(s3, place)

    def change():
        with account.permissive("train"):
            if attack is end_an_upload:
                s3.complete_multipart_upload(**begun)
            else:
                attack(s3, place)

    with proxy(candidate.url, AtTheLastMoment(change)) as url:
        result = candidate.run("train", AWS_ENDPOINT_URL=url)
    assert result.code == 1, result.stdout
    assert told in result.annotations[0]
    assert candidate.run("deploy").code == 3


@pytest.mark.parametrize(
    ("word", "name", "told"),
    [
        ("code.tar.gz", "evil.m", "code/'evil.m' was added"),
        (".csv", "evil.csv", "training/'evil.csv' was added"),
    ],
)
def test_the_job_fails_and_names_what_was_changed(account, candidate, kit_as, word, name, told):
    """Whoever may train may add a file at any time, even with the template."""
    place = sent_by(candidate, kit_as("train"), word)
    place["Key"] = place["Key"].rpartition("/")[0] + f"/{name}"
    s3 = account.client_of("train", "s3")
    late = AtTheLastMoment(lambda: s3.put_object(**place, Body=b"1", IfNoneMatch="*"))
    with proxy(candidate.url, late) as url:
        result = candidate.run("train", AWS_ENDPOINT_URL=url)
    assert result.code == 1, result.stdout
    assert told in result.annotations[0]
    assert candidate.run("deploy").code == 3


def test_code_that_lies_there_before_runs_only_in_a_job_that_proves_nothing(
    account, candidate, kit_as
):
    wanted = candidate.wanted(kit_as("train")).job
    (code,) = (upload for upload in wanted.uploads if upload.key.endswith("code.tar.gz"))
    text = (candidate.root / FUNCTION).read_text().replace("model.mat", "evil.mat")
    evil = clients.archive({FUNCTION.partition("/")[2]: text}).ljust(code.measured.size, b"\0")
    s3 = account.client_of("train", "s3")
    s3.put_object(Bucket=code.bucket, Key=code.key, Body=evil, IfNoneMatch="*")
    assert len(evil) == code.measured.size
    result = candidate.run("train")
    assert result.code == 1
    assert "code/'code.tar.gz' has other content" in result.annotations[0]
    assert candidate.run("deploy").code == 3

    request = wanted.request(2, candidate.wanted(kit_as("train")).image)
    del request["InputDataConfig"], request["Environment"]
    request["HyperParameters"]["sagemaker_submit_directory"] = f"s3://{code.bucket}/{code.key}"
    account.client_of("train", "sagemaker").create_training_job(**request)
    assert ended(account, wanted.name(2)) == "Completed"
    made = account.read(f"{wanted.output}/{wanted.name(2)}/output/model.tar.gz")
    assert set(clients.unarchive(made)) == {"evil.mat"}
    assert candidate.run("deploy").code == 3


def ended(account, job):
    """Return how a job has ended."""

    def end():
        told = account.client("sagemaker").describe_training_job(TrainingJobName=job)
        status = told["TrainingJobStatus"]
        return status if status != "InProgress" else None

    return eventually(end)


def test_a_card_that_lies_there_before_fails_the_job_and_the_next_attempt_is_sealed(
    account, candidate, kit_as
):
    placed = {}

    def place(exchange):
        if exchange.what.endswith(".CreateTrainingJob"):
            job = json.loads(exchange.sent.rpartition(b"\n")[2])["TrainingJobName"]
            placed[job] = candidate.seal(job, IfNoneMatch="*")
        return exchange

    with proxy(candidate.url, Recorder(place)) as url:
        result = candidate.run("train", AWS_ENDPOINT_URL=url)
    assert result.code == 1
    ((failed, evil),) = placed.items()
    assert f"{candidate.sealed(failed)['Key']} could not be written" in result.annotations[0]
    assert candidate.run("deploy").code == 3
    # Only this failure keeps the card from counting.
    aws, seal = kit_as("deploy"), candidate.wanted(kit_as("deploy")).job.seal
    believed = dataclasses.replace(attempts.find_job(aws, failed), status="Completed")
    assert cards.sealed(aws, seal, believed).model_data == f"s3://{evil['Bucket']}/{evil['Key']}"
    job = candidate.succeed("train").outputs["job-name"]
    assert job.endswith("-2")
    assert candidate.card(job)["job"] == job


@contextlib.contextmanager
def overwriting(account, project):
    """Overwrite all results of a project's jobs, again and again, as code in another job could.

    Yields the written keys, and a function that waits for the next attempt. Also writes
    SageMaker's own model before SageMaker does.
    """
    s3, bucket = account.client_of("training", "s3"), account.outputs["BucketName"]
    jobs, written, ends = account.client_of("train", "sagemaker"), set(), threading.Event()
    evil, tried = clients.archive({"model.mat": b"evil"}), []

    def attack():
        while not ends.wait(0.02):
            listed = [
                entry["Key"]
                for kind in ("sealed", "jobs")
                for entry in s3.list_objects_v2(
                    Bucket=bucket, Prefix=f"{kind}/{project.name}/"
                ).get("Contents", [])
            ]
            found = jobs.list_training_jobs(NameContains=project.name)["TrainingJobSummaries"]
            names = [job["TrainingJobName"] for job in found]
            own = [f"jobs/{project.name}/{name}/output/model.tar.gz" for name in names]
            for key, condition in itertools.product(listed + own, ({}, {"IfNoneMatch": "*"})):
                tried.append(key)
                with contextlib.suppress(ClientError):
                    s3.put_object(Bucket=bucket, Key=key, Body=evil, **condition)
                    written.add(key)

    def tries(key):
        before = len(tried)
        eventually(lambda: key in tried[before:])

    thread = threading.Thread(target=attack)
    thread.start()
    try:
        yield written, tries
        assert thread.is_alive(), "it went on to the end"
    finally:
        ends.set()
        thread.join()


def test_what_serves_is_what_the_job_made_before_and_after_its_end_and_on_each_instance(
    account, merged, candidate
):
    assert merged  # the serving image exists
    with overwriting(account, candidate) as (written, tries):
        trained = candidate.succeed("train").outputs
        job, sealed = trained["job-name"], trained["model-data"].split("/", 3)[3]
        assert sealed.startswith("sealed/")
        tries(sealed)  # after the job's end
        candidate.succeed("deploy")
        made = candidate.model_of(job)
        assert candidate.answers() == {made}
        tries(sealed)
        candidate.edit("sagemaker.yml", "instance_count: 1", "instance_count: 3")
        candidate.succeed("deploy")
        tries(sealed)
        assert candidate.answers(times=9) == {made}
    own = f"jobs/{candidate.name}/{job}/output/model.tar.gz"
    assert own in written, "SageMaker's own copy was written over"
    assert {key for key in written if key.startswith("sealed/")} == set()


def test_forged_log_lines_are_no_metrics(account, merged, kit_as):
    job = merged.job()
    logs = account.client_of("training", "logs")
    found = logs.describe_log_streams(logGroupName=GROUP, logStreamNamePrefix=f"{job}/")
    stream = found["logStreams"][0]
    forged = "cross-validated accuracy: 1.0"
    now = int(time.time() * 1000)
    logs.put_log_events(
        logGroupName=GROUP,
        logStreamName=stream["logStreamName"],
        logEvents=[{"timestamp": now, "message": forged}],
    )
    account.client_of("training", "cloudwatch").put_metric_data(
        Namespace=GROUP,
        MetricData=[{"MetricName": "cross_validated_accuracy", "Value": 1.0,
                     "Dimensions": [{"Name": "TrainingJobName", "Value": job}]}],
    )  # fmt: skip
    read = account.client("logs").get_log_events(
        logGroupName=GROUP, logStreamName=stream["logStreamName"]
    )
    messages = [event["message"] for event in read["events"]]
    pattern = merged.wanted(kit_as("train")).job.metrics["cross_validated_accuracy"]
    (*_, last) = (found[1] for message in messages if (found := re.search(pattern, message)))
    assert last == "1.0", "who reads the log believes it"
    for verb, *options in (("train", "--find-only"), ("train",), ("deploy",), ("status",)):
        told = merged.succeed(verb, *options)
        assert "1.0" not in told.outputs.get("metrics", ""), verb
    assert json.loads(merged.succeed("train").outputs["metrics"]) == {
        "cross_validated_accuracy": 0.25,
        "resubstitution_accuracy": 0.5,
    }


def test_the_log_of_an_endpoint_is_out_of_reach(account, merged):
    with pytest.raises(ClientError, match="AccessDenied"):
        account.client_of("training", "logs").create_log_stream(
            logGroupName=f"/aws/sagemaker/Endpoints/{merged.endpoint}", logStreamName="main/1"
        )
