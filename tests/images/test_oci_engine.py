"""With an engine that pushes OCI images by default, the kit still pushes Docker's manifests."""

import json
import os

import pytest

from helpers.kit import go_programs, verb_runs
from images import debian, docker_projects, engine, oci_engine, registries, serving_images


@pytest.fixture(scope="module")
def newer():
    """The engine, with the base image."""
    if not (go_programs.place("dockerd").exists() or os.environ.get(engine.REQUIRED)):
        pytest.skip(
            "its engine takes minutes to build: python3 tests/helpers/kit/go_programs.py does it"
        )
    try:
        with oci_engine.oci_engine() as found:
            debian.base_image(found)
            yield found
    except engine.NoEngineError as error:
        engine.missing("an engine whose images are OCI's", error)


def test_the_engine_itself_pushes_oci(newer, tmp_path):
    with registries.registry(tmp_path) as address:
        newer.docker("tag", debian.base_image(newer), f"{address}/plain:1")
        newer.docker("push", f"{address}/plain:1")
        newer.docker("rmi", f"{address}/plain:1")
        assert registries.media_type(address, "plain", "1").startswith(registries.OCI)


@pytest.mark.parametrize("verb", ["build-training-image", "compile-handler"])
def test_what_the_kit_pushes_is_dockers(newer, project, emulator, verb):
    newer.docker("tag", debian.base_image(newer), project.base)
    uri = project.succeed(verb, **newer.environment).outputs["image"]
    repository, digest = uri.partition("/")[2].split("@")
    ecr = verb_runs.client("ecr", emulator.url)
    (image,) = ecr.batch_get_image(repositoryName=repository, imageIds=[{"imageDigest": digest}])[
        "images"
    ]
    manifest = json.loads(image["imageManifest"])
    kinds = {manifest["mediaType"], *(part["mediaType"] for part in manifest["layers"])}
    assert kinds == {registries.MANIFEST, f"{registries.DOCKER}image.rootfs.diff.tar.gzip"}
    docker_projects.pull(project.docker, emulator, uri)  # and an engine of the other kind takes it


def test_what_was_never_pushed_is_checked_all_the_same(newer, tmp_path):
    """It has a digest, so the step asks a registry: Docker Hub, which does not know it."""
    (tmp_path / "repository").mkdir()
    project = verb_runs.Project(tmp_path / "repository", "http://127.0.0.1:9")
    project.write("request.csv", "1,2\n")
    image = serving_images.build(newer, debian.base_image(newer), tmp_path, "well")
    assert "sha256:" in newer.docker("image", "inspect", "--format={{.RepoDigests}}", image)
    words = ("--model", serving_images.model(tmp_path), "--request", "request.csv")
    result = project.run("check-image", image, *words, AWS_REGION="", **newer.environment)
    assert result.code == 0, result.stdout
    found = {check["name"]: check for check in json.loads(result.outputs["checks"])}
    assert found["manifest"]["passed"] is None


def test_all_that_is_sent_is_counted(newer, project):
    """Its pushes tell nothing but the end of a small layer."""
    newer.docker("tag", debian.base_image(newer), project.base)
    made = project.succeed("compile-handler", **newer.environment).outputs
    project.edit("inference/ClassificationTreeInferenceHandler.m", "classdef", "% new\nclassdef")
    again = project.succeed("compile-handler", **newer.environment).outputs
    assert again["image"] != made["image"]
    assert 0 < int(again["pushed-bytes"]) < 1_000_000
