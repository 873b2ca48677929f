"""A step in a broken environment ends with one message, which says what to do."""

import os
import re
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from helpers.kit.paths import KIT
from helpers.kit.verb_runs import CREDENTIALS, HANDLER
from helpers.kit.waiting import LONGEST_S, eventually

pytestmark = pytest.mark.slow

# Root reads everything, unless it drops that capability.
LIKE_USERS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") * (os.geteuid() == 0)
ENDS_WELL = ("train", "--find-only")
START = str(KIT / "scripts/run")


def by_hand(project, redirections, *words, **environment):
    """Run a verb as a person does, from a shell with redirections."""
    command = ["bash", "-c", f'exec "$@" {redirections}', "bash", START, *words]
    return subprocess.run(
        command,
        cwd=project.root,
        env={"PATH": os.environ["PATH"], **CREDENTIALS, "AWS_ENDPOINT_URL": project.url}
        | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def hidden(project):
    """Return a function that takes away the right to read a path of the project."""
    paths = []

    def hide(path):
        paths.append(project.root / path)
        paths[-1].chmod(0)

    yield hide
    for path in paths:
        path.chmod(0o700)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("data/training/more", "'data/training' (data/training/more cannot be read: Permission"),
        (HANDLER, "Handler.m cannot be read: Permission"),
    ],
)
def test_what_cannot_be_read_is_named_and_never_left_out(project, hidden, path, line):
    (project.root / "data/training/more").mkdir()
    (project.root / "data/training/more/a.csv").write_text("x")
    hidden(path)
    verb = "compile-handler" if path == HANDLER else "train"
    command = [*LIKE_USERS, START, verb, "--find-only"]
    result = project.finish(project._start(command))
    assert result.code == 2
    assert line in result.annotations[0]


@pytest.mark.parametrize(
    ("variable", "place", "why"),
    [
        ("GITHUB_OUTPUT", "/dev/full", "No space left"),
        ("GITHUB_STEP_SUMMARY", "/", "Is a directory"),
    ],
)
def test_a_file_of_the_runner_that_takes_nothing_ends_the_step_after_its_work(
    project, variable, place, why
):
    process = project.start(*ENDS_WELL, **{variable: place})
    stdout, stderr = process.communicate(60)
    assert process.returncode == 2, stdout + stderr
    assert "Traceback" not in stderr
    (line,) = (line for line in stdout.splitlines() if line.startswith("::error"))
    assert f"{place} ({variable}) cannot be written: {why}" in line
    assert "\nNo job has trained this yet." in stdout  # what it should have printed


def test_an_error_is_said_where_the_summary_is_full(project):
    process = project.start("status", "--config", "none.yml", GITHUB_STEP_SUMMARY="/dev/full")
    stdout, stderr = process.communicate(60)
    assert process.returncode == 2
    assert stdout.count("::error") == 1
    assert "There is no file none.yml" in stdout
    assert "Traceback" not in stderr


@pytest.mark.parametrize(
    ("redirections", "words"),
    [
        (">/dev/full", ENDS_WELL),
        (">/dev/full", [*ENDS_WELL, "--json"]),
        (">/dev/full", ["schema"]),
        (">/dev/full", ["train", "--help"]),
        (">&-", ENDS_WELL),
    ],
)
def test_a_standard_output_that_takes_nothing_is_said(project, redirections, words):
    done = by_hand(project, redirections, *words)
    assert done.returncode == 2, done.stderr
    assert re.search(r"(?m)^error: .*(can be|cannot be|is closed)", done.stderr), done.stderr
    assert "Traceback" not in done.stderr


def test_a_closed_standard_error_changes_nothing(project):
    assert by_hand(project, "2>&-", "status", "--config", "none.yml").returncode == 2


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("localhost:5000", "boto3 does not accept"),
        ("http://127.0.0.1:99999", "boto3 does not accept"),
    ],
)
def test_an_address_that_is_none_is_said(project, url, why):
    result = project.run("status", AWS_ENDPOINT_URL=url)
    assert result.code == 5
    assert why in result.annotations[0]


@pytest.mark.parametrize("verb", ["status", "doctor"])
def test_a_region_that_is_not_known_is_said(project, verb):
    result = project.run(verb, "--region", "xx-nowhere-1")
    assert result.code in (5, 18)
    assert "xx-nowhere-1" in result.stdout


def test_a_config_that_is_a_pipe_is_not_waited_for(project):
    (project.root / "sagemaker.yml").unlink()
    os.mkfifo(project.root / "sagemaker.yml")
    result = project.run("status")
    assert result.code == 2
    assert "sagemaker.yml is not a file" in result.annotations[0]


@pytest.mark.parametrize("text", ["nonsense", None])
def test_an_event_that_cannot_be_read_is_said(project, tmp_path, text):
    event = tmp_path / "event.json"
    if text is not None:
        event.write_text(text)
    result = project.run("status", GITHUB_EVENT_PATH=str(event))
    assert result.code == 2
    assert f"{event} cannot be read" in result.annotations[0]


def test_ctrl_c_while_a_verb_is_imported_is_a_line(project):
    process = project.start_really("status")
    maps = Path(f"/proc/{process.pid}/maps")
    eventually(lambda: "/_pydantic_core" in maps.read_text())
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert " ".join(stderr.split()) == "error: The run was cancelled. Run it again to continue."


def test_ctrl_c_while_an_environment_is_made_is_a_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(LONGEST_S)
        index = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        process = subprocess.Popen(
            [START, "status"],
            env={"PATH": os.environ["PATH"], "RUNNER_TEMP": str(tmp_path), "PIP_INDEX_URL": index},
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        asking, _ = silent.accept()  # pip asks, and waits for its answer
        with asking:
            os.killpg(process.pid, signal.SIGINT)
            _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert stderr.endswith("error: The run was cancelled. Run it again to continue.\n")
    assert "Traceback" not in stderr


def test_a_key_cannot_steer_a_terminal(project):
    project.edit("sagemaker.yml", "name: ", '"na\\e[31mme": ')
    done = by_hand(project, "", "status")
    assert done.returncode == 2
    assert "na\\x1b[31mme: unknown key" in done.stderr
    assert "\x1b" not in done.stderr


def test_a_name_of_a_file_that_is_not_utf_8_is_said(project):
    (project.root / "data/training" / os.fsdecode(b"caf\xe9.csv")).write_text("1")
    result = project.run("train", "--find-only")
    assert result.code == 2
    assert "is not UTF-8" in result.annotations[0]
    done = project.run("status", "--config", os.fsdecode(b"caf\xe9.yml"))
    assert done.code == 2
    assert "There is no file caf\\udce9.yml." in done.annotations[0]
