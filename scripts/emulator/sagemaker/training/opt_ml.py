"""Makes the /opt/ml of a training host: folders and configuration files as on SageMaker."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

FAILURE_CHARACTERS = 1024
_GROUP = "homogeneousCluster"


def make(base: Path, configuration: Mapping[str, Any]) -> None:
    """Make the folders, and input/config/<name>.json for each entry of the configuration.

    Source: https://docs.aws.amazon.com/sagemaker/latest/dg/
    your-algorithms-training-algo-running-container.html
    """
    for folder in ("input/config", "input/data", "model", "output/data", "checkpoints"):
        (base / folder).mkdir(parents=True, exist_ok=True)
    for name, content in configuration.items():
        (base / "input" / "config" / f"{name}.json").write_text(json.dumps(content))


def resources(hosts: Sequence[str], host: str, instance_type: str) -> dict[str, Any]:
    """Make the content of a host's resourceconfig.json."""
    group = {"instance_group_name": _GROUP, "instance_type": instance_type, "hosts": list(hosts)}
    return {
        "current_host": host,
        "hosts": sorted(hosts),
        "current_instance_type": instance_type,
        "current_group_name": _GROUP,
        "instance_groups": [group],
        "network_interface_name": "lo",
    }


def input_data(channels: Sequence[Mapping[str, Any]], default_mode: str) -> dict[str, Any]:
    """Make the content of inputdataconfig.json."""
    return {channel["ChannelName"]: _channel(channel, default_mode) for channel in channels}


def failure(base: Path) -> str:
    """Read the part of the program's output/failure that SageMaker shows; empty if none.

    Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-output.html
    """
    path = base / "output" / "failure"
    if not path.is_file():
        return ""
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(FAILURE_CHARACTERS)


def _channel(channel: Mapping[str, Any], default_mode: str) -> dict[str, str]:
    source = channel["DataSource"]["S3DataSource"]
    described = {
        "TrainingInputMode": channel.get("InputMode") or default_mode,
        "S3DistributionType": source.get("S3DataDistributionType") or "FullyReplicated",
        "RecordWrapperType": channel.get("RecordWrapperType") or "None",
    }
    if channel.get("ContentType"):
        described["ContentType"] = channel["ContentType"]
    return described
