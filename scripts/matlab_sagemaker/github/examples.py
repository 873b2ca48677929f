"""The examples at the end of each verb's --help: what to type, and what it does."""

from __future__ import annotations

_IMAGE = "matlab-sagemaker/release:TAG"
EXAMPLES: dict[str, dict[str, str]] = {
    "build-training-image": {
        "": "build and push the image, or find it in ECR",
        "--find-only": "only look whether ECR has it",
    },
    "check": {
        "": "check the project in this folder",
        "--request requests/three.csv": "and a request's columns",
    },
    "check-image": {
        f"{_IMAGE} --model model.tar.gz": "start the image with a model and ask /ping",
        f"{_IMAGE} --model model.tar.gz --request three.csv": "and send it a request",
    },
    "comment": {
        "--verdict success --body 'Trained.'": "write the comment of this pull request",
    },
    "compile-handler": {
        "": "build and push the inference image, or find it in ECR",
        "--find-only": "only look whether ECR has it",
    },
    "delete": {
        "--endpoint-name flowers": "delete the endpoint flowers",
    },
    "deploy": {
        "": "deploy the model of this commit",
        "--config other/sagemaker.yml": "that of another project",
    },
    "doctor": {
        "": "check everything",
        "--steps 'train deploy'": "check what these steps need",
    },
    "emulate": {
        "": "start the emulator for the steps after this one",
    },
    "job": {
        "": "show the latest training job",
        "--follow": "show its log until it ends",
        "flowers-1a2b3c-1 --stop": "stop the job of this name",
    },
    "predict": {
        "--request requests/three.csv": "send the file, show the answer",
        "--request requests/three.csv --answer answer.csv": "and write the answer to a file",
    },
    "rehearse": {
        "": "train and answer a request here",
        "--only handler --model model.mat": "try only the handler, with this model",
    },
    "rollback": {
        "": "return to what the endpoint served before",
    },
    "status": {
        "": "show what the endpoint serves",
        "--json": "the same for a program",
    },
    "train": {
        "": "train, or find the model of exactly these files",
        "--no-wait": "start the training job and end",
        "--find-only": "only look for the model",
    },
    "transfer": {
        "upload data --name data": "upload a folder to the project's bucket",
        "download s3://bucket/model.tar.gz results": "download into the folder results",
    },
    "try-handler": {
        "": "have the handler answer a request with the trained model",
    },
}


def text(verb: str) -> str:
    """Return the examples of a verb, and how it starts without bash."""
    rows = {f"scripts/run {verb} {words}".rstrip(): what for words, what in EXAMPLES[verb].items()}
    rows[f"python scripts {verb}"] = "the same as scripts/run, also on Windows"
    wide = max(len(command) for command in rows)
    lines = [f"  {command:{wide}}  {what}" for command, what in rows.items()]
    return "\n".join(["examples:", *lines, ""])
