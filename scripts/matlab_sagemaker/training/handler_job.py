"""The training job that tries a handler: the job that trained the model, with another program.

It runs in the same image, as the same role, on a small instance. Its key is the image, the model,
the handler's files with the kit's own around them, and the request. Reads the files.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from matlab_sagemaker import digest
from matlab_sagemaker.project import build_context
from matlab_sagemaker.training import inputs
from matlab_sagemaker.training.job import (
    CODE_CHANNEL,
    CODE_FILE,
    Channel,
    code_channel,
    folder_channel,
)

if TYPE_CHECKING:
    from matlab_sagemaker.digest import MeasuredFolder
    from matlab_sagemaker.project.content import TrainedProject
    from matlab_sagemaker.project.request import Request
    from matlab_sagemaker.training.job import Job, TrainingJob

PROGRAM = "tryHandler"  # matlab/trial/tryHandler.m, which also says what the channels hold
PREFIX = "try"  # so that neither a training job's name nor another project's is the same
INSTANCE_TYPE = "ml.m5.large"
LONGEST_RUN_S = 3600
_VOLUME_GB = 30
_MODEL, _MODEL_FILE, _REQUEST = "model", "model.tar.gz", "request"


def describe(
    project: TrainedProject, bucket: str, training: TrainingJob, model: Job, sent: Request | None
) -> TrainingJob:
    """Return the job that lets the handler answer `sent` with the model that `model` has sealed.

    `training` is the job that trained it. Without a request the model is only loaded.
    """
    name, handler = project.settings.name, project.handler
    asked = digest.measure_folders({_REQUEST: {_REQUEST: Path(sent.file)}} if sent else {})
    content, bundle = digest.bundle(build_context.handler_trial(handler.files))
    sealed = {_MODEL_FILE: model.archive} if model.archive else {}
    proof = inputs.compose(
        {
            CODE_CHANNEL: {CODE_FILE: bundle.measured},
            _MODEL: sealed,
            **{channel: folder.measures for channel, folder in asked.items()},
        },
        {},
        {},
        training.seal,
    )
    return replace(
        training,
        function=PROGRAM,
        hyperparameters={
            "handler": handler.name,
            "content_type": sent.content_type if sent else "",
            "accept": sent.accept if sent else "",
        },
        channels=(
            code_channel(bucket, name, content, bundle, proof),
            _model_channel(model),
            *_request_channels(bucket, name, asked),
        ),
        instance_type=INSTANCE_TYPE,
        instance_count=1,
        volume_gb=_VOLUME_GB,
        metrics={},
        max_runtime=min(LONGEST_RUN_S, training.max_runtime),  # which the role may ask for
        max_wait=0,
        variables={},  # an endpoint has none of them
        environment={**training.environment, inputs.VARIABLE: proof.measured.sha256},
        prefix=PREFIX,
        words=("tried", "trying"),
    )


def _model_channel(model: Job) -> Channel:
    """Return the channel of what a job has sealed, which lies alone in its folder."""
    folder = model.model_data.removesuffix(_MODEL_FILE)
    return Channel(name=_MODEL, uri=folder, content=model.model_data)


def _request_channels(bucket: str, project: str, asked: dict[str, MeasuredFolder]) -> list[Channel]:
    return [folder_channel(bucket, project, name, folder) for name, folder in asked.items()]
