"""Waits in a thread until the microservice is ready, and then creates a file for nginx."""

from __future__ import annotations

import http.client
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HEALTH = "/api/health"  # every microservice of MATLAB Compiler SDK has it
HEALTHY = "The microservice is healthy."  # images/container.py waits for this text
ANSWER_S = 240.0  # the first ping loads the model; SageMaker allows 8 minutes for the start
FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0
ROUTE_MISSING = 404  # a microservice without a route for /ping is ready when it is healthy


class Readiness:
    """Asks a newly started microservice until it is ready, or until `cancel` is called."""

    def __init__(self, port: int, flag: Path) -> None:
        self._port = port
        self._flag = flag
        self._cancelled = threading.Event()
        self._flagging = threading.Lock()
        self._told = ""
        threading.Thread(target=self._ask, daemon=True).start()

    def cancel(self) -> bool:
        """Stop asking and remove the file; return whether it existed."""
        with self._flagging:
            self._cancelled.set()
            was_ready = self._flag.exists()
            self._flag.unlink(missing_ok=True)
        return was_ready

    def _ask(self) -> None:
        if not self._answers(HEALTH, {200}):
            return
        print(HEALTHY, flush=True)
        if not self._answers("/ping", {200, ROUTE_MISSING}):
            return
        with self._flagging:
            if not self._cancelled.is_set():
                self._flag.touch()
                print("The microservice is ready.", flush=True)

    def _answers(self, path: str, good: set[int]) -> bool:
        """Ask until the answer is good, and return True; return False if cancelled before."""
        pause_s = FIRST_PAUSE_S
        while self._status(path) not in good:
            if self._cancelled.wait(pause_s):
                return False
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        return True

    def _status(self, path: str) -> int:
        """Return the status of a GET, 0 if there is no answer; log each new kind of refusal."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=ANSWER_S)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            text = answer.read(2000).decode(errors="replace").strip()
        except (OSError, http.client.HTTPException):  # not listening yet
            return 0
        finally:
            connection.close()
        told = f"The microservice answers GET {path} with {answer.status}: {text}"
        if answer.status >= 500 and told != self._told:
            print(told, flush=True)
            self._told = told
        return answer.status
