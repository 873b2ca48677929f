"""Runs a training job: download, train, upload, and exactly one final status."""

from __future__ import annotations

import tarfile
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from emulator import storage
from emulator.errors import PlatformError, ServiceError
from emulator.sagemaker.execution_roles import role_environment

from . import opt_ml
from .host import Host

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from emulator.sagemaker.world import World

    from .job import TrainingJob

_STOP_GRACE_S = 120
"""Seconds between SIGTERM and SIGKILL.
Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StopTrainingJob.html."""
_POLL_S = 0.02
_TROUBLE = (ServiceError, ClientError, BotoCoreError, OSError, ValueError, tarfile.TarError)


def run(world: World, job: TrainingJob) -> None:
    """Run a job from Starting to its end; it gets a final status whatever happens."""
    scope = job.scope
    folder = world.settings.work / "jobs" / f"{scope.account}-{scope.region}-{job.name}"
    try:
        _Run(world, job, folder).work()
    except PlatformError as failure:
        job.finish("Failed", str(failure))
    except _TROUBLE as error:
        job.finish("Failed", f"InternalServerError: {error}")
    finally:
        job.finish("Failed", "InternalServerError: We encountered an internal error.")
        storage.remove_tree(folder)


class _Run:
    def __init__(self, world: World, job: TrainingJob, folder: Path) -> None:
        self._world = world
        self._job = job
        self._folder = folder
        self._role: str = job.request["RoleArn"]
        self._s3 = world.cloud.acting_as(job.scope, self._role).s3(job.scope)
        self._timed_out = False

    def work(self) -> None:
        spec = self._job.request["AlgorithmSpecification"]
        image = self._world.images.pull(spec["TrainingImage"], self._job.scope, self._role)
        self._job.enter("Downloading")
        hosts = [self._host(name) for name in self._names()]
        command = image.command(
            "train", spec.get("ContainerEntrypoint") or (), spec.get("ContainerArguments") or ()
        )
        if not self._job.stop_wanted.is_set():
            self._job.enter("Training")
            env = {**image.env, **self._environment()}
            for host in hosts:
                host.start(command, env)
            self._follow(hosts)
        self._upload(hosts)
        self._finish(hosts)

    def _names(self) -> list[str]:
        count = self._job.request["ResourceConfig"].get("InstanceCount", 1)
        return [f"algo-{number}" for number in range(1, count + 1)]

    def _host(self, name: str) -> Host:
        request = self._job.request
        channels = request.get("InputDataConfig") or []
        mode = request["AlgorithmSpecification"].get("TrainingInputMode", "File")
        instance_type = request["ResourceConfig"]["InstanceType"]
        host = Host(self._world, self._job, name, self._folder / name)
        opt_ml.make(
            host.base,
            {
                "hyperparameters": request.get("HyperParameters") or {},
                "inputdataconfig": opt_ml.input_data(channels, mode),
                "resourceconfig": opt_ml.resources(self._names(), name, instance_type),
            },
        )
        for channel in channels:
            self._download(channel, host.base / "input" / "data" / channel["ChannelName"])
        return host

    def _download(self, channel: dict[str, Any], folder: Path) -> None:
        uri = channel["DataSource"]["S3DataSource"]["S3Uri"]
        try:
            count = storage.download_prefix(self._s3, uri, folder)
        except (ClientError, OSError, ValueError) as error:
            raise PlatformError(f"ClientError: Data download failed:{error}") from error
        if not count:
            raise PlatformError(
                f'ClientError: Data download failed:No S3 objects found under S3 URL "{uri}" '
                "given in input data source. Please ensure that the bucket exists in the selected "
                "region, that objects exist under that S3 prefix, and that the role has "
                "s3:ListBucket permissions on the bucket."
            )

    def _environment(self) -> dict[str, str]:
        job = self._job
        role = role_environment(self._world.cloud, job.scope, self._role)
        names = {"TRAINING_JOB_NAME": job.name, "TRAINING_JOB_ARN": job.arn}
        return {**role, **names, **(job.request.get("Environment") or {})}

    def _follow(self, hosts: Sequence[Host]) -> None:
        """Wait for the hosts; end all if one fails, if asked to stop, or if time runs out."""
        limit = self._job.request["StoppingCondition"].get("MaxRuntimeInSeconds", 86_400)
        end = time.monotonic() + limit
        while any(host.exit_code is None for host in hosts):
            self._timed_out = time.monotonic() >= end
            failed = any(host.exit_code for host in hosts)
            if self._timed_out or failed or self._job.stop_wanted.wait(_POLL_S):
                self._end(hosts)
        for host in hosts:
            host.close()

    def _end(self, hosts: Sequence[Host]) -> None:
        grace = self._world.settings.scaled(_STOP_GRACE_S)
        with ThreadPoolExecutor(max_workers=len(hosts)) as pool:
            list(pool.map(lambda host: host.stop(grace), hosts))

    def _upload(self, hosts: Sequence[Host]) -> None:
        """Upload model.tar.gz unless the program failed, and output.tar.gz if there is output."""
        self._job.enter("Uploading")
        output = [host.base / "output" / "data" for host in hosts]
        if any(any(folder.iterdir()) for folder in output):
            self._send(output, f"{self._job.output_uri}/output.tar.gz")
        if self._interrupted or not any(host.exit_code for host in hosts):
            uri = f"{self._job.output_uri}/model.tar.gz"
            self._send([host.base / "model" for host in hosts], uri)
            self._job.keep_model(uri)

    def _send(self, folders: Sequence[Path], uri: str) -> None:
        try:
            storage.upload_archive(self._s3, folders, uri)
        except (ClientError, BotoCoreError, OSError) as error:
            raise PlatformError(f"ClientError: Artifact upload failed:{error}") from error

    @property
    def _interrupted(self) -> bool:
        return self._timed_out or self._job.stop_wanted.is_set()

    def _finish(self, hosts: Sequence[Host]) -> None:
        failed = next((host for host in hosts if host.exit_code), None)
        if self._timed_out:
            self._job.finish("MaxRuntimeExceeded")
        elif self._job.stop_wanted.is_set():
            self._job.finish("Stopped")
        elif failed:
            reason = opt_ml.failure(failed.base)
            self._job.finish("Failed", reason or f"AlgorithmError: exit code: {failed.exit_code}")
        else:
            self._job.finish("Completed")
