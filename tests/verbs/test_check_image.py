"""check-image before it runs the image: inputs, model, engine. tests/images/ runs images."""

import io
import tarfile

import pytest

from helpers.kit import verb_runs

NOWHERE = {"DOCKER_HOST": "unix:///nowhere"}


@pytest.fixture
def project(tmp_path):
    (tmp_path / "repository").mkdir()
    made = verb_runs.Project(tmp_path / "repository", "http://127.0.0.1:9")
    made.write("request.csv", "1,2\n")
    with tarfile.open(made.root / "model.tar.gz", "w:gz") as tar:
        member = tarfile.TarInfo("model.txt")
        member.size = 5
        tar.addfile(member, io.BytesIO(b"model"))
    return made


def run(project, *words, model="model.tar.gz", request="request.csv"):
    options = ("--model", model, "--request", request)
    return project.run("check-image", *words, *options, **NOWHERE)


def test_an_image_has_to_be_named(project):
    result = run(project)
    assert result.code == 2
    assert "scripts/run check-image IMAGE" in result.annotations[0]


@pytest.mark.parametrize("words", [("image:1",), ("--image", "image:1")])
def test_it_is_named_first_or_as_an_option(project, words):
    result = run(project, *words)
    assert result.code == 7
    assert "DOCKER_HOST" in result.annotations[0]


def test_its_help_shows_where_the_image_is_named(project):
    said, _ = project.start("check-image", "--help").communicate(timeout=60)
    assert "[IMAGE]" in said
    assert "the same as --image" in said


def test_a_model_has_to_be_named(project):
    result = run(project, "image:1", model="")
    assert result.code == 2
    assert "--model" in result.annotations[0]


def test_a_model_that_is_not_in_s3_is_told(project, emulator):
    project.url = emulator
    result = run(project, "image:1", model="s3://no-such-bucket/model.tar.gz")
    assert result.code == 2
    assert "There is no s3://no-such-bucket/model.tar.gz" in result.annotations[0]


def test_a_model_that_is_no_archive_is_told_before_docker_is_asked(project):
    result = run(project, "image:1", model="request.csv")
    assert result.code == 2
    assert "gzip-compressed tar" in result.annotations[0]
    assert result.outputs == {}


def test_a_model_that_leads_out_of_its_folder_is_not_unpacked(project):
    with tarfile.open(project.root / "evil.tar.gz", "w:gz") as tar:
        tar.addfile(tarfile.TarInfo("../escaped"))
    result = run(project, "image:1", model="evil.tar.gz")
    assert result.code == 2
    assert "cannot be unpacked" in result.annotations[0]


def test_a_request_of_unknown_type_is_told(project):
    project.write("request.bin", "1")
    result = run(project, "image:1", request="request.bin")
    assert result.code == 2
    assert "--content-type" in result.annotations[0]


def test_a_time_limit_is_a_number(project):
    result = run(project, "image:1", "--timeout", "soon")
    assert result.code == 2
    assert "a whole number" in result.annotations[0]


def test_the_request_and_the_answer_that_sagemaker_yml_names_count(tmp_path):
    example = verb_runs.example(tmp_path / "repository", "http://127.0.0.1:9")
    (example.root / "requests/expected.csv").write_bytes(b"\xff")
    result = example.run("check-image", "image:1", "--model", "model.tar.gz", **NOWHERE)
    assert result.code == 2
    assert "requests/expected.csv is not text/csv" in result.annotations[0]


def test_without_a_request_none_is_needed(project):
    result = run(project, "image:1", request="")
    assert result.code == 7, "it is the engine that is missing"


@pytest.mark.parametrize(
    ("source", "code", "said"),
    [
        ("model.tar.gz", 7, "DOCKER_HOST"),
        ("s3://elsewhere/model.tar.gz", 0, "set the input `model`"),
    ],
)
def test_a_model_that_sagemaker_yml_names_in_the_repository_is_tried(
    project, tmp_path, source, code, said
):
    project.write(
        "sagemaker.yml", f"name: pump\nmodel: {source}\ninference: {{}}\nendpoint: {{}}\n"
    )
    result = run(project, "image:1", model="")
    assert result.code == code
    assert said in result.stdout
