"""The /opt/ml that SageMaker mounts for a training job, and what a job leaves there."""

import hashlib
import io
import json
import tarfile

CONFIG = {
    "hyperparameters.json": {"sagemaker_program": "train"},
    "inputdataconfig.json": {"code": {"TrainingInputMode": "File"}},
    "resourceconfig.json": {
        "current_host": "algo-1",
        "hosts": ["algo-1"],
        "network_interface_name": "eth0",
    },
}


def make(base):
    """Lay out a job below `base`; return the folder."""
    for name in ("input/config", "input/data/code", "model", "output/data"):
        (base / name).mkdir(parents=True)
    for name, content in CONFIG.items():
        (base / "input/config" / name).write_text(json.dumps(content))
    return base


def give_code(base, body):
    """Make a training function with this body the job's code; return the SHA-256 of inputs.json."""
    code = f"function train(env, varargin)\n{body}\nend\n".encode()
    bundle = base / "input/data/code/code.tar.gz"
    with tarfile.open(bundle, "w:gz") as tar:
        member = tarfile.TarInfo("train.m")
        member.size = len(code)
        tar.addfile(member, io.BytesIO(code))
    files = [["code.tar.gz", bundle.stat().st_size, sha256(bundle.read_bytes())]]
    inputs = {"channels": {"code": files}, "listed": {}, "metrics": {}, "seal": ""}
    text = json.dumps(inputs).encode()
    bundle.with_name("inputs.json").write_bytes(text)
    return sha256(text)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def failure(base):
    """Return the text of the failure file, "" where there is none."""
    path = base / "output/failure"
    return path.read_text() if path.exists() else ""
