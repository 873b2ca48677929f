"""A lost answer of AWS, or one of somebody else: the repeated request finds what it needs."""

import dataclasses

import pytest

from helpers.aws.fault_proxy import RESET, Exchange, Recorder, Refuser, proxy
from helpers.kit.verb_runs import HANDLER

pytestmark = pytest.mark.slow


class Loser:
    """Loses the first answer to an operation."""

    def __init__(self, operation):
        self.operation = operation
        self.lost = 0

    def __call__(self, exchange):
        if exchange.what.endswith(self.operation) and not self.lost:
            self.lost += 1
            return None
        return exchange


@pytest.mark.parametrize("verb", ["deploy", "rollback"])
def test_an_update_that_has_begun_is_this_runs_own(twice, aws, verb):
    project, first, _ = twice
    if verb == "deploy":
        project.serve_on("ml.m5.2xlarge")
    loser = Loser("UpdateEndpoint")
    with proxy(project.url, Recorder(loser)) as url:
        result = project.succeed(verb, AWS_ENDPOINT_URL=url)
    assert loser.lost == 1
    serving = aws("sagemaker").describe_endpoint(EndpointName=project.endpoint)
    assert serving["EndpointConfigName"] == result.outputs["endpoint-config"]
    assert (result.outputs["endpoint-config"] == first["endpoint-config"]) == (verb == "rollback")


def test_a_deletion_that_has_begun_is_this_runs_own(fresh):
    fresh.succeed("deploy")
    loser = Loser("DeleteEndpoint")
    with proxy(fresh.url, Recorder(loser)) as url:
        result = fresh.succeed("delete", "--endpoint-name", fresh.endpoint, AWS_ENDPOINT_URL=url)
    assert loser.lost == 1
    assert "is deleted" in result.summary


PAGE = "<!DOCTYPE html><html><body>Sign in to the guest network</body></html>"


@pytest.mark.parametrize(("word", "status"), [("", 407), ("", 302), ("DescribeEndpoint", 403)])
def test_a_page_of_a_proxy_is_told_and_is_no_traceback(fresh, word, status):
    with proxy(fresh.url, Refuser(word, status, PAGE)) as url:
        result = fresh.run("status", AWS_ENDPOINT_URL=url)
    assert result.code == 5
    (annotation,) = result.annotations
    assert "title=AWS is out of reach" in annotation
    assert f"status {status}" in annotation
    assert "guest network" in annotation


class Busy:
    """Throttles predictions, and refuses connections, before it forwards one."""

    def __init__(self):
        said = '{"__type": "ThrottlingException", "message": "Rate exceeded"}'
        self.answers = [Exchange("", 429, said.encode())] * 2

    def instead(self, what):
        return self.answers.pop() if "/invocations" in what and self.answers else None

    def __call__(self, exchange):
        return exchange


def test_a_prediction_waits_for_a_busy_endpoint_and_is_sent_once(fresh):
    fresh.succeed("deploy")
    words = ("--request", "requests/three_flowers.csv")
    with proxy(fresh.url, Busy()) as url:
        fresh.succeed("predict", *words, AWS_ENDPOINT_URL=url)
    recorder = Recorder(lambda exchange: RESET if "/invocations" in exchange.what else exchange)
    with proxy(fresh.url, recorder) as url:
        result = fresh.run("predict", *words, AWS_ENDPOINT_URL=url)
    assert result.code == 5
    sent = [exchange for exchange in recorder.exchanges if "/invocations" in exchange.what]
    assert len(sent) == 1, "it may have been taken"


class Cutter:
    """Returns only half of an image's configuration, a given number of times."""

    def __init__(self, times):
        self.times = times

    def __call__(self, exchange):
        if not self.times or b'"architecture"' not in exchange.body or " " not in exchange.what:
            return exchange
        self.times -= 1
        return dataclasses.replace(exchange, body=exchange.body[: len(exchange.body) // 2])


@pytest.mark.parametrize(("times", "code"), [(1, 0), (100, 5)])
def test_a_configuration_that_comes_cut_is_fetched_again(fresh, times, code):
    with (fresh.root / HANDLER).open("a") as handler:
        handler.write(f"% compiled for {times}\n")
    cutter = Cutter(times)
    with proxy(fresh.url, cutter) as url:
        result = fresh.run("compile-handler", AWS_ENDPOINT_URL=url)
    assert cutter.times < times
    assert result.code == code, result.stdout
    assert not code or "title=AWS is out of reach" in result.annotations[0]
