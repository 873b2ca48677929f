"""A late deployment leaves the endpoint to a newer commit that is deployed already."""

import json
import shutil

import pytest

from helpers.aws.fault_proxy import DENIED, Recorder, Refuser, proxy
from helpers.kit.git_repository import commit, git
from helpers.kit.verb_runs import facts

pytestmark = pytest.mark.slow

TYPES = ("ml.m5.xlarge", "ml.m5.2xlarge")  # after the example's


class History:
    """The project's repository with three commits, each with another instance type."""

    def __init__(self, project):
        self.project = project
        git(project.root, "init", "-q", "-b", "main")
        self.commits = [commit(project.root, "One")]
        for after in TYPES:
            project.serve_on(after)
            self.commits.append(commit(project.root, after))

    def deploy(self, number, *arguments, **environment):
        """Deploy commit number 1, 2 or 3, as a run of that commit does."""
        commit = self.commits[number - 1]
        git(self.project.root, "checkout", "-q", commit)
        given = {"GITHUB_SHA": commit, "GITHUB_REPOSITORY": "acme/flowers", **environment}
        return self.project.succeed("deploy", *arguments, **given)

    def late(self, number, **environment):
        """The same, as deploy.yml deploys what was pushed."""
        return self.deploy(number, "--unless-newer", **environment)


@pytest.fixture
def history(fresh):
    yield History(fresh)
    shutil.rmtree(fresh.root / ".git")


def deployed(aws, history):
    return facts(aws("sagemaker"), history.project.endpoint)["deployed"].split()


def changing(recorder):
    words = ("Add", "Create", "Update", "Delete")
    asked = (exchange.what.partition(".")[2] for exchange in recorder.exchanges)
    return [what for what in asked if what.startswith(words)]


def test_a_dry_run_knows_the_newer_commit(history):
    newer = history.commits[1]
    serves = history.late(2).outputs
    by_hand = history.deploy(1, "--dry-run").outputs
    assert (by_hand["changes"], by_hand["left-to"]) == ("true", "")
    lines = {line["what"]: line for line in json.loads(by_hand["plan"])["lines"]}
    assert lines["newest commit"] == {
        "sign": "=", "what": "newest commit", "before": newer[:7], "after": newer[:7]
    }  # fmt: skip
    recorder = Recorder()
    with proxy(history.project.url, recorder) as url:
        late = history.deploy(1, "--unless-newer", "--dry-run", AWS_ENDPOINT_URL=url).outputs
    assert changing(recorder) == []
    assert (late["changes"], late["left-to"]) == ("false", newer)
    assert late["endpoint-config"] == serves["endpoint-config"]


def test_an_overtaken_commit_leaves_the_endpoint_to_the_newer_one_and_tells_what_serves(
    history, aws
):
    serves = history.late(2).outputs
    assert serves["left-to"] == ""
    assert deployed(aws, history) == [history.commits[1], serves["endpoint-config"]]
    recorder = Recorder()
    with proxy(history.project.url, recorder) as url:
        result = history.late(1, AWS_ENDPOINT_URL=url)
    assert changing(recorder) == []
    left = {"changed": "false", "left-to": history.commits[1], "request": ""}
    left |= {"changes": "false", "plan": "{}", "gate": "none", "gate-rows": "[]"}
    assert result.outputs == {**serves, **left}
    (notice,) = [line for line in result.stdout.splitlines() if line.startswith("::notice")]
    assert f"a newer commit, {history.commits[1][:7]}, is already deployed" in notice
    assert "run deploy by hand" in notice
    assert "is left as it is" in result.summary
    assert f"/commit/{history.commits[1]})" in result.summary
    third = history.late(3).outputs
    assert third["left-to"] == ""
    assert third["changed"] == "true"


def test_by_hand_an_older_commit_is_deployed_and_a_late_run_does_not_undo_it(history, aws):
    history.late(3)
    by_hand = history.deploy(1).outputs
    assert by_hand["changed"] == "true"
    assert by_hand["left-to"] == ""
    assert deployed(aws, history)[0] == history.commits[2]
    late = history.late(2).outputs
    assert late["left-to"] == history.commits[2]
    assert late["endpoint-config"] == by_hand["endpoint-config"]


def test_a_rollback_is_not_undone_by_a_late_run(history):
    first = history.late(1).outputs
    history.late(3)
    assert (
        history.project.succeed("rollback").outputs["endpoint-config"] == first["endpoint-config"]
    )
    late = history.late(2).outputs
    assert late["endpoint-config"] == first["endpoint-config"]
    assert history.late(3).outputs["changed"] == "true", "run again, it means it"


def test_a_commit_that_changes_nothing_of_it_is_noted_once(history, aws):
    history.late(3)
    history.commits.append(commit(history.project.root, "README only"))
    noted = history.late(4)
    assert noted.outputs["changed"] == "false"
    assert "only recording its newest commit" in noted.summary
    assert deployed(aws, history)[0] == history.commits[3]
    recorder = Recorder()
    with proxy(history.project.url, recorder) as url:
        history.late(4, AWS_ENDPOINT_URL=url)
    assert changing(recorder) == []


def test_a_newer_commit_whose_deployment_fails_keeps_nobody_back(history):
    history.late(1)
    with proxy(history.project.url, Refuser("UpdateEndpoint", 400, DENIED)) as url:
        git(history.project.root, "checkout", "-q", history.commits[2])
        given = {"GITHUB_SHA": history.commits[2], "AWS_ENDPOINT_URL": url}
        assert history.project.run("deploy", **given).code == 5
    second = history.late(2).outputs
    assert second["changed"] == "true"
    assert second["left-to"] == ""


def test_where_the_history_does_not_tell_it_is_deployed_and_said(history):
    history.late(3)
    root = history.project.root
    shutil.rmtree(root / ".git")
    git(root, "init", "-q", "-b", "main")
    history.commits.append(commit(root, "Rewritten"))
    result = history.late(4)
    assert result.outputs["left-to"] == ""
    (warning,) = [line for line in result.stdout.splitlines() if line.startswith("::warning")]
    assert f"Cannot tell which commit is newer; deploying {history.commits[3]}." in warning
    assert f"deployed last, {history.commits[2]}, is not in the history" in warning
    assert "fetch-depth: 0" in warning
    assert "::warning" not in history.deploy(4).stdout
