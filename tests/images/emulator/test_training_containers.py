"""Training jobs as containers: the same contract as with processes."""

from __future__ import annotations

import time

import pytest

from helpers.emulator.clients import TIME_SCALE, channel, passed, unarchive
from helpers.kit.waiting import eventually
from images.emulated_docker import containers, left, volumes

TRAINS = """
assert pathlib.Path("/opt/ml") == ml and os.getpid() == 1
(ml / "model/model.txt").write_text((ml / "input/data/training/a.csv").read_text())
print(os.environ["FROM_IMAGE"], os.environ["MINE"], os.environ["AWS_ENDPOINT_URL"], flush=True)
print("to the error stream", file=sys.stderr, flush=True)
"""


def test_a_job_trains_in_its_container_and_leaves_a_model(aws, train, finish):
    data = aws.put("data/a.csv", b"1,2")
    channels = [channel("training", data.rpartition("/")[0])]
    name = train(TRAINS, InputDataConfig=channels, Environment={"MINE": "a b"})
    described = finish(name)
    assert described.get("FailureReason") is None
    assert passed(described) == ["Starting", "Downloading", "Training", "Uploading", "Completed"]
    model = unarchive(aws.get(described["ModelArtifacts"]["S3ModelArtifacts"]))
    assert model == {"model.txt": b"1,2"}
    assert sorted(aws.job_log(name)) == ["to the error stream", f"yes a b {aws.url}"]


def test_a_container_that_has_ended_is_removed_with_its_volumes(
    aws, client, train, finish, emulator
):
    name = train("print('up', flush=True)\nwhile not (ml / 'end').exists(): time.sleep(0.1)")
    eventually(lambda: "up" in aws.job_log(name))
    names = volumes(client, emulator)
    assert left(client, names) == names != set()
    (host_folder,) = (emulator.work / "jobs").glob(f"*-{name}/algo-1/opt_ml")
    (host_folder / "end").touch()
    assert finish(name)["TrainingJobStatus"] == "Completed"
    eventually(lambda: not containers(client, emulator))
    assert left(client, names) == set()


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("sys.exit(3)", "AlgorithmError: exit code: 3"),
        ("(ml / 'output/failure').write_text('id: why'); sys.exit(1)", "id: why"),
        ("x = bytearray(b'1') * (1 << 30)", "AlgorithmError: exit code: 137"),
    ],
    ids=["exit", "failure-file", "out-of-memory"],
)
def test_a_container_that_ends_otherwise_fails_the_job(train, finish, program, reason):
    described = finish(train(program))
    assert (described["TrainingJobStatus"], described["FailureReason"]) == ("Failed", reason)


def test_the_last_lines_of_a_container_are_all_in_the_log(aws, train, finish):
    name = train("print('\\n'.join(f'{n} {\"x\" * 90}' for n in range(20000)))")
    assert finish(name)["TrainingJobStatus"] == "Completed"
    numbers = [int(line.split()[0]) for line in aws.job_log(name)]
    assert numbers == list(range(20000))


def test_a_stopped_container_gets_sigterm_and_keeps_its_model(aws, train, finish):
    name = train("""
def end(*_):
    (ml / "model/saved.txt").write_text("kept")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
print("up", flush=True)
time.sleep(60)
""")
    eventually(lambda: "up" in aws.job_log(name))
    aws.sm.stop_training_job(TrainingJobName=name)
    described = finish(name)
    assert described["TrainingJobStatus"] == "Stopped"
    model = unarchive(aws.get(described["ModelArtifacts"]["S3ModelArtifacts"]))
    assert model == {"saved.txt": b"kept"}


def test_a_container_that_ignores_sigterm_is_killed_after_the_grace(
    aws, client, train, finish, emulator
):
    name = train("signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True)\n"
                 "while True: time.sleep(1)")  # fmt: skip
    eventually(lambda: "up" in aws.job_log(name))
    begun = time.monotonic()
    aws.sm.stop_training_job(TrainingJobName=name)
    assert finish(name)["TrainingJobStatus"] == "Stopped"
    assert time.monotonic() - begun >= 120 * TIME_SCALE
    eventually(lambda: not containers(client, emulator))


def test_an_entry_point_of_the_job_takes_the_place_of_the_images(train, finish):
    words = {"ContainerEntrypoint": ["/no/such/program"], "ContainerArguments": ["a", "b"]}
    described = finish(train(spec=words))
    assert described["TrainingJobStatus"] == "Failed"
    assert "Cannot start the container" in described["FailureReason"]
    assert "/no/such/program" in described["FailureReason"]


def test_an_image_is_found_by_its_tag_too(train, finish, training_image):
    uri = training_image.partition("@")[0]
    assert finish(train(image=f"{uri}:v1"))["TrainingJobStatus"] == "Completed"
