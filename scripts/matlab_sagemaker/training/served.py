"""What an endpoint serves: a model in S3, whether a training job made it or it was given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matlab_sagemaker.aws.plan import Step


@dataclass(frozen=True, kw_only=True)
class ServedModel:
    """A model.tar.gz, and what is known of it."""

    data: str  # its S3 URI
    training_job: str = ""  # that made it; empty: it was given
    metrics: Mapping[str, float] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)  # why a metric has no value, by name
    steps: tuple[Step, ...] = ()  # that put it there, where it is not there yet
