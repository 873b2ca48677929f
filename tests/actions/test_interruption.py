"""A step that is killed after any of its requests, and run again, ends as if it never had been.

Killed before request n is killed after request n - 1, so this is every place between two requests.
"""

import pytest

import harness
from ways import kill_everywhere

QUICK = """function trainClassificationTree(env, varargin)
    model = 1; % nothing is learnt: what counts here is the way there and back
    save(fullfile(env.ModelFolder, 'model.mat'), 'model', '-v7');
end
"""


@pytest.fixture(scope="module")
def repository(emulator, tmp_path_factory):
    """One trained project with both images, whose training is quick."""
    project = harness.example(tmp_path_factory.mktemp("killed") / "repository", emulator)
    project.write("code/trainClassificationTree.m", QUICK)
    for verb in ("build-training-image", "train", "compile-handler"):
        project.succeed(verb)
    return project


def test_build_training_image(repository, aws):
    ecr, name = aws("ecr"), "matlab-sagemaker/training"

    def prepare(_):
        ecr.delete_repository(repositoryName=name, force=True)

    def check():
        return len(ecr.describe_images(repositoryName=name)["imageDetails"]) == 1

    assert kill_everywhere(repository, "build-training-image", prepare, check) > 5


def test_compile_handler(repository, aws):
    ecr, name = aws("ecr"), "matlab-sagemaker/inference"

    def prepare(_):
        ecr.delete_repository(repositoryName=name, force=True)

    def check():
        return len(ecr.describe_images(repositoryName=name)["imageDetails"]) == 1

    assert kill_everywhere(repository, "compile-handler", prepare, check) > 5


def test_train(repository, aws):
    def prepare(deadly):
        repository.write("code/trainClassificationTree.m", QUICK + f"% {deadly}\n")
        before.update(jobs())

    def jobs():
        pages = (
            aws("sagemaker")
            .get_paginator("list_training_jobs")
            .paginate(NameContains=repository.name)
        )
        return {
            job["TrainingJobName"]: job["TrainingJobStatus"]
            for page in pages
            for job in page["TrainingJobSummaries"]
        }

    def check():
        new = {name: status for name, status in jobs().items() if name not in before}
        return list(new.values()) == ["Completed"] and all(name.endswith("-1") for name in new)

    before = {}
    assert kill_everywhere(repository, "train", prepare, check) > 5


def test_deploy(repository, aws):
    sagemaker, name = aws("sagemaker"), ""

    def prepare(deadly):
        nonlocal name
        if name:
            sagemaker.delete_endpoint(EndpointName=name)
        new = f"{repository.name}-killed-{deadly}"
        text = (repository.root / "sagemaker.yml").read_text()
        repository.write(
            "sagemaker.yml",
            text.replace(f"  name: {name or repository.name}\n", f"  name: {new}\n"),
        )
        name = new

    def check():
        endpoints = sagemaker.list_endpoints(NameContains=name)["Endpoints"]
        configs = sagemaker.list_endpoint_configs(NameContains=name)["EndpointConfigs"]
        exact = [
            c["EndpointConfigName"]
            for c in configs
            if c["EndpointConfigName"].startswith(name + "-")
        ]
        models = [
            m["ModelName"]
            for m in sagemaker.list_models(MaxResults=100, NameContains=name)["Models"]
        ]
        mine = [m for m in models if m.rpartition("-")[0] == name]
        served = [e for e in endpoints if e["EndpointName"] == name]
        return (len(exact), len(mine), [e["EndpointStatus"] for e in served]) == (
            1,
            1,
            ["InService"],
        )

    repository.succeed("build-training-image")
    repository.succeed("compile-handler")
    repository.succeed("train")
    assert kill_everywhere(repository, "deploy", prepare, check) > 5
