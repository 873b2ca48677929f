"""Doctor by hand, for the workflows: checks roles and remote, and requires nothing of a laptop."""

import json

import pytest

from helpers.aws import ci_roles, iam_requests
from helpers.aws.fault_proxy import Recorder, Refuser, proxy
from helpers.kit.doctor_runs import Machine, allow, examine, role
from helpers.kit.git_repository import git
from matlab_sagemaker.doctor import permissions

pytestmark = pytest.mark.slow

BY_HAND = {"GITHUB_ACTIONS": "", "INPUT_BUILDER": "docker", "DOCKER_HOST": "unix:///nowhere",
           "GH_CONFIG_DIR": "/none"}  # fmt: skip
ON_MACHINE = ("Docker", "buildx", "disk", "MATLAB", "Octave")
REFUSED = '{"__type": "AccessDeniedException", "message": "is not authorized to perform: it"}'
MAIN, PULL_REQUEST = "ref:refs/heads/main", "pull_request"
CONTEXTS = {"image": (PULL_REQUEST, MAIN), "train": (PULL_REQUEST, MAIN), "build": (MAIN,),
            "deploy": ("environment:production",)}  # fmt: skip


@pytest.fixture
def pushed(project):
    """A project with its own remote, whose engine needs MATLAB to compile."""
    git(project.root, "init", "-q", "-b", "main")
    git(project.root, "remote", "add", "origin", f"git@github.com:acme/{project.name}.git")
    project.edit("sagemaker.yml", "engine: octave", "engine: matlab")
    return project


@pytest.fixture
def roles(pushed, aws):
    """Return a function that creates the four roles for a repository, as the template does."""
    iam, made = aws("iam"), []

    def make(repository, *statements):
        for kind, contexts in CONTEXTS.items():
            name = f"matlab-sagemaker-{kind}"
            ci_roles.create_role(iam, name, [f"repo:{repository}:{c}" for c in contexts])
            made.append(name)
            policy = {"Version": "2012-10-17", "Statement": list(statements)}
            iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(policy))

    yield make
    for name in made:
        iam.delete_role_policy(RoleName=name, PolicyName="p")
        iam.delete_role(RoleName=name)


def test_before_the_first_pull_request_nothing_is_wrong(pushed, roles, tmp_path):
    roles(f"acme/{pushed.name}", allow("*"))
    bare = Machine(tmp_path / "bin").without("octave-cli").environment
    found, result = examine(pushed, **BY_HAND, **bare)
    assert result.code == 0
    assert found["this machine"]["state"] == "skipped"
    assert not set(ON_MACHINE) & set(found)
    assert found["training image"]["state"] == found["inference image"]["state"] == "skipped"
    assert found["git remote"]["found"] == f"acme/{pushed.name}"
    for steps in permissions.ROLES.values():
        for step in {"train", "deploy", "compile-handler", "predict"} & set(steps):
            assert found[f"permissions of {step}"]["state"] == "fine"


def test_with_steps_it_is_this_machine_that_has_to_do_them(pushed):
    found, _ = examine(pushed, "--steps", "build-training-image compile-handler", **BY_HAND)
    assert {found[what]["state"] for what in ("Docker", "MATLAB")} == {"wrong"}
    assert "git remote" not in found


def test_what_the_repositorys_workflows_deploy_is_shown(pushed, roles):
    roles(f"acme/{pushed.name}", allow("*"))
    found, _ = examine(pushed, **BY_HAND)
    said = "deploy.yml, operate.yml: branch main, environment production"
    assert found["workflows"]["found"] == said


def test_an_account_without_the_roles_is_not_ready(pushed):
    found, result = examine(pushed, **BY_HAND)
    assert result.code == 18
    row = found["roles of the workflows"]
    assert row["state"] == "wrong"
    assert "matlab-sagemaker-image, matlab-sagemaker-train, " in row["found"]
    assert "scripts/setup/aws.yml" in row["fix"]
    assert "--principal" in row["fix"]


def test_a_role_that_is_not_there_is_one_finding(pushed):
    principal = "arn:aws:iam::123456789012:role/nope"
    found, result = examine(pushed, "--principal", principal)
    assert result.code == 18
    assert found["role nope"]["state"] == "wrong"
    assert "--principal" in found["role nope"]["fix"]
    assert not [what for what in found if what.startswith("permissions")]


def test_a_repository_that_is_pushed_nowhere_has_no_workflows(project):
    found, _ = examine(project, **BY_HAND)
    assert found["git remote"]["state"] == "wrong"


def test_a_project_without_a_handler_is_asked_for_its_model_alone(pushed, aws):
    text = (pushed.root / "sagemaker.yml").read_text()
    pushed.write("sagemaker.yml", text.partition("\ninference:")[0])
    arn = role(aws, f"{pushed.name}-ci", allow("*"))
    found, _ = examine(pushed, **BY_HAND)
    named = "not there: matlab-sagemaker-image, matlab-sagemaker-train"
    assert found["roles of the workflows"]["found"] == named
    found, _ = examine(pushed, "--principal", arn)
    assert found["inference image"]["state"] == "skipped"
    steps = {what for what in found if what.startswith("permissions of ")}
    assert steps == {"permissions of build-training-image", "permissions of train"}


def test_what_the_caller_may_not_is_no_fault_of_the_principal(pushed, aws):
    arn = role(aws, f"{pushed.name}-ci", allow("*"))
    refuser = Refuser("AmazonEC2ContainerRegistry", 400, REFUSED)
    with proxy(pushed.url, refuser) as url:
        asked, _ = examine(pushed, "--steps", "train", "--principal", arn, AWS_ENDPOINT_URL_ECR=url)
        alone, _ = examine(pushed, "--steps", "train", AWS_ENDPOINT_URL_ECR=url)
    assert "not authorized" in asked["training image"]["found"]
    assert asked["training image"]["state"] == "skipped"
    assert alone["training image"]["state"] == "wrong"


def test_a_role_for_another_prefix_is_told_so(pushed, aws):
    elsewhere = [
        {"Effect": "Deny", "Action": "*", "Resource": f"arn:aws:{service}:*{pushed.name}*"}
        for service in ("sagemaker", "logs")
    ]
    objects = f"arn:aws:s3:::*/{pushed.name}/*"
    deny = {"Effect": "Deny", "Action": "*", "Resource": objects}
    arn = role(aws, f"{pushed.name}-ci", allow("*"), deny, *elsewhere)
    logs = {"Effect": "Deny", "Action": "logs:*", "Resource": "*"}
    other = role(aws, f"{pushed.name}-less", allow("*"), logs)
    row = examine(pushed, "--steps", "train", "--principal", arn)[0]["permissions of train"]
    assert f"not for names that begin with {pushed.name}" in row["fix"]
    row = examine(pushed, "--steps", "train", "--principal", other)[0]["permissions of train"]
    assert row["fix"].startswith("Add them")


def test_of_the_roles_nothing_is_changed(pushed, roles):
    roles(f"acme/{pushed.name}", allow("*"))
    recorder = Recorder()
    with proxy(pushed.url, recorder) as url:
        examine(pushed, AWS_ENDPOINT_URL=url, **BY_HAND)
    asked = {q.action for e in recorder.exchanges for q in iam_requests.asked(e, "123456789012")}
    assert {"iam:GetRole", "iam:SimulatePrincipalPolicy"} <= asked
    iam = {action for action in asked if action.startswith("iam:")}
    assert iam == {"iam:GetRole", "iam:SimulatePrincipalPolicy"}
