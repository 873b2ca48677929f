"""A person at a terminal, for the verbs that ask."""

import contextlib
import os
import pty
import select
import subprocess


class Terminal:
    """Runs a verb, waits for its questions, and types."""

    def __init__(self, folder, *command):
        self.master, slave = pty.openpty()
        self.shown = ""
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "TERM": "dumb"}
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)

    def wait_for(self, words):
        """Read until `words` stand in what has not been read yet."""
        seen = ""
        while words not in seen:
            more = self._read()
            assert more, f"no {words!r} in {seen!r}"
            seen += more
        return seen

    def answer(self, words, typed=""):
        self.wait_for(words)
        self.type(typed + "\n")

    def type(self, text):
        os.write(self.master, text.encode())

    def end(self):
        while self._read():
            pass
        os.close(self.master)
        return self.process.wait(timeout=30)

    def _read(self):
        assert select.select([self.master], [], [], 60)[0], f"it does nothing: {self.shown!r}"
        try:
            text = os.read(self.master, 4096).decode(errors="replace")
        except OSError:  # the other side is closed
            return ""
        self.shown += text
        return text


@contextlib.contextmanager
def terminal(folder, *command):
    """Yield a terminal on which `command` runs; it ends with the test, whatever became of it."""
    person = Terminal(folder, *command)
    try:
        yield person
    finally:
        person.process.kill()
        person.process.wait()
