"""The training container's entry point: `entrypoint.py train`.

It reads the job's configuration, checks the job's inputs against their digests, fetches the batch
token, unpacks the user's code, runs the engine as a child process, forwards SIGTERM, and seals the
model. It writes the failure file if the MATLAB code could not. Its exit code is 0 only if the job
has succeeded.
"""

from __future__ import annotations

import os
import signal
import site
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bundle import place_code
from contract import base_folder, read_job
from engine import STARTED, Engine, engine_command, engine_name, octave_release
from failure import JobError, mask_failure, write_failure
from inputs import prove_inputs
from licence import TOKEN, fetch_token, not_started, token_parts
from metrics import Metrics
from products import RELEASE, add_products, products_of
from relay import Relay, masked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contract import Job
    from inputs import Inputs
    from seal import Seal

STOPPED = 128 + signal.SIGTERM  # not 0, since every Completed job must have sealed its model
ROOT = Path(__file__).resolve().parent
USAGE = """usage: entrypoint.py train

Runs the MATLAB training function of a SageMaker training job. Below SAGEMAKER_BASE_DIR (/opt/ml):
  input/config/           hyperparameters.json, inputdataconfig.json, resourceconfig.json
  input/data/code/        code.tar.gz, or the code's plain files; inputs.json lists all inputs
  output/failure          what went wrong, if the exit code is not 0
  output/stop-requested   appears when the job should stop; a training function may check for it
MATLAB_SAGEMAKER_INPUTS: SHA-256 of inputs.json; required if the job has a channel code.
MATLAB_SAGEMAKER_STOP_GRACE: seconds between output/stop-requested and SIGTERM to the engine (0).
MATLAB_SAGEMAKER_TOKEN_SECRET: ARN or name of the secret with the MATLAB batch token.
MATLAB_REQUIRED_PRODUCTS: products that the training needs; missing ones are installed.
SAGEMAKER_PROGRAM: the training function, if there is no hyperparameter sagemaker_program."""


def main(arguments: list[str], environ: Mapping[str, str]) -> int:
    """Run one training job and return its exit code: 0 means Completed, all others Failed."""
    if arguments != ["train"]:
        print(USAGE, file=sys.stderr)
        return 2
    base = base_folder(environ)
    try:
        return train(base, environ)
    except JobError as error:
        write_failure(base, str(error))
        return 1


def train(base: Path, environ: Mapping[str, str]) -> int:
    """Run the job below `base` and return the engine's exit code. Raises JobError."""
    engine = Engine(base / "output/stop-requested", stop_grace_s(environ))
    signal.signal(signal.SIGTERM, engine.stop)
    signal.signal(signal.SIGINT, engine.stop)
    name = engine_name(environ)
    command = engine_command(name, ROOT, environ.get("PATH", os.defpath))
    job = read_job(base, environ)
    inputs = prove_inputs(job, environ)
    metrics = read_metrics(inputs)
    seal = prepare_seal(inputs, job, environ)
    run = Matlab if name == "matlab" else Octave
    code = run(engine, base, environ, metrics).train(command, place_code(job, environ))
    if seal and code == 0:
        measured = {"metrics": metrics.last(), "missing": metrics.missing()}
        if not seal.close({**about(name, environ), **measured}, engine.stopping):
            return STOPPED
    return code


def read_metrics(inputs: Inputs | None) -> Metrics:
    """Prepare to read the job's metrics. Raises JobError for an invalid pattern."""
    try:
        return Metrics(inputs.metrics if inputs else {})
    except ValueError as error:
        raise JobError(
            "sagemaker_training:inputs:metric",
            str(error),
            "inputs.json contains it, copied from sagemaker.yml.",
            "Correct it in sagemaker.yml.",
        ) from error


def prepare_seal(inputs: Inputs | None, job: Job, environ: Mapping[str, str]) -> Seal | None:
    """Prepare to seal the job's model; None if inputs.json does not say where.

    Raises JobError for problems that are known before the training.
    """
    if inputs is None or not inputs.seal:
        return None
    try:
        from seal import Seal  # noqa: PLC0415 (only sealing needs botocore)
    except ImportError as error:
        raise JobError(
            "sagemaker_training:seal:boto3",
            "The job's model cannot be sealed: this image has no boto3.",
            f"It should be sealed below {inputs.seal}.",
            "Build the training image again.",
        ) from error
    return Seal.prepare(inputs, job, environ)


def about(engine: str, environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the model card's facts about the engine."""
    if engine == "octave":
        return {"engine": engine, "release": octave_release(), "products": []}
    release = environ.get(RELEASE, "")
    return {"engine": engine, "release": release, "products": products_of(environ)}


@dataclass(frozen=True)
class Octave:
    """Trains with GNU Octave."""

    engine: Engine
    base: Path
    environ: Mapping[str, str]
    metrics: Metrics

    def train(self, command: list[str], code_folder: Path) -> int:
        """Run the job and return Octave's exit code."""
        relay = Relay([], sys.stdout.buffer, self.metrics.feed)
        code = self.engine.run(command, self.environ, code_folder, relay)
        if code and not self.engine.stopping():
            report_silent_end(self.base, "octave", code)
        return code


@dataclass(frozen=True)
class Matlab:
    """Trains with MATLAB, which needs a licence and all required products."""

    engine: Engine
    base: Path
    environ: Mapping[str, str]
    metrics: Metrics

    def train(self, command: list[str], code_folder: Path) -> int:
        """Run the job and return MATLAB's exit code. Raises JobError."""
        token = fetch_token(self.environ)
        stopped = add_products(self.environ, self._install, self.engine.stopping)
        if stopped:
            return stopped
        relay = Relay(token_parts(token), sys.stdout.buffer, self.metrics.feed)
        code = self.engine.run(command, self._environment(token), code_folder, relay)
        mask_failure(self.base, lambda text: masked(text, token_parts(token)))
        if code and not self.engine.stopping():
            self._report(command, code, relay.last_words)
        return code

    def _install(self, mpm: Sequence[str]) -> int:
        return self.engine.run(mpm, self.environ, self.base)

    def _environment(self, token: str | None) -> dict[str, str]:
        self._started.unlink(missing_ok=True)
        licence = {TOKEN: token} if token else {}
        return {**self.environ, **licence, STARTED: str(self._started)}

    @property
    def _started(self) -> Path:
        return self.base / "output/matlab-started"

    def _report(self, command: list[str], code: int, last_words: str) -> None:
        if self._started.exists():
            report_silent_end(self.base, "matlab", code)
        else:
            program = next(word for word in command if word.startswith("matlab"))
            write_failure(self.base, not_started(program, code, last_words))


def stop_grace_s(environ: Mapping[str, str]) -> float:
    """Read the seconds between the stop flag and SIGTERM. Raises JobError if not a number."""
    value = environ.get("MATLAB_SAGEMAKER_STOP_GRACE", "0")
    if not value.isdecimal():
        raise JobError(
            "sagemaker_training:contract:stopGrace",
            f"MATLAB_SAGEMAKER_STOP_GRACE is {value!r}.",
            "It must be a whole number of seconds, below the 120 that SageMaker allows.",
            "Correct it in the job's Environment.",
        )
    return float(value)


def report_silent_end(base: Path, engine: str, code: int) -> None:
    """Write the failure file, unless the MATLAB code has written it."""
    if (base / "output/failure").exists():
        return
    end = describe_end(code)
    write_failure(
        base,
        f"sagemaker_training:engine:end: {engine} {end}\n"
        "It ended before it could report an error; see its last output in the job's log.",
    )


def describe_end(code: int) -> str:
    """Say how a process ended, what that usually means and what helps."""
    if code == 128 + signal.SIGKILL:
        return (
            "was killed (SIGKILL, exit code 137). Usually the instance ran out of memory: "
            "choose an instance type with more memory."
        )
    if code > 128:
        return f"was ended by signal {code - 128} (exit code {code}), so it crashed or was killed."
    return f"ended with exit code {code}. Usually the code called exit, or MATLAB did not start."


if __name__ == "__main__":
    site.addsitedir(str(ROOT / "site"))  # boto3, if the image has it
    sys.exit(main(sys.argv[1:], os.environ))
