"""Each step's calls of AWS if nothing has changed: a merge whose pull request has trained.

With GitHub's token, a step assumes the role instead of calling GetCallerIdentity.
"""

import re

from helpers.aws.fault_proxy import Recorder, proxy

WHO = "sts GetCallerIdentity"
IMAGE = "DescribeImages"
ADDRESS = "DescribeRepositories"
OURS = ["ListTrainingJobs", "DescribeTrainingJob", "GET card.json"]
CALLS = {
    ("build-training-image", "--repository", "release"): [WHO, IMAGE, ADDRESS],
    ("train",): [WHO, IMAGE, *OURS],
    ("compile-handler",): [WHO, IMAGE, ADDRESS],
    ("deploy",): [
        *(WHO, IMAGE),  # the training and the inference image in one call
        *(*OURS, "GET ?policy", "GET ?lifecycle"),  # the check: five calls
        *(ADDRESS, "DescribeEndpoint", "ListTags"),
    ],
    ("predict", "--request", "requests/three_flowers.csv"): [WHO, "POST invocations"],
}


CHAMPION = [  # what serves, to compare with
    "DescribeEndpoint", "DescribeEndpointConfig", "ListTags", "DescribeModel",
    "DescribeTrainingJob", "GET card.json",
]  # fmt: skip


def test_a_chain_in_which_nothing_changes_asks_this_and_nothing_else(trained):
    """Only with a champion does train read the endpoint; deploy makes no more calls."""
    trained.succeed("deploy")
    asked = {step: calls(trained, *step) for step in CALLS}
    assert asked == {**CALLS, ("train",): [*CALLS["train",], *CHAMPION]}
    text = (trained.root / "sagemaker.yml").read_text()
    trained.write("sagemaker.yml", re.sub(r"(?m)^champion:.*\n(  .*\n)*", "", text))
    assert {step: calls(trained, *step) for step in CALLS} == CALLS
    assert sum(map(len, CALLS.values())) <= 23


def calls(project, *step):
    recorder = Recorder()
    with proxy(project.url, recorder) as url:
        project.succeed(*step, AWS_ENDPOINT_URL=url)
    return [exchange.call for exchange in recorder.exchanges]
