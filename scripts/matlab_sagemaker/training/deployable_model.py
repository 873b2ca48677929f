"""The model to deploy: made by a training job, or named in sagemaker.yml."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matlab_sagemaker.aws.plan import Step


@dataclass(frozen=True, kw_only=True)
class DeployableModel:
    """A model.tar.gz, and what is known about it."""

    data: str  # its S3 URI
    training_job: str = ""  # the job that made it; empty: sagemaker.yml named the model
    metrics: Mapping[str, float] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)  # why a metric has no value, by name
    steps: tuple[Step, ...] = ()  # to store it, if it is not stored yet
