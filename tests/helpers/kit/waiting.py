"""Waiting for the output of a process, with a time limit."""

import threading

LONGEST_S = 60


def read_until(process, words, limit_s=LONGEST_S):
    """Read a process's standard output up to `words`; kill the process after the time limit."""
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
