"""Waiting for what becomes true, and for what a process says; no test waits without an end."""

import contextlib
import threading
import time

LONGEST_S = 60


def eventually(fact, limit_s=LONGEST_S):
    """Wait until a fact holds, and give it."""
    value = comes_true(fact, limit_s)
    assert value, f"it did not come true within {limit_s} s"
    return value


def comes_true(fact, limit_s=LONGEST_S):
    """Wait until a fact holds, and give it; tell what it is then if it does not in time."""
    end = time.monotonic() + limit_s
    while not (value := fact()) and time.monotonic() < end:
        time.sleep(0.03)
    return value


@contextlib.contextmanager
def killed_after(process, limit_s=LONGEST_S):
    """Kill a process if the block takes longer: what waits for its words gets their end."""
    guard = threading.Timer(limit_s, process.kill)
    guard.start()
    try:
        yield
    finally:
        guard.cancel()


def read_until(process, words, stream=None, limit_s=LONGEST_S):
    """Read what a process writes, in lines, up to the one with `words`; return that.

    It is the standard output that is read, or another stream of the process.
    """
    read = []
    with killed_after(process, limit_s):
        for line in stream or process.stdout:
            read.append(line)
            if words in line:
                return line
    raise AssertionError(f"no {words!r} within {limit_s} s, but {read}")
