"""The training image: built once from the same files, found after that."""

import json

import pytest

import ways


def test_an_image_is_built_once_and_found_after_that(project, aws):
    first = project.succeed("build-training-image")
    again = project.succeed("build-training-image")
    assert again.outputs["changed"] == "false"
    assert again.outputs["image"] == first.outputs["image"]
    assert "nothing was built" in again.summary
    repository, _, digest = first.outputs["image"].partition("/")[2].partition("@")
    answer = aws("ecr").batch_get_image(
        repositoryName=repository, imageIds=[{"imageDigest": digest}]
    )
    manifest = json.loads(answer["images"][0]["imageManifest"])
    assert manifest["mediaType"] == "application/vnd.docker.distribution.manifest.v2+json"
    assert answer["images"][0]["imageId"]["imageTag"] == first.outputs["tag"]


def test_the_repository_keeps_what_was_pushed(project, aws):
    project.succeed("build-training-image")
    repositories = aws("ecr").describe_repositories(repositoryNames=["matlab-sagemaker/training"])
    assert repositories["repositories"][0]["imageTagMutability"] == "IMMUTABLE"


@pytest.fixture
def fresh(project):
    """A project with an image of its own, which nobody has built."""
    project.edit("sagemaker.yml", "octave #", f"octave\n  base_image: {project.name} #")
    return project


def warnings(project, change):
    """Build on a way to AWS that changes something; give the warnings."""
    with ways.way(project.url, change) as url:
        result = project.succeed("build-training-image", AWS_ENDPOINT_URL=url)
    assert result.outputs["changed"] == "true"
    return [line for line in result.stdout.splitlines() if line.startswith("::warning")]


def test_a_repository_with_mutable_tags_is_warned_of(fresh):
    def theirs(exchange):
        body = exchange.body.replace(b'"IMMUTABLE"', b'"MUTABLE"')
        return ways.Exchange(exchange.what, exchange.status, body, exchange.headers)

    (warning,) = warnings(fresh, theirs)
    assert "matlab-sagemaker/training is not as this kit makes one: its tags are mutable" in warning


def test_a_repository_of_the_kit_is_not_warned_of(fresh):
    assert warnings(fresh, lambda exchange: exchange) == []


def test_who_may_not_ask_for_the_lifecycle_policy_is_not_stopped(fresh):
    denied = '{"__type": "AccessDeniedException"}'
    assert warnings(fresh, ways.Refuser("GetLifecyclePolicy", 400, denied)) == []


def test_a_token_that_no_build_has_checked_is_stored_and_that_is_said(fresh, aws):
    name, given = f"{fresh.name}/batch-token", {"INPUT_STORE_TOKEN": "true"}
    fresh.edit("sagemaker.yml", "  engine", f"  batch_token_secret: {name}\n  engine")
    for token in ("me@host::first", "me@host::second"):  # built without MATLAB, then found
        result = fresh.succeed("build-training-image", MLM_LICENSE_TOKEN=token, **given)
        assert aws("secretsmanager").get_secret_value(SecretId=name)["SecretString"] == token
        assert (
            f"The secret {name} holds the batch token, which nothing has checked" in result.stdout
        )


@pytest.mark.parametrize("lacking", ["token", "secret"])
def test_a_token_or_a_place_for_it_that_is_missing_is_told_before_anything_is_built(fresh, lacking):
    given = {"MLM_LICENSE_TOKEN": "" if lacking == "token" else "me@host::token"}
    if lacking == "token":
        fresh.edit("sagemaker.yml", "  engine", "  batch_token_secret: x\n  engine")
    result = fresh.run("build-training-image", INPUT_STORE_TOKEN="true", **given)
    assert result.code == 2
    assert "store-token" in result.annotations[0]
    assert "Building" not in result.stdout


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"INPUT_BUILDER": "podman"}, "allowed: docker, folder"),
        ({"INPUT_REGION": "europe"}, "such as eu-west-1"),
        ({"INPUT_ROLE": "no role"}, "an IAM role's ARN"),
        ({"INPUT_BUCKET": "A"}, "an S3 bucket's name"),
        ({"INPUT_CONFIG": "elsewhere.yml"}, "There is no file elsewhere.yml"),
    ],
)
def test_a_bad_input_is_named_and_nothing_is_sent(project, environment, words):
    result = project.run(
        "build-training-image", **environment, AWS_ENDPOINT_URL="http://127.0.0.1:9"
    )
    assert result.code == 2
    assert words in result.annotations[0]
    assert result.outputs == {}


def test_an_aws_that_cannot_be_reached_is_told_with_what_to_check(project):
    result = project.run(
        "build-training-image", AWS_ENDPOINT_URL="http://127.0.0.1:9", AWS_MAX_ATTEMPTS="1"
    )
    assert result.code == 5
    assert "AWS_ENDPOINT_URL" in result.annotations[0]


def test_missing_credentials_are_told_with_where_to_get_them(project):
    nowhere = {
        "AWS_SHARED_CREDENTIALS_FILE": "/none",
        "AWS_CONFIG_FILE": "/none",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    result = project.run(
        "build-training-image", AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="", **nowhere
    )
    assert result.code == 5
    assert "no AWS credentials" in result.annotations[0]


def test_the_folder_builder_makes_no_matlab_image(project):
    project.edit("sagemaker.yml", "engine: octave", "engine: matlab")
    result = project.run("build-training-image")
    assert result.code == 6
    assert "matlab.engine to octave" in result.annotations[0]


def test_a_profile_that_is_not_there_is_no_traceback(project):
    result = project.run("build-training-image", AWS_PROFILE="nobody", AWS_ACCESS_KEY_ID="")
    assert result.code == 5
    assert "nobody" in result.annotations[0]


def test_json_is_all_that_stdout_holds(project):
    result = project.succeed("build-training-image", "--json")
    assert set(json.loads(result.stdout)) == {
        "found", "image", "tag", "changed", "pushed-bytes"
    }  # fmt: skip
