"""The record of a training job, with its statuses in SageMaker's order; it starts nothing."""

from __future__ import annotations

import math
import threading
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from emulator.errors import ValidationError
from emulator.sagemaker import shapes

from .metrics import Metrics
from .opt_ml import FAILURE_CHARACTERS

if TYPE_CHECKING:
    from emulator.cloud import Scope

_MESSAGES = {
    "Starting": "Preparing the instances for training",
    "Downloading": "Downloading input data",
    "Training": "Training image download completed. Training in progress.",
    "Stopping": "Stopping the training job",
    "Uploading": "Uploading generated training model",
    "Completed": "Training job completed",
    "Failed": "Training job failed",
    "Stopped": "Training job stopped",
    "MaxRuntimeExceeded": "Training job runtime exceeded MaxRuntimeInSeconds provided",
}
_STATUS = {"MaxRuntimeExceeded": "Stopped"}
_ENDS = {"Completed", "Failed", "Stopped", "MaxRuntimeExceeded"}


class TrainingJob:
    """One job. Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html."""

    def __init__(self, scope: Scope, request: dict[str, Any]) -> None:
        self.scope = scope
        self.request = request
        self.name: str = request["TrainingJobName"]
        self.arn = scope.arn("training-job", self.name)
        self.metrics = Metrics(request["AlgorithmSpecification"].get("MetricDefinitions") or [])
        self.stop_wanted = threading.Event()
        self._lock = threading.Lock()
        self._status = "InProgress"
        self._transitions: list[dict[str, Any]] = []
        self._failure_reason: str | None = None
        self._model_uri: str | None = None
        self._training_start: datetime | None = None
        self._training_end: datetime | None = None
        self._created = datetime.now(timezone.utc)
        self.enter("Starting")

    @property
    def ended(self) -> bool:
        """Whether the job is Completed, Failed or Stopped."""
        return self._status in {"Completed", "Failed", "Stopped"}

    @property
    def output_uri(self) -> str:
        """The S3 folder of the job's output."""
        root: str = self.request["OutputDataConfig"]["S3OutputPath"]
        return f"{root.rstrip('/')}/{self.name}/output"

    def enter(self, secondary: str) -> None:
        """Enter the next secondary status."""
        with self._lock:
            self._transit(secondary)

    def stop(self) -> None:
        """Ask the job to end; raises ValidationError if it has ended or is stopping."""
        with self._lock:
            if self._status != "InProgress":
                raise ValidationError(
                    "The request was rejected because the training job is in status "
                    f"{self._status}."
                )
            self._status = "Stopping"
            self._transit("Stopping")
        self.stop_wanted.set()

    def keep_model(self, uri: str) -> None:
        """Record where the model was uploaded."""
        self._model_uri = uri

    def finish(self, secondary: str, reason: str | None = None) -> None:
        """End the job, only once; the reason is cut to the length that SageMaker shows."""
        with self._lock:
            if self.ended:
                return
            self._failure_reason = reason[:FAILURE_CHARACTERS] if reason else None
            self._transit(secondary)
            self._status = _STATUS.get(secondary, secondary)

    def describe(self) -> dict[str, Any]:
        """Make the answer to DescribeTrainingJob."""
        with self._lock:
            return {
                **shapes.echo("DescribeTrainingJob", self.request),
                # Clients rely on this key; its value is empty if none was given.
                "OutputDataConfig": {"KmsKeyId": "", **self.request["OutputDataConfig"]},
                **self._summary(),
                **self._times(),
                "ModelArtifacts": {"S3ModelArtifacts": self._model_uri}
                if self._model_uri
                else None,
                "FailureReason": self._failure_reason,
                "SecondaryStatusTransitions": [dict(entry) for entry in self._transitions],
                "FinalMetricDataList": self.metrics.final() or None,
            }

    def summary(self) -> dict[str, Any]:
        """Make the job's entry in ListTrainingJobs."""
        with self._lock:
            return self._summary()

    def _transit(self, secondary: str) -> None:
        now = datetime.now(timezone.utc)
        if self._transitions:
            self._transitions[-1]["EndTime"] = now
        message = _MESSAGES[secondary]
        entry = {"Status": secondary, "StartTime": now, "StatusMessage": message}
        if secondary == "Downloading":
            self._training_start = now
        if secondary in _ENDS:
            self._training_end = entry["EndTime"] = now
        self._transitions.append(entry)

    def _summary(self) -> dict[str, Any]:
        return {
            "TrainingJobName": self.name,
            "TrainingJobArn": self.arn,
            "CreationTime": self._created,
            "TrainingEndTime": self._training_end,
            "LastModifiedTime": self._transitions[-1]["StartTime"],
            "TrainingJobStatus": self._status,
            "SecondaryStatus": self._transitions[-1]["Status"],
        }

    def _times(self) -> dict[str, Any]:
        times: dict[str, Any] = {"TrainingStartTime": self._training_start}
        if self._training_start and self._training_end:
            seconds = math.ceil((self._training_end - self._training_start).total_seconds())
            times["TrainingTimeInSeconds"] = times["BillableTimeInSeconds"] = max(1, seconds)
        return times
