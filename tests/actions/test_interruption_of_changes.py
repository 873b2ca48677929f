"""A change of an endpoint that is killed after any of its requests, and run again.

After each kill the way back is still true, and the next run ends as if the kill never had been.
"""

import pytest

import harness
from ways import kill_everywhere

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
