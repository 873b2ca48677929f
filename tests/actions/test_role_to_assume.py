"""A role of the workflow's own: renewed without a word, and refused with words that name the fix.

Sessions last five seconds here, at AWS as on the client; a step takes longer.
"""

import re
from contextlib import contextmanager
from urllib.parse import parse_qs

import pytest

import ci_role
import harness
from emulated_process import Emulator
from harness import SAVE, jobs, wait_for, write_function
from token_server import Job, TokenServer
from ways import Recorder, Refuser, way

SECONDS = 5
NOWHERE = {"DOCKER_HOST": "unix:///nowhere"}


@pytest.fixture(scope="module")
def issuer():
    with TokenServer() as server:
        yield server


@pytest.fixture(scope="module")
def emulator(issuer, tmp_path_factory):
    options = ("--time-scale", "0.01", "--session-seconds", SECONDS, "--issuer", issuer.url)
    started = Emulator(tmp_path_factory.mktemp("emulator") / "work", *options)
    harness.create_role(started.url)
    ci_role.create_provider(harness.client("iam", started.url))
    yield started.url
    assert started.stop() == 0


@pytest.fixture(scope="module")
def role(emulator):
    return ci_role.create_role(harness.client("iam", emulator), "ci", "repo:acme/pumps:*")


@pytest.fixture
def github():
    """The token server of one job."""
    with TokenServer() as server:
        yield server


@pytest.fixture
def as_role(github, role):
    """What a workflow gives to a step that assumes the role."""
    return {"INPUT_ROLE_TO_ASSUME": role, "GITHUB_RUN_ID": "77", **github.environment()}


@contextmanager
def recorded(project):
    """Yield the exchanges with AWS, as they come, and the address to have them by."""
    recorder = Recorder()
    with way(project.url, recorder) as url:
        yield recorder.exchanges, {"AWS_ENDPOINT_URL": url}


def keys(exchanges):
    """Return the access keys that the requests are signed with, in order, each once."""
    found = [re.search(rb"Credential=([^/]+)/", exchange.sent) for exchange in exchanges]
    return list(dict.fromkeys(match[1].decode() for match in found if match))


def assumed(exchanges):
    """Return what was sent to STS for a session."""
    bodies = (exchange.sent.rpartition(b"\n")[2].decode(errors="replace") for exchange in exchanges)
    return [parse_qs(body) for body in bodies if "AssumeRoleWithWebIdentity" in body]


def secrets(exchanges, github):
    words = rb"<(?:SecretAccessKey|SessionToken)>([^<]+)<"
    of_aws = [each.decode() for exchange in exchanges for each in re.findall(words, exchange.body)]
    assert len(of_aws) == 2 * len(github.tokens)
    return [*github.tokens, *of_aws, github.request_token]


def shown(result):
    """Return what GitHub shows of a step's output: commands are obeyed, unless they are stopped."""
    lines, masks, stopped = [], [], ""
    for line in (result.stdout + result.stderr).splitlines():
        if stopped:
            stopped = "" if line == f"::{stopped}::" else stopped
            lines.append(line)
        elif line.startswith("::stop-commands::"):
            stopped = line.removeprefix("::stop-commands::")
        elif line.startswith("::add-mask::"):
            masks.append(line.removeprefix("::add-mask::").replace("%25", "%"))
        else:
            lines.append(line)
    return "\n".join(lines), masks


def test_a_session_that_ends_in_mid_training_is_renewed_unseen(project, github, as_role):
    project.succeed("build-training-image", **as_role)
    write_function(project, "for k = 1:14, disp(k); pause(1); end", SAVE)
    github.tokens.clear()
    with recorded(project) as (exchanges, address):
        result = project.succeed("train", **as_role, **address)
    assert len(github.tokens) >= 4
    assert [parse["WebIdentityToken"] for parse in assumed(exchanges)] == [
        [token] for token in github.tokens
    ]
    assert len(keys(exchanges)) == len(github.tokens)
    assert all(key.startswith("ASIA") for key in keys(exchanges))
    assert not [exchange for exchange in exchanges if b"xpired" in exchange.body]
    text, masks = shown(result)
    assert not re.search("error|warning|xpired|renew|retry", text, re.IGNORECASE)
    assert result.stderr == ""
    hidden = secrets(exchanges, github)
    assert not [secret for secret in hidden if secret in text + result.summary]
    assert set(masks) == set(hidden) - {github.request_token}, "and nothing that is an output"


def test_every_step_of_a_deployment_takes_a_role(project, as_role):
    for verb in ("build-training-image", "train", "compile-handler", "deploy", "predict"):
        more = {"INPUT_REQUEST": "requests/three_flowers.csv"} if verb == "predict" else {}
        with recorded(project) as (exchanges, address):
            project.succeed(verb, **as_role, **more, **address)
        assert all(key.startswith("ASIA") for key in keys(exchanges)), verb
        assert assumed(exchanges), verb


def test_what_is_there_already_is_found_by_three_calls_of_aws(project, as_role):
    project.succeed("build-training-image", **as_role)
    with recorded(project) as (exchanges, address):
        again = project.succeed("build-training-image", **as_role, **address)
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
        project.succeed("build-training-image", **as_role, **nobody, **address)
    (first, *_) = assumed(exchanges)
    assert first["RoleSessionName"] == ["matlab-sagemaker-77"]
    assert "DurationSeconds" not in first
    assert first["WebIdentityToken"] == github.tokens[:1]


def test_a_token_endpoint_that_is_busy_for_a_moment_is_not_seen(project, github, as_role):
    project.succeed("build-training-image", **as_role)
    write_function(project, "pause(7);", SAVE)
    github.tokens.clear()
    process = project.start("train", **as_role)
    wait_for(lambda: github.tokens)
    github.fail(503, times=2)
    result = project.finish(process)
    assert (result.code, result.annotations) == (0, [])
    assert not github.failures


def test_a_renewal_that_is_refused_loses_nothing(project, github, as_role, aws):
    project.succeed("build-training-image", **as_role)
    write_function(project, "pause(12);", SAVE)
    process = project.start("train", **as_role)
    wait_for(lambda: jobs(aws, project))
    github.fail(403)
    result = project.finish(process)
    assert result.code == 5
    assert "was not renewed" in result.annotations[0]
    assert "found again" in result.annotations[0]
    github.failures.clear()
    assert "waiting for it" in project.succeed("train", **as_role).stdout
    assert list(jobs(aws, project).values()) == ["Completed"]


def refused(project, environment, code=5):
    """Return the one annotation of a step that is not let in; it has asked AWS for nothing else."""
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
    iam = harness.client("iam", emulator)
    mistaken = ci_role.create_role(iam, f"mistaken-{immutable}".lower(), other.sub)
    said, _ = refused(project, {**as_role, "INPUT_ROLE_TO_ASSUME": mistaken})
    assert "Not authorized to perform sts:AssumeRoleWithWebIdentity" in said
    assert f"sub of the token: {github.job.sub}" in said
    assert "aud of the token: sts.amazonaws.com" in said
    assert other.sub in said
    assert not [token for token in github.tokens if token.split(".")[1] in said]


def test_a_role_that_is_not_there_is_told(project, as_role, role):
    said, _ = refused(project, {**as_role, "INPUT_ROLE_TO_ASSUME": f"{role}-gone"})
    assert f"{role}-gone" in said
    assert "there is no such role" in said


def test_an_account_without_githubs_provider_is_told(project, as_role, role):
    elsewhere = role.replace("123456789012", "210987654321")
    said, _ = refused(project, {**as_role, "INPUT_ROLE_TO_ASSUME": elsewhere})
    assert "No OpenIDConnect provider found" in said
    assert "Let IAM of the account 210987654321 have" in said


def test_an_audience_that_the_provider_does_not_have_is_told(project, github, as_role):
    said, _ = refused(project, {**as_role, "INPUT_AUDIENCE": "sts.amazonaws.com.cn"})
    assert "Incorrect token audience" in said
    assert "with the audience sts.amazonaws.com.cn" in said


def test_a_region_that_is_not_active_is_told(project, as_role):
    body = "<Code>RegionDisabledException</Code><Message>not activated</Message>"
    refusal = Refuser("POST /", 403, f"<ErrorResponse><Error>{body}</Error></ErrorResponse>")
    with way(project.url, refusal) as url:
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
    assert "Set the clock" in said


def test_a_role_is_no_input_by_hand(project, github, as_role):
    with recorded(project) as (exchanges, address):
        result = project.run("train", **as_role, **address, GITHUB_ACTIONS="")
    assert result.code == 2
    assert "no job of GitHub Actions" in result.stderr
    assert (exchanges, github.requests) == ([], 0)


@pytest.mark.parametrize(
    ("name", "value"),
    [("ROLE_TO_ASSUME", "ci"), ("AUDIENCE", "a b"), ("ROLE_SESSION_NAME", "refs/heads/main")],
)
def test_a_wrong_input_is_told_before_anybody_is_asked(project, github, as_role, name, value):
    said, exchanges = refused(project, {**as_role, f"INPUT_{name}": value}, code=2)
    assert f"Input '{name.lower().replace('_', '-')}' is '{value}'" in said
    assert (exchanges, github.requests) == ([], 0)
