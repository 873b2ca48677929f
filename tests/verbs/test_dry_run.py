"""A dry run shows what a deployment would change, writes nothing, and works in a pull request."""

import json
from dataclasses import replace

import pytest

from helpers.aws.fault_proxy import DENIED, Exchange, proxy
from helpers.github.answers import PULL_REQUEST
from helpers.kit.verb_runs import HANDLER

pytestmark = pytest.mark.slow


class ReadOnly:
    """Refuses every request that would change anything, or that a pull request may not make."""

    READS = ("Describe", "List", "Get", "GET ", "HEAD ")
    SIGN_IN = "POST /"  # STS; with more of a path it may be a write to S3, or InvokeEndpoint
    REFUSED = ("?policy", "?lifecycle")

    def __init__(self):
        self.refused = []

    def instead(self, what):
        call = what.rpartition(".")[2] if "/" not in what else what
        reads = what == self.SIGN_IN or call.startswith(self.READS)
        if reads and not any(word in what for word in self.REFUSED):
            return None
        self.refused.append(what)
        return Exchange(what, 403, DENIED.encode())

    def __call__(self, exchange):
        return exchange


def look(project, **environment):
    """Return the dry run's result, after checking that no request was refused."""
    watch = ReadOnly()
    with proxy(project.url, watch) as url:
        result = project.succeed("deploy", "--dry-run", AWS_ENDPOINT_URL=url, **environment)
    assert watch.refused == []
    assert result.outputs["changed"] == "false"
    return result, {line["what"]: line for line in json.loads(result.outputs["plan"])["lines"]}


def test_a_plan_is_what_is_then_done_and_after_it_nothing_is_left(fresh):
    first, lines = look(fresh)
    assert first.outputs["changes"] == "true"
    assert lines["endpoint"]["sign"] == "+"
    done = fresh.succeed("deploy").outputs
    assert (
        lines["configuration"]["after"]
        == done["endpoint-config"]
        == first.outputs["endpoint-config"]
    )
    stays, lines = look(fresh)
    assert stays.outputs["changes"] == "false"
    assert {line["sign"] for line in lines.values()} == {"="}
    assert f"### Plan: endpoint `{fresh.endpoint}` stays as it is" in stays.summary
    fresh.serve_on("ml.m5.xlarge")
    other, lines = look(fresh)
    assert "\n~ instance type: ml.m5.large → ml.m5.xlarge\n" in other.summary
    assert lines["model"]["sign"] == lines["training job"]["sign"] == "="
    serves = json.loads(other.outputs["plan"])["serves"]
    assert serves["endpoint-config"] == done["endpoint-config"]
    assert serves["metrics"]["cross_validated_accuracy"] == 0.94
    said = fresh.succeed("deploy").stdout
    assert "~ instance type: ml.m5.large → ml.m5.xlarge" in said
    assert said.index("~ instance type") < said.index("update_endpoint")


def test_in_a_pull_request_what_the_merge_makes_is_not_known(fresh):
    given = {"GITHUB_EVENT_PATH": str(PULL_REQUEST), "GITHUB_EVENT_NAME": "pull_request"}
    fresh.succeed("deploy", GITHUB_SHA="a" * 40)
    same, lines = look(fresh, GITHUB_SHA="b" * 40, **given)
    assert same.outputs["changes"] == "false"
    assert "~ newest commit: aaaaaaa → (known after merge)" in same.summary
    fresh.edit(HANDLER, "classdef", "% Changed.\nclassdef")
    other, lines = look(fresh, **given)
    assert lines["inference image"]["sign"] == "+"
    assert lines["model"]["after"] is None
    assert lines["training job"]["sign"] == "="
    assert other.outputs["endpoint-config"] == ""
    assert "~ inference image served: matlab-sagemaker/release@sha256:" in other.summary
    fresh.edit("sagemaker.yml", "MinLeafSize: 1", "MinLeafSize: 7")
    trains, lines = look(fresh, **given)
    assert "→ (known after merge)" in next(
        line for line in trains.summary.splitlines() if "training job" in line
    )
    assert lines["training job"]["after"] is None
    assert trains.outputs["gate"] == "none"


def test_before_anything_is_made_a_plan_is_made_of_what_is_to_come(project):
    project.edit(HANDLER, "classdef", "% Never compiled.\nclassdef")
    result, lines = look(project)
    for what in ("inference image", "training job", "model", "endpoint"):
        assert lines[what]["sign"] == "+", what
    assert "+ training job: (known after deployment)" in result.summary


@pytest.mark.parametrize("options", [("--dry-run",), ()])
def test_a_job_that_is_being_stopped_is_not_waited_for(fresh, options):
    def stopping(exchange):
        return replace(exchange, body=exchange.body.replace(b'"Completed"', b'"Stopping"'))

    with proxy(fresh.url, stopping) as url:
        process = fresh.start("deploy", *options, AWS_ENDPOINT_URL=url)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == (0 if options else 3), said
    shown = "+ training job: (known after deployment)" if options else "is Stopping"
    assert shown in said
