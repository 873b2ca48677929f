"""The roles have exactly the permissions that their steps need.

Each step is run with a session of its role, on an emulator that enforces IAM, and its requests are
recorded; jobs and endpoints run as their own roles. IAM is asked about each, too. A new verb
gets its scene in SCENES, and its actions in matlab_sagemaker/doctor/permissions.py.
"""

import dataclasses
import json
import re

import pytest

from helpers.aws import iam_requests, template_account
from helpers.aws.fault_proxy import DENIED, Recorder, Refuser, proxy
from helpers.kit import verb_runs
from helpers.kit.git_repository import commit, git
from helpers.kit.mat_files import mat_file
from helpers.kit.paths import KIT
from matlab_sagemaker.doctor import arns, permissions

MADE_BY_TEMPLATE = {"bucket", "secret"}  # so no role needs to make it


def deploy_and_come_late(project, url):
    """Deploy two commits, and the older one once more: it leaves the endpoint to the newer."""
    git(project.root, "init", "-q")
    older = commit(project.root, "Older")
    project.succeed("deploy", AWS_ENDPOINT_URL=url, GITHUB_SHA=older)
    project.serve_on("ml.m5.xlarge")
    newer = commit(project.root, "Newer")
    project.succeed("deploy", AWS_ENDPOINT_URL=url, GITHUB_SHA=newer)
    late = project.succeed("deploy", "--unless-newer", AWS_ENDPOINT_URL=url, GITHUB_SHA=older)
    assert late.outputs["left-to"] == newer


def look_beside_what_serves(project, url):
    """Show what a deployment would change, and compare with the deployed model again."""
    project.succeed("deploy", "--dry-run", AWS_ENDPOINT_URL=url)
    project.succeed("train", AWS_ENDPOINT_URL=url)


def deploy_both_kinds_of_model(project, url):
    """Deploy the trained model, and then the same model as an existing one."""
    deploy_and_come_late(project, url)
    text = (project.root / "sagemaker.yml").read_text()
    head, rest = text.split("training:\n")
    project.write("sagemaker.yml", f"{head}model: model\ninference:{rest.split('inference:')[1]}")
    (project.root / "model").mkdir()
    (project.root / "model/model.mat").write_bytes(mat_file("model"))
    with proxy(url, Refuser("CreateModel", 403, DENIED)) as until:  # which is as before
        assert project.run("deploy", AWS_ENDPOINT_URL=until).code == 5
    project.write("sagemaker.yml", text)


def status_with_and_without(project, url):
    """Show the endpoint, and one that does not exist."""
    project.succeed("status", AWS_ENDPOINT_URL=url)
    project.call_endpoint(f"{project.name}-none")
    assert project.run("status", AWS_ENDPOINT_URL=url).code == 3
    project.call_endpoint(project.name)


def end_a_trial(project, url):
    """Predict as deploy.yml's smoke test does, and send a request that no handler can answer."""
    tried = ("--tried-config", project.succeed("status").outputs["endpoint-config"])
    project.succeed("predict", "--request", FLOWERS, *tried, AWS_ENDPOINT_URL=url)
    project.run("predict", "--request", "sagemaker.yml", AWS_ENDPOINT_URL=url)


SCENES = {  # each step, from nothing to all that it does, in the order of the pipeline
    "build-training-image": lambda project, url: (
        project.succeed(
            "build-training-image",
            "--store-token",
            AWS_ENDPOINT_URL=url,
            MLM_LICENSE_TOKEN="user@example.com::token",
        ),
    ),
    "build-training-image --repository release": lambda project, url: project.succeed(
        "build-training-image", "--repository", "release", AWS_ENDPOINT_URL=url
    ),
    "build-training-image --find-only": lambda project, url: project.succeed(
        "build-training-image", "--find-only", AWS_ENDPOINT_URL=url
    ),
    "train": lambda project, url: project.succeed("train", AWS_ENDPOINT_URL=url),
    "try-handler": lambda project, url: project.succeed("try-handler", AWS_ENDPOINT_URL=url),
    "compile-handler": lambda project, url: project.succeed(
        "compile-handler", AWS_ENDPOINT_URL=url
    ),
    "compile-handler --find-only": lambda project, url: project.succeed(
        "compile-handler", "--find-only", AWS_ENDPOINT_URL=url
    ),
    "deploy": deploy_both_kinds_of_model,
    "deploy --dry-run": look_beside_what_serves,
    "predict": end_a_trial,
    "status": status_with_and_without,
    "rollback": lambda project, url: project.succeed("rollback", AWS_ENDPOINT_URL=url),
    "delete": lambda project, url: project.succeed(
        "delete", "--endpoint-name", project.name, AWS_ENDPOINT_URL=url
    ),
}
FLOWERS = "requests/three_flowers.csv"
NOT_SHOWN = {  # verbs without a scene, and why
    "check-image": "it runs an image by Docker",
}
ROLE_OF = {step: role for role, steps in permissions.ROLES.items() for step in steps}
GRANTED = {
    role: {
        p for step in steps for p in permissions.STEPS[step]
        if p.makes not in MADE_BY_TEMPLATE
    }
    for role, steps in permissions.ROLES.items()
}  # fmt: skip


@pytest.fixture(scope="module")
def account(emulator):
    return template_account.made(emulator)


@pytest.fixture(scope="module")
def project(account, tmp_path_factory):
    folder = tmp_path_factory.mktemp("steps") / "repository"
    made = verb_runs.example(folder, account.url, **account.keys())
    secret = account.outputs["BatchTokenSecretName"]
    made.edit("sagemaker.yml", "matlab:\n", f"matlab:\n  batch_token_secret: {secret}\n")
    return made


@pytest.fixture(scope="module")
def recorded(account, project, enforcing):
    """Return what IAM checks in each step's scene."""
    asked = {}
    own, before = project.environment, enforcing.errors
    for step, scene in SCENES.items():
        project.environment = account.session(role_arn(account, ROLE_OF[step]))
        recorder = Recorder()
        with proxy(project.url, recorder) as url:
            scene(project, url)
        asked[step] = {
            question
            for exchange in recorder.exchanges
            for question in iam_requests.asked(exchange, account.number)
        }
    project.environment = own
    assert "denied" not in enforcing.errors.removeprefix(before)  # of jobs and endpoints, too
    return asked


@pytest.fixture(scope="module")
def names(account, project):
    outputs = account.outputs
    return arns.ResourceNames(
        partition="aws",
        region=verb_runs.REGION,
        account=account.number,
        project=project.name,
        endpoint=project.name,
        bucket=outputs["BucketName"],
        training_role=outputs["TrainingRoleArn"],
        serving_role=outputs["ServingRoleArn"],
        secret=outputs["BatchTokenSecretArn"],
    )


KINDS = {  # the resource of an ARN, as permissions.py calls it
    r"\*": "anything",
    r"arn:aws:ecr:.*:repository/matlab-sagemaker/release": "release",
    r"arn:aws:ecr:.*:repository/matlab-sagemaker/candidate": "candidate",
    r"arn:aws:s3:::[^/]+": "bucket",
    r"arn:aws:s3:::[^/]+/code/.+": "code",
    r"arn:aws:s3:::[^/]+/data/.+": "data",
    r"arn:aws:s3:::[^/]+/sealed/.+/card\.json": "card",
    r"arn:aws:s3:::[^/]+/sealed/.+/model\.tar\.gz": "trained model",
    r"arn:aws:s3:::[^/]+/models/.+": "given model",
    r"arn:aws:sagemaker:.*:training-job/.+": "job",
    r"arn:aws:sagemaker:.*:model/.+": "model",
    r"arn:aws:sagemaker:.*:endpoint-config/.+": "configuration",
    r"arn:aws:sagemaker:.*:endpoint/.+": "endpoint",
    r"arn:aws:logs:.*/TrainingJobs:log-stream:": "logs of jobs",
    r"arn:aws:logs:.*/TrainingJobs:log-stream:.+": "job's log",
    r"arn:aws:logs:.*/Endpoints/.+:log-stream:.*": "endpoint's log",
    r"arn:aws:iam:.*:role/.+-training": "training role",
    r"arn:aws:iam:.*:role/.+-serving": "serving role",
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
        if not p.when and p.makes not in MADE_BY_TEMPLATE
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
        context = arns.context([permission.action], names)
        arn = role_arn(account, role)
        assert account.decide(arn, permission.action, resource, context) == "allowed", permission


@pytest.mark.parametrize("role", permissions.ROLES)
def test_no_action_reaches_what_is_somebody_elses(account, names, role):
    others = dataclasses.replace(
        names,
        project="other",
        endpoint="other",
        bucket="other-bucket",
        training_role=f"arn:aws:iam::{account.number}:role/administrator",
        serving_role=f"arn:aws:iam::{account.number}:role/administrator",
        secret=f"arn:aws:secretsmanager:{verb_runs.REGION}:{account.number}:secret:database-AbCdEf",
    )
    shared = {"anything", "release", "candidate", "logs of jobs"}  # of all projects
    for permission in GRANTED[role]:
        if permission.on not in shared:
            resource = arns.resource(permission.on, others)
            context = arns.context([permission.action], names)
            arn = role_arn(account, role)
            assert account.decide(arn, permission.action, resource, context) == "implicitDeny"


@pytest.mark.parametrize("role", [*permissions.ROLES, "training", "serving"])
@pytest.mark.parametrize("passed", ["training", "serving"])
def test_a_role_is_passed_by_one_role_and_to_sagemaker_only(account, role, passed):
    to_sagemaker = {"iam:PassedToService": "sagemaker.amazonaws.com"}
    elsewhere = {"iam:PassedToService": "ec2.amazonaws.com"}
    for context in (to_sagemaker, elsewhere, {}):
        decision = account.decide(
            role_arn(account, role), "iam:PassRole", role_arn(account, passed), context
        )
        may_pass = (role, passed) in {("train", "training"), ("deploy", "serving")}
        allowed = may_pass and context == to_sagemaker
        assert decision == ("allowed" if allowed else "implicitDeny"), context


def test_no_role_reads_the_token_but_the_training_role(account, names):
    reads = "secretsmanager:GetSecretValue"
    for role in (*permissions.ROLES, "serving"):
        arn = role_arn(account, role)
        assert account.decide(arn, reads, names.secret, {}) == "implicitDeny"
    training = account.outputs["TrainingRoleArn"]
    assert account.decide(training, reads, names.secret, {}) == "allowed"


@pytest.mark.parametrize("role", permissions.ROLES)
def test_doctor_finds_all_that_a_role_needs(account, project, recorded, role):
    assert recorded  # the images exist
    words = [step for step in permissions.ROLES[role] if " " not in step]
    told = project.run(
        "doctor", "--json", "--steps", " ".join(words), "--principal", role_arn(account, role)
    )
    rows = {row["what"]: row["state"] for row in json.loads(told.stdout)["checks"]}
    assert told.code == 0, told.stderr
    assert {rows[f"permissions of {step}"] for step in words} == {"fine"}


def test_the_docs_name_the_actions_of_each_step():
    text = (KIT / "docs/aws-permissions.md").read_text(encoding="utf-8")
    table = [row.split("|")[1:3] for row in text.splitlines() if row.startswith("| ")]
    for step in permissions.STEPS:
        rows = [named for who, named in table if f"`{step}`" in who and ":" in named]
        words = {word for row in rows for word in re.findall(r"`(?:[a-z0-9-]+:)?([A-Z]\w+)`", row)}
        assert words == {p.action.partition(":")[2] for p in permissions.STEPS[step]}, step


def test_the_docs_name_the_actions_of_a_network():
    text = (KIT / "docs/aws-permissions.md").read_text(encoding="utf-8")
    (row,) = (line for line in text.splitlines() if line.startswith("| both, with `aws.vpc`"))
    words = set(re.findall(r"`(?:ec2:)?([A-Z]\w+)`", row))
    assert words == {p.action.partition(":")[2] for p in permissions.IN_VPC}
