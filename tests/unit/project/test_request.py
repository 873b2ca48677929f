"""A request file: its types from its name, and the service's limit on its size."""

import pytest

from matlab_sagemaker.errors import InputError
from matlab_sagemaker.project import content
from matlab_sagemaker.project import request as project_request


def read(tmp_path, name="a.csv", data=b"a\n1\n", sent="", accept=""):
    (tmp_path / name).write_bytes(data)
    return project_request.read(tmp_path / name, sent, accept)


@pytest.mark.parametrize(("name", "kind"), [("a.csv", "text/csv"), ("a.JSON", "application/json")])
def test_the_name_tells_the_type_of_request_and_answer(tmp_path, name, kind):
    request = read(tmp_path, name)
    assert (request.content_type, request.accept) == (kind, kind)


def test_types_that_are_given_count(tmp_path):
    request = read(tmp_path, "a.bin", sent="text/csv", accept="application/json")
    assert (request.content_type, request.accept) == ("text/csv", "application/json")


def test_an_unknown_name_asks_for_the_type(tmp_path):
    with pytest.raises(InputError, match="--content-type"):
        read(tmp_path, "a.bin")


@pytest.mark.parametrize("size", [0, project_request.LIMIT + 1])
def test_what_sagemaker_would_refuse_is_not_sent(tmp_path, size):
    with pytest.raises(InputError, match=str(size)):
        read(tmp_path, data=bytes(size))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"no\.csv"):
        project_request.read(tmp_path / "no.csv", "", "")


def given(request="", expected="", tolerance=""):
    return project_request.SampleFileInputs(request=request, expected=expected, tolerance=tolerance)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with a request and its answer, and its folder as the current one."""
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "sagemaker.yml": "name: pump\nmodel: model.tar.gz\n"
        "inference: {request: ask.csv, expected: answer.json}\n",
        "model.tar.gz": "x",
        "ask.csv": "a\n1\n",
        "answer.json": "[1.5]",
        "other.csv": "a\n2\n",
        "ask.bin": "x",
    }.items():
        (tmp_path / name).write_text(text)
    return lambda: content.load(tmp_path / "sagemaker.yml")


@pytest.mark.parametrize(
    ("expected", "accept", "asked"),
    [
        ("", "", "application/json"),  # that of sagemaker.yml
        ("other.csv", "", "text/csv"),
        ("ask.bin", "", "text/csv"),
        ("", "text/plain", "text/plain"),
    ],
)
def test_the_answer_is_asked_for_in_the_type_of_the_expected_one(project, expected, accept, asked):
    files = {"request": "", "expected": expected, "tolerance": ""}
    inputs = project_request.SampleInputs(**files, content_type="", accept=accept)
    assert project_request.chosen(project(), inputs)[0].accept == asked


def test_files_that_are_good_are_checked_in_silence(project):
    project_request.check(project(), given())
    project_request.check(project(), given("other.csv", "answer.json", "1e-3"))


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (given("none.csv"), "none.csv cannot be read"),
        (given("ask.bin"), "content type of ask.bin from its name"),
        (given("other.csv", "none.csv"), "expected answer none.csv cannot be read"),
        (given(tolerance="2"), "'tolerance' is '2'"),
    ],
    ids=["missing", "no-type", "no-answer", "tolerance"],
)
def test_inputs_that_name_what_cannot_be_sent_or_compared_are_refused(project, inputs, words):
    with pytest.raises(InputError, match=words):
        project_request.check(project(), inputs)


@pytest.mark.parametrize("answer", [b"[1.5", b"\xff", b"[" * 100_000], ids=["open", "text", "deep"])
def test_an_expected_answer_that_cannot_be_compared_is_refused(project, tmp_path, answer):
    (tmp_path / "answer.json").write_bytes(answer)
    with pytest.raises(InputError, match=r"answer\.json is not application/json"):
        project_request.check(project(), given())


def test_an_expected_answer_that_no_endpoint_can_give_is_refused(project, tmp_path):
    (tmp_path / "answer.csv").write_bytes(bytes(project_request.LIMIT + 1))
    with pytest.raises(InputError, match=str(project_request.LIMIT)):
        project_request.check(project(), given(expected="answer.csv"))
