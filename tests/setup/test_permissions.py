"""What the steps ask of AWS is what their roles may do, and nothing that they may do is idle.

The steps are run, and their requests recorded; IAM is asked about every one. A new verb gets its
scene in SCENES, and its actions in matlab_sagemaker/permissions.py.
"""

import dataclasses
import json
import re

import pytest

import acting
import harness
import iam_requests
from conftest import KIT
from matlab_sagemaker import arns, permissions
from ways import Recorder, way

ACCOUNT = "123456789012"


def deploy_and_come_late(project, url):
    """Deploy two commits, and the older one once more: it leaves the endpoint to the newer."""
    acting.git(project.root, "init", "-q")
    older = acting.commit(project.root, "Older")
    project.succeed("deploy", AWS_ENDPOINT_URL=url, GITHUB_SHA=older)
    project.edit("sagemaker.yml", "  instance_count: 1", "  instance_count: 2")
    newer = acting.commit(project.root, "Newer")
    project.succeed("deploy", AWS_ENDPOINT_URL=url, GITHUB_SHA=newer)
    late = project.succeed("deploy", "--unless-newer", AWS_ENDPOINT_URL=url, GITHUB_SHA=older)
    assert late.outputs["left-to"] == newer


def status_with_and_without(project, url):
    """Ask for the endpoint, and for one that is not there."""
    project.succeed("status", AWS_ENDPOINT_URL=url)
    project.call_endpoint(f"{project.name}-none")
    project.succeed("status", AWS_ENDPOINT_URL=url)
    project.call_endpoint(project.name)


SCENES = {  # each step, from nothing to all that it does here; in the order of the pipeline
    "build-training-image": lambda project, url: (
        project.succeed(
            "build-training-image",
            "--store-token",
            AWS_ENDPOINT_URL=url,
            MLM_LICENSE_TOKEN="user@example.com::token",
        ),
    ),
    "build-training-image --find-only": lambda project, url: project.succeed(
        "build-training-image", "--find-only", AWS_ENDPOINT_URL=url
    ),
    "train": lambda project, url: project.succeed("train", AWS_ENDPOINT_URL=url),
    "compile-handler": lambda project, url: project.succeed(
        "compile-handler", AWS_ENDPOINT_URL=url
    ),
    "compile-handler --find-only": lambda project, url: project.succeed(
        "compile-handler", "--find-only", AWS_ENDPOINT_URL=url
    ),
    "deploy": deploy_and_come_late,
    "predict": lambda project, url: (
        project.succeed("predict", "--request", FLOWERS, AWS_ENDPOINT_URL=url),
        project.run("predict", "--request", "sagemaker.yml", AWS_ENDPOINT_URL=url),
    ),
    "status": status_with_and_without,
    "rollback": lambda project, url: project.succeed("rollback", AWS_ENDPOINT_URL=url),
    "delete": lambda project, url: project.succeed(
        "delete", "--endpoint-name", project.name, AWS_ENDPOINT_URL=url
    ),
}
FLOWERS = "requests/three_flowers.csv"
NOT_SHOWN = {  # why there is no scene
    "check-image": "it runs an image by Docker",
}
ROLE_OF = {step: role for role, steps in permissions.ROLES.items() for step in steps}
GRANTED = {
    role: {
        p for step in steps for p in permissions.STEPS[step]
        if p.makes not in permissions.MADE_BY_TEMPLATE
    }
    for role, steps in permissions.ROLES.items()
}  # fmt: skip


@pytest.fixture(scope="module")
def project(account, tmp_path_factory):
    made = harness.example(tmp_path_factory.mktemp("steps") / "repository", account.url)
    secret = account.outputs["BatchTokenSecretName"]
    made.edit("sagemaker.yml", "matlab:\n", f"matlab:\n  batch_token_secret: {secret}\n")
    return made


@pytest.fixture(scope="module")
def recorded(project):
    """Return what IAM is asked in each step's scene."""
    asked = {}
    for step, scene in SCENES.items():
        recorder = Recorder()
        with way(project.url, recorder) as url:
            scene(project, url)
        asked[step] = {
            question
            for exchange in recorder.exchanges
            for question in iam_requests.asked(exchange, ACCOUNT)
        }
    return asked


@pytest.fixture(scope="module")
def names(account, project):
    outputs = account.outputs
    return arns.Names(
        partition="aws",
        region=harness.REGION,
        account=ACCOUNT,
        project=project.name,
        endpoint=project.name,
        bucket=outputs["BucketName"],
        role=outputs["ExecutionRoleArn"],
        secret=outputs["BatchTokenSecretArn"],
    )


KINDS = {  # what an ARN is of, as permissions.py calls it
    r"\*": "anything",
    r"arn:aws:ecr:.*:repository/matlab-sagemaker/training": "training image",
    r"arn:aws:ecr:.*:repository/matlab-sagemaker/inference": "inference image",
    r"arn:aws:s3:::[^/]+": "bucket",
    r"arn:aws:s3:::[^/]+/[^/]+/code/.+": "code",
    r"arn:aws:s3:::[^/]+/[^/]+/data/.+": "data",
    r"arn:aws:s3:::[^/]+/[^/]+/jobs/.+": "trained model",
    r"arn:aws:sagemaker:.*:training-job/.+": "job",
    r"arn:aws:sagemaker:.*:model/.+": "model",
    r"arn:aws:sagemaker:.*:endpoint-config/.+": "configuration",
    r"arn:aws:sagemaker:.*:endpoint/.+": "endpoint",
    r"arn:aws:logs:.*/TrainingJobs:log-stream:": "logs of jobs",
    r"arn:aws:logs:.*/TrainingJobs:log-stream:.+": "job's log",
    r"arn:aws:logs:.*/Endpoints/.+:log-stream:.*": "endpoint's log",
    r"arn:aws:iam:.*:role/.+": "execution role",
    r"arn:aws:secretsmanager:.+": "secret",
}


def kind(resource):
    (found,) = {on for pattern, on in KINDS.items() if re.fullmatch(pattern, resource)}
    return found


def test_every_kind_of_thing_is_known_by_its_arn(names):
    kinds = set(KINDS.values())
    assert kinds == {p.on for listed in permissions.STEPS.values() for p in listed}
    assert {on: kind(arns.resource(on, names)) for on in kinds} == {on: on for on in kinds}


def role_arn(account, role):
    return account.outputs[f"{role.capitalize()}RoleArn"]


def granted_actions(account, role):
    """Return the actions in a role's policies, as they are in the account."""
    policy = account.client("iam").get_role_policy(RoleName=f"matlab-sagemaker-{role}",
                                                   PolicyName="steps")  # fmt: skip
    listed = [s["Action"] for s in policy["PolicyDocument"]["Statement"]]
    return {a for actions in listed for a in ([actions] if isinstance(actions, str) else actions)}


def test_every_step_has_a_scene_or_a_reason():
    assert sorted(permissions.STEPS) == sorted({**SCENES, **NOT_SHOWN})
    assert sorted(ROLE_OF) == sorted(permissions.STEPS)


@pytest.mark.parametrize("step", SCENES)
def test_the_role_may_do_what_the_step_asks(account, recorded, step):
    assert recorded[step]
    for question in recorded[step]:
        resource = re.sub(r"(:secret:.*-)$", r"\g<1>AbCdEf", question.resource)
        if ":secret:" in resource:
            resource = account.outputs["BatchTokenSecretArn"]
        decision = account.decide(
            role_arn(account, ROLE_OF[step]), question.action, resource, question.context
        )
        assert decision == "allowed", question


@pytest.mark.parametrize("step", SCENES)
def test_the_list_names_just_what_the_step_asks(recorded, step):
    asked = {(question.action, kind(question.resource)) for question in recorded[step]}
    listed = {(p.action, p.on) for p in permissions.STEPS[step]}
    always = {
        (p.action, p.on)
        for p in permissions.STEPS[step]
        if not p.when and p.makes not in permissions.MADE_BY_TEMPLATE
    }
    assert asked <= listed
    assert always <= asked


@pytest.mark.parametrize("role", permissions.ROLES)
def test_a_role_has_the_actions_of_its_steps_and_no_other(account, role):
    assert granted_actions(account, role) == {p.action for p in GRANTED[role]}


@pytest.mark.parametrize("role", permissions.ROLES)
def test_each_action_reaches_what_it_is_for(account, names, role):
    for permission in GRANTED[role]:
        resource = arns.resource(permission.on, names)
        context = permissions.CONTEXT.get(permission.action, {})
        arn = role_arn(account, role)
        assert account.decide(arn, permission.action, resource, context) == "allowed", permission


@pytest.mark.parametrize("role", permissions.ROLES)
def test_no_action_reaches_what_is_somebody_elses(account, names, role):
    others = dataclasses.replace(
        names,
        project="other",
        endpoint="other",
        bucket="other-bucket",
        role=f"arn:aws:iam::{ACCOUNT}:role/administrator",
        secret=f"arn:aws:secretsmanager:{harness.REGION}:{ACCOUNT}:secret:database-AbCdEf",
    )
    shared = {"anything", "training image", "inference image", "logs of jobs"}  # of all projects
    for permission in GRANTED[role]:
        if permission.on not in shared:
            resource = arns.resource(permission.on, others)
            context = permissions.CONTEXT.get(permission.action, {})
            arn = role_arn(account, role)
            assert account.decide(arn, permission.action, resource, context) == "implicitDeny"


@pytest.mark.parametrize("role", ["train", "deploy"])
def test_the_execution_role_is_passed_to_sagemaker_alone(account, names, role):
    elsewhere = {"iam:PassedToService": "ec2.amazonaws.com"}
    for context in (elsewhere, {}):
        decision = account.decide(role_arn(account, role), "iam:PassRole", names.role, context)
        assert decision == "implicitDeny"


def test_no_role_reads_the_token_but_the_execution_role(account, names):
    reads = "secretsmanager:GetSecretValue"
    for role in permissions.ROLES:
        arn = role_arn(account, role)
        assert account.decide(arn, reads, names.secret, {}) == "implicitDeny"
    execution = account.outputs["ExecutionRoleArn"]
    assert account.decide(execution, reads, names.secret, {}) == "allowed"


@pytest.mark.parametrize("role", permissions.ROLES)
def test_doctor_finds_all_that_a_role_needs(account, project, recorded, role):
    assert recorded  # the images are there
    words = [step for step in permissions.ROLES[role] if " " not in step]
    told = project.run(
        "doctor", "--json", "--steps", " ".join(words), "--principal", role_arn(account, role)
    )
    rows = {row["what"]: row["state"] for row in json.loads(told.stdout)["checks"]}
    assert told.code == 0, told.stderr
    assert {rows[f"permissions of {step}"] for step in words} == {"fine"}


def test_readme_names_the_actions_of_each_step():
    text = (KIT / "README.md").read_text(encoding="utf-8")
    table = [row.split("|")[1:3] for row in text.splitlines() if row.startswith("| ")]
    for step in permissions.STEPS:
        rows = [named for who, named in table if f"`{step}`" in who and ":" in named]
        words = {word for row in rows for word in re.findall(r"`(?:[a-z0-9-]+:)?([A-Z]\w+)`", row)}
        assert words == {p.action.partition(":")[2] for p in permissions.STEPS[step]}, step
