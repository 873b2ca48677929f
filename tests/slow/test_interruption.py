"""A step that is killed after any of its requests and runs again ends as if nothing had happened.

A kill before request n is a kill after request n - 1, so this covers every point between requests.
"""

import contextlib
import json

import pytest

from demo import account
from helpers.aws.fault_proxy import kill_everywhere
from helpers.kit import verb_runs
from helpers.kit.verb_runs import HANDLER, SAVE, jobs, trials, write_function

REGION = "eu-central-1"


@pytest.fixture
def elsewhere(emulator, tmp_path):
    """A project in its own Region, because its repositories are deleted."""
    region = {"AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION}
    return verb_runs.example(tmp_path / "repository", emulator, **region)


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["build-training-image", "compile-handler"])
def test_an_image(elsewhere, verb):
    ecr = verb_runs.client("ecr", elsewhere.url, REGION)
    name = f"matlab-sagemaker/{'candidate' if verb.startswith('build') else 'release'}"

    def prepare(_):
        with contextlib.suppress(ecr.exceptions.RepositoryNotFoundException):
            ecr.delete_repository(repositoryName=name, force=True)
        account.make_repositories(ecr)

    def check():
        (image,) = ecr.describe_images(repositoryName=name)["imageDetails"]
        return len(image["imageTags"]) == 1

    assert kill_everywhere(elsewhere, verb, prepare, check) > 5


def test_train(ready, aws):
    def prepare(deadly):
        write_function(ready, SAVE, f"% {deadly}")
        before.update(jobs(aws, ready))

    def check():
        new = {name: status for name, status in jobs(aws, ready).items() if name not in before}
        return list(new.values()) == ["Completed"] and all(name.endswith("-1") for name in new)

    before = {}
    assert kill_everywhere(ready, "train", prepare, check) > 5


@pytest.mark.slow
def test_try_handler(trained, aws):
    def prepare(deadly):
        text = (trained.root / HANDLER).read_text()
        trained.write(HANDLER, f"{text}% {deadly}\n")
        before.update(trials(aws, trained))

    def check():
        new = {name: status for name, status in trials(aws, trained).items() if name not in before}
        return list(new.values()) == ["Completed"] and all(name.endswith("-try1") for name in new)

    before = {}
    assert kill_everywhere(trained, "try-handler", prepare, check) > 8


@pytest.mark.slow
def test_transfer(ready, aws):
    def prepare(deadly):
        for number in range(3):
            (ready.root / f"data/training/{number}.csv").write_text(f"{deadly}")
        wanted.update({f"{number}.csv": str(deadly).encode() for number in range(3)})

    def check():
        result = ready.succeed("transfer", *words, "--json")
        told = json.loads(result.stdout)
        bucket, _, prefix = told["uri"].removeprefix("s3://").partition("/")
        for name, body in wanted.items():
            found = aws("s3").get_object(Bucket=bucket, Key=prefix + name)["Body"].read()
            assert found == body
        return told["changed"] is False

    wanted, words = {}, ("upload", "data/training", "--name", "training")
    assert kill_everywhere(ready, "transfer", prepare, check, *words) > 5


def test_deploy(fresh, aws):
    sagemaker = aws("sagemaker")

    def prepare(deadly):
        if sagemaker.list_endpoints(NameContains=fresh.endpoint)["Endpoints"]:
            sagemaker.delete_endpoint(EndpointName=fresh.endpoint)
        fresh.call_endpoint(f"{fresh.name}-killed-{deadly}")

    def check():
        name = fresh.endpoint
        endpoints = sagemaker.list_endpoints(NameContains=name)["Endpoints"]
        configs = sagemaker.list_endpoint_configs(NameContains=name)["EndpointConfigs"]
        models = sagemaker.list_models(NameContains=name)["Models"]
        exact = [c for c in configs if c["EndpointConfigName"].startswith(f"{name}-")]
        mine = [m for m in models if m["ModelName"].rpartition("-")[0] == name]
        served = [e["EndpointStatus"] for e in endpoints if e["EndpointName"] == name]
        return (len(exact), len(mine), served) == (1, 1, ["InService"])

    assert kill_everywhere(fresh, "deploy", prepare, check) > 5
