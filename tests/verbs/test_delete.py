"""Deleting removes what was created for the endpoint, not what others created or need."""

import json
import re

import pytest
from botocore.exceptions import ClientError

from helpers.aws.fault_proxy import Recorder, proxy
from helpers.kit.verb_runs import HANDLER


def left(aws, name):
    """Return the resources whose names contain `name`."""
    sagemaker = aws("sagemaker")
    lists = {
        "list_endpoints": ("Endpoints", "EndpointName"),
        "list_endpoint_configs": ("EndpointConfigs", "EndpointConfigName"),
        "list_models": ("Models", "ModelName"),
    }
    return {
        item[field]
        for call, (key, field) in lists.items()
        for page in sagemaker.get_paginator(call).paginate(NameContains=name)
        for item in page[key]
    }


def test_all_that_was_made_for_the_endpoint_goes(twice, aws):
    project, first, second = twice
    result = project.succeed("delete", "--endpoint-name", project.endpoint)
    assert left(aws, project.endpoint) == set()
    assert json.loads(result.outputs["deleted"]) == [
        project.endpoint,
        *sorted([first["endpoint-config"], second["endpoint-config"]]),
        first["model-name"],
    ]
    assert "is deleted" in result.summary
    assert "revert its commit too" in result.summary
    assert "delete_model " + first["model-name"] in result.summary
    for made, commit, state in ((first, "a", "does not serve"), (second, "b", "serves now")):
        row = (
            rf"{state} *\|? {made['endpoint-config']} .*{commit * 7}.* \d\d:\d\d UTC .*accuracy 0.9"
        )
        assert re.search(row, result.stdout)
        assert re.search(row, result.summary)
    for what in ("training jobs", f"{project.name}/", "images", "logs"):
        assert what in result.summary
        assert what in result.stdout


def test_what_a_deletion_leaves_serves_the_next_deployment(twice, aws):
    project, first, second = twice
    project.succeed("delete", "--endpoint-name", project.endpoint)
    sagemaker = aws("sagemaker")
    job = sagemaker.describe_training_job(TrainingJobName=first["training-job"])
    assert job["TrainingJobStatus"] == "Completed"
    again = project.succeed("deploy").outputs
    assert again["endpoint-config"] == second["endpoint-config"], "the same content, the same name"
    assert project.run("rollback").code == 4, "what served before went with the endpoint"


def test_what_is_gone_already_is_missing(fresh):
    result = fresh.run("delete", "--endpoint-name", fresh.endpoint)
    assert result.code == 3
    assert f"There is no endpoint {fresh.endpoint}, and nothing else" in result.annotations[0]
    assert "If it was deleted before, you are done" in result.annotations[0]


def test_a_name_that_is_not_repeated_exactly_deletes_nothing(fresh, aws):
    fresh.succeed("deploy")
    before, recorder = left(aws, fresh.endpoint), Recorder()
    for name in (fresh.endpoint.upper(), f"{fresh.endpoint}-2", ""):
        with proxy(fresh.url, recorder) as url:
            result = fresh.run("delete", "--endpoint-name", name, AWS_ENDPOINT_URL=url)
        assert result.code == 2
        assert f"the endpoint is called '{fresh.endpoint}'" in result.annotations[0]
        assert "set the input endpoint-name to" in result.annotations[0]
        assert not [e.what for e in recorder.exchanges if "SageMaker." in e.what]
    assert left(aws, fresh.endpoint) == before


def test_what_others_made_or_need_stays(fresh, aws):
    """Names with the same start, tags of another endpoint, no tags; more than a page."""
    sagemaker, name = aws("sagemaker"), fresh.endpoint
    mine = fresh.succeed("deploy").outputs
    fresh.call_endpoint(f"{name}-2")
    other = fresh.succeed("deploy").outputs
    fresh.call_endpoint(name)
    made = sagemaker.describe_endpoint_config(EndpointConfigName=other["endpoint-config"])
    arn = made["EndpointConfigArn"]
    others = {f"{name}-{number:020x}": [] for number in range(12)}
    others[f"{name}-{'f' * 20}"] = sagemaker.list_tags(ResourceArn=arn)["Tags"]
    for config, tags in others.items():
        sagemaker.create_endpoint_config(
            EndpointConfigName=config, ProductionVariants=made["ProductionVariants"], Tags=tags
        )
    before = left(aws, name)
    fresh.succeed("delete", "--endpoint-name", name)
    gone = {name, mine["endpoint-config"], mine["model-name"]}
    assert left(aws, name) == before - gone
    endpoint = sagemaker.describe_endpoint(EndpointName=f"{name}-2")
    assert endpoint["EndpointStatus"] == "InService"


def test_an_endpoint_of_another_project_is_refused(fresh, aws):
    fresh.succeed("deploy")
    before = left(aws, fresh.endpoint)
    fresh.edit("sagemaker.yml", f"name: {fresh.name}\n\n", "name: somebody-else\n\n")
    result = fresh.run("delete", "--endpoint-name", fresh.endpoint)
    assert result.code == 4
    assert f"Its tags name the project {fresh.name}" in result.annotations[0]
    assert left(aws, fresh.endpoint) == before


def test_an_endpoint_that_has_failed_can_be_deleted(fresh, aws, broken):
    fresh.write(HANDLER, broken)
    assert fresh.run("deploy").code == 1
    assert fresh.succeed("status").outputs["endpoint-status"] == "Failed"
    fresh.succeed("delete", "--endpoint-name", fresh.endpoint)
    assert left(aws, fresh.endpoint) == set()


def test_an_endpoint_that_is_being_changed_is_deleted_when_that_is_done(updating, aws):
    project, _, _ = updating
    result = project.succeed("delete", "--endpoint-name", project.endpoint)
    assert "[Updating]" in result.stdout
    assert left(aws, project.endpoint) == set()


def test_what_somebody_else_deletes_meanwhile_is_gone_as_well(twice, aws):
    project, first, _ = twice
    sagemaker = aws("sagemaker")

    def take_it_away(exchange):
        if exchange.what == "SageMaker.ListModels":
            sagemaker.delete_endpoint_config(EndpointConfigName=first["endpoint-config"])
            sagemaker.delete_model(ModelName=first["model-name"])
        return exchange

    with proxy(project.url, Recorder(take_it_away)) as url:
        project.succeed("delete", "--endpoint-name", project.endpoint, AWS_ENDPOINT_URL=url)
    assert left(aws, project.endpoint) == set()
    with pytest.raises(ClientError, match="Could not find"):
        sagemaker.describe_endpoint(EndpointName=project.endpoint)
