"""An existing model: nothing is trained; `deploy` writes the model once and serves it."""

import hashlib
import json
import re
import shutil

import pytest

from helpers.aws.fault_proxy import DENIED, Exchange, Recorder, Refuser, proxy
from helpers.kit import verb_runs
from helpers.kit.mat_files import mat_file

pytestmark = pytest.mark.slow

DASH = "| training\u00a0job | — |"


def name_model(project, source):
    """Make sagemaker.yml name a model, instead of a training and rules about its metrics."""
    text = (project.root / "sagemaker.yml").read_text()
    head, rest = text.split("training:\n")
    project.write(
        "sagemaker.yml", f"{head}model: {source}\n\ninference:{rest.split('inference:')[1]}"
    )


@pytest.fixture
def given(emulator, tmp_path, stand_in):
    """A repository without training, whose handler's image exists."""
    project = verb_runs.example(tmp_path / "repository", emulator)
    name_model(project, "model.mat")
    (project.root / "model.mat").write_bytes(mat_file("model"))
    for folder in ("code", "data"):
        shutil.rmtree(project.root / folder)
    project.write(verb_runs.HANDLER, stand_in())
    return project


@pytest.fixture
def s3(aws):
    return aws("s3")


def source(s3, project, data, *, versions=False):
    """Put the project's model into a separate bucket, and return its URI."""
    bucket = f"models-{project.name}"
    place = {"LocationConstraint": verb_runs.REGION}
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=place)
    if versions:
        settings = {"Status": "Enabled"}
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=settings)
    s3.put_object(Bucket=bucket, Key="pump 1.tar.gz", Body=data)
    project.edit("sagemaker.yml", "model: model.mat", f"model: s3://{bucket}/pump 1.tar.gz")
    return bucket


def recorded(project, *step):
    recorder = Recorder()
    with proxy(project.url, recorder) as url:
        result = project.succeed(*step, AWS_ENDPOINT_URL=url)
    return result, [exchange.call for exchange in recorder.exchanges]


def written(s3, project):
    """Return the objects below the project's models, by folder and name."""
    bucket, below = f"matlab-sagemaker-{verb_runs.ACCOUNT_ID}-{verb_runs.REGION}", "models/"
    found = s3.list_objects_v2(Bucket=bucket, Prefix=f"{below}{project.name}/").get("Contents", [])
    return {
        tuple(item["Key"].split("/")[2:]): s3.get_object(Bucket=bucket, Key=item["Key"])[
            "Body"
        ].read()
        for item in found
    }


class Stopped(Refuser):
    """Refuses the first request with this method and end of the path."""

    def instead(self, what):
        method, end = self.word.split()
        return Exchange(what, *self.refusal) if what.startswith(method) and end in what else None


def write(project, refused="CreateModel"):
    """Deploy up to the refused request."""
    stop = (Stopped if " " in refused else Refuser)(refused, 403, DENIED)
    recorder = Recorder()
    recorder.instead = stop.instead
    with proxy(project.url, recorder) as url:
        assert project.run("deploy", AWS_ENDPOINT_URL=url).code == 5
    return [exchange.call for exchange in recorder.exchanges]


@pytest.mark.parametrize("step", [("train",), ("train", "--find-only"), ("build-training-image",)])
def test_there_is_nothing_to_train_and_nothing_is_asked(given, step):
    result, calls = recorded(given, *step)
    assert calls == ["sts GetCallerIdentity"]
    assert result.outputs["changed"] == "false"
    if "train" in step:
        assert (result.outputs["found"], result.outputs["metrics"]) == ("true", "{}")
        assert "Nothing to train" in result.report
        assert "Nothing to train: sagemaker.yml names the model model.mat." in result.stdout
        assert DASH in result.report


@pytest.mark.parametrize("step", ["train", "deploy"])
def test_a_model_that_the_handler_cannot_load_is_refused_before_anything_is_sent(given, s3, step):
    (given.root / "model").mkdir()
    (given.root / "model/net.mat").write_bytes(mat_file("net"))
    given.edit("sagemaker.yml", "model: model.mat", "model: model")
    result = given.run(step)
    assert result.code == 2
    assert "has no model.mat, only: net.mat" in result.annotations[0]
    assert written(s3, given) == {}


def test_a_model_is_written_once_with_its_card_and_served(given, s3):
    first, calls = recorded(given, "deploy")
    assert calls.count("PUT model.tar.gz") == calls.count("PUT card.json") == 1
    assert DASH in first.summary
    assert first.outputs["training-job"] == ""
    (_, card), (_, data) = sorted(written(s3, given).items())
    sha, uri = hashlib.sha256(data).hexdigest(), first.outputs["model-data"]
    assert uri.endswith(f"/models/{given.name}/{sha}/model.tar.gz")
    model = {"uri": uri, "sha256": sha, "size": len(data)}
    assert json.loads(card) == {"model": model, "source": {"path": "model.mat"}}
    again, calls = recorded(given, "deploy")
    same = {"changed": "false", "changes": "false", "plan": again.outputs["plan"]}
    assert again.outputs == {**first.outputs, **same}
    assert not [call for call in calls if call.startswith("PUT")]


@pytest.mark.parametrize("name", ["model.tar.gz", "card.json"])
def test_what_somebody_else_has_put_there_is_not_served(given, s3, name):
    write(given)
    ((folder, _), *_) = written(s3, given)
    bucket = f"matlab-sagemaker-{verb_runs.ACCOUNT_ID}-{verb_runs.REGION}"
    key = f"models/{given.name}/{folder}"
    for each in ("card.json", name):
        s3.delete_object(Bucket=bucket, Key=f"{key}/{each}")
    s3.put_object(Bucket=bucket, Key=f"{key}/{name}", Body=b"{}", IfNoneMatch="*")
    refused = given.run("deploy")
    assert refused.code == 4
    assert f"{folder}/{name} was not written by this kit" in refused.annotations[0]


def test_a_model_in_s3_is_copied_by_s3_once(given, s3):
    bucket = source(s3, given, b"a model")
    calls = write(given)
    assert "PUT model.tar.gz" not in calls, "the bucket's policy refuses it"
    assert len([call for call in calls if "partNumber=1" in call]) == 1
    (_, card), (place, data) = sorted(written(s3, given).items())
    assert data == b"a model"
    made, etag = json.loads(card), hashlib.md5(b"a model").hexdigest()
    assert made["model"]["sha256"] == hashlib.sha256(b"a model").hexdigest()
    assert made["source"] == {"uri": f"s3://{bucket}/pump 1.tar.gz", "etag": etag, "size": 7}
    assert not [call for call in write(given) if call.startswith(("PUT", "POST"))]
    s3.put_object(Bucket=bucket, Key="pump 1.tar.gz", Body=b"another")
    write(given)
    models = {key: body for key, body in written(s3, given).items() if key[1] == "model.tar.gz"}
    assert sorted(models.values()) == [b"a model", b"another"]
    assert models[place] == b"a model"


def test_what_was_interrupted_before_the_card_goes_on_and_a_version_is_known_by_its_name(given, s3):
    bucket = source(s3, given, b"a model", versions=True)
    write(given, "PUT card.json")
    assert [name for _, name in written(s3, given)] == ["model.tar.gz"]
    write(given)
    (_, card), _ = sorted(written(s3, given).items())
    version = s3.head_object(Bucket=bucket, Key="pump 1.tar.gz")["VersionId"]
    assert json.loads(card)["source"] == {"uri": f"s3://{bucket}/pump 1.tar.gz", "version": version}


def test_a_source_that_changes_as_it_is_copied_is_not_taken(given, s3):
    bucket = source(s3, given, b"a model")

    def change(exchange):
        if exchange.what.startswith("HEAD") and "pump" in exchange.what:
            s3.put_object(Bucket=bucket, Key="pump 1.tar.gz", Body=b"another")
        return exchange

    with proxy(given.url, Recorder(change)) as url:
        result = given.run("deploy", AWS_ENDPOINT_URL=url)
    assert result.code == 2
    assert "changed during this run" in result.annotations[0]
    assert written(s3, given) == {}


def test_of_a_source_that_is_written_anew_meanwhile_the_version_of_the_key_is_taken(given, s3):
    bucket = source(s3, given, b"a model", versions=True)

    def change(exchange):
        if exchange.what.startswith("HEAD") and "pump" in exchange.what:
            s3.put_object(Bucket=bucket, Key="pump 1.tar.gz", Body=b"another")
        return exchange

    version = s3.head_object(Bucket=bucket, Key="pump 1.tar.gz")["VersionId"]
    recorder = Recorder(change)
    recorder.instead = Refuser("CreateModel", 403, DENIED).instead
    with proxy(given.url, recorder) as url:
        assert given.run("deploy", AWS_ENDPOINT_URL=url).code == 5
    (_, card), (_, data) = sorted(written(s3, given).items())
    assert json.loads(card)["source"]["version"] == version
    assert data == b"a model"


@pytest.mark.parametrize("step", ["train", "deploy"])
@pytest.mark.parametrize(
    ("kind", "why"),
    [("code", "train role"), ("data", "train role"), ("jobs", "training job"),
     ("sealed", "training job"), ("models", "deploy keeps its own copies")],
)  # fmt: skip
def test_a_model_where_the_kit_itself_writes_is_refused_with_its_line(given, step, kind, why):
    bucket = f"matlab-sagemaker-{verb_runs.ACCOUNT_ID}-{verb_runs.REGION}"
    given.edit("sagemaker.yml", "model: model.mat", f"model: s3://{bucket}/{kind}/x/m.tar.gz")
    result = given.run(step)
    assert result.code == 2
    assert re.search(r"file=sagemaker\.yml,line=\d+", result.annotations[0])
    assert f"is below {kind}/ in the project's own bucket" in result.annotations[0]
    assert why in result.annotations[0]


def test_by_hand_what_a_job_of_the_project_has_sealed_is_served_where_it_is(fresh, aws):
    """An attached job's deployment equals that of the training, so the second changes nothing."""
    first = fresh.succeed("deploy").outputs
    name_model(fresh, first["model-data"])
    refused = fresh.run("deploy")
    assert refused.code == 2, "a workflow's sagemaker.yml decides on no such model"
    assert "is below sealed/" in refused.annotations[0]
    for step in (["deploy", "--dry-run"], ["deploy"]):
        told = fresh.succeed(*step, "--json", **verb_runs.BY_HAND).stdout
        told = json.loads(told)
        for name in ("model-name", "endpoint-config", "model-data", "training-job"):
            assert told[name] == first[name], name
        assert told["changed"] is False
    trained = json.loads(fresh.succeed("train", "--json", **verb_runs.BY_HAND).stdout)
    assert trained["found"] is True


def test_by_hand_only_what_that_job_has_sealed_is_served(fresh):
    uri = fresh.succeed("train", "--find-only").outputs["model-data"]
    place, job = uri.rsplit("/", 3)[0], uri.split("/")[-3]
    another = f"{place}/{job}/another/model.tar.gz"
    for wrong, why in (
        (another, f"{job} has not sealed {another}"),
        (f"{place}/{job[:-1]}99/1/model.tar.gz", "There is no training job"),
        (f"{place}/some.tar.gz", "is not a training job of the project"),
        (f"{place}x/{job}/1/model.tar.gz", "is below sealed/"),
    ):
        with_text = (fresh.root / "sagemaker.yml").read_text()
        name_model(fresh, wrong)
        result = fresh.run("deploy", **verb_runs.BY_HAND)
        assert result.code == 2
        assert why in result.stderr
        fresh.write("sagemaker.yml", with_text)


@pytest.mark.parametrize("place", ["reviewed/m.tar.gz", "sealed.tar.gz", "/sealed/m.tar.gz"])
def test_elsewhere_in_the_projects_bucket_a_model_may_lie(given, place):
    bucket = f"matlab-sagemaker-{verb_runs.ACCOUNT_ID}-{verb_runs.REGION}"
    given.edit("sagemaker.yml", "model: model.mat", f"model: s3://{bucket}/{place}")
    given.succeed("train")


def test_a_model_that_is_not_in_s3_is_named(given, s3):
    bucket = source(s3, given, b"a model")
    s3.delete_object(Bucket=bucket, Key="pump 1.tar.gz")
    result = given.run("deploy")
    assert result.code == 2
    assert "model: there is no s3://" in result.annotations[0]
