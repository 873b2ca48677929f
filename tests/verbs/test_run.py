"""scripts/run: the environment that it makes once is enough, even without a network."""

import dataclasses
import itertools
import re
import runpy
import shutil
import subprocess
import sys

import pytest

from helpers.kit.paths import KIT
from helpers.kit.verb_runs import EXAMPLE

NOWHERE = "http://127.0.0.1:9"
NO_NETWORK = {
    "HTTP_PROXY": NOWHERE,
    "HTTPS_PROXY": NOWHERE,
    "ALL_PROXY": NOWHERE,
    "PIP_INDEX_URL": NOWHERE,
    "UV_DEFAULT_INDEX": NOWHERE,
}


VERBS = runpy.run_path(str(KIT / "scripts/__main__.py"))["verbs"]()


def run(folder, *words, **more):
    """Run the kit with its environments below `folder`."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "RUNNER_TEMP": str(folder)}
    return subprocess.run(
        [KIT / "scripts/run", *words],
        env={**environment, **NO_NETWORK, **more},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def environments():
    """Make the environments of the checkout."""
    for group in re.findall(r"group=(\w+)", (KIT / "scripts/run").read_text()):
        command = ["python3", KIT / "scripts/bootstrap.py", "environment", group]
        subprocess.run(command, check=True, capture_output=True)


@pytest.mark.usefixtures("environments")
@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_starts_offline_in_its_environment(tmp_path, verb):
    (tmp_path / ".venv").symlink_to(KIT / ".venv")
    needed = ["--work", tmp_path] if verb == "emulator" else []
    done = run(tmp_path, verb, *needed, "--nonsense")  # printed after all imports
    assert done.returncode == 2, done.stderr
    assert "error: unrecognized arguments: --nonsense" in done.stderr
    assert "Preparing" not in done.stderr


@pytest.mark.parametrize("verb", VERBS)
def test_help_is_shown_before_what_takes_long_is_imported(verb):
    command = [sys.executable, "-I", "-X", "importtime", KIT / "scripts", verb, "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("usage: scripts/run ")
    require_texts(done.stdout)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "argparse" in imported
    if (KIT / "action" / verb).is_dir() or (KIT / f"scripts/{verb}.yml").is_file():
        assert not imported & {"boto3", "botocore", "pydantic", "urllib3"}


def require_texts(usage):
    """Require a text for each option, beside it or in the line below."""
    lines = usage.splitlines()
    for line, below in itertools.pairwise([*lines, ""]):
        if option := re.match(r"  (?:-\w[^-]*, )?--\S+(?: [A-Z_]+| \[?\S*\|\S*)?", line):
            said = line[option.end() :].strip() or (below.strip() if below[:8].isspace() else "")
            assert len(said.split()) >= 2, line


@pytest.mark.usefixtures("environments")
def test_python_alone_starts_a_verb_in_the_same_environment(tmp_path):
    """As on Windows, which has no bash."""
    (tmp_path / ".venv").symlink_to(KIT / ".venv")
    outside = shutil.which("python3", path="/usr/bin:/bin")
    done = subprocess.run(
        [outside, KIT / "scripts", "status", "--nonsense"],
        env={"PATH": "/usr/bin:/bin", "RUNNER_TEMP": str(tmp_path), **NO_NETWORK},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "unrecognized arguments: --nonsense" in done.stderr


ON_EVERY_SYSTEM = (
    "rehearse", "check", "init", "doctor", "status", "predict", "train", "job", "transfer",
)  # fmt: skip
POSIX_ONLY = ("fcntl", "termios", "pwd", "grp", "resource", "pty", "tty")


@pytest.mark.parametrize("verb", ON_EVERY_SYSTEM)
def test_what_a_user_runs_at_the_desk_imports_nothing_that_windows_lacks(verb):
    program = (
        f"import sys; sys.modules.update(dict.fromkeys({POSIX_ONLY}))\n"
        f"sys.path[:0] = [{str(KIT / 'scripts')!r}, {str(KIT / 'docker/common')!r}]\n"
        f"import {verb}, bootstrap"
    )
    done = subprocess.run([sys.executable, "-I", "-c", program], check=False, capture_output=True)
    assert done.returncode == 0, done.stderr


POSIX_FUNCTIONS = ("killpg", "getpgid", "getuid", "geteuid", "getgid", "fork", "setsid", "uname")
INIT = ("init", "--kit", "acme/kit", "--branch", "main", "--yes", "--dry-run")


@pytest.mark.usefixtures("environments")
@pytest.mark.parametrize("words", [("check",), ("rehearse", "--only", "training"), INIT])
def test_what_a_user_runs_at_the_desk_calls_nothing_that_windows_lacks(tmp_path, words):
    root = shutil.copytree(EXAMPLE, tmp_path / "a project")
    program = (
        "import os, runpy, sys\n"
        f"for name in {POSIX_FUNCTIONS}: delattr(os, name)\n"
        f"sys.modules.update(dict.fromkeys({POSIX_ONLY}))\n"
        f"sys.argv = ['scripts', *{words}]\n"
        f"runpy.run_path({str(KIT / 'scripts')!r}, run_name='__main__')"
    )
    python = KIT / ".venv/runtime/bin/python"
    done = subprocess.run(
        [python, "-I", "-c", program], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


LOCKED_ELSEWHERE = """
import errno, sys, types
import bootstrap

results = [errno.EDEADLK, errno.EDEADLK, 0]

def locking(file, mode, count):
    if number := results.pop(0):
        raise OSError(number, "Resource deadlock avoided")

sys.modules["msvcrt"] = types.SimpleNamespace(LK_LOCK=1, locking=locking)
sys.platform = "win32"
with bootstrap.locked(sys.stdin):
    assert not results
"""


def test_a_second_first_start_waits_on_windows_too_where_a_lock_gives_up_after_ten_seconds():
    command = [sys.executable, "-c", LOCKED_ELSEWHERE]
    subprocess.run(command, check=True, cwd=KIT, env={"PYTHONPATH": "scripts"})


@pytest.mark.parametrize("words", [("status",), ("status", "--config", "none"), ("comment",)])
def test_what_other_tests_start_does_what_a_user_starts(project, words):
    """They fork a verb from a process that has imported it, in their own environment."""
    inputs = {"INPUT_TOKEN": "x", "INPUT_VERDICT": "success"}
    forked, started = (
        project.finish(start(*words, **inputs)) for start in (project.start, project.start_really)
    )
    # A random token is before and after foreign text.
    texts = [re.sub("[0-9a-f]{32}", "word", each.stdout) for each in (forked, started)]
    assert texts[0] == texts[1] != ""
    assert dataclasses.replace(forked, stdout="") == dataclasses.replace(started, stdout="")


@pytest.mark.slow
def test_without_environment_and_network_it_says_what_to_do(tmp_path):
    done = run(tmp_path, "train", "--help")
    assert done.returncode == 1
    assert "The first run needs a network" in done.stderr
    assert "PIP_INDEX_URL" in done.stderr


@pytest.mark.slow
def test_an_environment_that_is_not_that_of_the_lock_is_made_anew(tmp_path):
    (tmp_path / ".venv/runtime").mkdir(parents=True)
    (tmp_path / ".venv/runtime/lock.txt").write_text("another\n")
    done = run(tmp_path, "train", "--help")
    assert "Preparing the locked 'runtime' environment" in done.stderr
