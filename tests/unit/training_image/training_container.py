"""A training container as a folder and a process: the real entry point, Octave and MATLAB side."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIG = {
    "inputdataconfig.json": {"code": {"TrainingInputMode": "File"}},
    "resourceconfig.json": {
        "current_host": "algo-1",
        "hosts": ["algo-1"],
        "network_interface_name": "eth0",
    },
}


@dataclass
class Container:
    """One job's container. `image` is the root of the folder image, `base` is its /opt/ml."""

    image: Path
    base: Path

    def configure(self, **hyperparameters: str) -> None:
        """Write SageMaker's files of configuration."""
        config = self.base / "input/config"
        config.mkdir(parents=True, exist_ok=True)
        files = {**CONFIG, "hyperparameters.json": hyperparameters}
        for name, content in files.items():
            (config / name).write_text(json.dumps(content))

    def name_hosts(self, *hosts: str, current: str) -> None:
        """Make it a job of several hosts, with this container as `current`."""
        config = {**CONFIG["resourceconfig.json"], "hosts": hosts, "current_host": current}
        (self.base / "input/config/resourceconfig.json").write_text(json.dumps(config))

    def give_code(self, **functions: str) -> None:
        """Write code.tar.gz with MATLAB functions, and name the first one as the program."""
        self.configure(sagemaker_program=next(iter(functions)))
        channel = self.base / "input/data/code"
        channel.mkdir(parents=True, exist_ok=True)
        (channel / "code.tar.gz").write_bytes(tar_of(functions))
        self.write_inputs()

    def write_inputs(self, seal: str = "", **metrics: str) -> dict[str, Any]:
        """Write the inputs.json of the channels' current content; return it."""
        self.inputs_file.unlink(missing_ok=True)
        data = self.base / "input/data"
        channels = {channel.name: described(channel) for channel in data.iterdir()}
        inputs = {"channels": channels, "listed": {}, "metrics": metrics, "seal": seal}
        self.inputs_file.write_text(json.dumps(inputs, sort_keys=True, separators=(",", ":")))
        return inputs

    @property
    def inputs_file(self) -> Path:
        """The path of inputs.json."""
        return self.base / "input/data/code/inputs.json"

    @contextlib.contextmanager
    def start(self, *words: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
        """Start the entry point as SageMaker does; it always ends with the test."""
        with subprocess.Popen(
            [self.image / "run", *(words or ("train",))],
            env={**self.environment(), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def run(self, *words: str, **environment: str) -> tuple[int, str]:
        """Run the entry point to its end and return its exit code and log."""
        with self.start(*words, **environment) as process:
            log, _ = process.communicate(timeout=60)
        return process.returncode, log

    def environment(self) -> dict[str, str]:
        """Return the environment of a container's processes, with the tests' python3 and boto3."""
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        kept = {"PATH": path, "HOME": os.environ["HOME"]}
        if self.inputs_file.exists():
            kept["MATLAB_SAGEMAKER_INPUTS"] = sha256(self.inputs_file)
        return {**kept, "SAGEMAKER_BASE_DIR": str(self.base), "MATLAB_SAGEMAKER_ENGINE": "octave"}

    @property
    def failure(self) -> str | None:
        """The failure file's text."""
        path = self.base / "output/failure"
        return path.read_text() if path.exists() else None


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def described(channel: Path) -> list[tuple[str, int, str]]:
    """Return the entry of a channel's files in inputs.json."""
    files = sorted(path for path in channel.rglob("*") if path.is_file())
    return [(str(f.relative_to(channel)), f.stat().st_size, sha256(f)) for f in files]


def tar_of(functions: dict[str, str]) -> bytes:
    """Return a tar.gz of MATLAB function files with these bodies."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, body in functions.items():
            content = f"function {name}(env, varargin)\n{body}\nend\n".encode()
            member = tarfile.TarInfo(f"{name}.m")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return buffer.getvalue()
