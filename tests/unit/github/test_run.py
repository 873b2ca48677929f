"""One run of a verb as the runner sees it: inputs, outputs, summary, annotations."""

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matlab_sagemaker.errors import (
    InputError,
    InterruptedRunError,
    KitError,
    MissingStepError,
    Place,
    SignInError,
)
from matlab_sagemaker.github import oidc
from matlab_sagemaker.github import run as github_run
from matlab_sagemaker.github.run import SUMMARY_LIMIT, Run

OUTPUTS = {"found": True, "image": "i", "tag": "t", "changed": True, "pushed-bytes": 5}


def run(environment=None, arguments=()):
    return Run("build-training-image", environment or {}, list(arguments))


def collected(file):
    """Read GITHUB_OUTPUT as the runner does."""
    lines, values = iter(file.read_text().split("\n")), {}
    for line in lines:
        if "<<" in line:
            name, end = line.split("<<", 1)
            values[name] = "\n".join(iter(lambda: next(lines), end))
    return values


@given(st.text(st.characters(exclude_characters="\r", codec="utf-8")))
def test_no_value_can_add_an_output(tmp_path_factory, value):
    file = tmp_path_factory.mktemp("o") / "output"
    run({"GITHUB_OUTPUT": str(file)}).outputs({**OUTPUTS, "image": value})
    if "<<" not in value:
        rest = {"found": "true", "tag": "t", "changed": "true", "pushed-bytes": "5"}
        assert collected(file) == {"image": value, **rest}


def test_outputs_that_action_yml_does_not_declare_are_a_bug():
    with pytest.raises(AssertionError):
        run().outputs({"image": "i"})


def test_json_is_all_that_is_on_stdout(capsys):
    current = run(arguments=["--json"])
    current.log("working")
    current.outputs(OUTPUTS)
    current.answer()
    out, err = capsys.readouterr()
    assert json.loads(out) == OUTPUTS
    assert err == "working\n"


def test_foreign_lines_cannot_command_the_runner(capsys):
    with run({"GITHUB_ACTIONS": "true"}).foreign_text() as log:
        log("::set-output name=image::evil")
        log("::error::forged")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("::stop-commands::")
    assert lines[-1] == f"::{lines[0].rpartition('::')[2]}::"
    assert not [line for line in lines[1:-1] if line.startswith(("::", "##["))]


def test_the_words_that_give_the_runner_back_its_ear_are_never_the_same(capsys):
    for _ in range(2):
        with run({"GITHUB_ACTIONS": "true"}).foreign_text():
            pass
    first, _, second, _ = capsys.readouterr().out.splitlines()
    assert first != second


def test_a_secret_is_hidden_also_while_the_runner_heeds_no_command(capsys):
    current = run({"GITHUB_ACTIONS": "true"})
    current.mask("first%\n")
    with current.foreign_text() as log:
        log("before")
        current.mask("second")
        log("after")
    before, stop, _, ear, hide, again, _, end = capsys.readouterr().out.splitlines()
    assert (before, hide) == ("::add-mask::first%25%0A", "::add-mask::second")
    assert stop == again
    assert ear == end == f"::{stop.rpartition('::')[2]}::"


def test_nothing_is_said_of_a_secret_where_nobody_hides_it(capsys):
    run().mask("secret")
    assert capsys.readouterr() == ("", "")


URL, WORD = "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"


def test_the_token_endpoint_is_that_of_the_job():
    environment = {URL: "https://here", WORD: "word", "REQUESTS_CA_BUNDLE": "ca.pem"}
    assert run(environment).token_endpoint() == oidc.TokenEndpoint("https://here", "word", "ca.pem")


@pytest.mark.parametrize("environment", [{}, {URL: "https://here"}, {WORD: "word"}, {URL: ""}])
def test_a_job_without_the_permission_is_told_how_to_have_it(environment):
    with pytest.raises(SignInError, match=r"`permissions: id-token: write`.*from a fork"):
        run(environment).token_endpoint()


def test_an_error_is_one_annotation_on_the_users_line(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(tmp_path)}
    error = KitError("a: 50%\nb", "why", "do", Place("code/train,1.m", 7))
    run(environment).show_error(error)
    expected = "::error title=Failed,file=code/train%2C1.m,line=7::a: 50%25%0Ab%0Awhy%0Ado\n"
    assert capsys.readouterr().out == expected


def test_an_error_by_hand_is_plain_text_on_stderr(capsys):
    run().show_error(KitError("what", "why", "do"))
    assert capsys.readouterr() == ("", "error: what\nwhy\ndo\n")


def test_an_error_is_json_too_where_json_is_asked_for(capsys):
    run(arguments=["--json"]).show_error(KitError("what", place=Place("a.m", 3)))
    told = json.loads(capsys.readouterr().out)["error"]
    assert (told["message"], told["line"]) == ("what", "3")


def test_an_error_is_said_once_where_only_json_is_to_have_it(capsys):
    run(arguments=["--json", "--errors-as-json"]).show_error(KitError("what"))
    out, err = capsys.readouterr()
    assert (json.loads(out)["error"]["message"], err) == ("what", "")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (KitError("a", "b", "c"), "kit"),
        (MissingStepError("a", "b", "c"), "missingStep"),
        (InterruptedRunError("a", "b", "c"), "cancelled"),
    ],
)
def test_an_error_after_the_outputs_is_told_beside_them_with_its_kind(capsys, error, kind):
    current = run(arguments=["--json"])
    current.outputs(OUTPUTS)
    current.show_error(error)
    current.answer()
    told = json.loads(capsys.readouterr().out)
    assert told.pop("error") == {
        "message": "a\nb\nc",
        "kind": kind,
        "exit-code": error.exit_code,
        "what": "a",
        "why": "b",
        "do": "c",
        "title": error.title,
    }
    assert told == OUTPUTS


def test_a_summary_keeps_to_githubs_limit_and_says_that_it_was_cut(tmp_path):
    file = tmp_path / "summary"
    current = run({"GITHUB_STEP_SUMMARY": str(file)})
    current.summary("first")
    current.summary("é" * SUMMARY_LIMIT)
    current.summary("too late")
    assert len(file.read_bytes()) <= SUMMARY_LIMIT
    assert "cut" in file.read_text()[-60:]
    assert file.read_text().startswith("first\n")


def test_an_errors_text_cannot_leave_its_fence(tmp_path):
    file = tmp_path / "summary"
    run({"GITHUB_STEP_SUMMARY": str(file)}).show_error(KitError("```\n<img src=x>\n```"))
    assert "````text\n```\n" in file.read_text()


def reported(tmp_path, verdict, *summaries, error=None, **environment):
    """End a run, and return the outputs that every run has."""
    file = tmp_path / "output"
    current = run({"GITHUB_OUTPUT": str(file), **environment}, ["--bucket", "my-bucket"])
    current.inputs(PublicInputs)
    for text in summaries:
        current.summary(text)
    if error:
        current.show_error(error)
    current.end(verdict)
    return collected(file)


@dataclasses.dataclass(frozen=True)
class PublicInputs:
    bucket: str


def test_the_report_is_the_summary_without_account_and_bucket(tmp_path):
    uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/m/t@sha256:0"
    summary = tmp_path / "summary"
    values = reported(
        tmp_path, "success", f"`{uri}`", "of my-bucket", GITHUB_STEP_SUMMARY=str(summary)
    )
    assert values == {
        "verdict": "success",
        "report": "`(registry)/m/t@sha256:0`\nof (bucket)",
        "facts": '{"verdict":"success"}',
    }
    assert uri in summary.read_text(), "the summary keeps the full text"


def test_a_failure_is_reported_with_its_line_and_a_link_to_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    event = tmp_path / "event.json"
    head = {"sha": "abc123", "repo": {"full_name": "acme/flowers"}}
    event.write_text(json.dumps({"pull_request": {"number": 7, "head": head}}))
    values = reported(
        tmp_path,
        "failure",
        error=KitError("what", "why", "do", Place("code/train.m", 7)),
        GITHUB_REPOSITORY="acme/flowers",
        GITHUB_EVENT_PATH=str(event),
        GITHUB_WORKSPACE=str(tmp_path),
        GITHUB_SHA="the merge that nobody sees",
    )
    link = "[`code/train.m:7`](https://github.com/acme/flowers/blob/abc123/code/train.m#L7)"
    assert values["verdict"] == "failure"
    assert values["report"].splitlines()[0] == "### ❌ Failed: build-training-image"
    assert f"In {link}\n\n```text\nwhat\nwhy\ndo\n```" in values["report"]


def test_an_empty_list_is_shown_as_none_to_a_person(capsys):
    Run("delete", {}, []).outputs({"endpoint-name": "e", "deleted": [], "changed": False})
    assert "deleted        (none)" in capsys.readouterr().out


def test_an_output_that_is_a_whole_structure_is_not_shown_to_a_person_again(capsys):
    values = {"endpoint-name": "e", "deleted": {"lines": []}, "changed": False}
    Run("delete", {}, []).outputs(values)
    assert "deleted        (shown above)" in capsys.readouterr().out
    Run("delete", {}, []).outputs({**values, "deleted": {"loss": 1}})
    assert 'deleted        {"loss": 1}' in capsys.readouterr().out


def test_what_was_not_looked_for_is_not_shown_to_a_person(capsys):
    Run("delete", {}, []).outputs({"endpoint-name": "e", "deleted": None, "changed": False})
    assert capsys.readouterr().out.splitlines() == ["endpoint-name  e", "changed        false"]


def test_an_end_without_a_word_is_reported_too(tmp_path):
    assert "see its log" in reported(tmp_path, "failure")["report"]


@pytest.mark.parametrize(
    ("end", "verdict", "code"),
    [
        (lambda _: None, "success", 0),
        (KitError("x"), "failure", 1),
        (InputError("x"), "failure", 2),
        (InterruptedRunError("x"), "cancelled", 130),
        (KeyboardInterrupt(), "cancelled", 130),
        (ValueError("a bug"), "failure", None),
    ],
)
def test_every_end_sets_its_verdict(tmp_path, monkeypatch, end, verdict, code):
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    monkeypatch.setattr("sys.argv", ["train"])
    ended = None
    try:
        github_run.run_verb(
            _raiser(end) if isinstance(end, BaseException) else end, "scripts/train.py"
        )
        ended = 0
    except SystemExit as stop:
        ended = stop.code
    except ValueError:
        pass
    assert ended == code
    assert collected(tmp_path / "output")["verdict"] == verdict


def _raiser(error):
    def main(_):
        raise error

    return main
