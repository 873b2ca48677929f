"""Metrics as the entry point sees them: the same values that SageMaker finds in the job's log."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.sagemaker.training.metrics import Metrics as OfTheEmulator
from metrics import LINE_BYTES, Metrics

LOSS = {"loss": r"loss=(\S+)"}


def last(regexes: dict[str, str], *pieces: bytes) -> dict[str, float]:
    metrics = Metrics(regexes)
    for piece in pieces:
        metrics.feed(piece)
    return metrics.last()


def test_the_last_value_of_each_counts_wherever_the_output_is_cut():
    regexes = {**LOSS, "accuracy": "accuracy: ([0-9.]+)", "none": "none=(.*)"}
    pieces = (b"loss=2\nlo", b"ss=0.5", b"\r\naccuracy: 0.9", b"\nepoch\n")
    assert last(regexes, *pieces) == {"loss": 0.5, "accuracy": 0.9}


def test_a_last_line_without_an_end_counts():
    assert last(LOSS, b"loss=2\nloss=1e-3") == {"loss": 0.001}


@pytest.mark.parametrize("end", ["nan", "inf", "-inf", "1e999"])
def test_a_metric_that_ends_as_no_number_has_no_value_rather_than_an_older_one(end: str):
    assert last(LOSS, f"loss=2\nloss={end}\n".encode()) == {}


def test_what_is_no_value_changes_nothing():
    assert last(LOSS, b"loss=2\nloss=high\nloss=\xff\n") == {"loss": 2}
    assert last({"all": "loss=.*", "or": "(x)?loss"}, b"loss=2\n") == {}


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        (b"loss=2\nloss=nan\n", "its last value is nan"),
        (b"loss=\nloss=high\n", r"loss=(\S+) found no number in: loss=high"),
        (b"a\nLoss 2\nb\nLoss 1", r"no line matches loss=(\S+); the nearest: Loss 1"),
        (b"accuracy 1\n", r"no line matches loss=(\S+)"),
        (b"", r"no line matches loss=(\S+)"),
    ],
)
def test_a_metric_without_a_value_has_a_reason(output: bytes, reason: str):
    metrics = Metrics({**LOSS, "b": "b=(.*)"})
    metrics.feed(b"b=1\n" + output)
    assert metrics.missing() == {"loss": reason}


def test_a_line_without_end_is_not_kept_in_memory():
    metrics = Metrics(LOSS)
    for _ in range(3):
        metrics.feed(b"x" * LINE_BYTES)
    assert metrics._rest == b""


def test_a_regular_expression_that_is_none_is_refused():
    with pytest.raises(ValueError, match=r"The metric loss .*\("):
        Metrics({"loss": "("})


@given(
    st.lists(st.sampled_from(["loss=", "1", "2.5", "x", "\n", "\r", " ", "ä"])),
    st.lists(st.integers(0)),
)
def test_it_finds_what_the_emulator_finds(words: list[str], cuts: list[int]):
    text = "".join(words)
    oracle = OfTheEmulator([{"Name": "loss", "Regex": LOSS["loss"]}])
    for line in text.split("\n"):
        oracle.read(line.rstrip("\r"))
    data = text.encode()
    at = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    pieces = [data[begin:end] for begin, end in itertools.pairwise(at)]
    expected = {entry["MetricName"]: entry["Value"] for entry in oracle.final()}
    assert last(LOSS, *pieces) == expected
