"""What act does not check: that workflows, actions and examples fit together."""

import itertools
import re
import subprocess

import pytest
import yaml

from helpers.kit.paths import KIT
from helpers.kit.workflow_files import (
    ACTIONS,
    EVENTS,
    EXAMPLES,
    FILES,
    JOBS,
    OWN,
    REUSABLE,
    WITHOUT_ACCOUNT,
    action_of,
    kit_steps,
    on,
    references,
)  # fmt: skip


def test_there_are_the_three_workflows_and_each_example_calls_them():
    assert sorted(REUSABLE) == sorted(EVENTS)
    for example in {name.partition("/")[0] for name in EXAMPLES}:
        assert {f"{example}/{name}" for name in EVENTS} <= set(EXAMPLES)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(KIT)))
def test_foreign_code_is_pinned_by_commit_with_its_version_behind_it(file):
    for line in file.read_text().splitlines():
        if match := re.match(r"\s*(?:- )?uses: (\S+)(.*)", line):
            name, behind = match.groups()
            ours = name.startswith(("./", "your-org/matlab-sagemaker/"))
            assert ours or (
                re.search(r"@[0-9a-f]{40}$", name) and re.fullmatch(r" # v\d+\.\d+\.\d+", behind)
            ), line


def test_updates_come_in_groups_and_none_in_its_first_days():
    updates = yaml.safe_load((KIT / ".github/dependabot.yml").read_text())["updates"]
    assert {update["package-ecosystem"] for update in updates} == {
        "github-actions",
        "pip",
        "docker",
    }
    for update in updates:
        assert update["cooldown"]["default-days"] >= 7
        (group,) = update["groups"].values()
        assert group == {"patterns": ["*"]}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(KIT)))
def test_no_expression_reaches_a_shell(file):
    for job in [*yaml.safe_load(file.read_text()).get("jobs", {}).values(),
                yaml.safe_load(file.read_text()).get("runs", {})]:  # fmt: skip
        for step in job.get("steps", []):
            assert "${{" not in step.get("run", ""), step


@pytest.mark.parametrize(
    "file", [file for file in FILES if file.name != "action.yml"], ids=lambda f: f.name
)
def test_foreign_pull_requests_never_run_with_the_repositorys_rights(file):
    assert not {"pull_request_target", "workflow_run"} & set(on(yaml.safe_load(file.read_text())))


def test_a_caller_on_another_event_of_pull_requests_is_refused_before_anything_is_checked_out():
    """The jobs recognize a fork by `pull_request`; other events would train it with the role."""
    jobs = REUSABLE["train.yml"]["jobs"]
    refusal = jobs["find"]["steps"][0]
    assert refusal["if"] == (
        "github.event_name != 'pull_request' && github.event.pull_request.number"
    )
    assert "::error" in refusal["run"]
    assert refusal["run"].endswith("exit 1\n")
    assert jobs["image"]["if"].startswith("needs.find.result == 'success' && ")
    assert jobs["train"]["steps"][0]["if"] == A_JOB_BEFORE


def test_a_deployment_on_an_event_of_pull_requests_is_refused_before_anything_is_checked_out():
    jobs = REUSABLE["deploy.yml"]["jobs"]
    refusal = jobs["find"]["steps"][0]
    assert refusal["if"] == "github.event.pull_request.number"
    assert "::error" in refusal["run"]
    assert refusal["run"].endswith("exit 1\n")
    for name in ("image", "train", "compile", "check", "deploy"):
        assert "find" in jobs[name]["needs"]
        needs = jobs[name]["if"]
        assert "!cancelled()" not in needs or "needs.find.result == 'success'" in needs


A_JOB_BEFORE = "contains(needs.*.result, 'failure') || contains(needs.*.result, 'cancelled')"


@pytest.mark.parametrize(("name", "flow"), REUSABLE.items())
def test_inputs_secrets_and_outputs_are_described_and_used(name, flow):
    call = on(flow)["workflow_call"]
    for about in [*call["inputs"].values(), *call["secrets"].values(), *call["outputs"].values()]:
        assert about["description"].endswith((".", "status.", "delete."))
    for entry, about in call["inputs"].items():
        assert about.get("required") or "default" in about, entry
    body = {"jobs": flow["jobs"]}
    assert {n for n, *_ in references(body, "inputs")} == set(call["inputs"])
    assert {n for n, *_ in references(body, "secrets")} == set(call["secrets"])
    for output in call["outputs"].values():
        for job, _, member in references(output, "jobs"):
            assert member in flow["jobs"][job]["outputs"], output


@pytest.mark.parametrize(("name", "job", "text"), JOBS)
def test_a_job_asks_for_little_and_ends(name, job, text):
    assert "timeout-minutes" in text
    assert REUSABLE[name]["permissions"] == {}
    for right, level in text["permissions"].items():
        assert (right, level) in {
            ("contents", "read"), ("id-token", "write"), ("pull-requests", "write")
        }  # fmt: skip
    assumes = any("role-to-assume" in step["with"] for step in kit_steps(text))
    assert ("id-token" in text["permissions"]) == assumes, "a token only where a role is assumed"
    comments = any(action_of(step) == "comment" for step in kit_steps(text))
    assert ("pull-requests" in text["permissions"]) == comments


@pytest.mark.parametrize(("name", "job", "text"), JOBS)
def test_a_job_finds_its_own_kit_and_leaves_no_token(name, job, text):
    checkouts = [s for s in text["steps"] if s.get("uses", "").startswith("actions/checkout@")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)
    (kit,) = [step["with"] for step in checkouts if step["with"].get("path") == ".kit"]
    assert kit["repository"] == "${{ inputs.kit-repository || job.workflow_repository }}"
    assert kit["ref"] == "${{ inputs.kit-ref || job.workflow_sha }}"


@pytest.mark.parametrize(("name", "job", "text"), JOBS)
def test_a_kit_that_is_not_public_is_read_by_its_own_token(name, job, text):
    (kit,) = [step["with"] for step in text["steps"] if step.get("with", {}).get("path") == ".kit"]
    known = None if job == "rehearse" else "${{ secrets.kit-token || github.token }}"
    assert kit.get("token") == known, "a fork's pull request gets no secret"


@pytest.mark.parametrize(("name", "job", "text"), JOBS)
def test_what_the_project_has_in_git_lfs_and_in_submodules_is_checked_out_if_asked(name, job, text):
    checkouts = [step["with"] for step in text["steps"] if "checkout@" in step.get("uses", "")]
    for project in [given for given in checkouts if "path" not in given]:
        assert project["lfs"] == "${{ inputs.lfs }}"
        assert project["submodules"] == "${{ inputs.submodules }}"
        partial = project.get("filter", "")
        words = "!inputs.lfs && 'blob:none' || '' }}"
        assert not partial or partial.endswith(words), "Git LFS could not look"


@pytest.mark.parametrize(("name", "job", "text"), JOBS)
def test_a_step_gives_its_action_what_it_has_and_nothing_else(name, job, text):
    for step in kit_steps(text):
        inputs = ACTIONS[action_of(step)]["inputs"]
        assert set(step.get("with", {})) <= set(inputs), step
        required = {entry for entry, about in inputs.items() if about["required"]}
        assert required <= set(step.get("with", {})), step
        if "role-to-assume" in inputs and job != "rehearse":
            common = {"config", "region", "bucket", "training-role", "serving-role"}
            common |= {"role-to-assume", "audience", "role-session-name"}
            assert common & set(inputs) <= set(step["with"]), step


@pytest.mark.parametrize(("name", "job", "text"), JOBS)
def test_what_is_read_of_steps_and_jobs_is_there(name, job, text):
    steps = {step["id"]: step for step in text["steps"] if "id" in step}
    for ident, _, member in references(text, "steps"):
        if member is None:  # its outcome
            continue
        if "run" in steps[ident]:
            assert f"echo {member}=" in steps[ident]["run"]
            continue
        assert member in ACTIONS[action_of(steps[ident])]["outputs"], (ident, member)
    needed = [text["needs"]] if isinstance(text.get("needs"), str) else text.get("needs", [])
    for other, part, member in references(text, "needs"):
        assert other in needed
        if part == "outputs":
            assert member in REUSABLE[name]["jobs"][other]["outputs"]
            assert member in WITHOUT_ACCOUNT, "it could be masked between the jobs"


def test_a_pull_request_without_secrets_goes_nowhere_but_to_the_emulator():
    flow = REUSABLE["train.yml"]
    rehearse = flow["jobs"]["rehearse"]
    assert rehearse["runs-on"] == "ubuntu-24.04", "whatever the inputs say"
    assert rehearse["permissions"] == {"contents": "read"}
    assert not list(references(rehearse, "secrets"))
    assert {action_of(s) for s in kit_steps(rehearse)} == {
        "emulate", "rehearse", "build-training-image", "train", "compile-handler", "deploy",
        "predict",
    }  # fmt: skip
    for step in kit_steps(rehearse)[2:]:  # rehearse sends AWS nothing, and shows the user's lines
        assert step["with"]["config"] == "${{ steps.emulate.outputs.config }}"
    own = "github.event.pull_request.head.repo.full_name == github.repository"
    assert own in flow["jobs"]["find"]["if"]
    assert own in flow["jobs"]["train"]["if"]
    assert own in flow["jobs"]["try"]["if"]
    assert "needs.find.result == 'success' && " in flow["jobs"]["image"]["if"]
    for report in ("report", "report-try"):
        assert "needs.train.result != 'skipped'" in flow["jobs"][report]["if"]


# Outputs of a workflow with another name than the output that they hand on.
RENAMED = {
    "training-image": {"image", "training-image"},
    "inference-image": {"image", "inference-image"},
    "handler-verdict": {"verdict"},
    "trained": {"changed"},
    "compiled": {"changed"},
    "rolled-back-to": {"endpoint-config", "rolled-back-to"},
}
# Outputs of actions that a workflow keeps for itself.
SAID_OTHERWISE = {
    "train.yml": {"image"},
    "deploy.yml": {"image", "job-name", "checks", "passed", "commit", "previous-config"},
}
KEPT = {
    "report", "found", "running", "tag", "pushed-bytes", "engine", "release", "products", "request",
    "facts",
    "tried", "reason", "billed-seconds", "rows", "difference",
    "gate-rows",
}  # fmt: skip


@pytest.mark.parametrize(("name", "flow"), REUSABLE.items())
def test_an_output_hands_on_what_it_is_called(name, flow):
    for output, about in on(flow)["workflow_call"]["outputs"].items():
        for job, _, member in references(about, "jobs"):
            if member == "model-found":
                continue
            assert member in RENAMED.get(output, {output}), output
            for _, _, inner in references(flow["jobs"][job]["outputs"][member], "steps"):
                assert inner in {None, *RENAMED.get(output, {output})}, output  # None: its outcome


@pytest.mark.parametrize(("name", "flow"), REUSABLE.items())
def test_what_the_actions_say_the_workflow_says(name, flow):
    said = {
        output
        for key, job in flow["jobs"].items()
        for step in kit_steps(job) * (key not in ("rehearse", "plan"))
        for output in ACTIONS[action_of(step)]["outputs"]
    }
    missing = said - KEPT - set(on(flow)["workflow_call"]["outputs"])
    assert missing == SAID_OTHERWISE.get(name, set())


def test_the_batch_token_reaches_only_the_steps_that_build():
    for _, _, job in JOBS:
        for step in job["steps"]:
            if any(name == "batch-token" for name, *_ in references(step, "secrets")):
                assert action_of(step) in ("build-training-image", "compile-handler")
                assert list(step["env"]) == ["MLM_LICENSE_TOKEN"]


@pytest.mark.parametrize(("name", "flow"), EXAMPLES.items())
def test_an_example_calls_its_workflow_as_that_wants_to_be_called(name, flow):
    file = name.rpartition("/")[2]
    (job,) = flow["jobs"].values()
    assert job["uses"] == f"your-org/matlab-sagemaker/.github/workflows/{file}@v1"
    call = on(REUSABLE[file])["workflow_call"]
    assert set(job["with"]) <= set(call["inputs"])
    assert {n for n, about in call["inputs"].items() if about.get("required")} <= set(job["with"])
    assert set(job.get("secrets", {})) <= set(call["secrets"])
    assert flow["permissions"] == {}
    for called in REUSABLE[file]["jobs"].values():
        assert called["permissions"].items() <= job["permissions"].items(), "GitHub would refuse it"
    assert "concurrency" not in flow, (
        "the called workflow has its own; the same one twice cancels it"
    )


@pytest.mark.parametrize(("name", "flow"), EXAMPLES.items())
def test_an_example_runs_when_it_should(name, flow):
    event = EVENTS[name.rpartition("/")[2]]
    filters = on(flow)[event]
    if event == "workflow_dispatch":
        operations = filters["inputs"]["operation"]["options"]
        assert operations == ["status", "predict", "rollback", "delete"]
        assert filters["inputs"]["operation"]["default"] == "status", (
            "what a slip runs changes nothing"
        )
    else:
        assert filters["branches"] == ["main"]
        assert "paths" not in filters, "a required check that is skipped would wait for ever"


# By job: permissions of the kit's own workflows besides reading the code.
MORE_RIGHTS = {
    "release.yml release": {"contents": "write", "id-token": "write", "attestations": "write"},
    "codeql.yml analyze": {"security-events": "write"},
    "scorecard.yml scorecard": {"security-events": "write"},
}


@pytest.mark.parametrize(("name", "flow"), OWN.items())
def test_the_kits_own_workflows_ask_for_little_and_end(name, flow):
    assert flow["permissions"] == {}
    for key, job in flow["jobs"].items():
        assert "uses" in job or "timeout-minutes" in job
        more = MORE_RIGHTS.get(f"{name} {key}", {})
        assert job["permissions"] in ({}, {"contents": "read", **more})
        assert ("environment" in job) == (more.get("contents") == "write"), "reviewers decide"
        for step in job.get("steps", []):
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_a_release_is_checked_before_anything_is_signed():
    steps = OWN["release.yml"]["jobs"]["release"]["steps"]
    lines = [step.get("run", step.get("uses", "")) for step in steps]
    check, make = (
        next(n for n, line in enumerate(lines) if f"release.py {task}" in line)
        for task in ("check", "make")
    )
    signed = [n for n, line in enumerate(lines) if line.startswith("actions/attest@")]
    assert len(signed) == 2, "where it comes from, and what is in it"
    assert check < min(signed)
    assert max(signed) < make


def test_known_vulnerabilities_are_asked_for_each_day():
    flow = OWN["osv.yml"]
    assert [line["cron"].split()[2:] for line in on(flow)["schedule"]] == [["*", "*", "*"]]
    assert {"locks/**", "docker/*/requirements.txt"} <= set(on(flow)["pull_request"]["paths"])


def test_the_workflows_are_tested_with_the_checkout_that_they_use():
    used = set(re.findall(r"actions/checkout@(\w+)", "".join(f.read_text() for f in FILES)))
    given = [step.get("with", {}) for step in OWN["ci.yml"]["jobs"]["test"]["steps"]]
    (tested,) = (g["ref"] for g in given if g.get("repository") == "actions/checkout")
    assert used == {tested}


def test_a_dry_run_of_a_deployment_returns_what_its_plan_says():
    """Its other jobs are skipped, so their outputs are empty."""
    flow = REUSABLE["deploy.yml"]
    planned = {n for n, value in flow["jobs"]["find"]["outputs"].items() if "steps.plan" in value}
    assert {"plan", "endpoint-name", "endpoint-config", "model-name", "training-job"} <= planned
    returned = on(flow)["workflow_call"]["outputs"]
    assert all(f"jobs.find.outputs.{name}" in returned[name]["value"] for name in planned)


@pytest.mark.parametrize("target", ["test", "test-slow-files"])
def test_a_target_runs_only_the_tests_that_args_names(target):
    command = ["make", "--dry-run", target, "ARGS=tests/unit"]
    shown = subprocess.run(command, cwd=KIT, check=True, capture_output=True, text=True).stdout
    (line,) = (line for line in shown.splitlines() if "/pytest " in line)
    words = line.split()
    ignored = {place for flag, place in itertools.pairwise(words) if flag == "--ignore"}
    assert {word for word in words if word.startswith("tests")} - ignored == {"tests/unit"}


def test_every_kind_of_test_runs_in_ci():
    listed = re.compile(r"^(test[a-z-]*|benchmark):.* ##", re.MULTILINE)  # by `make help`
    targets = set(listed.findall((KIT / "Makefile").read_text()))
    assert set(OWN["ci.yml"]["jobs"]["test"]["strategy"]["matrix"]["target"]) == targets
    commands = (KIT / ".ci/run").read_text()
    assert all(f"make {target}" in commands for target in targets)
