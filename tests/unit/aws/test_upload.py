"""Parallel uploads: all of them, reported in one line; a failure ends them all."""

import contextlib
import io
import threading
import time

import pytest

from matlab_sagemaker import digest
from matlab_sagemaker.aws import upload
from matlab_sagemaker.aws.s3 import Upload
from matlab_sagemaker.errors import InputError

DELAY_S = 0.02


class S3:
    """A distant S3 that keeps its uploads and counts how many came at once."""

    account = "123456789012"

    def __init__(self):
        self.s3, self.stored, self.begun = self, {}, 0
        self.under_way = self.most = 0
        self._lock = threading.Lock()

    def put_object(self, Key, Body, **_):  # noqa: N803 (the API's names)
        with self._lock:
            self.begun += 1
            self.under_way += 1
            self.most = max(self.most, self.under_way)
        time.sleep(DELAY_S)
        with self._lock:
            self.under_way -= 1
            self.stored[Key] = Body


class Terminal(io.StringIO):
    def isatty(self):
        return True


def wanted(count, changed=()):
    for number in range(count):
        body = f"file {number}".encode()
        measured = digest.measured(b"other" if number in changed else body)
        yield Upload(bucket="b", key=str(number), body=body, measured=measured)


def test_many_small_objects_take_the_time_of_a_few():
    s3, lines, began = S3(), [], time.monotonic()
    upload.store_all(s3, list(wanted(200)), lines.append)
    assert s3.stored == {str(n): f"file {n}".encode() for n in range(200)}
    assert 1 < s3.most <= 16
    assert time.monotonic() - began < 200 * DELAY_S / 2
    (line,) = lines
    assert line.startswith("uploaded 200 files, 1.49 kB (")
    assert line.endswith(" kB/s)")


def test_a_terminal_shows_how_far_it_is_and_a_log_does_not():
    with contextlib.redirect_stderr(Terminal()) as terminal:
        upload.store_all(S3(), list(wanted(3)), lambda _line: None)
    shown = [text.removeprefix("\x1b[K") for text in terminal.getvalue().split("\r")]
    assert [text.partition(" files")[0] for text in shown] == [
        "", "uploaded 1 of 3", "uploaded 2 of 3", "uploaded 3 of 3", "",
    ]  # fmt: skip
    with contextlib.redirect_stderr(io.StringIO()) as log:
        upload.store_all(S3(), list(wanted(3)), lambda _line: None)
    assert log.getvalue() == ""


def test_one_that_fails_ends_them_all_and_no_line_says_otherwise():
    s3, lines = S3(), []
    with pytest.raises(InputError, match="changed during this run"):
        upload.store_all(s3, list(wanted(500, changed=(3,))), lines.append)
    assert lines == []
    assert s3.begun < 100


@pytest.mark.parametrize(("count", "told"), [(0, "uploaded 0 files,"), (1, "uploaded 1 file,")])
def test_few_are_told_as_well(count, told):
    lines = []
    upload.store_all(S3(), list(wanted(count)), lines.append)
    assert lines[0].startswith(told)
