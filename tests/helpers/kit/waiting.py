"""Waiting for what a process says; no test waits without an end."""

import threading

LONGEST_S = 60


def read_until(process, words, limit_s=LONGEST_S):
    """Read the standard output of a process, which is killed after the time, up to `words`."""
    guard = threading.Timer(limit_s, process.kill)
    guard.start()
    read = []
    try:
        for line in process.stdout:
            read.append(line)
            if words in line:
                return
    finally:
        guard.cancel()
    raise AssertionError(f"no {words!r} within {limit_s} s, but {''.join(read)!r}")
