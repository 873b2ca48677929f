"""Answers to init's questions: those of the example, and one to each question."""

import yaml

from matlab_sagemaker.init import answers, render
from matlab_sagemaker.init.render import KitFacts

EXAMPLE = {
    "name": "flowers",
    "engine": "octave",
    "function": "code/trainClassificationTree.m",
    "data": ["data/training"],
    "hyperparameter": ["MinLeafSize=1"],
    "max_runtime": "15m",
    "metric": [
        "resubstitution_accuracy=resubstitution accuracy: ([0-9.]+)",
        "cross_validated_accuracy=cross-validated accuracy: ([0-9.]+)",
    ],
    "better": ["resubstitution_accuracy=higher,cross_validated_accuracy=higher"],
    "handler": "inference/ClassificationTreeInferenceHandler.m",
    "branch": "main",
    "request": "requests/three_flowers.csv",
    "expected": "requests/expected.csv",
    "kit": "your-org/matlab-sagemaker",
}
FULL = {
    **EXAMPLE,
    "engine": "matlab",
    "config": "models/pump.yml",
    "release": "R2026a",
    "products": ["Curve Fitting Toolbox,Deep Learning Toolbox"],
    "region": "eu-west-1",
    "environment": "a-room",
    "runner": '["self-hosted", "linux"]',
    "matlab_runner": "ubuntu-24.04",
    "setup_matlab": True,
    "ref": "5" * 40,
}
ON_SERVER = KitFacts("v1.2.3", on_server=True)
WORKFLOWS = [f"{render.WORKFLOWS}/{verb}.yml" for verb in ("train", "deploy", "operate")]


def parsed(text):
    return yaml.load(text, yaml.CSafeLoader)  # ten times as fast as Python's


def made(values, around=KitFacts()):  # noqa: B008 (it is frozen)
    """Make the files."""
    return render.files(answers.checked(values), around)
