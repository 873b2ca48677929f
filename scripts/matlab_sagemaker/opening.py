"""How every verb begins: read sagemaker.yml, then connect; nothing is asked before all is valid."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 (read at run time, for the inputs' types)
from typing import TYPE_CHECKING

from matlab_sagemaker import config, contexts, describe, kinds, signin
from matlab_sagemaker.aws import registry, secrets, servable, session, storage
from matlab_sagemaker.errors import InputError, MissingStepError, Place
from matlab_sagemaker.inputs import check

if TYPE_CHECKING:
    from matlab_sagemaker.aws.registry import Image
    from matlab_sagemaker.github import Run
    from matlab_sagemaker.resources import TrainingJob


@dataclass(frozen=True, kw_only=True)
class Inputs(signin.Inputs):
    """The inputs of every verb about a project."""

    config: Path
    role: str
    bucket: str


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A valid project, a connection, and where things go."""

    loaded: config.Loaded
    aws: session.Aws
    where: describe.Target

    @property
    def code_folder(self) -> Path:
        """The folder with the training code."""
        return self.loaded.folder(self.loaded.project.training.code)

    def training_context(self) -> contexts.Context:
        """Return what the training image is made of."""
        return contexts.training(self.loaded.project.matlab)

    def inference_context(self) -> contexts.Context:
        """Return what the inference image is made of."""
        code = self.loaded.folder(self.inference.code)
        return contexts.inference(self.loaded.project.matlab, self.inference, code)

    @property
    def inference(self) -> config.Inference:
        """The section about the handler; raise InputError where there is none."""
        section = self.loaded.project.inference
        if section is None:
            raise InputError(
                f"{self.loaded.file} has no section 'inference'.",
                do="Add it, with the handler's class and the folder of its code.",
                place=Place(self.loaded.file),
            )
        return section

    def training_job(self) -> TrainingJob:
        """Return the training job; asks S3 what the channels hold that lie there."""
        return describe.training_job(
            self.loaded, self.where, lambda name, uri: storage.list_channel(self.aws, name, uri)
        )

    def with_token_secret(self, job: TrainingJob) -> TrainingJob:
        """Return `job` with the ARN of the secret that holds the batch token, if there is one."""
        matlab = self.loaded.project.matlab
        if matlab.engine == "octave" or not matlab.batch_token_secret:
            return job
        arn = secrets.require(self.aws, matlab.batch_token_secret)
        environment = {**job.environment, "MATLAB_SAGEMAKER_TOKEN_SECRET": arn}
        return dataclasses.replace(job, environment=environment)

    def require_training_image(self) -> Image:
        """Return the training image; raise MissingStepError where it has not been built."""
        return self._require_image(self.training_context(), "build-training-image")

    def require_inference_image(self, own: str) -> Image:
        """Return the user's `own` image, or the handler's; raise MissingStepError without one."""
        if own:
            return servable.require_servable(self.aws, own)
        return self._require_image(self.inference_context(), "compile-handler")

    def _require_image(self, context: contexts.Context, verb: str) -> Image:
        image = registry.find(self.aws, context.repository, context.tag)
        if image is None:
            raise MissingStepError(
                f"There is no {context.purpose} image {context.repository}:{context.tag}.",
                why="It has not been built from these files in this account and Region: "
                f"{context.holds}.",
                do=f"Run {verb} first.",
            )
        return image


def open_project(run: Run, inputs: Inputs) -> Opened:
    """Read and check everything the user wrote, then connect."""
    loaded = config.load(inputs.config)
    check_inputs(inputs)
    aws = signin.prepare(run, inputs, loaded.project.aws.region)()
    where = describe.target(loaded, aws, role=inputs.role, bucket=inputs.bucket)
    return Opened(loaded=loaded, aws=aws, where=where)


def check_inputs(inputs: Inputs) -> None:
    """Raise InputError for an input that makes no sense."""
    check("role", inputs.role, kinds.ROLE)
    check("bucket", inputs.bucket, kinds.BUCKET)


def seconds(name: str, value: str) -> float:
    """Return an input that is a time; without one it is endless. Raises InputError."""
    try:
        return kinds.seconds(value) if value else math.inf
    except ValueError as error:
        raise InputError(f"Input '{name}' is '{value}'; allowed: {error}.") from error
