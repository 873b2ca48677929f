"""A change of an endpoint that is killed after any of its requests, and run again.

After each kill the way back is still true, and the next run ends as if the kill never had been.
"""

import contextlib

import pytest
from botocore.exceptions import ClientError

import harness
from matlab_sagemaker import tags
from ways import Killer, kill_everywhere, way

TYPES = ("ml.m5.large", "ml.m5.xlarge")


class Endpoint:
    """An endpoint of the repository's, and the change from one configuration to the other."""

    def __init__(self, project, sagemaker, logs):
        self.project, self.sagemaker, self.logs = project, sagemaker, logs
        self.configs = [self.deploy(kind) for kind in TYPES]

    def deploy(self, kind):
        self.want(kind)
        return self.project.succeed("deploy").outputs["endpoint-config"]

    def want(self, kind):
        text = (self.project.root / "sagemaker.yml").read_text()
        head, inner, rest = text.partition("\nendpoint:")
        for known in TYPES:
            rest = rest.replace(f"instance_type: {known}\n", f"instance_type: {kind}\n")
        self.project.write("sagemaker.yml", head + inner + rest)

    def forget_the_log(self):
        """Each change adds a stream, and so a request at each look: the kills would not end."""
        self.logs.delete_log_group(logGroupName=f"/aws/sagemaker/Endpoints/{self.project.endpoint}")

    @property
    def serves(self):
        endpoint = self.sagemaker.describe_endpoint(EndpointName=self.project.endpoint)
        return endpoint["EndpointStatus"], endpoint["EndpointConfigName"]

    @property
    def facts(self):
        return harness.facts(self.sagemaker, self.project.endpoint)


@pytest.fixture
def endpoint(fresh, aws):
    return Endpoint(fresh, aws("sagemaker"), aws("logs"))


def test_deploy_in_the_place_of_another(endpoint):
    """After each kill the tags lead to something that has served; after the next run, to that."""

    def prepare(_):
        wanted = 1 - endpoint.configs.index(endpoint.serves[1])
        endpoint.want(TYPES[wanted])
        endpoint.forget_the_log()
        endpoint.sagemaker.delete_endpoint_config(EndpointConfigName=endpoint.configs[wanted])
        aim[:] = [endpoint.configs[wanted], endpoint.configs[1 - wanted]]

    def meanwhile():
        assert set(endpoint.facts["served"].split()) <= set(endpoint.configs)

    def check():
        wanted, left = aim
        served = endpoint.facts["served"].split()
        return endpoint.serves == ("InService", wanted) and served[0] == left

    aim = []
    assert kill_everywhere(endpoint.project, "deploy", prepare, check, meanwhile=meanwhile) > 5


def test_rollback(endpoint):
    """Killed when all was done it is done, and the next rollback is another one: forward again."""

    def prepare(_):
        endpoint.forget_the_log()
        serves = endpoint.configs.index(endpoint.serves[1])
        aim[:] = [endpoint.configs[1 - serves], endpoint.configs[serves]]

    def meanwhile():
        arrived = endpoint.serves == ("InService", aim[0])
        if arrived and not endpoint.facts["rolling-back"]:
            aim.reverse()

    def check():
        wanted, left = aim
        return endpoint.serves == ("InService", wanted) and (
            endpoint.facts["served"].split()[0] == left
        )

    aim = []
    assert kill_everywhere(endpoint.project, "rollback", prepare, check, meanwhile=meanwhile) > 5


class Failed:
    """An endpoint that failed, with two that have served before in its record."""

    def __init__(self, endpoint):
        self.endpoint, self.sagemaker = endpoint, endpoint.sagemaker
        self.name = endpoint.project.endpoint
        config = self.sagemaker.describe_endpoint_config(EndpointConfigName=endpoint.configs[0])
        (variant,) = config["ProductionVariants"]
        model = self.sagemaker.describe_model(ModelName=variant["ModelName"])
        container = {**model["PrimaryContainer"], "Environment": BROKEN}
        self.broken = f"{self.name}-broken"
        self.sagemaker.create_model(
            ModelName=self.broken,
            ExecutionRoleArn=model["ExecutionRoleArn"],
            PrimaryContainer=container,
        )
        self.sagemaker.create_endpoint_config(
            EndpointConfigName=self.broken,
            ProductionVariants=[{**variant, "ModelName": self.broken}],
        )

    def make(self):
        """Put it in the place of what is there."""
        if self.exists:
            self.sagemaker.delete_endpoint(EndpointName=self.name)
            harness.wait_for(lambda: not self.exists)
        facts = {"project": self.endpoint.project.name, "served": " ".join(self.endpoint.configs)}
        self.sagemaker.create_endpoint(
            EndpointName=self.name, EndpointConfigName=self.broken, Tags=tags.of(facts)
        )
        harness.wait_for(lambda: self.endpoint.serves[0] == "Failed")
        self.endpoint.forget_the_log()

    def keep_with(self, config):
        arn = self.sagemaker.describe_endpoint_config(EndpointConfigName=config)
        kept = tags.of({"served": " ".join(self.endpoint.configs)})
        self.sagemaker.add_tags(ResourceArn=arn["EndpointConfigArn"], Tags=kept)

    def require_forgotten(self):
        """Delete the endpoint as somebody does in the console: there is no way back to it."""
        self.sagemaker.delete_endpoint(EndpointName=self.name)
        harness.wait_for(lambda: not self.exists)
        assert self.endpoint.project.succeed("status").outputs["previous-config"] == ""
        refused = self.endpoint.project.run("rollback")
        assert refused.code == 3
        assert f"There is no endpoint {self.name}." in refused.stdout

    @property
    def exists(self):
        return bool(self.sagemaker.list_endpoints(NameContains=self.name)["Endpoints"])


BROKEN = {"MATLAB_SAGEMAKER_WORKERS": "none"}


@pytest.fixture
def failed(endpoint):
    return Failed(endpoint)


def test_deploy_in_the_place_of_one_that_failed(failed):
    """Its record is not lost with it."""
    endpoint, wanted = failed.endpoint, failed.endpoint.configs[1]

    def prepare(_):
        failed.make()
        endpoint.want(TYPES[1])
        endpoint.sagemaker.delete_endpoint_config(EndpointConfigName=wanted)

    def check():
        served = endpoint.facts["served"].split()
        return endpoint.serves == ("InService", wanted) and served == endpoint.configs

    assert kill_everywhere(endpoint.project, "deploy", prepare, check) > 5


def test_rollback_of_one_that_failed(failed):
    """Killed when all was done it is done, and the next rollback is another one."""
    endpoint = failed.endpoint

    def prepare(_):
        failed.make()
        aim[:] = endpoint.configs

    def meanwhile():
        with contextlib.suppress(ClientError):  # it is not there
            arrived = endpoint.serves == ("InService", aim[0])
            if arrived and not endpoint.facts.get("rolling-back"):
                aim.reverse()

    def check():
        return endpoint.serves == ("InService", aim[0])

    aim = []
    assert kill_everywhere(endpoint.project, "rollback", prepare, check, meanwhile=meanwhile) > 5


class KillerAtDeletion(Killer):
    """Kills the victim once the endpoint is being deleted."""

    def __call__(self, exchange):
        if exchange.what == "SageMaker.DeleteEndpoint":
            self.deadly = 1
        return super().__call__(exchange)


@pytest.mark.parametrize("verb", ["deploy", "rollback"])
def test_what_a_killed_deployment_has_kept_is_anothers_too(failed, verb):
    """A deployment of something else, or the way back."""
    endpoint, project = failed.endpoint, failed.endpoint.project
    failed.make()
    endpoint.want(TYPES[1])
    killer = KillerAtDeletion(10_000)
    with way(project.url, killer) as url:
        process = project.start("deploy", AWS_ENDPOINT_URL=url)
        killer.victim = process.pid
        process.communicate(timeout=60)
    harness.wait_for(lambda: not failed.exists)
    told = project.succeed("status").outputs
    assert (told["endpoint-status"], told["previous-config"]) == ("missing", endpoint.configs[0])
    endpoint.want(TYPES[0])
    project.succeed(verb)
    assert endpoint.serves == ("InService", endpoint.configs[0])
    assert endpoint.facts["served"].split() == endpoint.configs
    failed.require_forgotten()


@pytest.mark.parametrize("verb", ["deploy", "rollback"])
def test_what_was_kept_of_a_failed_one_is_forgotten_once_another_serves(failed, verb):
    """Whoever deletes that one months later does not get it back from an old record."""
    failed.make()
    failed.endpoint.want(TYPES[1])
    failed.keep_with(failed.endpoint.configs[0])  # by an attempt that had failed as well
    failed.endpoint.project.succeed(verb)
    failed.require_forgotten()


def test_delete(fresh, aws):
    sagemaker = aws("sagemaker")

    def prepare(_):
        made = fresh.succeed("deploy").outputs
        arn = sagemaker.describe_endpoint_config(EndpointConfigName=made["endpoint-config"])
        sagemaker.create_endpoint_config(
            EndpointConfigName=f"{fresh.endpoint}-{'0' * 16}",
            ProductionVariants=arn["ProductionVariants"],
            Tags=sagemaker.list_tags(ResourceArn=arn["EndpointConfigArn"])["Tags"],
        )

    def check():
        name = fresh.endpoint
        return not (
            sagemaker.list_endpoints(NameContains=name)["Endpoints"]
            or sagemaker.list_endpoint_configs(NameContains=name)["EndpointConfigs"]
            or sagemaker.list_models(NameContains=name)["Models"]
        )

    words = ("--endpoint-name", fresh.endpoint)
    assert kill_everywhere(fresh, "delete", prepare, check, *words) > 5
