"""The workflow's role: every step assumes it, and a refusal names the fix.

tests/slow/test_sessions.py tests its renewal.
"""

import pytest

from helpers.aws import ci_roles
from helpers.aws.assumed_role import assumed, keys, recorded
from helpers.aws.fault_proxy import Refuser, proxy
from helpers.github.token_server import Job, TokenServer
from helpers.kit import verb_runs

pytestmark = pytest.mark.slow

NOWHERE = {"DOCKER_HOST": "unix:///nowhere"}


@pytest.fixture(scope="module")
def role(emulator):
    iam = verb_runs.client("iam", emulator)
    ci_roles.create_provider(iam)
    return ci_roles.create_role(iam, "ci", "repo:acme/pumps:*")


@pytest.fixture
def github():
    """The token server of one job."""
    with TokenServer() as server:
        yield server


@pytest.fixture
def as_role(github, role):
    """The variables of a step that assumes the role."""
    return {"INPUT_ROLE_TO_ASSUME": role, "GITHUB_RUN_ID": "77", **github.environment()}


def test_every_step_of_a_deployment_takes_a_role(fresh, as_role):
    for verb in ("build-training-image", "train", "compile-handler", "deploy", "predict"):
        more = {"INPUT_REQUEST": "requests/three_flowers.csv"} if verb == "predict" else {}
        with recorded(fresh) as (exchanges, address):
            fresh.succeed(verb, **as_role, **more, **address)
        assert all(key.startswith("ASIA") for key in keys(exchanges)), verb
        assert assumed(exchanges), verb


def test_what_is_there_already_is_found_by_three_calls_of_aws(project, as_role):
    project.succeed("build-training-image", "--repository", "release", **as_role)
    with recorded(project) as (exchanges, address):
        again = project.succeed(
            "build-training-image", "--repository", "release", **as_role, **address
        )
    assert again.outputs["changed"] == "false"
    assert len(exchanges) <= 3, [exchange.what for exchange in exchanges]


def test_who_would_pull_an_image_is_settled_before_docker_is_asked(project, as_role):
    archive = project.root / "model.tar.gz"
    archive.write_bytes((project.root / "sagemaker.yml").read_bytes())
    words = ("image:1", "--model", archive, "--request", "requests/three_flowers.csv")
    result = project.run("check-image", *words, **{**as_role, **NOWHERE, "INPUT_AUDIENCE": "a b"})
    assert result.code == 2
    assert "Input 'audience'" in result.annotations[0]


def test_a_role_needs_no_other_credentials_and_is_named_after_the_run(project, github, as_role):
    nobody = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "HOME": "/nowhere"}
    with recorded(project) as (exchanges, address):
        project.succeed(
            "build-training-image", "--repository", "release", **as_role, **nobody, **address
        )
    (first, *_) = assumed(exchanges)
    assert first["RoleSessionName"] == ["matlab-sagemaker-77"]
    assert "DurationSeconds" not in first
    assert first["WebIdentityToken"] == github.tokens[:1]


def refused(project, environment, code=5):
    """Return the only annotation of a refused step, which must have sent AWS nothing else."""
    with recorded(project) as (exchanges, address):
        result = project.run("train", **{**address, **environment})
    assert result.code == code, result.stdout
    assert keys(exchanges) == []
    (annotation,) = result.annotations
    return annotation.replace("%0A", "\n"), exchanges


def test_a_job_without_the_permission_is_told_how_to_have_it(project, role):
    said, exchanges = refused(project, {"INPUT_ROLE_TO_ASSUME": role})
    assert "`permissions: id-token: write`" in said
    assert "from a fork" in said
    assert exchanges == []


def test_a_token_endpoint_that_refuses_is_told(project, as_role):
    wrong = {**as_role, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "another"}
    said, exchanges = refused(project, wrong)
    assert "refused with 401" in said
    assert "id-token: write" in said
    assert exchanges == []


@pytest.mark.parametrize("immutable", [False, True])
def test_a_trust_policy_for_the_other_form_of_sub_is_told_with_both(
    project, github, as_role, emulator, immutable
):
    github.job = Job(event="pull_request", immutable_sub=immutable)
    other = Job(event="pull_request", immutable_sub=not immutable)
    iam = verb_runs.client("iam", emulator)
    mistaken = ci_roles.create_role(iam, f"mistaken-{immutable}".lower(), other.sub)
    said, _ = refused(project, {**as_role, "INPUT_ROLE_TO_ASSUME": mistaken})
    assert "Not authorized to perform sts:AssumeRoleWithWebIdentity" in said
    assert f"sub of the token: {github.job.sub}" in said
    assert "aud of the token: sts.amazonaws.com" in said
    assert other.sub in said
    assert not [token for token in github.tokens if token.split(".")[1] in said]


def test_a_role_that_is_not_there_is_told(project, as_role, role):
    said, _ = refused(project, {**as_role, "INPUT_ROLE_TO_ASSUME": f"{role}-gone"})
    assert f"{role}-gone" in said
    assert "the role does not exist" in said


def test_an_account_without_githubs_provider_is_told(project, as_role, role):
    elsewhere = role.replace("123456789012", "210987654321")
    said, _ = refused(project, {**as_role, "INPUT_ROLE_TO_ASSUME": elsewhere})
    assert "No OpenIDConnect provider found" in said
    assert "In IAM of the account 210987654321, create" in said


def test_an_audience_that_the_provider_does_not_have_is_told(project, github, as_role):
    said, _ = refused(project, {**as_role, "INPUT_AUDIENCE": "sts.amazonaws.com.cn"})
    assert "Incorrect token audience" in said
    assert "with the audience sts.amazonaws.com.cn" in said


def test_a_region_that_is_not_active_is_told(project, as_role):
    body = "<Code>RegionDisabledException</Code><Message>not activated</Message>"
    refusal = Refuser("POST /", 403, f"<ErrorResponse><Error>{body}</Error></ErrorResponse>")
    with proxy(project.url, refusal) as url:
        result = project.run("train", **as_role, AWS_ENDPOINT_URL=url)
    assert result.code == 5
    assert "RegionDisabledException: not activated" in result.annotations[0]
    assert "activate STS" in result.annotations[0]


def test_a_region_that_cannot_be_reached_is_told(project, as_role):
    result = project.run("train", **as_role, AWS_ENDPOINT_URL="http://127.0.0.1:9")
    assert result.code == 5
    assert "Check the Region's name" in result.annotations[0]


def test_a_clock_that_is_wrong_is_told(project, github, as_role):
    github.life_s = -60
    said, _ = refused(project, as_role)
    assert "ExpiredTokenException" in said
    assert "Correct the runner's clock" in said


def test_a_role_is_no_input_by_hand(project, github, as_role):
    with recorded(project) as (exchanges, address):
        result = project.run("train", **as_role, **address, GITHUB_ACTIONS="")
    assert result.code == 2
    assert "only in a job of GitHub Actions" in result.stderr
    assert (exchanges, github.requests) == ([], 0)


@pytest.mark.parametrize(
    ("name", "value"),
    [("ROLE_TO_ASSUME", "ci"), ("AUDIENCE", "a b"), ("ROLE_SESSION_NAME", "refs/heads/main")],
)
def test_a_wrong_input_is_told_before_anybody_is_asked(project, github, as_role, name, value):
    said, exchanges = refused(project, {**as_role, f"INPUT_{name}": value}, code=2)
    assert f"Input '{name.lower().replace('_', '-')}' is '{value}'" in said
    assert (exchanges, github.requests) == ([], 0)
