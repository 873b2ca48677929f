"""The examples at the end of each verb's --help: a command, and what it does."""

from __future__ import annotations

_IMAGE = "matlab-sagemaker/release:TAG"
EXAMPLES: dict[str, dict[str, str]] = {
    "build-training-image": {
        "": "build and push the image, or find it in ECR",
        "--find-only": "only check whether ECR has it",
    },
    "check": {
        "": "check the project in this folder",
        "--request requests/three.csv": "also check a request's columns",
    },
    "check-image": {
        f"{_IMAGE} --model model.tar.gz": "start the image with a model and call /ping",
        f"{_IMAGE} --model model.tar.gz --request three.csv": "also send it a request",
    },
    "comment": {
        "--verdict success --body 'Trained.'": "write or update the pull request's comment",
    },
    "compile-handler": {
        "": "build and push the inference image, or find it in ECR",
        "--find-only": "only check whether ECR has it",
    },
    "delete": {
        "--endpoint-name flowers": "delete the endpoint flowers",
    },
    "demo": {
        "": "train, compile, deploy and predict with the kit's example",
        "--config your/sagemaker.yml": "the same with your project",
        "--stop": "stop the emulator that a demo has left running",
    },
    "deploy": {
        "": "deploy the model of this commit",
        "--config other/sagemaker.yml": "deploy the model of another project",
    },
    "doctor": {
        "": "check everything",
        "--steps 'train deploy'": "check what these steps need",
    },
    "emulate": {
        "": "start the emulator for the steps after this one",
    },
    "init": {
        "": "write the files into this folder, after some questions",
        "--yes --dry-run": "show what it would write, without questions",
        "--workflows": "keep sagemaker.yml, and add the workflows",
    },
    "job": {
        "": "show the latest training job",
        "--follow": "show its log until it ends",
        "flowers-1a2b3c-1 --stop": "stop the job of this name",
    },
    "predict": {
        "--request requests/three.csv": "send the file and show the answer",
        "--request requests/three.csv --answer answer.csv": "also write the answer to a file",
    },
    "rehearse": {
        "": "train and answer a request on this machine",
        "--only handler --model model.mat": "test only the handler, with this model",
    },
    "rollback": {
        "": "return to what the endpoint served before",
    },
    "schema": {
        "": "print the schema, to save it where your editor looks for it",
    },
    "status": {
        "": "show what the endpoint serves",
        "--json": "the same as JSON, for a program",
    },
    "train": {
        "": "train, or find the model of exactly these files",
        "--no-wait": "start the training job and do not wait for it",
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

_ON_WINDOWS = {"check", "doctor", "init", "predict", "rehearse", "schema", "status"}


def text(verb: str) -> str:
    """Format the examples of a verb, with the way to start it without bash."""
    rows = {f"scripts/run {verb} {words}".rstrip(): what for words, what in EXAMPLES[verb].items()}
    also = ", also on Windows" if verb in _ON_WINDOWS else ""
    rows[f"python scripts {verb}"] = f"the same as scripts/run{also}"
    wide = max(len(command) for command in rows)
    lines = [f"  {command:{wide}}  {what}" for command, what in rows.items()]
    return "\n".join(["examples:", *lines, ""])
