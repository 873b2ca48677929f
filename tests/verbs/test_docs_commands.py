"""Runs the kit's commands in the pages: here, or in the test that is named."""

import pytest

from helpers.kit import commands
from helpers.kit.paths import KIT

pytestmark = pytest.mark.slow

HERE = [  # one after the other, in the example's repository
    "rehearse",
    "rehearse --request requests/three_flowers.csv --expected requests/expected.csv",
    "train --no-wait",
    "job --follow",
    "train --config sagemaker.yml",
    "job --stop",
    "transfer upload measurements --name training",
]
ELSEWHERE = {
    "check-image": "images/test_check_image.py",
    "delete --endpoint-name": "verbs/test_delete.py",
    "demo --config": "slow/test_examples.py",
    "doctor --steps": "verbs/test_doctor.py",
    "emulator --work": "helpers/emulator/process.py",
    "predict": "verbs/test_predict.py",
    "rollback": "verbs/test_rollback.py",
    "status": "verbs/test_status.py",
}


def test_each_command_in_the_pages_is_run_here_or_elsewhere():
    shown = {" ".join(words) for _, words in commands.in_pages()}
    assert set(HERE) <= shown
    rest = [command.split()[:2] for command in shown - set(HERE)]
    named = {" ".join(word for word in words if "<" not in word) for words in rest}
    assert named == set(ELSEWHERE)


@pytest.mark.parametrize(("command", "file"), ELSEWHERE.items())
def test_the_test_elsewhere_runs_it(command, file):
    text = (KIT / "tests" / file).read_text(encoding="utf-8")
    assert all(word in text for word in command.split())


def test_the_commands_run_one_after_the_other(ready):
    (ready.root / "measurements").mkdir()
    ready.write("measurements/one.csv", "a\n1\n")
    for command in HERE:
        ready.succeed(*command.split())
