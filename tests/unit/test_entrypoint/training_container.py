"""A training container as a folder and a process: the real entry point, Octave and MATLAB side."""

from __future__ import annotations

import io
import json
import os
import subprocess
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

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
    """One job's container. `image` is the root of the folder image, `base` stands for /opt/ml."""

    image: Path
    base: Path

    def configure(self, **hyperparameters: str) -> None:
        """Write SageMaker's files of configuration."""
        config = self.base / "input/config"
        config.mkdir(parents=True, exist_ok=True)
        files = {**CONFIG, "hyperparameters.json": hyperparameters}
        for name, content in files.items():
            (config / name).write_text(json.dumps(content))

    def give_code(self, **functions: str) -> None:
        """Write code.tar.gz with MATLAB functions, and name the first one as the program."""
        self.configure(sagemaker_program=next(iter(functions)))
        channel = self.base / "input/data/code"
        channel.mkdir(parents=True, exist_ok=True)
        (channel / "code.tar.gz").write_bytes(tar_of(functions))

    def start(self, *words: str, **environment: str) -> subprocess.Popen[str]:
        """Start the entry point as SageMaker does."""
        return subprocess.Popen(
            [self.image / "run", *(words or ("train",))],
            env={**self.environment(), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *words: str, **environment: str) -> tuple[int, str]:
        """Run the entry point to its end and return its exit code and log."""
        with self.start(*words, **environment) as process:
            log, _ = process.communicate(timeout=60)
        return process.returncode, log

    def environment(self) -> dict[str, str]:
        """Return what a container's processes see; nothing of the test's own settings."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return {**kept, "SAGEMAKER_BASE_DIR": str(self.base), "MATLAB_SAGEMAKER_ENGINE": "octave"}

    @property
    def failure(self) -> str | None:
        """The failure file's text."""
        path = self.base / "output/failure"
        return path.read_text() if path.exists() else None


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
