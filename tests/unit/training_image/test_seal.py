"""The seal of a job, in a real S3 server (moto's): one card or none, and a failure says why."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import math
import os
import re
import signal
import sys
import tarfile
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from botocore.awsrequest import AWSResponse
from training_container import Container, sha256

from contract import read_job
from failure import JobError
from helpers.aws.fault_proxy import RESET, Exchange, Killer, proxy
from helpers.aws.moto_server import aws_server
from helpers.kit.waiting import read_until
from inputs import prove_inputs
from matlab_sagemaker.images import folder
from matlab_sagemaker.project import build_context, config
from seal import Seal
from sealed_store import PART_BYTES, SealedStore, StoreError, part_bytes
from unpacking import unpack

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ACCOUNT, BUCKET = "123456789012", "sealed-bucket"
PLACE = f"s3://{BUCKET}/sealed/iris"
SAVE = "fid = fopen(fullfile(env.ModelFolder, 'done'), 'w'); fputs(fid, 'm'); fclose(fid);"
CALLS = 4  # of a seal: it begins the upload, sends its one part, completes it, writes the card
ABOUT = {"engine": "octave", "release": "7.3.0", "products": [], "metrics": {}}


@dataclass
class Cloud:
    """An S3 server, and the variables of a job that uses it."""

    s3: Any
    environment: dict[str, str]

    @property
    def name(self) -> str:
        return self.environment["TRAINING_JOB_NAME"]

    @property
    def keys(self) -> list[str]:
        """The objects below the job's prefix, without the random part."""
        found = self.s3.list_objects_v2(Bucket=BUCKET, Prefix=f"sealed/iris/{self.name}/")
        keys = [entry["Key"].split("/", 3)[3] for entry in found.get("Contents", [])]
        return sorted(re.sub("^[0-9a-f]{32}/", "", key) for key in keys)

    @property
    def open_uploads(self) -> list[Any]:
        found = self.s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])
        return [upload for upload in found if f"/{self.name}/" in upload["Key"]]

    def read(self, uri: str) -> bytes:
        bucket, key = uri.removeprefix("s3://").split("/", 1)
        return self.s3.get_object(Bucket=bucket, Key=key)["Body"].read()

    def card(self) -> dict[str, Any]:
        return json.loads(self.read(f"{PLACE}/{self.name}/card.json"))


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[dict[str, str], Any]]:
    with aws_server("s3", "us-east-1") as (environment, client):
        client.create_bucket(Bucket=BUCKET)
        yield environment, client


@pytest.fixture
def cloud(server: tuple[dict[str, str], Any]) -> Cloud:
    """A job with its own name for each test."""
    environment, client = server
    name = f"iris-{uuid.uuid4().hex[:8]}-1"
    arn = f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:training-job/{name}"
    return Cloud(client, {**environment, "TRAINING_JOB_NAME": name, "TRAINING_JOB_ARN": arn})


@pytest.fixture
def job(container: Container) -> Container:
    """A job that leaves a model and should seal it."""
    container.give_code(train=f"disp('loss=2'); {SAVE} disp('loss=0.5');")
    container.write_inputs(PLACE, loss="loss=(.*)")
    return container


@pytest.fixture
def seal(job: Container, cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Seal:
    """The seal of that job, in this process."""
    for name, text in cloud.environment.items():
        monkeypatch.setenv(name, text)
    read = read_job(job.base, {})
    inputs = prove_inputs(read, job.environment())
    assert inputs is not None
    (job.base / "model/weights").write_bytes(b"small")
    return Seal.prepare(inputs, read, cloud.environment)


def never() -> bool:
    return False


def test_a_job_seals_its_model_and_says_how_it_came_to_be(job: Container, cloud: Cloud):
    code, log = job.run(**cloud.environment)
    assert (code, log) == (0, "loss=2\nloss=0.5\n")
    assert cloud.keys == ["card.json", "model.tar.gz"]
    card = cloud.card()
    canonical = json.dumps(card, sort_keys=True, separators=(",", ":"))
    assert cloud.read(f"{PLACE}/{cloud.name}/card.json").decode() == canonical
    model = cloud.read(card["model"]["uri"])
    assert re.fullmatch(
        rf"{PLACE}/{cloud.name}/[0-9a-f]{{32}}/model\.tar\.gz", card["model"].pop("uri")
    )
    assert re.fullmatch(r"\d+\.\d+\.\d+", card.pop("release"))
    assert card == {
        "job": cloud.name,
        "inputs": sha256(job.inputs_file),
        "model": {"sha256": hashlib.sha256(model).hexdigest(), "size": len(model)},
        "metrics": {"loss": 0.5},
        "missing": {},
        "files": ["done"],
        "engine": "octave",
        "products": [],
    }
    with tarfile.open(fileobj=io.BytesIO(model), mode="r:gz") as tar:
        assert tar.getnames() == ["done"]
    assert cloud.open_uploads == []


def test_the_card_of_matlab_tells_release_and_products(
    job: Container, cloud: Cloud, tmp_path: Path
):
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin/matlab-batch"
    program.write_text("#!/bin/sh\necho loss=7 >&2\necho m > $SAGEMAKER_BASE_DIR/model/m\n")
    program.chmod(0o755)
    variables = {
        "PATH": f"{program.parent}:{job.environment()['PATH']}",
        "MATLAB_SAGEMAKER_ENGINE": "matlab",
        "MATLAB_SAGEMAKER_RELEASE": "R2026a",
        "MATLAB_SAGEMAKER_PRODUCTS": "MATLAB B_Toolbox A_Toolbox",
    }
    code, log = job.run(**cloud.environment, **variables)
    assert code == 0, log
    card = cloud.card()
    assert (card["engine"], card["release"]) == ("matlab", "R2026a")
    assert card["products"] == ["A_Toolbox", "B_Toolbox", "MATLAB"]
    assert card["metrics"] == {"loss": 7}


def test_a_job_that_fails_seals_nothing(job: Container, cloud: Cloud):
    job.give_code(train=f"{SAVE} exit(3);")
    job.write_inputs(PLACE)
    assert job.run(**cloud.environment)[0] == 3
    assert cloud.keys == []


def test_a_job_that_saves_nothing_fails_and_says_where_to_save(job: Container, cloud: Cloud):
    job.give_code(train="disp('loss=1');")
    job.write_inputs(PLACE)
    assert job.run(**cloud.environment)[0] == 1
    assert "Nothing was saved in env.ModelFolder" in job.failure
    assert "model.mat" in job.failure
    assert cloud.keys == []


def test_a_job_whose_inputs_name_no_place_seals_nothing(job: Container, cloud: Cloud):
    job.write_inputs()
    assert job.run(**cloud.environment)[0] == 0
    assert cloud.keys == []


def test_a_card_of_somebody_else_fails_the_job_and_stays(job: Container, cloud: Cloud):
    place = {"Bucket": BUCKET, "Key": f"sealed/iris/{cloud.name}/card.json"}
    cloud.s3.put_object(**place, Body=b"{}")
    assert job.run(**cloud.environment)[0] == 1
    assert (job.failure or "").startswith("sagemaker_training:seal:taken: ")
    assert f"{PLACE}/{cloud.name}/card.json could not be written" in (job.failure or "")
    assert cloud.card() == {}


@pytest.mark.parametrize("lost", ["TRAINING_JOB_NAME", "TRAINING_JOB_ARN"])
def test_a_job_that_does_not_know_itself_fails_before_it_trains(
    job: Container, cloud: Cloud, lost: str
):
    code, log = job.run(**{**cloud.environment, lost: ""})
    assert code == 1
    assert "loss" not in log
    assert f"{lost} is ''" in (job.failure or "")


@pytest.fixture
def bare_python(job: Container) -> dict[str, str]:
    """The variable for a python3 without packages."""
    tools = job.base.parent / "bin"
    tools.mkdir()
    (tools / "python3").write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')
    (tools / "python3").chmod(0o755)
    return {"PATH": f"{tools}:{job.environment()['PATH']}"}


def test_the_image_of_the_builder_folder_brings_what_the_seal_needs(
    job: Container, cloud: Cloud, bare_python: dict[str, str], tmp_path: Path
):
    octave = config.MatlabSection(engine="octave")
    layer = folder.build(build_context.training(octave)).layer
    (tmp_path / "layer.tar.gz").write_bytes(layer)
    unpack(tmp_path / "layer.tar.gz", tmp_path / "image")
    code, log = Container(tmp_path / "image", job.base).run(**cloud.environment, **bare_python)
    assert code == 0, log
    assert cloud.card()["engine"] == "octave"


def test_an_image_without_boto3_fails_before_it_trains(
    job: Container, cloud: Cloud, bare_python: dict[str, str]
):
    code, log = job.run(**cloud.environment, **bare_python)
    assert code == 1
    assert "loss" not in log
    assert (job.failure or "").startswith("sagemaker_training:seal:boto3: ")


def test_a_bucket_that_is_not_there_fails_the_job_with_s3s_words(job: Container, cloud: Cloud):
    job.write_inputs("s3://no-such-bucket/sealed/iris")
    assert job.run(**cloud.environment)[0] == 1
    assert (job.failure or "").startswith("sagemaker_training:seal:missing: ")
    assert "AWS says: NoSuchBucket" in (job.failure or "")


HOSTS = ("algo-1", "algo-2", "algo-3", "algo-4")


def test_of_four_hosts_only_the_first_seals(job: Container, cloud: Cloud):
    code_without_model = "disp('loss=2');"
    for host in (HOSTS[0], HOSTS[-1]):
        job.give_code(train=SAVE if host == "algo-1" else code_without_model)
        job.write_inputs(PLACE)
        job.name_hosts(*HOSTS, current=host)
        assert job.run(**cloud.environment)[0] == 0
        assert cloud.keys == ["card.json", "model.tar.gz"]
        (job.base / "model/done").unlink(missing_ok=True)


def test_another_host_with_a_model_fails_with_that_reason(job: Container, cloud: Cloud):
    job.name_hosts(*HOSTS, current="algo-3")
    assert job.run(**cloud.environment)[0] == 1
    assert (job.failure or "").startswith(
        "sagemaker_training:seal:host: The host algo-3 has saved a model: done."
    )
    assert cloud.keys == []


def test_a_stop_while_it_seals_leaves_no_card_and_is_no_failure(job: Container, cloud: Cloud):
    big = "fid = fopen(fullfile(env.ModelFolder, 'big'), 'w'); fwrite(fid, rand(1, 8e6), 'double');"
    job.give_code(train=f"{big} fclose(fid); disp('trained');")  # four parts
    job.write_inputs(PLACE)
    with job.start(**cloud.environment) as process:
        read_until(process, "trained")
        end = time.monotonic() + 30
        while not cloud.open_uploads and time.monotonic() < end:
            time.sleep(0.01)
        process.terminate()
        log = process.stdout.read() if process.stdout else ""
        assert process.wait(timeout=60) == 143
    assert "The model is not sealed: the job was asked to stop." in log
    assert (cloud.keys, cloud.open_uploads, job.failure) == ([], [], None)


def test_a_stop_at_any_point_leaves_one_card_or_nothing_at_all(seal: Seal, cloud: Cloud):
    for points in range(10):
        calls = itertools.count()
        seal.close(ABOUT, lambda calls=calls, points=points: next(calls) >= points)
        assert cloud.open_uploads == []
        if "card.json" in cloud.keys:
            break
        # The model may exist already, under an unknown name.
        assert set(cloud.keys) <= {"model.tar.gz"}
    assert points == 4  # before it, with its part, before it is complete, and before the card


def test_a_file_that_gets_shorter_meanwhile_fails_the_job_and_the_upload_is_given_up(
    seal: Seal, cloud: Cloud, job: Container
):
    (job.base / "model/weights").write_bytes(os.urandom(PART_BYTES + (1 << 20)))  # two parts
    calls = itertools.count()

    def shorten() -> bool:
        if next(calls) == 1:
            os.truncate(job.base / "model/weights", 10)
        return False

    with pytest.raises(JobError, match="seal:model"):
        seal.close(ABOUT, shorten)
    assert (cloud.keys, cloud.open_uploads) == ([], [])


@pytest.mark.parametrize("deadly", range(1, CALLS + 1))
def test_a_job_that_is_killed_at_any_call_and_starts_again_has_one_card(
    job: Container, cloud: Cloud, deadly: int
):
    killer = Killer(deadly)
    with proxy(cloud.environment["AWS_ENDPOINT_URL"], killer) as url:
        with job.start(**{**cloud.environment, "AWS_ENDPOINT_URL": url}) as process:
            killer.victim = process.pid
            assert process.wait(timeout=60) == -signal.SIGKILL
        left = cloud.card() if "card.json" in cloud.keys else None
    assert (left is None) == (deadly < CALLS)
    code, log = job.run(**cloud.environment)
    assert code == (0 if left is None else 1), log
    assert left in (None, cloud.card())
    assert left is None or "seal:taken" in (job.failure or "")


@pytest.mark.parametrize("lost", [CALLS - 1, CALLS])  # earlier requests are simply sent again
def test_an_answer_of_s3_that_is_lost_costs_no_training(job: Container, cloud: Cloud, lost: int):
    seen = itertools.count(1)

    def lose(exchange: Exchange) -> Exchange:
        return RESET if next(seen) == lost else exchange

    with proxy(cloud.environment["AWS_ENDPOINT_URL"], lose) as url:
        code, log = job.run(**{**cloud.environment, "AWS_ENDPOINT_URL": url})
    assert code == 0, log
    assert cloud.keys == ["card.json", "model.tar.gz"]
    assert next(seen) > CALLS + 1, "it was asked again"


def handled(seal: Seal, event: str, handler: Callable[..., object]) -> None:
    """Make a handler see, or answer, the requests of the seal's client."""
    seal.store._s3.meta.events.register(event, handler)


def answer(url: str, status: int, code: str) -> AWSResponse:
    body = f"<Error><Code>{code}</Code><Message>of the test</Message></Error>".encode()

    class Raw(io.BytesIO):
        def stream(self, **_: object) -> Iterator[bytes]:
            yield self.read()

    return AWSResponse(url, status, {}, Raw(body))


def test_each_request_names_the_buckets_owner_and_what_makes_an_object_writes_once(
    seal: Seal, cloud: Cloud
):
    sent: dict[str, set[tuple[str | None, str | None]]] = {}

    def see(model: Any, params: Any, **_: object) -> None:
        headers = params["headers"]
        owner, once = headers.get("x-amz-expected-bucket-owner"), headers.get("If-None-Match")
        sent.setdefault(model.name, set()).add((owner, once))

    handled(seal, "before-call.s3", see)
    seal.close(ABOUT, never)
    assert sent == {
        "CreateMultipartUpload": {(ACCOUNT, None)},
        "UploadPart": {(ACCOUNT, None)},
        "CompleteMultipartUpload": {(ACCOUNT, "*")},
        "PutObject": {(ACCOUNT, "*")},
    }


@pytest.mark.parametrize(
    "operation", ["CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "PutObject"]
)
def test_a_refusal_at_any_call_fails_the_job_and_the_upload_is_given_up(
    seal: Seal, cloud: Cloud, operation: str
):
    handled(
        seal,
        f"before-send.s3.{operation}",
        lambda request, **_: answer(request.url, 403, "AccessDenied"),
    )
    with pytest.raises(JobError, match=r"(?s)seal:denied.*AWS says: AccessDenied: of the test"):
        seal.close(ABOUT, never)
    assert "card.json" not in cloud.keys
    assert cloud.open_uploads == []


def test_a_conflict_with_another_write_of_the_card_is_tried_again(seal: Seal, cloud: Cloud):
    calls = itertools.count()

    def conflict(request: Any, **_: object) -> AWSResponse | None:
        if next(calls) < 2:
            return answer(request.url, 409, "ConditionalRequestConflict")
        return None

    handled(seal, "before-send.s3.PutObject", conflict)
    seal.close(ABOUT, never)
    assert cloud.card()["job"] == cloud.name


def test_without_credentials_the_job_fails_with_that_reason(
    seal: Seal, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    store = SealedStore(PLACE, ACCOUNT, {"AWS_REGION": "us-east-1"})
    with pytest.raises(StoreError) as caught:
        store.put_once("card.json", b"{}")
    assert caught.value.code == "NoCredentials"


@pytest.mark.parametrize("size", [0, 1, 10**9, 10**12, 5 * 10**12])
def test_no_upload_has_more_parts_than_s3_takes(size: int):
    assert part_bytes(size) >= PART_BYTES
    assert math.ceil(size / part_bytes(size)) <= 10_000
