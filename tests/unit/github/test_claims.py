"""The claims of GitHub's tokens, with both forms of `sub`."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.github.token_server import Job
from matlab_sagemaker.github import claims


@pytest.mark.parametrize("immutable", [False, True])
@pytest.mark.parametrize(
    "job", [{}, {"event": "pull_request"}, {"environment": "prod: eu"}, {"ref": "refs/tags/v1"}]
)
def test_both_forms_of_a_tokens_sub_are_given(immutable, job):
    old, new = Job(**job), Job(**job, immutable_sub=True)
    said = (new if immutable else old).claims()
    assert claims.subjects(said) == [old.sub, new.sub]
    assert said["sub"] in claims.subjects(said)


@pytest.mark.parametrize("said", [{"sub": "custom"}, {"sub": "custom", "repository": "a/b"}])
def test_a_sub_of_ones_own_making_has_that_form_alone(said):
    assert claims.subjects(said) == ["custom"]


@given(st.text() | st.binary().map(lambda b: f"a.{base64.urlsafe_b64encode(b).decode()}.c"))
def test_what_is_no_token_says_nothing(text):
    assert isinstance(claims.read(text), dict)


@given(st.dictionaries(st.text(), st.text()))
def test_what_a_token_says_is_read_whole(said):
    payload = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    assert claims.read(f"head.{payload}.sign") == said
