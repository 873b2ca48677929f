"""A bad connection to AWS, by the seed of a random generator: any request may fail."""

import dataclasses
import json
import random
import threading
import time

from helpers.aws.fault_proxy import RESET, Exchange

THROTTLED = 0.2
FAULTS = {  # of the requests that are not throttled
    "reset before": 0.015,
    "reset after": 0.015,
    "delay": 0.02,
    "broken off": 0.01,
    "cut": 0.01,
    "burst": 0.004,
    "expired": 0.003,
}
BURST, DELAY_S = 5, 0.3
EXPIRED = "The security token included in the request is expired"


class RandomFaults:
    """Is given to the proxy; `loses` is an operation whose first answer is lost in any case."""

    def __init__(self, seed, loses=""):
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self.loses = loses
        self._burst = 0
        self._next = ""  # the fault that the answer to a request meets, once AWS has taken it
        self.taken = []  # the operations that came to AWS
        self.met = []  # the faults

    def instead(self, what):
        """Return an answer instead of AWS's, or None."""
        with self._lock:
            fault = self._fault()
            self._next = fault
            if fault:
                self.met.append(fault)
        if fault == "throttled":
            return error(what, "ThrottlingException", "Rate exceeded", 400)
        if fault == "expired":
            return error(what, "ExpiredTokenException", EXPIRED, 400)
        if fault == "in a burst":
            return error(what, "InternalFailure", "We encountered an internal error.", 500)
        return RESET if fault == "reset before" else None

    def _fault(self):
        if self._burst:
            self._burst -= 1
            return "in a burst"
        if self._random.random() < THROTTLED:
            return "throttled"
        place = self._random.random()
        for fault, share in FAULTS.items():
            place -= share
            if place < 0:
                self._burst = BURST if fault == "burst" else 0
                return fault
        return ""

    def __call__(self, exchange):
        """Return the answer as it arrives; None if it is lost."""
        with self._lock:
            fault, name = self._next, operation(exchange.what)
            self.taken.append(name)
            if name == self.loses:
                self.loses, fault = "", "reset after"
                self.met.append(fault)
        if fault == "delay":
            time.sleep(DELAY_S)
        if fault == "reset after":
            return None
        if fault == "broken off":
            return dataclasses.replace(exchange, broken_off=True)
        if fault == "cut" and name != "Predict":  # it would not show
            return dataclasses.replace(exchange, body=exchange.body[: len(exchange.body) // 2])
        return exchange


def operation(what):
    """Return an operation without what differs from run to run."""
    if " " not in what:
        return what.rpartition(".")[2]
    method, path = what.split(" ")[:2]
    if path.endswith("/invocations"):
        return "Predict"
    if path == "/":
        return "AskWho"
    place, _, query = path.partition("?")
    depth = "bucket" if place.count("/") == 1 else "object"
    return f"{method} {depth} {query.partition('=')[0].partition('&')[0]}".rstrip()


def error(what, code, text, status):
    """Return an error in the format of the service."""
    name = operation(what)
    if " " not in what or name == "Predict":
        body = json.dumps({"__type": code, "message": text})
        return Exchange(what, status, body.encode(), {"x-amzn-ErrorType": code})
    if name == "AskWho":
        body = f"<ErrorResponse><Error><Code>{code}</Code><Message>{text}</Message></Error>"
        return Exchange(what, status, f"{body}</ErrorResponse>".encode())
    s3 = {"ThrottlingException": ("SlowDown", 503), "ExpiredTokenException": ("ExpiredToken", 400)}
    code, status = s3.get(code, ("InternalError", status))
    body = f"<Error><Code>{code}</Code><Message>{text}</Message></Error>"
    return Exchange(what, status, body.encode())
