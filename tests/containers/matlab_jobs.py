"""What SageMaker mounts as /opt/ml for a training job, and what a job leaves there."""

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
    """Lay out a job below `base`; give the folder."""
    for name in ("input/config", "input/data/code", "model", "output/data"):
        (base / name).mkdir(parents=True)
    for name, content in CONFIG.items():
        (base / "input/config" / name).write_text(json.dumps(content))
    return base


def give_code(base, body):
    """Make a training function with this body the job's code."""
    code = f"function train(env, varargin)\n{body}\nend\n".encode()
    with tarfile.open(base / "input/data/code/code.tar.gz", "w:gz") as tar:
        member = tarfile.TarInfo("train.m")
        member.size = len(code)
        tar.addfile(member, io.BytesIO(code))


def failure(base):
    """Give the text of the failure file, "" where there is none."""
    path = base / "output/failure"
    return path.read_text() if path.exists() else ""
