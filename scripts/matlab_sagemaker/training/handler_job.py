"""The training job that tries a handler: like the job that trained the model, but another program.

It runs in the same image with the same role, on a small instance. Its key depends on the image, the
model, the handler's files, the kit's files that run them, and the request. Reads these files.
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
PREFIX = "try"  # keeps its names apart from those of training jobs and of other projects
INSTANCE_TYPE = "ml.m5.large"
LONGEST_RUN_S = 3600
_VOLUME_GB = 30
_MODEL, _MODEL_FILE, _REQUEST = "model", "model.tar.gz", "request"


def describe(
    project: TrainedProject, bucket: str, training: TrainingJob, model: Job, sent: Request | None
) -> TrainingJob:
    """Describe the job in which the handler answers `sent` with the model that `model` has sealed.

    `training` describes the job that trained it. With no request the handler only loads the model.
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
        max_runtime=min(LONGEST_RUN_S, training.max_runtime),  # no more than the role may request
        max_wait=0,
        variables={},  # an endpoint does not have the training job's
        environment={**training.environment, inputs.VARIABLE: proof.measured.sha256},
        prefix=PREFIX,
        words=("tried", "trying"),
    )


def _model_channel(model: Job) -> Channel:
    """Describe the channel of a sealed model, the only archive in its folder."""
    folder = model.model_data.removesuffix(_MODEL_FILE)
    return Channel(name=_MODEL, uri=folder, content=model.model_data)


def _request_channels(bucket: str, project: str, asked: dict[str, MeasuredFolder]) -> list[Channel]:
    return [folder_channel(bucket, project, name, folder) for name, folder in asked.items()]
