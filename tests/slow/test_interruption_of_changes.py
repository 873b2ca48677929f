"""A change of an endpoint that is killed after any of its requests and runs again.

After each kill the way back is still right, and the next run ends as if nothing had happened.
"""

import pytest

from helpers.aws.fault_proxy import Killer, kill_everywhere, proxy
from helpers.kit import verb_runs
from helpers.kit.waiting import eventually
from matlab_sagemaker.aws import tags

pytestmark = pytest.mark.slow

TYPES = ("ml.m5.large", "ml.m5.xlarge")


class Endpoint:
    """An endpoint, and the change from one configuration to the other."""

    def __init__(self, project, sagemaker, logs):
        self.project, self.sagemaker, self.logs = project, sagemaker, logs
        self.configs = [self.deploy(kind) for kind in TYPES]

    def deploy(self, kind):
        self.project.serve_on(kind)
        return self.project.succeed("deploy").outputs["endpoint-config"]

    def forget_the_log(self):
        """Each change adds a log stream, and so a request to each read: the kills would not end."""
        self.logs.delete_log_group(logGroupName=f"/aws/sagemaker/Endpoints/{self.project.endpoint}")

    def forget(self, config):
        """Delete a configuration and its model."""
        found = self.sagemaker.describe_endpoint_config(EndpointConfigName=config)
        (variant,) = found["ProductionVariants"]
        self.sagemaker.delete_endpoint_config(EndpointConfigName=config)
        self.sagemaker.delete_model(ModelName=variant["ModelName"])

    @property
    def serves(self):
        endpoint = self.sagemaker.describe_endpoint(EndpointName=self.project.endpoint)
        return endpoint["EndpointStatus"], endpoint["EndpointConfigName"]

    @property
    def made(self):
        """How many models and configurations there are."""
        of = {"NameContains": self.project.endpoint}
        models = self.sagemaker.list_models(**of)["Models"]
        return len(models), len(self.sagemaker.list_endpoint_configs(**of)["EndpointConfigs"])

    @property
    def facts(self):
        return verb_runs.facts(self.sagemaker, self.project.endpoint)


@pytest.fixture
def endpoint(fresh, aws):
    return Endpoint(fresh, aws("sagemaker"), aws("logs"))


def test_deploy_in_the_place_of_another(endpoint):
    """After each kill the tags name a former configuration; after the next run, the right one."""

    def prepare(_):
        wanted = 1 - endpoint.configs.index(endpoint.serves[1])
        endpoint.project.serve_on(TYPES[wanted])
        endpoint.forget_the_log()
        endpoint.sagemaker.delete_endpoint_config(EndpointConfigName=endpoint.configs[wanted])
        aim[:] = [endpoint.configs[wanted], endpoint.configs[1 - wanted]]

    def meanwhile():
        assert set(endpoint.facts["served"].split()) <= set(endpoint.configs)

    def check():
        wanted, left = aim
        served = endpoint.facts["served"].split()
        assert endpoint.made == (1, 2)
        return endpoint.serves == ("InService", wanted) and served[0] == left

    aim = []
    assert kill_everywhere(endpoint.project, "deploy", prepare, check, meanwhile=meanwhile) > 5


def test_deploy_of_a_model_that_passes_no_gate(endpoint):
    """The next run ends with it in service, and the tags say so."""
    verb_runs.rule(endpoint.project, gate="'>= 0.95'", champion="{at_least: 0}")

    def prepare(_):
        wanted = 1 - endpoint.configs.index(endpoint.serves[1])
        endpoint.project.serve_on(TYPES[wanted])
        endpoint.forget_the_log()
        endpoint.sagemaker.delete_endpoint_config(EndpointConfigName=endpoint.configs[wanted])
        assert endpoint.project.run("deploy").code == 19
        assert endpoint.serves == ("InService", endpoint.configs[1 - wanted])
        aim[:] = [endpoint.configs[wanted]]

    def check():
        ignored = endpoint.facts["gate-ignored"].split()
        assert endpoint.made == (1, 2), "the model is of both"
        return endpoint.serves == ("InService", *aim) and ignored[0] == aim[0]

    aim = []
    words = ("--ignore-gate",)
    assert kill_everywhere(endpoint.project, "deploy", prepare, check, *words) > 5


def test_deploy_of_a_model_that_is_worse_than_what_serves(fresh, aws):
    """The next run finds it in service, where no rule of champion is broken: the mark stays.

    Model and configuration have to be made each time.
    """
    verb_runs.rule(fresh, champion="{at_least: -0.001}")
    endpoint = Endpoint(fresh, aws("sagemaker"), aws("logs"))
    good = endpoint.serves[1]
    fresh.edit("sagemaker.yml", "MinLeafSize: 1", "MinLeafSize: 40")
    assert fresh.run("train").code == 19

    def prepare(_):
        if (bad := endpoint.serves[1]) != good:
            fresh.succeed("rollback")
            endpoint.forget(bad)
        endpoint.forget_the_log()
        assert fresh.run("deploy").code == 19

    def check():
        config = endpoint.serves[1]
        assert endpoint.made == (2, 3)
        return config != good and config in endpoint.facts["gate-ignored"].split()

    assert kill_everywhere(fresh, "deploy", prepare, check, "--ignore-gate") > 5


def test_rollback(endpoint):
    """Killed at the very end it is done, and the next rollback goes forward again."""

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


@pytest.mark.parametrize("what", ["the step", "the job"])
def test_rollback_after_a_smoke_test(endpoint, what):
    """The step runs again, or the whole job, which first deploys and finds that in service."""
    good, bad = endpoint.configs
    endpoint.project.environment["GITHUB_SHA"] = "c" * 40
    changed = ("--was-changed",) if what == "the step" else ()

    def prepare(_):
        endpoint.deploy(TYPES[0])
        endpoint.deploy(TYPES[1])
        endpoint.forget_the_log()

    def meanwhile():
        if what == "the job":
            endpoint.project.succeed("deploy")

    def check():
        facts = endpoint.facts
        assert endpoint.made == (1, 2)
        assert (facts["smoke-test-failed"], facts["rolling-back"]) == (bad, "")
        return endpoint.serves == ("InService", good)

    words = ("--failed-config", bad, *changed)
    how = {"meanwhile": meanwhile, "codes": {1}}
    assert kill_everywhere(endpoint.project, "rollback", prepare, check, *words, **how) > 5


class Failed:
    """A failed endpoint with two former configurations in its history."""

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
        """Replace the endpoint, if any, by this one."""
        if self.exists:
            self.sagemaker.delete_endpoint(EndpointName=self.name)
            eventually(lambda: not self.exists)
        facts = {"project": self.endpoint.project.name, "served": " ".join(self.endpoint.configs)}
        self.sagemaker.create_endpoint(
            EndpointName=self.name, EndpointConfigName=self.broken, Tags=tags.of(facts)
        )
        eventually(lambda: self.endpoint.serves[0] == "Failed")
        self.endpoint.forget_the_log()

    @property
    def exists(self):
        return bool(self.sagemaker.list_endpoints(NameContains=self.name)["Endpoints"])


BROKEN = {"PROGRAM": "sys.exit(1)"}


@pytest.fixture
def failed(endpoint):
    return Failed(endpoint)


def test_deploy_in_the_place_of_one_that_failed(failed):
    endpoint, wanted = failed.endpoint, failed.endpoint.configs[1]

    def prepare(_):
        failed.make()
        endpoint.project.serve_on(TYPES[1])
        endpoint.sagemaker.delete_endpoint_config(EndpointConfigName=wanted)

    def check():
        return endpoint.serves == ("InService", wanted)

    assert kill_everywhere(endpoint.project, "deploy", prepare, check) > 5


def test_the_history_of_one_that_failed_goes_with_the_one_made_in_its_place(failed):
    endpoint = failed.endpoint
    failed.make()
    endpoint.project.serve_on(TYPES[1])
    endpoint.project.succeed("deploy")
    assert endpoint.facts["served"].split() == endpoint.configs


class KillerAtDeletion(Killer):
    """Kills the victim when the endpoint is being deleted."""

    def __call__(self, exchange):
        if exchange.what == "SageMaker.DeleteEndpoint":
            self.deadly = 1
        return super().__call__(exchange)


def test_a_rollback_killed_while_a_failed_endpoint_is_made_anew_ends_without_one(failed):
    """Its history is lost with it; see docs/limits.md."""
    failed.make()
    killer = KillerAtDeletion(10_000)
    with proxy(failed.endpoint.project.url, killer) as url:
        process = failed.endpoint.project.start("rollback", AWS_ENDPOINT_URL=url)
        killer.victim = process.pid
        process.communicate(timeout=60)
    eventually(lambda: not failed.exists)
    refused = failed.endpoint.project.run("rollback")
    assert refused.code == 3
    assert f"There is no endpoint {failed.name}." in refused.stdout


def test_rollback_of_one_that_failed(failed):
    failed.make()
    failed.endpoint.project.succeed("rollback")
    assert failed.endpoint.serves == ("InService", failed.endpoint.configs[0])


def test_delete(fresh, aws):
    sagemaker = aws("sagemaker")

    def prepare(_):
        made = fresh.succeed("deploy").outputs
        arn = sagemaker.describe_endpoint_config(EndpointConfigName=made["endpoint-config"])
        sagemaker.create_endpoint_config(
            EndpointConfigName=f"{fresh.endpoint}-{'2' * 20}",
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
    codes = {0, 3}  # 3: nothing was left, because it was killed after its last request
    assert kill_everywhere(fresh, "delete", prepare, check, *words, codes=codes) > 5
