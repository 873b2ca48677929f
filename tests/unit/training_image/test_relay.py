"""The relay passes on all of the engine's output except secrets, however it is split."""

from __future__ import annotations

import io
import itertools
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay import LAST_BYTES, Masker, Relay, masked

TOKEN = "me@example::label::encodedAAAAencoded"
PARTS = [TOKEN, "encodedAAAAencoded"]


def pieces(text: bytes, cuts: list[int]) -> list[bytes]:
    """Split a text at these positions."""
    at = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    return [text[begin:end] for begin, end in itertools.pairwise(at)]


@given(st.lists(st.sampled_from([TOKEN, "e", "enc", "\n", "me@", "x"])), st.lists(st.integers(0)))
def test_a_secret_is_masked_wherever_the_stream_is_cut(words: list[str], cuts: list[int]):
    text = "".join(words).encode()
    masker = Masker(PARTS)
    told = b"".join(masker.feed(piece) for piece in pieces(text, cuts)) + masker.finish()
    for part in PARTS:
        assert part.encode() not in told
    if TOKEN not in "".join(words) and "me@e" not in "".join(words):
        assert told == text


def test_what_is_no_secret_is_told_at_once():
    masker = Masker([TOKEN])
    assert masker.feed(b"epoch 1\nme") == b"epoch 1\n"
    assert masker.feed(b"an = 3\n") == b"mean = 3\n"


def test_a_part_of_the_token_alone_is_masked_too():
    assert masked("refused: encodedAAAAencoded!", PARTS) == "refused: ***!"


def test_a_text_that_breaks_off_within_a_secret_tells_no_long_beginning_of_it():
    assert masked("token " + TOKEN[:20], PARTS) == "token ***"
    assert masked("Written by me", PARTS) == "Written by me"


def test_without_secrets_nothing_changes():
    assert masked(f"a {TOKEN}", []) == f"a {TOKEN}"


@pytest.mark.parametrize("secrets", [[], [TOKEN]])
def test_the_relay_passes_all_on_and_remembers_the_end(secrets: list[str]):
    reading, writing = os.pipe()
    out = io.BytesIO()
    relay = Relay(secrets, out)
    relay.start(os.fdopen(reading, "rb"))
    with os.fdopen(writing, "wb") as engine:
        engine.write(b"begin\n" + b"x" * 100_000 + b"\nlast words\n")
    relay.finish()
    assert out.getvalue() == b"begin\n" + b"x" * 100_000 + b"\nlast words\n"
    assert relay.last_words.endswith("xx\nlast words")
    assert len(relay.last_words) <= LAST_BYTES
