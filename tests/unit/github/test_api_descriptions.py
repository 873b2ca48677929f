"""The check against GitHub's descriptions has all it needs, and finds what is wrong."""

import json

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from helpers.github.answers import Forms, json_answer
from helpers.github.api import Comment
from helpers.github.openapi import extract

ROOT = "http://127.0.0.1:8000"
COMMENTS = "/repos/acme/flowers/issues/7/comments"


@pytest.fixture(scope="module")
def contract():
    from helpers.github.contract import Contract  # noqa: PLC0415 (takes long)

    return Contract(ROOT)


def request(method, path, **options):
    return Request(EnvironBuilder(path, ROOT, method=method, **options).get_environ())


def answered(**changes):
    comment = Forms("acme/flowers", ROOT, ROOT).comment(Comment(1, 7, "a", "text"))
    return json_answer(201, {**comment, **changes})


def test_the_extract_holds_all_that_it_refers_to_and_nothing_else():
    description = json.loads(extract.DESCRIPTION.read_text())
    assert extract.rest(description) == description


def test_the_extract_names_its_source_and_licence():
    info = json.loads(extract.DESCRIPTION.read_text())["info"]
    assert info["version"] in info["x-source"]
    assert info["license"]["name"] == "MIT"


def test_what_github_takes_has_no_fault(contract):
    good = request("POST", COMMENTS, json={"body": "text"})
    assert contract.faults_of_request(good) == []
    assert contract.faults_of_answer(good, answered()) == []
    assert contract.faults_of_request(request("GET", f"{COMMENTS}?per_page=100")) == []


@pytest.mark.parametrize(
    ("method", "path", "options"),
    [
        ("POST", COMMENTS, {"json": {"text": "no body"}}),
        ("POST", COMMENTS, {"json": {"body": 1}}),
        ("POST", COMMENTS, {"data": "body=text"}),
        ("GET", f"{COMMENTS}?page=one", {}),
        ("GET", "/repos/acme/flowers/issues/seven/comments", {}),
        ("PUT", COMMENTS, {"json": {"body": "text"}}),
        ("GET", "/user", {}),
    ],
)
def test_what_github_would_not_take_is_a_fault(contract, method, path, options):
    assert contract.faults_of_request(request(method, path, **options))


@pytest.mark.parametrize("changes", [{"id": "1"}, {"user": {}}, {"created_at": "today"}])
def test_what_github_would_not_answer_is_a_fault(contract, changes):
    asked = request("POST", COMMENTS, json={"body": "text"})
    assert contract.faults_of_answer(asked, answered(**changes))


def test_a_query_is_checked_against_the_schema(contract):
    assert contract.ask("{ viewer { login } }", "a")["data"] == {"viewer": {"login": "a"}}
    assert contract.ask("{ viewer { password } }", "a")["errors"]
