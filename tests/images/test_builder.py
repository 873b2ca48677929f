"""The Docker builder: build, push, find, and which layers are sent again."""

import contextlib
import json
import re
import shutil
import time

import pytest

from helpers.aws import fault_proxy
from helpers.kit import verb_runs
from images import docker_projects, registries
from images import engine as engines

VERB, REPOSITORY = "build-training-image", "matlab-sagemaker/candidate"
NOWHERE = {"DOCKER_HOST": "unix:///nowhere", "DOCKER_CONFIG": "/nowhere"}


def described(emulator, uri):
    """Return what ECR says of an image, and its manifest."""
    repository, digest = uri.partition("/")[2].split("@")
    ecr = verb_runs.client("ecr", emulator.url)
    words = {"repositoryName": repository, "imageIds": [{"imageDigest": digest}]}
    image = ecr.batch_get_image(**words)["images"][0]
    return ecr.describe_images(**words)["imageDetails"][0], json.loads(image["imageManifest"])


def test_an_image_is_built_pushed_and_found_by_its_digest(project, emulator):
    project.grow(1_000_000)
    result = project.succeed(VERB, GITHUB_SHA="c0ffee")
    assert result.outputs["changed"] == "true"
    assert int(result.outputs["pushed-bytes"]) >= 1_000_000
    details, manifest = described(emulator, result.outputs["image"])
    assert result.outputs["tag"] in details["imageTags"]
    assert manifest["mediaType"] == registries.MANIFEST
    uri = result.outputs["image"]
    docker_projects.pull(project.docker, emulator, uri)
    (image,) = json.loads(project.docker.docker("image", "inspect", uri))
    assert (image["Os"], image["Architecture"]) == ("linux", "amd64")
    assert image["Config"]["Entrypoint"] == ["/opt/matlab-sagemaker/run"]
    labels = image["Config"]["Labels"]
    assert labels["org.opencontainers.image.revision"] == "c0ffee"
    assert result.outputs["tag"].endswith(labels["matlab-sagemaker.key"])
    tried = ("ps", "--all", "--quiet", "--filter", f"ancestor={uri}")
    assert project.docker.docker(*tried) == ""


def test_the_second_build_asks_aws_three_times_at_most_and_docker_never(project, emulator):
    release = ("--repository", "release")  # a candidate needs one more call
    first = project.succeed(VERB, *release)
    recorder, times = fault_proxy.Recorder(), []
    with fault_proxy.proxy(emulator.url, recorder) as url:
        for _ in range(3):
            started = time.monotonic()
            again = project.succeed(VERB, *release, AWS_ENDPOINT_URL=url, **NOWHERE)
            times.append(time.monotonic() - started)
    assert again.outputs == {**first.outputs, "changed": "false", "pushed-bytes": "0"}
    assert len(recorder.exchanges) <= 3 * 3, [e.what for e in recorder.exchanges]
    assert min(times) < 2


def test_an_engine_is_found_by_the_context_that_is_used(project, tmp_path):
    """Client and builder both use the context: without it, no engine answers."""
    settings = tmp_path / "settings"
    shutil.copytree(project.docker.environment["DOCKER_CONFIG"], settings, symlinks=True)
    where = project.docker.variables.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    for words in (("create", "another", "--docker", f"host={where}"), ("use", "another")):
        project.docker.docker("--config", settings, "context", *words)
    found = {"DOCKER_CONFIG": str(settings), "DOCKER_HOST": ""}
    assert project.succeed(VERB, **found).outputs["changed"] == "true"


def tags(emulator, repository):
    """Give all tags of a repository."""
    return {tag for _, tag in docker_projects.images(emulator.url, repository) if tag}


def rename_base(project):
    """Give the base another name: the same image, but another key."""
    project.docker.docker("tag", project.base, f"{project.base}-more")
    project.edit("sagemaker.yml", project.base, f"{project.base}-more")


@pytest.mark.parametrize("deadly", ["BatchGetImage", "PutImage"])
def test_a_run_killed_before_or_after_the_acceptance_is_done_by_the_next(project, emulator, deadly):
    def kill(exchange):
        if not exchange.what.endswith(deadly):
            return exchange
        process.kill()
        return None

    with fault_proxy.proxy(emulator.url, kill) as url:
        process = project.start(VERB, AWS_ENDPOINT_URL=url)
        assert project.project.finish(process).code != 0
    tag = project.succeed(VERB, "--find-only").outputs["tag"]
    there = tags(emulator, REPOSITORY) & {tag, f"unchecked-{tag}"}
    assert there == {f"unchecked-{tag}", *([tag] if deadly == "PutImage" else [])}
    assert project.succeed(VERB).outputs["found"] == "true"
    assert tag in tags(emulator, REPOSITORY)


@pytest.mark.slow
def test_a_release_takes_over_no_layer_of_a_candidate(project, emulator, tmp_path):
    """Built on a fresh machine, such as a hosted runner; another candidate does reuse them."""
    project.install(3_000_000)
    archive = tmp_path / "base.tar"
    project.docker.docker("save", "--output", archive, project.base)
    candidate = project.succeed(VERB).outputs
    with fresh_engine(project, archive) as fresh:
        release = project.succeed(VERB, "--repository", "release", **fresh.environment)
    assert int(release.outputs["pushed-bytes"]) >= 3_000_000
    assert "matlab-sagemaker/candidate" not in release.stdout
    sent = [installed(emulator, each["image"]) for each in (candidate, release.outputs)]
    with fresh_engine(project, archive) as fresh:
        fresh.docker("tag", project.base, f"{project.base}-more")
        project.edit("sagemaker.yml", project.base, f"{project.base}-more")
        third = project.succeed(VERB, **fresh.environment).outputs
    assert sent[0] != sent[1]
    assert installed(emulator, third["image"]) in sent


def installed(emulator, uri):
    """Return the digest of the layer that `install` has made."""
    _, manifest = described(emulator, uri)
    (large,) = (layer for layer in manifest["layers"] if 3e6 < layer["size"] < 4e6)
    return large["digest"]


def test_what_docker_builds_from_the_released_image_is_derived_from_it(project, emulator, tmp_path):
    """Its job seals in a container, so deploy accepts it; with another user it does not."""
    uri, name = project.succeed(VERB, "--repository", "release").outputs["image"], tmp_path.name
    docker_projects.pull(project.docker, emulator, uri)
    before = "code: code"

    def train_on(tag, *instructions):
        nonlocal before
        text = "\n".join([f"FROM {uri}", f"RUN echo {project.base} > /tool", *instructions])
        (tmp_path / "Dockerfile").write_text(f"{text}\n")
        own = project.docker.build(tmp_path, tag=f"{uri.partition('@')[0]}:{name}-{tag}")
        docker_projects.push(project.docker, emulator, own)
        project.docker.docker("rmi", own)
        project.edit("sagemaker.yml", before, f"code: code\n  image: {own}")
        before = f"code: code\n  image: {own}"

    train_on("1", "ENV PATH=$PATH:/opt/tool TOOL=1", 'CMD ["bash"]', "WORKDIR /opt/tool")
    assert "::warning" not in project.succeed(VERB, "--find-only").stdout
    project.succeed("train", "--repository", "release")
    refused = project.run("deploy")
    assert "There is no inference image" in refused.annotations[0], "all else is there"
    train_on("2", "USER 1000")
    assert "It runs as the user 1000" in project.succeed(VERB, "--find-only").stdout
    assert "not derived FROM" in project.run("deploy").annotations[0]


@pytest.mark.parametrize("broken", ["", "+pkg", "+pkg/+inner", "private", "@Kind", "sub folder"])
def test_a_handler_that_cannot_be_parsed_is_not_pushed(project, emulator, broken):
    folder = project.project.root / "inference" / broken
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "brokenHelper.m").write_text("function y = brokenHelper(x)\ny = (x;\nend\n")
    result = project.run("compile-handler")
    assert result.code == 6
    path = "/".join(part for part in ("inference", broken, "brokenHelper.m") if part)
    assert f"file={path},line=2" in result.annotations[0]
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
    recorder = fault_proxy.Recorder()
    with fault_proxy.proxy(emulator.url, recorder) as url:
        result = matlab.run("train", AWS_ENDPOINT_URL=url)
    assert result.code == 3
    assert "R2026a with MATLAB, Optimization_Toolbox" in result.annotations[0]
    assert "Run build-training-image first" in result.annotations[0]
    sent = [e.what for e in recorder.exchanges]
    assert [what for what in sent if "CreateTrainingJob" in what or what.startswith("PUT ")] == []
    assert [what for what in sent if "DescribeImages" in what]


@contextlib.contextmanager
def fresh_engine(project, archive):
    """Yield an engine that has only the project's base."""
    try:
        with engines.fresh_engine() as fresh:
            fresh.docker("load", "--input", archive)
            yield fresh
    except engines.NoEngineError as error:
        engines.missing("an engine that has built nothing", error)


@pytest.mark.slow
def test_a_changed_handler_sends_little_from_a_machine_that_has_built_nothing(
    project, emulator, tmp_path
):
    """Like a hosted runner each time; the next one reuses what it makes."""
    project.install(3_000_000)
    archive = tmp_path / "base.tar"
    project.docker.docker("save", "--output", archive, project.base)
    made = project.succeed("compile-handler").outputs
    assert int(made["pushed-bytes"]) >= 3_000_000
    ecr = verb_runs.client("ecr", emulator.url)
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
        ecr.batch_delete_image(  # so that the next one needs this one's
            repositoryName="matlab-sagemaker/release", imageIds=[{"imageTag": before["tag"]}]
        )


def test_a_build_does_without_a_cache_that_cannot_be_had(project, emulator):
    project.succeed(VERB)
    rename_base(project)

    def lost(exchange):
        lists = exchange.what.endswith("DescribeImages") and b'"imageIds"' not in exchange.sent
        if not lists:
            return exchange
        body = re.sub(rb'"training-[^"]+"', b'"training-lost"', exchange.body)
        return fault_proxy.Exchange(exchange.what, exchange.status, body, exchange.headers)

    with fault_proxy.proxy(emulator.url, lost) as url:
        result = project.run(VERB, AWS_ENDPOINT_URL=url)
    assert result.code == 0, result.stdout
    assert re.search(r"#\d+ ERROR: .*training-lost.*not found", result.stdout)


def test_an_image_that_is_not_accepted_has_no_tag_of_its_own(project, emulator):
    with fault_proxy.proxy(
        emulator.url, fault_proxy.Refuser("PutImage", 400, fault_proxy.DENIED)
    ) as url:
        result = project.run(VERB, AWS_ENDPOINT_URL=url)
    assert result.code == 5
    assert "checking the image" in result.annotations[0]
    tag = project.succeed(VERB, "--find-only").outputs["tag"]
    assert tag not in tags(emulator, REPOSITORY)
