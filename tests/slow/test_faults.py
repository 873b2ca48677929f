"""A campaign of faults: all steps, from training to prediction, on a bad connection to AWS.

Each chain of steps has its own seed, and runs as people run it: a step that fails with a message
runs again. CHAINS=10 runs ten of the hundred.
"""

import os
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from helpers.aws.fault_proxy import Recorder, proxy
from helpers.aws.random_faults import FAULTS, RandomFaults, operation
from helpers.kit import verb_runs
from helpers.kit.verb_runs import HANDLER, SAVE, jobs, write_function

pytestmark = pytest.mark.slow

CHAINS = int(os.environ.get("CHAINS", "100"))
AT_ONCE = 4  # they wait more than they compute
AGAIN = 6  # how often a step is run at most
METRICS = "disp('resubstitution accuracy: 0.9'); disp('cross-validated accuracy: 0.9');"
FLOWERS = ("--request", "requests/three_flowers.csv")


class Chain:
    """A new repository whose model is trained, deployed and queried.

    The deployed server is a stand-in, which starts at once and echoes its requests.
    """

    def __init__(self, root, emulator, aws, stand_in):
        self.project, self.aws, self.stand_in = verb_runs.example(root, emulator), aws, stand_in
        self.again = 0
        write_function(self.project, METRICS, SAVE)
        with (self.project.root / HANDLER).open("a") as handler:
            handler.write(f"% {self.project.name}\n")

    def run(self, change):
        """Run all steps; return whether the prediction is right."""
        with proxy(self.project.url, change) as url:
            self.step(url, "train")
            self.step(url, "compile-handler")
            self.project.write(HANDLER, self.stand_in)
            self.step(url, "deploy")
            predicted = self.step(url, "predict", *FLOWERS).outputs["prediction"]
            self.step(url, "status")
        return predicted.split() == (self.project.root / FLOWERS[1]).read_text().split()

    def step(self, url, *words):
        """Run a step until it is green; each failure must be AWS's and have a message."""
        for _ in range(AGAIN):
            with STARTING:
                process = self.project.start(*words, AWS_ENDPOINT_URL=url)
            result = self.project.finish(process)
            if result.code == 0:
                return result
            self.again += 1
            assert result.code == 5, result.stdout
            assert len(result.annotations) == 1
        raise AssertionError(f"{words} was red {AGAIN} times: {result.annotations}")

    @property
    def end(self):
        """What exists in AWS now."""
        sagemaker, name = self.aws("sagemaker"), self.project.endpoint
        endpoint = sagemaker.describe_endpoint(EndpointName=name)
        found = verb_runs.facts(sagemaker, name)
        return (
            {job.removeprefix(self.project.name)[-2:]: s for job, s in self.jobs.items()},
            endpoint["EndpointStatus"],
            len(sagemaker.list_endpoint_configs(NameContains=name)["EndpointConfigs"]),
            len(sagemaker.list_models(NameContains=name)["Models"]),
            found["project"] == self.project.name,
        )

    @property
    def jobs(self):
        return jobs(self.aws, self.project)

    def clear(self):
        self.aws("sagemaker").delete_endpoint(EndpointName=self.project.endpoint)


STARTING = threading.Lock()  # starts of processes: the fork server handles one request at a time
RIGHT = ({"-1": "Completed"}, "InService", 1, 1, True)


@pytest.fixture
def chain(emulator, aws, tmp_path, stand_in):
    """Return a function that makes a chain."""
    return lambda name: Chain(tmp_path / name / "repository", emulator, aws, stand_in())


def test_chains_on_a_bad_line_end_as_on_a_good_one(chain, aws):
    aws("sagemaker")  # made here, because creating clients is not thread-safe
    good, recorder = chain("good"), Recorder()
    assert good.run(recorder)
    assert (good.end, good.again) == (RIGHT, 0)
    good.clear()
    calls = [operation(exchange.what) for exchange in recorder.exchanges]
    named = sorted(set(calls))

    def run(seed):
        bad, faults = chain(f"bad-{seed}"), RandomFaults(seed, loses=named[seed % len(named)])
        assert bad.run(faults)
        assert bad.end == RIGHT, f"seed {seed}"
        bad.clear()
        return faults, bad.again

    with ThreadPoolExecutor(AT_ONCE) as pool:
        runs = list(pool.map(run, range(CHAINS)))
    assert not any(faults.loses for faults, _ in runs), "each named call's answer was lost"
    taken, again = sum(len(faults.taken) for faults, _ in runs), sum(n for _, n in runs)
    met = Counter(fault for faults, _ in runs for fault in faults.met)
    told = f"{taken / CHAINS / len(calls):.2f} times {len(calls)} calls; {dict(met)}; "
    told += f"run again: {again}"
    print(told)
    assert taken <= 1.3 * len(calls) * CHAINS, told
    assert again <= 2 * CHAINS, told
    assert CHAINS < 100 or met.keys() >= FAULTS.keys(), told
