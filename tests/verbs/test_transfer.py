"""Files by hand: upload to the project's bucket, and download."""

import json
import shutil
from dataclasses import replace

import pytest

from helpers.aws.fault_proxy import RESET, Recorder, proxy
from helpers.kit.verb_runs import ACCOUNT_ID, BY_HAND, REGION

pytestmark = pytest.mark.slow

BUCKET = f"matlab-sagemaker-{ACCOUNT_ID}-{REGION}"


def document(project, *words, code=0, **environment):
    """Run transfer with --json, and return its document."""
    result = project.run("transfer", *words, "--json", **environment)
    assert result.code == code, result.stdout + result.stderr
    return json.loads(result.stdout)


def upload(project, path="data/training", name="training", **more):
    return document(project, "upload", path, "--name", name, **more)


def keys(aws, uri):
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    listed = aws("s3").list_objects_v2(Bucket=bucket, Prefix=prefix)
    return {item["Key"].removeprefix(prefix): item["Size"] for item in listed.get("Contents", [])}


@pytest.fixture
def place(aws, project):
    """Return a function that puts objects into the project's bucket and returns their S3 URI."""
    upload(project)  # makes the bucket

    def put(bodies):
        for key, body in bodies.items():
            aws("s3").put_object(Bucket=BUCKET, Key=f"jobs/{project.name}/{key}", Body=body)
        return f"s3://{BUCKET}/jobs/{project.name}/"

    return put


def puts(recorder):
    return [each.what for each in recorder.exchanges if each.what.startswith("PUT ")]


def files(folder):
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def project(ready):
    """A project whose account has the bucket, or whose first transfer creates it."""
    shutil.copytree(ready.root / "data/training", ready.root / "data/training/more")
    return ready


def test_a_folder_is_sent_once_to_where_train_puts_it(project, aws):
    first, recorder = upload(project), Recorder()
    size = (project.root / "data/training/iris.csv").stat().st_size
    assert keys(aws, first["uri"]) == {"iris.csv": size, "more/iris.csv": size}
    assert first["uri"].startswith(f"s3://{BUCKET}/data/{project.name}/training/")
    assert (first["files"], first["bytes"], first["changed"]) == (2, 2 * size, True)
    with proxy(project.url, recorder) as url:
        again = upload(project, AWS_ENDPOINT_URL=url)
        assert again == {**first, "changed": False}
        project.run("train", "--no-wait", AWS_ENDPOINT_URL=url)
    assert not [each for each in puts(recorder) if "/data/" in each]


def test_a_file_is_sent_and_fetched_again_as_a_folder_or_by_itself(project, tmp_path):
    source = project.root / "data/training/iris.csv"
    uri = upload(project, source, "one")["uri"]
    for number, place in enumerate((uri, uri.rstrip("/"), uri + "iris.csv")):
        folder = tmp_path / f"fetched-{number}"
        told = document(project, "download", place, folder)
        assert (told["files"], told["bytes"], told["changed"]) == (1, source.stat().st_size, True)
        assert files(folder) == {"iris.csv": source.read_bytes()}
        assert document(project, "download", place, folder) == {**told, "changed": False}


def test_an_upload_whose_answer_is_lost_is_whole(project, aws):
    lost = []

    def change(exchange):
        if exchange.what.startswith("PUT ") and "/data/" in exchange.what and len(lost) < 2:
            lost.append(exchange.what)
            return RESET
        return exchange

    with proxy(project.url, change) as url:
        told = upload(project, AWS_ENDPOINT_URL=url)
    assert len(lost) == 2
    assert len(keys(aws, told["uri"])) == 2
    assert upload(project)["changed"] is False


def test_a_download_that_breaks_off_is_asked_for_again(project, tmp_path):
    uri, broken = upload(project)["uri"], []

    def change(exchange):
        if "GET" in exchange.what and exchange.what.partition("?")[0].endswith(".csv"):
            broken.append(exchange.what)
            if len(broken) == 1:
                return replace(exchange, broken_off=True)
        return exchange

    with proxy(project.url, change) as url:
        document(project, "download", uri, tmp_path / "fetched", AWS_ENDPOINT_URL=url)
    assert len(broken) == 3
    assert files(tmp_path / "fetched") == files(project.root / "data/training")


@pytest.mark.parametrize("name", ["iris.csv", "other.csv"])
def test_what_somebody_else_has_put_there_is_refused(project, aws, name):
    bucket = f"{project.name}-data"  # without the kit's policy, which denies overwriting
    region = {"LocationConstraint": REGION}
    aws("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=region)
    words = ("upload", "data/training", "--name", "training", "--bucket", bucket)
    key = document(project, *words)["uri"].removeprefix(f"s3://{bucket}/") + name
    size = (project.root / "data/training/iris.csv").stat().st_size
    aws("s3").put_object(Bucket=bucket, Key=key, Body=b"x" * size)
    error = document(project, *words, code=4)["error"]
    assert key in error["what"]
    assert error["kind"] == "unsafePlan"


def test_no_file_is_written_over(project, place, tmp_path):
    uri = place({"a.txt": b"a", "b.txt": b"new", "c/d.txt": b"d"})
    fetched = tmp_path / "fetched"
    (fetched / "c").mkdir(parents=True)
    (fetched / "b.txt").write_bytes(b"longer")
    error = document(project, "download", uri, fetched, code=17)["error"]
    assert str(fetched / "b.txt") in error["what"]
    assert error["kind"] == "overwrite"
    assert files(fetched) == {"b.txt": b"longer"}, "nothing was fetched"
    (fetched / "b.txt").write_bytes(b"old")  # of the same size
    document(project, "download", uri, fetched, code=17)
    assert files(fetched) == {"a.txt": b"a", "b.txt": b"old", "c/d.txt": b"d"}
    (fetched / "b.txt").unlink()
    told = document(project, "download", uri, fetched)
    assert (told["files"], told["changed"]) == (3, True)
    assert files(fetched)["b.txt"] == b"new"


@pytest.mark.parametrize(
    "key", ["../up.txt", "a/../../up.txt", "/up.txt", "a//up.txt", "a\\..\\up.txt", "C:/up.txt"]
)
def test_a_key_never_leads_out_of_the_folder(project, place, tmp_path, key):
    uri = place({"fine.txt": b"a", key: b"b"})
    error = document(project, "download", uri, tmp_path / "in/fetched", code=2)["error"]
    assert "is not a file name" in error["what"]
    assert not (tmp_path / "in").exists()
    assert not list(tmp_path.rglob("up.txt"))


def test_no_link_leads_out_of_the_folder_either(project, place, tmp_path):
    uri = place({"link/up.txt": b"a"})
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "in/link").symlink_to(tmp_path / "out")
    error = document(project, "download", uri, tmp_path / "in", code=2)["error"]
    assert "a link leads there" in error["what"]
    missing = document(project, "download", uri + "none", tmp_path / "in", code=2)["error"]
    assert "There is nothing at" in missing["what"]
    assert files(tmp_path / "out") == {}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["download", "s3://another/key", "f"], "not in the project's bucket"),
        (["download", f"s3://{BUCKET}/", "f"], "is not an object or folder"),
        (["download", "data/training", "f"], "is not an object or folder"),
        (
            ["download", "s3://no-bucket-at-all/a", "f", "--bucket", "no-bucket-at-all"],
            "nothing at",
        ),
        (["download", f"s3://{BUCKET}/a"], "download needs folder"),
        (["upload", "data/training"], "upload needs name"),
        (["upload", "data/none", "--name", "a"], "No such file"),
        (["upload", "data/training", "--name", "a/b"], "a channel's name"),
        (["send", "data/training"], "allowed: upload, download, where"),
    ],
)
def test_what_cannot_be_is_said(project, words, why):
    error = document(project, *words, code=2)["error"]
    assert why in error["message"]
    assert error["kind"] == "input"


def test_it_says_where_without_a_project_of_files(project):
    told = document(
        project, "where", "--project", "x", "--bucket", "mine", folder=project.root.parent
    )
    where = {"account": ACCOUNT_ID, "region": REGION, "bucket": "mine"}
    assert where.items() <= told.items()
    assert told["uri"] == "s3://mine/data/x/"
    assert (told["files"], told["bytes"]) == (None, None), "they are not counted"
    words = ("where", "--project", "x", "--bucket", "mine")
    said = project.succeed("transfer", *words, **BY_HAND).stdout
    shown = [line.split()[0] for line in said.splitlines()]
    assert shown == ["uri", "changed", "account", "region", "bucket"]
