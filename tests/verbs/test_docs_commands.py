"""The kit's commands in the pages are run; that their verbs take them, unit tests show."""

import pytest

from helpers.kit import commands

pytestmark = pytest.mark.slow

FRESH = [  # one after the other, in the example's repository
    "rehearse",
    "rehearse --request requests/three_flowers.csv --expected requests/expected.csv",
    "train --no-wait",
    "job --follow",
    "train --config sagemaker.yml",
    "job --stop",
    "transfer upload measurements --name training",
]
DEPLOYED = ["status", "predict", "rollback", "delete --endpoint-name <name>"]  # after two
# images/test_check_image.py; slow/test_examples.py; verbs/test_doctor.py; every emulator of tests
ELSEWHERE = {"check-image", "demo", "doctor", "emulator"}


def test_each_command_in_the_pages_is_run_here_or_elsewhere():
    shown = {" ".join(words) for _, words in commands.in_pages()}
    here = {*FRESH, *DEPLOYED}
    assert here <= shown
    assert {command.split()[0] for command in shown - here} == ELSEWHERE


def test_the_commands_of_a_fresh_project_run_one_after_the_other(ready):
    (ready.root / "measurements").mkdir()
    ready.write("measurements/one.csv", "a\n1\n")
    for command in FRESH:
        ready.succeed(*command.split())


def test_the_commands_of_a_deployed_project_run_one_after_the_other(trained):
    trained.succeed("deploy")
    trained.serve_on("ml.m5.xlarge")
    trained.succeed("deploy")
    for command in DEPLOYED:
        trained.succeed(*command.replace("<name>", trained.endpoint).split())
