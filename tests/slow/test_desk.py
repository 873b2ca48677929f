"""A desktop script, from session to deletion, on GNU Octave and the emulator; it runs twice."""

import contextlib
import functools
import json
import os
import signal
import subprocess
import threading
import uuid
from types import SimpleNamespace

import psutil
import pytest

from helpers.aws import fault_proxy
from helpers.emulator.process import Emulator
from helpers.kit import secret_traces, verb_runs
from helpers.kit.paths import KIT
from helpers.kit.verb_runs import CREDENTIALS, EXAMPLE, PASSED_ON
from helpers.kit.waiting import eventually

pytestmark = pytest.mark.slow

SECRET = "matlab-sagemaker-batch-token"
FOLDERS = ("docker/octave/compat", "matlab", "tests/octave")
LIMIT_S = 300
LIBRARIES = ("LD_LIBRARY_PATH", "LD_PRELOAD")


@pytest.fixture(scope="module")
def emulator(tmp_path_factory):
    started = Emulator(tmp_path_factory.mktemp("emulator") / "work", "--time-scale", "0.01")
    verb_runs.set_up(started.url)
    yield started
    assert started.stop() == 0


def environment(url, **variables):
    passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    kept = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]}
    aws = {"AWS_ENDPOINT_URL": url, "INPUT_BUILDER": "folder", **CREDENTIALS}
    return {**passed, **kept, **aws, **variables}


def octave(statement, folder, start=subprocess.run, **env):
    places = ", ".join(f"'{KIT / place}'" for place in FOLDERS)
    code = f"warning('off', 'Octave:shadowed-function'); addpath({places}); {statement}"
    options = ["--norc", "--no-history", "--quiet", "--no-window-system", "--eval", code]
    waited = {"check": False, "timeout": LIMIT_S} if start is subprocess.run else {}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return start(["octave-cli", *options], cwd=folder, env=env, **pipes, **waited)


@pytest.fixture(scope="module")
def story(emulator, tmp_path_factory):
    """Two runs of the script, with their output."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "temporary").mkdir()
    token = f"tester@example.com::desk{uuid.uuid4().hex}"
    statement = f"flowers_at_the_desk('{EXAMPLE}', '{folder / 'repository'}')"
    recorder, lines, over = fault_proxy.Recorder(), set(), threading.Event()

    libraries = set()

    def watch():
        while not over.wait(0.1):
            for process in psutil.process_iter(["cmdline"]):
                words = process.info["cmdline"] or ()
                lines.add("\0".join(words))
                if str(KIT / "scripts") in words:
                    with contextlib.suppress(psutil.Error):
                        libraries.add(tuple(map(process.environ().get, LIBRARIES)))

    watching = threading.Thread(target=watch)
    watching.start()
    runs = []
    try:
        with fault_proxy.proxy(emulator.url, recorder) as url:
            own = {"MARKED_TOKEN": token, "TMPDIR": str(folder / "temporary")}
            own |= {"LD_LIBRARY_PATH": "/of/the/engine", "LD_PRELOAD": "libm.so.6"}
            for _ in range(2):
                runs.append(octave(statement, folder, **environment(url, **own)))
                assert runs[-1].returncode == 0, runs[-1].stdout + runs[-1].stderr
    finally:
        over.set()
        watching.join()
    results = [
        json.loads(line.removeprefix("RESULT "))
        for run in runs
        for line in run.stdout.splitlines()
        if line.startswith("RESULT ")
    ]
    return SimpleNamespace(
        folder=folder,
        token=token,
        runs=runs,
        results=results,
        exchanges=recorder.exchanges,
        lines=lines,
        libraries=libraries,
    )


def test_the_flower_is_a_setosa(story):
    first = story.results[0]
    assert first["species"] == ["setosa", "virginica"]
    assert first["fromMatrix"] == ["setosa"]
    assert (first["status"], first["endpoint"]) == ("Completed", "desk-flowers")
    assert first["account"] == verb_runs.ACCOUNT_ID
    assert first["model"].startswith(f"s3://{first['bucket']}/sealed/desk-flowers/")
    assert first["lines"] > 1


def test_an_attached_job_and_the_training_have_one_deployment(story):
    made = [each.call for each in story.exchanges if each.call.endswith("CreateEndpointConfig")]
    changed = [each for each in story.exchanges if each.call.endswith("UpdateEndpoint")]
    assert (len(made), changed) == (2, []), "one for each run of the script"


def test_run_twice_it_trains_once(story, emulator):
    assert story.results[1] == story.results[0]
    sagemaker = verb_runs.client("sagemaker", emulator.url)
    jobs = sagemaker.list_training_jobs(NameContains="desk-flowers")["TrainingJobSummaries"]
    assert [job["TrainingJobName"] for job in jobs] == [story.results[0]["job"]]


def test_the_job_is_what_the_script_asked_for(story, emulator):
    job = verb_runs.client("sagemaker", emulator.url).describe_training_job(
        TrainingJobName=story.results[0]["job"]
    )
    limits = {"MaxRuntimeInSeconds": 900, "MaxWaitTimeInSeconds": 1800}
    assert (job["EnableManagedSpotTraining"], job["StoppingCondition"]) == (True, limits)
    assert job["Environment"]["LEVEL"] == "debug"


def test_nothing_is_left_of_the_endpoint(story, emulator):
    sagemaker = verb_runs.client("sagemaker", emulator.url)
    assert story.results
    assert sagemaker.list_endpoints()["Endpoints"] == []
    assert sagemaker.list_endpoint_configs()["EndpointConfigs"] == []
    assert sagemaker.list_models()["Models"] == []


def test_a_pull_request_of_the_written_project_finds_the_model(story, emulator):
    found = subprocess.run(
        [KIT / "scripts/run", "train", "--find-only", "--json"],
        cwd=story.folder / "repository",
        env=environment(emulator.url),
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    workflows = ("init", "--workflows", "--kit", "your-org/kit", "--branch", "main")
    subprocess.run([KIT / "scripts/run", *workflows], cwd=story.folder / "repository", check=True)
    assert len(list((story.folder / "repository/.github/workflows").iterdir())) == 3
    outputs = json.loads(found.stdout)
    assert (outputs["found"], outputs["job-name"]) == (True, story.results[0]["job"])


def test_the_kits_python_does_not_get_the_engines_libraries(story):
    assert story.libraries == {(None, None)}


def test_no_temporary_file_is_left(story):
    assert list((story.folder / "temporary").iterdir()) == []


def test_the_token_is_in_secrets_manager(story, emulator):
    secrets = verb_runs.client("secretsmanager", emulator.url)
    assert secrets.get_secret_value(SecretId=SECRET)["SecretString"] == story.token
    kept = [each for each in story.exchanges if each.what.startswith("secretsmanager.")]
    assert [each for each in kept if secret_traces.shows(each.sent, story.token)]


def test_the_token_is_seen_nowhere_else(story, emulator):
    others = [each for each in story.exchanges if not each.what.startswith("secretsmanager.")]
    assert len(others) > 20
    for each in others:
        told = each.sent + each.body + repr(each.headers).encode()
        assert not secret_traces.shows(told, story.token), each.what
    assert [line for line in story.lines if "compile-handler" in line]
    assert not [line for line in story.lines if secret_traces.shows(line, story.token)]
    for run in story.runs:
        assert not secret_traces.shows(run.stdout + run.stderr, story.token)
    for place in (story.folder, emulator.work):
        for path, data in secret_traces.files(place):
            assert not secret_traces.shows(data, story.token), path
    assert not secret_traces.shows(emulator.errors, story.token)


SLEEP = """
estimator = sagemaker.MATLABEstimator('', 'BaseJobName', 'interrupted', ...
    'TrainingFunction', @(env, varargin) pause(120));
estimator.fit('training', table([1; 2]));
"""


def test_ctrl_c_ends_the_child_and_its_job(emulator, tmp_path):
    """It reaches all processes of the group, as at a terminal."""
    sagemaker = verb_runs.client("sagemaker", emulator.url)

    def jobs(status):
        found = sagemaker.list_training_jobs(NameContains="interrupted-", StatusEquals=status)
        return found["TrainingJobSummaries"]

    start = functools.partial(subprocess.Popen, start_new_session=True)
    process = octave(SLEEP, tmp_path, start, **environment(emulator.url))
    eventually(lambda: jobs("InProgress"), LIMIT_S)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=LIMIT_S)
    assert process.returncode != 0
    assert "cancelled" in said
    eventually(lambda: jobs("Stopped"), LIMIT_S)
