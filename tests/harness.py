"""The verbs as the actions run them: as processes, in a user's repository, against an emulator."""

import itertools
import json
import os
import re
import shutil
import subprocess
import time
import uuid
from dataclasses import dataclass

import boto3
import yaml

from conftest import KIT

EXAMPLE = KIT / "examples/TrainAndDeployClassificationTree"
REGION = "eu-west-1"
ROLE = "matlab-sagemaker-execution"
SAVE = "model = 1; save(fullfile(env.ModelFolder, 'model.mat'), 'model', '-v7');"
FUNCTION = "code/trainClassificationTree.m"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
}


# What a runner needs to download packages, wherever these tests run.
PASSED_ON = ("SSL_CERT_FILE", "PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_CACHE_DIR", "HTTPS_PROXY")


@dataclass(frozen=True)
class Result:
    """What a verb leaves: its exit code, what it printed, and the runner's files."""

    code: int
    stdout: str
    stderr: str
    outputs: dict[str, str]  # but those that every end has, which follow
    summary: str
    variables: dict[str, str]  # what it sets for the steps after it
    verdict: str
    report: str

    @property
    def annotations(self):
        return [line for line in self.stdout.splitlines() if line.startswith("::error")]


class Project:
    """A user's repository, and the verbs run in it."""

    def __init__(self, root, url):
        self.root = root
        self.url = url
        self.name = self.endpoint = f"t{uuid.uuid4().hex[:12]}"

    def write(self, file, text):
        (self.root / file).write_text(text, encoding="utf-8")

    def edit(self, file, old, new):
        text = (self.root / file).read_text(encoding="utf-8")
        assert old in text
        self.write(file, text.replace(old, new))

    def call_endpoint(self, name):
        """Give the endpoint another name."""
        self.edit("sagemaker.yml", f"\n  name: {self.endpoint}\n", f"\n  name: {name}\n")
        self.endpoint = name

    def start(self, verb, *arguments, **environment):
        """Start a verb; the runner's files lie in a folder of their own."""
        return self._start([KIT / "scripts/run", verb, *map(str, arguments)], **environment)

    def start_step(self, verb):
        """Start a verb as a runner does that is given the action: through its line of bash."""
        action = yaml.safe_load((KIT / f"action/{verb}/action.yml").read_text())
        (step,) = action["runs"]["steps"]
        script = self.root.parent / "step.sh"
        script.write_text(step["run"])
        bash = ["bash", "--noprofile", "--norc", "-eo", "pipefail", script]
        return self._start(bash, GITHUB_ACTION_PATH=str(KIT / f"action/{verb}"))

    def _start(self, command, folder=None, **environment):
        files = self.root.parent / f"run-{uuid.uuid4().hex[:8]}"
        files.mkdir()
        process = subprocess.Popen(
            command,
            cwd=folder or self.root,
            env={
                "PATH": os.environ["PATH"],
                "HOME": os.environ["HOME"],
                **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
                "GITHUB_ACTIONS": "true",
                "GITHUB_WORKSPACE": str(folder or self.root),
                "GITHUB_OUTPUT": str(files / "output"),
                "GITHUB_ENV": str(files / "variables"),
                "GITHUB_STEP_SUMMARY": str(files / "summary"),
                "AWS_ENDPOINT_URL": self.url,
                "INPUT_BUILDER": "folder",
                **CREDENTIALS,
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        process.files = files
        process.tells = environment.get("GITHUB_OUTPUT", "a file") != ""
        return process

    def finish(self, process):
        stdout, stderr = process.communicate(timeout=120)
        assert "Traceback" not in stderr, stderr
        outputs = _outputs(process.files / "output")
        result = Result(
            code=process.returncode,
            stdout=stdout,
            stderr=stderr,
            summary=_read(process.files / "summary"),
            variables=_outputs(process.files / "variables"),
            verdict=outputs.pop("verdict", ""),
            report=outputs.pop("report", ""),
            outputs=outputs,
        )
        if not WITHOUT_AN_END & set(map(str, process.args)) and process.tells:
            _check_end(result)
        return result

    def run(self, verb, *arguments, **environment):
        return self.finish(self.start(verb, *arguments, **environment))

    def succeed(self, verb, *arguments, **environment):
        result = self.run(verb, *arguments, **environment)
        assert result.code == 0, result.stdout + result.stderr
        return result


def example(root, url):
    """Copy the example to `root` under a name that no other test has, so with keys of its own."""
    shutil.copytree(EXAMPLE, root)
    project = Project(root, url)
    project.edit("sagemaker.yml", "name: flowers\n\n", f"name: {project.name}\n\n")
    project.edit("sagemaker.yml", "  name: flowers", f"  name: {project.name}")
    return project


def jobs(aws, project):
    found = aws("sagemaker").list_training_jobs(NameContains=project.name)["TrainingJobSummaries"]
    return {job["TrainingJobName"]: job["TrainingJobStatus"] for job in found}


def write_function(project, *lines):
    body = "\n".join(f"    {line}" for line in lines)
    project.write(FUNCTION, f"function trainClassificationTree(env, varargin)\n{body}\nend\n")


def until(file):
    """Give a line of Octave's that waits for a file."""
    return f"while ~exist('{file}', 'file'), pause(0.05); end"


def wait_for(happens, seconds=30):
    end = time.monotonic() + seconds
    while not (value := happens()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
    return value


def facts(sagemaker, name, kind="endpoint"):
    """Return what the kit's tags say of a resource."""
    arn = f"arn:aws:sagemaker:{REGION}:123456789012:{kind}/{name}"
    tags = sagemaker.list_tags(ResourceArn=arn)["Tags"]
    return {tag["Key"].removeprefix("matlab-sagemaker:"): tag["Value"] for tag in tags}


def create_role(url):
    """Make the execution role, as the person does who sets up the account."""
    allowed = {
        "Effect": "Allow",
        "Principal": {"Service": "sagemaker.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    client("iam", url).create_role(RoleName=ROLE, AssumeRolePolicyDocument=policy)


def client(service, url):
    return boto3.client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )


WITHOUT_AN_END = {"comment", "init"}  # it tells the others' ends; only a person runs it


def _check_end(result):
    """Check what holds for every end but death: a true verdict, and a report without account."""
    if result.code >= 0:
        assert result.verdict == {0: "success", 130: "cancelled"}.get(result.code, "failure")
        assert not ACCOUNT.search(result.report), result.report


# A digest may hold twelve digits too, but among other characters.
ACCOUNT = re.compile(r"(?<![0-9a-z])\d{12}(?![0-9a-z])|arn:aws|\.dkr\.|s3://(?!\(bucket\))")


def _read(file):
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _outputs(file):
    values, lines = {}, iter(_read(file).splitlines())
    for line in lines:
        name, end = line.split("<<")
        values[name] = "\n".join(itertools.takewhile(end.__ne__, lines))
    return values
