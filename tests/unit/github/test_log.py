"""What a terminal shows in colour, and when there is none."""

import io
import sys

import pytest

from matlab_sagemaker.github import log
from matlab_sagemaker.github.run import Run

RED, GREEN, END = "\x1b[31m", "\x1b[32m", "\x1b[0m"


class Terminal(io.StringIO):
    """A stream that a person reads."""

    def isatty(self):
        return True


@pytest.fixture
def written(monkeypatch):
    """Log four lines in an environment; return what the stream got."""

    def say(environment, stream=None):
        stream = stream or Terminal()
        monkeypatch.setattr(sys, "stdout", stream)
        run = Run("check", environment, [])
        run.write("error: no")
        run.log_foreign("✔ yes, no error: here")
        run.log("✘ wrong, ⚠ careful")
        run.warn("look")
        return stream.getvalue()

    return say


def test_a_terminal_shows_the_words_that_say_how_it_went_in_colour(written):
    said = written({"TERM": "xterm"})
    assert f"{RED}error:{END} no\n" in said
    assert f"  | {GREEN}✔{END} yes, no error: here\n" in said
    assert "\x1b[33mwarning:\x1b[0m look\n" in said
    assert f"{RED}✘{END} wrong, \x1b[33m⚠{END} careful\n" in said


@pytest.mark.parametrize(
    "variables", [{"NO_COLOR": "1"}, {"CI": "true"}, {"GITHUB_ACTIONS": "true"}, {"TERM": "dumb"}]
)
def test_who_wants_no_colour_gets_none(written, variables):
    assert "\x1b" not in written({"TERM": "xterm", **variables})


def test_a_file_or_pipe_gets_no_colour(written):
    assert "\x1b" not in written({"TERM": "xterm"}, io.StringIO())


def test_verbs_without_a_run_show_a_line_in_the_same_way():
    line, terminal = "error: no", Terminal()
    assert log.shown(line, terminal, {}) == f"{RED}error:{END} no"
    assert log.shown(line, terminal, {"NO_COLOR": "1"}) == line
    assert log.shown(line, io.StringIO(), {}) == line
