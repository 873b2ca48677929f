"""A GitHub for every test, with its API and tokens, and one AWS with the template's stack."""

import os

import pytest

import acting
from helpers.aws.template_account import PARAMETERS, Account
from helpers.emulator.process import Emulator
from helpers.github.token_server import Job
from helpers.kit import go_programs, verb_runs
from helpers.kit.paths import KIT
from rights import Api, Rights, Tokens

OWNER, NAME = acting.USER_NAME.split("/")
GITHUB = {"GitHubOwner": OWNER, "GitHubRepository": NAME}
HANDLER = "inference/ClassificationTreeInferenceHandler.m"
BUILD, RELEASE = "build-training-image", ("--repository", "release")
NUMBERS = (7, 8)  # of pull requests
REQUIRED = "REQUIRE_ACT"  # set if a test without act is a failure: in CI


@pytest.fixture(scope="session", autouse=True)
def act():
    """Skip the tests of this folder if there is no act; fail them if it is required."""
    try:
        go_programs.tool("act")
    except go_programs.NoToolError as error:
        (pytest.fail if os.environ.get(REQUIRED) else pytest.skip)(f"needs act: {error}")


@pytest.fixture(scope="session")
def rights():
    """The rights of the job that sends a request."""
    return Rights()


@pytest.fixture(scope="session")
def tokens(rights):
    """GitHub's endpoint for OIDC tokens."""
    job = Job(
        repository=acting.USER_NAME,
        repository_owner_id=PARAMETERS["GitHubOwnerId"],
        repository_id=PARAMETERS["GitHubRepositoryId"],
    )
    with Tokens(rights, job) as server:
        yield server


@pytest.fixture(scope="session")
def account(tokens, tmp_path_factory):
    """An AWS that trusts those tokens as scripts/setup/aws.yml says, and has the training image."""
    options = ("--enforce-iam", "--time-scale", "0.01", "--issuer", tokens.url)
    started = Emulator(tmp_path_factory.mktemp("emulator") / "work", *options)
    made = Account(started.url)
    template = (KIT / "scripts/setup/aws.yml").read_text(encoding="utf-8")
    made.create("kit", template, {**PARAMETERS, **GITHUB})
    verb_runs.example(tmp_path_factory.mktemp("image") / "example", made.url).succeed(
        BUILD, *RELEASE
    )
    yield made
    assert "emulator: denied" not in started.errors  # its roles have what the workflows need
    assert started.stop() == 0


@pytest.fixture
def aws(account):
    """Return a function from a service's name to a client, with which tests check AWS."""
    return account.client


@pytest.fixture
def without_image(account, aws, tmp_path):
    """Remove the training image until the test ends."""
    for name in ("release", "candidate"):
        where = {"repositoryName": f"matlab-sagemaker/{name}"}
        if images := aws("ecr").list_images(**where)["imageIds"]:
            aws("ecr").batch_delete_image(**where, imageIds=images)
    yield
    verb_runs.example(tmp_path / "image", account.url).succeed(BUILD, *RELEASE)


@pytest.fixture
def api(rights):
    """GitHub's API."""
    with Api(rights, acting.USER_NAME, NUMBERS) as server:
        yield server


@pytest.fixture(scope="session")
def environments(tmp_path_factory):
    """The folder of the kit's environments."""
    return tmp_path_factory.mktemp("environments")


@pytest.fixture
def github(tmp_path, account, tokens, rights, api, environments):
    """A GitHub whose user has the example, for an account with the template's stack."""
    passed = {name: os.environ[name] for name in verb_runs.PASSED_ON if name in os.environ}
    project = verb_runs.example(tmp_path / "example", account.url)
    with (project.root / HANDLER).open("a") as handler:  # so its image is this test's own
        handler.write(f"% {project.name}\n")
    for name in ("train.yml", "deploy.yml"):  # no Docker here: the one change to the example
        file = f".github/workflows/{name}"
        project.edit(file, "    with:\n", "    with:\n      builder: folder\n")
    for name in ("train.yml", "deploy.yml", "operate.yml"):  # act has no job.workflow_*
        kit = f"      kit-repository: {acting.KIT_NAME}\n      kit-ref: {acting.KIT_REF}\n"
        project.edit(f".github/workflows/{name}", "    with:\n", f"    with:\n{kit}")
    made = acting.GitHub(
        tmp_path / "github",
        project.root,
        rights=rights,
        api=api,
        variables={
            **passed,
            "AWS_ENDPOINT_URL": account.url,
            "GITHUB_API_URL": api.url,
            **tokens.environment(),
        },
        settings={
            "AWS_REGION": account.outputs["Region"],
            "AWS_TRAIN_ROLE": account.outputs["TrainRoleArn"],
            "AWS_IMAGE_ROLE": account.outputs["ImageRoleArn"],
            "AWS_BUILD_ROLE": account.outputs["BuildRoleArn"],
            "AWS_DEPLOY_ROLE": account.outputs["DeployRoleArn"],
        },
        environments=environments,
    )
    made.name = project.name
    yield made
    made.close()
