"""Running other programs: the environment that they see, and that none outlives us."""

import os
import signal
import subprocess
import sys

import psutil
import pytest

from helpers.kit.paths import KIT
from helpers.kit.waiting import read_until
from matlab_sagemaker import shell
from matlab_sagemaker.errors import ImageError

PRINT = "import os; print(os.environ.get('MLM_LICENSE_TOKEN'), os.environ.get('OTHER'))"
CANCELLED = """
import os
from matlab_sagemaker import shell
{before}
command = ["sh", "-c", "echo started $$; {runs}"]
shell.stream(command, {{}}, lambda line: print(line, flush=True))
"""


def printed(environment):
    lines = []
    assert shell.stream([sys.executable, "-c", PRINT], environment, lines.append) == 0
    return lines


def test_the_batch_token_is_seen_only_by_a_program_that_is_given_it(monkeypatch):
    monkeypatch.setenv("MLM_LICENSE_TOKEN", "secret")
    monkeypatch.setenv("OTHER", "seen")
    assert printed({}) == ["None seen"]
    assert printed({"MLM_LICENSE_TOKEN": "secret"}) == ["secret seen"]
    assert printed({"MLM_LICENSE_TOKEN": "", "OTHER": ""}) == ["None None"]


def test_no_program_gets_the_right_to_ask_github_for_tokens(monkeypatch):
    for name in ("URL", "TOKEN"):
        monkeypatch.setenv(f"ACTIONS_ID_TOKEN_REQUEST_{name}", "secret")
    lines = []
    assert shell.stream(["env"], {}, lines.append) == 0
    assert not [line for line in lines if "ID_TOKEN" in line]


def test_a_program_that_is_not_there_is_told(tmp_path):
    lines = []
    assert shell.stream([str(tmp_path / "nothing")], {}, lines.append) == 127
    assert "cannot be started" in lines[0]


def test_a_failure_is_told_with_the_last_lines():
    with pytest.raises(ImageError, match="the last line") as caught:
        shell.run(["sh", "-c", "echo the last line >&2; exit 3"], what="It")
    assert "exit code 3" in str(caught.value)


@pytest.mark.parametrize(
    ("before", "runs"),
    [("", "sleep 60 & wait"), ("del os.killpg", "exec sleep 60")],
    ids=["here", "as on Windows"],
)
def test_a_cancelled_run_leaves_no_program_behind(before, runs):
    with subprocess.Popen(
        [sys.executable, "-c", CANCELLED.format(before=before, runs=runs)],
        env={**os.environ, "PYTHONPATH": str(KIT / "scripts")},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        group = int(read_until(process, "started").split()[1])
        process.send_signal(signal.SIGINT)
        process.wait(20)
    assert living(group) == []


def living(group):
    """Return the processes of a group, without zombies."""
    found = []
    for process in psutil.process_iter(["status"]):
        try:
            mine = os.getpgid(process.pid) == group
        except ProcessLookupError:
            continue
        if mine and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found
