"""The Docker builder: build, push, find, and what is sent again."""

import contextlib
import json
import re
import shutil
import time

import pytest

import harness
import ways
from containers import engine as engines
from containers import kits, registries

VERB, REPOSITORY = "build-training-image", "matlab-sagemaker/training"
NOWHERE = {"DOCKER_HOST": "unix:///nowhere", "DOCKER_CONFIG": "/nowhere"}


def described(emulator, uri):
    """Give what ECR says of an image, and its manifest."""
    repository, digest = uri.partition("/")[2].split("@")
    ecr = harness.client("ecr", emulator.url)
    words = {"repositoryName": repository, "imageIds": [{"imageDigest": digest}]}
    image = ecr.batch_get_image(**words)["images"][0]
    return ecr.describe_images(**words)["imageDetails"][0], json.loads(image["imageManifest"])


def test_an_image_is_built_pushed_and_found_by_its_digest(project, emulator):
    project.grow(1_000_000)
    result = project.succeed(VERB, GITHUB_SHA="c0ffee")
    assert result.outputs["changed"] == "true"
    assert int(result.outputs["pushed-bytes"]) >= 1_000_000
    details, manifest = described(emulator, result.outputs["image"])
    assert details["imageTags"] == [result.outputs["tag"]]
    assert manifest["mediaType"] == registries.MANIFEST
    uri = result.outputs["image"]
    kits.pull(project.docker, emulator, uri)
    (image,) = json.loads(project.docker.docker("image", "inspect", uri))
    assert (image["Os"], image["Architecture"]) == ("linux", "amd64")
    assert image["Config"]["Entrypoint"] == ["/opt/matlab-sagemaker/run"]
    labels = image["Config"]["Labels"]
    assert labels["org.opencontainers.image.revision"] == "c0ffee"
    assert result.outputs["tag"].endswith(labels["matlab-sagemaker.key"])
    tried = ("ps", "--all", "--quiet", "--filter", f"ancestor={uri}")
    assert project.docker.docker(*tried) == ""


def test_the_second_build_asks_aws_three_times_at_most_and_docker_never(project, emulator):
    first = project.succeed(VERB)
    recorder, times = ways.Recorder(), []
    with ways.way(emulator.url, recorder) as url:
        for _ in range(3):
            started = time.monotonic()
            again = project.succeed(VERB, AWS_ENDPOINT_URL=url, **NOWHERE)
            times.append(time.monotonic() - started)
    assert again.outputs == {**first.outputs, "changed": "false", "pushed-bytes": "0"}
    assert len(recorder.exchanges) <= 3 * 3, [e.what for e in recorder.exchanges]
    assert min(times) < 2


def test_an_engine_is_found_by_the_context_that_is_used(project, tmp_path):
    """Client and builder: nothing answers where an engine is looked for without the context."""
    settings = tmp_path / "settings"
    shutil.copytree(project.docker.environment["DOCKER_CONFIG"], settings, symlinks=True)
    where = project.docker.variables.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    for words in (("create", "another", "--docker", f"host={where}"), ("use", "another")):
        project.docker.docker("--config", settings, "context", *words)
    found = {"DOCKER_CONFIG": str(settings), "DOCKER_HOST": ""}
    assert project.succeed(VERB, **found).outputs["changed"] == "true"


def tags(emulator, repository):
    """Give all tags of a repository."""
    return {tag for _, tag in kits.images(emulator.url, repository) if tag}


def rename_base(project):
    """Give the base another name: the same image, but another key."""
    project.docker.docker("tag", project.base, f"{project.base}-more")
    project.edit("sagemaker.yml", project.base, f"{project.base}-more")


@pytest.mark.parametrize("deadly", ["BatchGetImage", "PutImage"])
def test_a_run_killed_before_or_after_the_acceptance_leaves_nothing_for_long(
    project, emulator, deadly
):
    def kill(exchange):
        if not exchange.what.endswith(deadly):
            return exchange
        process.kill()
        return None

    with ways.way(emulator.url, kill) as url:
        process = project.start(VERB, AWS_ENDPOINT_URL=url)
        assert project.project.finish(process).code != 0
    left = {tag for tag in tags(emulator, REPOSITORY) if tag.startswith("unchecked-")}
    assert len(left) == 1
    project.succeed(VERB)
    if deadly == "PutImage":  # it had its tag: the next that pushes anything tidies up
        rename_base(project)
        project.succeed(VERB)
    assert not left & tags(emulator, REPOSITORY)


@pytest.mark.parametrize("broken", ["", "+pkg", "+pkg/+inner", "private", "@Kind", "sub folder"])
def test_a_handler_that_cannot_be_parsed_is_not_pushed(project, emulator, broken):
    folder = project.project.root / "inference" / broken
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "brokenHelper.m").write_text("function y = brokenHelper(x)\ny = (x;\nend\n")
    result = project.run("compile-handler")
    assert result.code == 6
    assert "brokenHelper.m" in result.annotations[0]
    assert project.succeed("compile-handler", "--find-only").outputs["image"] == ""


def test_a_handler_in_several_folders_is_parsed_and_pushed(project):
    for name in ("+pkg/helper.m", "+pkg/private/helper.m", "private/helper.m", "@Kind/Kind.m"):
        file = project.project.root / "inference" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"function y = {file.stem}(x)\ny = x;\nend\n")
    (file.parent.parent / "+pkg/Value.m").write_text("classdef Value\nend\n")
    assert project.succeed("compile-handler").outputs["changed"] == "true"


def test_a_changed_handler_sends_little(project):
    project.grow(3_000_000)
    first = project.succeed("compile-handler")
    handler = "inference/ClassificationTreeInferenceHandler.m"
    project.edit(handler, "classdef", "% changed\nclassdef")
    second = project.succeed("compile-handler")
    assert second.outputs["changed"] == "true"
    assert second.outputs["image"] != first.outputs["image"]
    assert 0 < int(second.outputs["pushed-bytes"]) < 1_000_000
    assert int(first.outputs["pushed-bytes"]) >= 3_000_000


def test_an_image_without_the_products_asked_for_is_told_before_anything_is_sent(matlab, emulator):
    assert matlab.run(VERB).code == 0
    matlab.edit("sagemaker.yml", "  engine", "  products: [Optimization Toolbox]\n  engine")
    recorder = ways.Recorder()
    with ways.way(emulator.url, recorder) as url:
        result = matlab.run("train", AWS_ENDPOINT_URL=url)
    assert result.code == 3
    assert "R2026a with MATLAB, Optimization_Toolbox" in result.annotations[0]
    assert "Run build-training-image first" in result.annotations[0]
    sent = [e.what for e in recorder.exchanges]
    assert [what for what in sent if "CreateTrainingJob" in what or what.startswith("PUT ")] == []
    assert [what for what in sent if "DescribeImages" in what]


@contextlib.contextmanager
def fresh_engine(project, archive):
    """Yield an engine that has the project's base, and nothing else."""
    try:
        with engines.fresh_engine() as fresh:
            fresh.docker("load", "--input", archive)
            yield fresh
    except engines.NoEngineError as error:
        engines.missing("an engine that has built nothing", error)


def test_a_changed_handler_sends_little_from_a_machine_that_has_built_nothing(
    project, emulator, tmp_path
):
    """As a hosted runner is, each time; and what it makes serves the next one as well."""
    project.install(3_000_000)
    archive = tmp_path / "base.tar"
    project.docker.docker("save", "--output", archive, project.base)
    made = project.succeed("compile-handler").outputs
    assert int(made["pushed-bytes"]) >= 3_000_000
    ecr = harness.client("ecr", emulator.url)
    for _ in range(2):
        before = made
        handler = "inference/ClassificationTreeInferenceHandler.m"
        project.edit(handler, "classdef", "% changed\nclassdef")
        with fresh_engine(project, archive) as fresh:
            made = project.succeed("compile-handler", **fresh.environment).outputs
        assert made["image"] != before["image"]
        assert 0 < int(made["pushed-bytes"]) < 1_000_000
        _, manifest = described(emulator, made["image"])
        assert manifest["mediaType"] == registries.MANIFEST
        ecr.batch_delete_image(  # so that the next one has to do with this one's
            repositoryName="matlab-sagemaker/inference", imageIds=[{"imageTag": before["tag"]}]
        )


def test_a_build_does_without_a_cache_that_cannot_be_had(project, emulator):
    project.succeed(VERB)
    rename_base(project)

    def lost(exchange):
        if not exchange.what.endswith("DescribeImages"):
            return exchange
        body = re.sub(rb'"octave-[^"]+"', b'"octave-lost"', exchange.body)
        return ways.Exchange(exchange.what, exchange.status, body, exchange.headers)

    with ways.way(emulator.url, lost) as url:
        result = project.run(VERB, AWS_ENDPOINT_URL=url)
    assert result.code == 0, result.stdout
    assert re.search(r"#\d+ ERROR: .*octave-lost.*not found", result.stdout)


def test_a_refused_acceptance_leaves_nothing_waiting(project, emulator):
    project.succeed(VERB)
    rename_base(project)
    before = tags(emulator, REPOSITORY)
    with ways.way(emulator.url, ways.Refuser("PutImage", 400, ways.DENIED)) as url:
        result = project.run(VERB, AWS_ENDPOINT_URL=url)
    assert result.code == 5
    assert "checking the image" in result.annotations[0]
    assert not tags(emulator, REPOSITORY) - before
