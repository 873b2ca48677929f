"""How many calls a step makes after years of use: python tests/benchmarks/bench_history.py.

Against an emulator: `status` of an endpoint with 500 configurations, and `train` where 50 jobs of
the same key have failed. No other tool does this, so the limits are numbers of calls.
Exit code 1 if one is exceeded by more than a quarter.
"""

from __future__ import annotations

import functools
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent / "scripts"), str(TESTS.parent / "docker/common")]

from helpers.aws.fault_proxy import Recorder, proxy  # noqa: E402
from helpers.emulator.process import Emulator  # noqa: E402
from helpers.kit import verb_runs  # noqa: E402
from helpers.kit.waiting import eventually  # noqa: E402

CONFIGURATIONS, STATUS_CALLS = 500, 12
ATTEMPTS, TRAIN_CALLS = 50, 4
TOLERANCE = 1.25


def main() -> int:
    """Measure, print and judge."""
    with tempfile.TemporaryDirectory() as folder:
        emulator = Emulator(Path(folder, "work"), "--time-scale", "0.01")
        try:
            verb_runs.set_up(emulator.url)
            kept = [
                judge(
                    f"status, {CONFIGURATIONS} configurations",
                    status_calls(verb_runs.example(Path(folder, "deployed"), emulator.url)),
                    STATUS_CALLS,
                ),
                judge(
                    f"train, {ATTEMPTS} failed jobs",
                    train_calls(verb_runs.example(Path(folder, "failing"), emulator.url)),
                    TRAIN_CALLS,
                ),
            ]
        finally:
            emulator.stop()
    return 0 if all(kept) else 1


def judge(what: str, calls: int, limit: int) -> bool:
    """Print the number of calls; return whether the limit is kept."""
    sys.stdout.write(f"{what:32}{calls} calls, limit {limit}\n")
    return calls <= TOLERANCE * limit


def status_calls(project: verb_runs.Project) -> int:
    """Return the calls of `status` where the endpoint has had many configurations."""
    sagemaker = verb_runs.client("sagemaker", project.url)
    project.succeed("build-training-image", "--repository", "release")
    for step in ("train", "compile-handler", "deploy"):
        outputs = project.succeed(step).outputs
    known = sagemaker.describe_endpoint_config(EndpointConfigName=outputs["endpoint-config"])
    tags = sagemaker.list_tags(ResourceArn=known["EndpointConfigArn"])["Tags"]
    for number in range(1, CONFIGURATIONS):
        sagemaker.create_endpoint_config(
            EndpointConfigName=f"{project.endpoint}-{number:020d}",
            ProductionVariants=known["ProductionVariants"],
            Tags=tags,
        )
    return count(project, "status")


def train_calls(project: verb_runs.Project) -> int:
    """Return the calls of `train` where every job of the key has failed."""
    sagemaker = verb_runs.client("sagemaker", project.url)
    verb_runs.write_function(project, "error('it fails');")
    project.succeed("build-training-image")
    if project.run("train").code != 1:
        raise AssertionError("the training did not fail")
    jobs = functools.partial(verb_runs.jobs, lambda _service: sagemaker, project)
    (first,) = jobs()
    made = sagemaker.describe_training_job(TrainingJobName=first)
    members = ("RoleArn", "AlgorithmSpecification", "OutputDataConfig", "ResourceConfig")
    request = {name: made[name] for name in members}
    request["AlgorithmSpecification"].pop("MetricDefinitions", None)
    for number in range(2, ATTEMPTS + 1):  # without the code they fail at once
        sagemaker.create_training_job(
            TrainingJobName=f"{first.removesuffix('1')}{number}",
            StoppingCondition={"MaxRuntimeInSeconds": 60},
            **request,
        )
    eventually(lambda: list(jobs().values()) == ["Failed"] * ATTEMPTS, 200)
    return count(project, "train", "--find-only")


def count(project: verb_runs.Project, *step: str) -> int:
    """Run a step; return how many requests it sends."""
    recorder = Recorder()
    with proxy(project.url, recorder) as url:
        project.succeed(*step, AWS_ENDPOINT_URL=url)
    return len(recorder.exchanges)


if __name__ == "__main__":
    sys.exit(main())
