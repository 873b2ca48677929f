"""A person at a terminal, for verbs that ask questions."""

import contextlib
import os
import pty
import select
import subprocess
import time
from pathlib import Path

from helpers.kit.waiting import LONGEST_S


class Terminal:
    """Runs a verb, waits for its questions, and types."""

    def __init__(self, folder, *command):
        self.master, slave = pty.openpty()
        self.shown = ""
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "TERM": "dumb"}
        self.process = subprocess.Popen(
            ("setsid", "--ctty", *command),  # its own terminal, whose Ctrl-C reaches it
            cwd=folder,
            env=environment,
            stdin=slave,
            stdout=slave,
            stderr=slave,
        )
        os.close(slave)

    def wait_for(self, words):
        """Read until `words` come in the output that has not been read yet."""
        seen, limit = "", time.monotonic() + LONGEST_S
        while words not in seen:
            more = self._read(limit)
            assert more, f"no {words!r} in {seen!r}"
            seen += more
        return seen

    def answer(self, words, typed=""):
        self.wait_for(words)
        self.type(typed + "\n")

    def type(self, text):
        os.write(self.master, text.encode())

    def interrupt(self):
        """Type Ctrl-C once it waits for a key.

        Python loses a signal between showing a prompt and reading the answer; no person is that
        fast.
        """
        until = time.monotonic() + 30
        while self._state() != "S":
            assert time.monotonic() < until, f"it waits for nothing: {self.shown!r}"
            time.sleep(0.01)
        self.type("\x03")

    def end(self):
        limit = time.monotonic() + LONGEST_S
        while self._read(limit):
            pass
        os.close(self.master)
        return self.process.wait(timeout=30)

    def _state(self):
        """Return proc(5)'s letter for the state of a process: S if it sleeps, R if it runs."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text()
        return stat.rpartition(")")[2].split()[0]

    def _read(self, limit):
        left = max(0, limit - time.monotonic())
        ready, _, _ = select.select([self.master], [], [], left)
        assert ready, f"it says nothing more: {self.shown!r}"
        try:
            text = os.read(self.master, 4096).decode(errors="replace")
        except OSError:  # the other side is closed
            return ""
        self.shown += text
        return text


@contextlib.contextmanager
def terminal(folder, *command):
    """Yield a terminal on which `command` runs; the command always ends with the test."""
    person = Terminal(folder, *command)
    try:
        yield person
    finally:
        person.process.kill()
        person.process.wait()
