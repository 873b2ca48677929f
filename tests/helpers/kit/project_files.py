"""A sagemaker.yml with every key, its repository, and functions to read and change it."""

import copy

import pytest
import yaml

from matlab_sagemaker.errors import InputError
from matlab_sagemaker.project import content

ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
GOOD = {
    "name": "pump-faults",
    "matlab": {"engine": "octave", "release": "R2026a", "products": ["Deep Learning Toolbox"]},
    "training": {
        "function": "trainModel",
        "code": "code",
        "channels": {"training": "data", "validation": "s3://bucket-1/validation/"},
        "hyperparameters": {"Depth": 3, "Rate": 0.1, "Kind": "gdi", "Prune": True, "Sizes": [1, 2]},
        "image": f"{ECR}/own/pump:1.2",
        "instance_type": "ml.m5.large",
        "instance_count": 1,
        "volume_gb": 30,
        "max_runtime": "2h",
        "spot": {"max_wait": "2h"},
        "environment": {"OMP_NUM_THREADS": "2", "MLM_LICENSE_FILE": "27000@licences", "_e": ""},
        "metrics": {
            "accuracy": "accuracy: ([0-9.]+)",
            "loss": {"pattern": "loss: (.*)", "required": False, "better": "lower", "unit": "m/s"},
        },
    },
    "inference": {
        "handler": "Handler",
        "code": "inference",
        "request": "data/a.csv",
        "expected": "data/a.csv",
        "tolerance": 1e-3,
    },
    "endpoint": {"name": "pump-faults", "instance_type": "ml.m5.large", "instance_count": 2},
    "aws": {
        "region": "eu-west-1",
        "bucket": "a-bucket",
        "training_role": "a-role",
        "serving_role": "another",
        "vpc": {
            "subnets": ["subnet-01234567", "subnet-89abcdef"],
            "security_groups": ["sg-0a1b2c3d"],
        },
        "tags": {"cost center": "R+D: 1/2 @x", "team": ""},
    },
}


def changed(path, value):
    """Return GOOD with `value` at the dotted `path`."""
    document = copy.deepcopy(GOOD)
    *parents, last = path.split(".")
    section = document
    for parent in parents:
        section = section[parent]
    section[last] = value
    return document


def load(repository, document):
    text = document if isinstance(document, str) else yaml.safe_dump(document, sort_keys=False)
    file = repository / "sagemaker.yml"
    file.write_text(text, encoding="utf-8")
    return content.load(file)


def problems(repository, document):
    with pytest.raises(InputError) as caught:
        load(repository, document)
    assert caught.value.exit_code == 2
    return str(caught.value)
