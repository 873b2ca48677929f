"""The training image: built once from the same files, then found."""

import json
import os
import signal

import pytest

from helpers.aws import fault_proxy


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


@pytest.fixture
def fresh(project):
    """A project with its own image, which does not exist yet."""
    project.edit("sagemaker.yml", "octave #", f"octave\n  base_image: {project.name} #")
    return project


def repositories_of(aws, tag):
    """Return the repositories that have an image with a tag."""
    names = ("release", "candidate")
    return [name for name in names if tag in tags_of(aws, name)]


def tags_of(aws, repository):
    pages = (
        aws("ecr")
        .get_paginator("list_images")
        .paginate(repositoryName=f"matlab-sagemaker/{repository}")
    )
    return [image.get("imageTag") for page in pages for image in page["imageIds"]]


@pytest.mark.slow
def test_what_is_merged_is_built_again_and_then_everybody_takes_that(fresh, aws):
    """No run for a release uses an image that a pull request has built."""
    candidate = fresh.succeed("build-training-image").outputs
    assert candidate["image"].partition("/")[2].startswith("matlab-sagemaker/candidate@sha256:")
    assert repositories_of(aws, candidate["tag"]) == ["candidate"]
    looked = fresh.succeed("build-training-image", "--find-only", *RELEASE).outputs
    assert (looked["found"], looked["image"]) == ("false", "")
    release = fresh.succeed("build-training-image", *RELEASE).outputs
    assert release["changed"] == "true"
    assert release["image"].partition("/")[2].startswith("matlab-sagemaker/release@sha256:")
    again = fresh.succeed("build-training-image").outputs
    assert (again["changed"], again["image"]) == ("false", release["image"])


RELEASE = ("--repository", "release")


@pytest.fixture
def killed(fresh):
    """Return a function that kills a build when it sends its nth request of a kind."""

    def kill(what, number, *words):
        seen = []

        def end(exchange):
            seen.append(exchange.what.rpartition(".")[2])
            if seen.count(what) < number:
                return exchange
            os.kill(process.pid, signal.SIGKILL)
            return None

        with fault_proxy.proxy(fresh.url, end) as url:
            process = fresh.start("build-training-image", *words, AWS_ENDPOINT_URL=url)
            assert fresh.finish(process).code == -signal.SIGKILL
        return fresh

    return kill


@pytest.mark.slow
@pytest.mark.parametrize("request_", [("PutImage", 1), ("BatchGetImage", 1)])
def test_a_build_that_is_killed_before_its_image_has_its_tag_is_done_by_the_next(
    killed, aws, request_
):
    fresh = killed(*request_, *RELEASE)
    left = set(digests_without_tag(aws))
    result = fresh.succeed("build-training-image", *RELEASE)
    assert result.outputs["changed"] == "true"
    digest = result.outputs["image"].partition("@")[2]
    assert digest in left, "it is the very image that the killed build had pushed"
    assert repositories_of(aws, result.outputs["tag"]) == ["release"]
    assert digest not in digests_without_tag(aws)


def digests_without_tag(aws):
    return [
        image["imageDigest"]
        for page in aws("ecr")
        .get_paginator("describe_images")
        .paginate(repositoryName="matlab-sagemaker/release")
        for image in page["imageDetails"]
        if not image.get("imageTags")
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("IMMUTABLE_WITH_EXCLUSION", "MUTABLE", "put-image-tag-mutability"),
        ("IMMUTABLE_WITH_EXCLUSION", "IMMUTABLE", "filterType=WILDCARD,filter=unchecked-*"),
        ('"filter": "unchecked-*"', '"filter": "*"', "does not have the tag settings"),
    ],
)
def test_nothing_is_built_into_a_repository_whose_tags_move(fresh, old, new, words):
    def theirs(exchange):
        body = exchange.body.replace(old.encode(), new.encode())
        return fault_proxy.Exchange(exchange.what, exchange.status, body, exchange.headers)

    with fault_proxy.proxy(fresh.url, theirs) as url:
        result = fresh.run("build-training-image", AWS_ENDPOINT_URL=url)
    assert result.code == 6
    assert words in result.annotations[0]


@pytest.mark.parametrize(
    "words", [["build-training-image"], ["train", "--find-only"], ["compile-handler"]]
)
def test_a_repository_that_nobody_has_made_is_told_with_the_template(fresh, words):
    def without(exchange):
        if "DescribeImages" not in exchange.what and "DescribeRepositories" not in exchange.what:
            return exchange
        body = b'{"__type": "RepositoryNotFoundException", "message": "none"}'
        return fault_proxy.Exchange(exchange.what, 400, body, exchange.headers)

    with fault_proxy.proxy(fresh.url, without) as url:
        result = fresh.run(*words, AWS_ENDPOINT_URL=url)
    assert result.code == 3
    assert "There is no ECR repository matlab-sagemaker/release" in result.annotations[0]
    assert "scripts/setup/aws.yml" in result.annotations[0]


def test_a_token_that_no_build_has_checked_is_stored_and_that_is_said(fresh, aws):
    name, given = f"{fresh.name}/batch-token", {"INPUT_STORE_TOKEN": "true"}
    fresh.edit("sagemaker.yml", "  engine", f"  batch_token_secret: {name}\n  engine")
    for token in ("me@host::first", "me@host::second"):  # built without MATLAB, then found
        result = fresh.succeed("build-training-image", MLM_LICENSE_TOKEN=token, **given)
        assert aws("secretsmanager").get_secret_value(SecretId=name)["SecretString"] == token
        assert f"The secret {name} contains the batch token, which was not checked" in result.stdout


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


@pytest.mark.slow
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
