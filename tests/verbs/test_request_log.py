"""A step logs its requests to AWS if somebody debugs it."""

import re

import pytest

pytestmark = pytest.mark.slow

LINE = re.compile(r"aws ([a-z0-9-]+) (\w+): (\d{3}(?: \w+)?|no answer \(\w+\)), \d+\.\d\d s")


def requests(text):
    """Return service, operation and outcome of each line; no line may have anything else."""
    lines = [line for line in text.splitlines() if line.startswith("aws ")]
    return [LINE.fullmatch(line).groups() for line in lines]


@pytest.mark.parametrize(("words", "more"), [((), {"RUNNER_DEBUG": "1"}), (("--verbose",), {})])
def test_each_request_has_a_line_with_operation_status_and_seconds(project, words, more):
    result = project.run("status", *words, **more)
    assert result.code == 3
    asked = requests(result.stdout)
    assert asked[0] == ("sts", "GetCallerIdentity", "200")
    assert ("sagemaker", "DescribeEndpoint", "400 ValidationException") in asked


def test_without_being_asked_it_shows_no_requests(project):
    assert requests(project.run("status").stdout) == []
