"""Which kit a workflow's jobs check out: the workflow's own, if the runner knows it."""

import os
import subprocess

import pytest

from helpers.kit.workflow_files import JOBS, REUSABLE, on

(GUARD,) = {
    (step["run"], *step["env"].items())
    for *_, job in JOBS
    for step in job["steps"]
    if step.get("name") == "Know the kit"
}
SCRIPT, *VARIABLES = GUARD
OWN = "your-org/matlab-sagemaker@" + "0123456789" * 4


def guard(given, own):
    """Run the step's script as a runner does; return its exit code and what it prints."""
    variables = {"PATH": os.environ["PATH"], "GIVEN": given, "OWN": own}
    command = ["bash", "-e", "-c", SCRIPT]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.mark.parametrize(("name", "job", "text"), JOBS)
def test_a_job_checks_nothing_out_before_it_knows_its_kit(name, job, text):
    """To actions/checkout, an empty repository means the user's own, an empty ref its branch."""
    uses = [step.get("uses", "") for step in text["steps"]]
    first = next(at for at, used in enumerate(uses) if used.startswith("actions/checkout@"))
    step = text["steps"][first - 1]
    assert step["name"] == "Know the kit"
    assert "if" not in step
    assert not any(uses[:first])


def test_the_step_has_what_the_caller_gives_and_what_the_runner_knows():
    assert dict(VARIABLES) == {
        "GIVEN": "${{ inputs.kit-repository }}@${{ inputs.kit-ref }}",
        "OWN": "${{ job.workflow_repository }}@${{ job.workflow_sha }}",
    }


@pytest.mark.parametrize(
    ("given", "own"),
    [
        ("@", OWN),
        (OWN, OWN),
        ("your-org/matlab-sagemaker@v1", "@"),  # a runner that does not know it
    ],
)
def test_a_kit_that_is_known_is_taken(given, own):
    assert guard(given, own) == (0, "")


@pytest.mark.parametrize("own", ["@", OWN])
@pytest.mark.parametrize("given", ["@v1", "your-org/matlab-sagemaker@"])
def test_a_kit_that_is_given_by_half_is_refused(given, own):
    code, said = guard(given, own)
    assert code == 1
    assert said.startswith("::error title=Which kit?::Give both kit-repository and kit-ref")


@pytest.mark.parametrize("own", ["@", "@" + "a" * 40, "your-org/matlab-sagemaker@"])
def test_a_kit_that_nobody_knows_is_refused(own):
    code, said = guard("@", own)
    assert code == 1
    assert "Give both kit-repository and kit-ref" in said


@pytest.mark.parametrize(
    "given",
    [
        "mallory/matlab-sagemaker@" + OWN.partition("@")[2],
        "your-org/matlab-sagemaker@v1",
        "your-org/matlab-sagemaker@" + "f" * 40,
        "your-org/matlab-sagemaker@" + "?" * 40,
        "*@*",
        OWN + "\n",
        "@\n",
    ],
)
def test_another_kit_than_the_workflows_own_is_refused(given):
    """With its own values a caller could run any code where only this workflow may run.

    A tag is refused whatever it points to: checking it needs a request, and the tag may move.
    """
    code, said = guard(given, OWN)
    assert code == 1
    (line,) = said.splitlines()
    assert line.startswith("::error title=Which kit?::")
    if not given.startswith("@"):
        assert f"are not this workflow's kit and commit, {OWN}. " in line
        assert "Remove both inputs" in line


@pytest.mark.parametrize(("name", "flow"), REUSABLE.items())
def test_the_inputs_say_that_another_kit_is_refused(name, flow):
    inputs = on(flow)["workflow_call"]["inputs"]
    for entry in ("kit-repository", "kit-ref"):
        assert "refused" in inputs[entry]["description"]
    assert "even a tag of that commit" in inputs["kit-ref"]["description"]
