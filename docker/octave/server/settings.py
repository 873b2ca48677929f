"""Reads the server's settings from the container's environment, once, and checks them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from variables import whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The server's settings. Sizes are in bytes, times in seconds.

    By default, requests over 25 MB are refused, and stopped after 60 s, as SageMaker does.
    Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
    """

    port: int
    workers: int
    max_payload_mib: int  # 0: no limit, for a batch transform of chunked data
    timeout_s: float
    batch_strategy: str
    root: Path = ROOT

    @property
    def max_payload(self) -> int | None:
        """The largest body that is accepted, in bytes; None: no limit."""
        return self.max_payload_mib * MEBIBYTE or None


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings. Raises SettingsError for a value that is out of range."""
    return Settings(
        port=whole_number(environ, "SAGEMAKER_BIND_TO_PORT", 8080, 0, 65535),
        workers=whole_number(environ, "MATLAB_SAGEMAKER_WORKERS", _count_cpus(), 1, 256),
        max_payload_mib=whole_number(environ, "SAGEMAKER_MAX_PAYLOAD_IN_MB", 25, 0, 1024),
        timeout_s=whole_number(environ, "MATLAB_SAGEMAKER_TIMEOUT", 60, 1, 3600),
        batch_strategy=environ.get("SAGEMAKER_BATCH_STRATEGY") or "MULTI_RECORD",
    )


def _count_cpus() -> int:
    return len(os.sched_getaffinity(0))
