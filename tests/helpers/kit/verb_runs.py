"""Runs of verbs as the actions run them: processes in a user's repository, with an emulator."""

import itertools
import json
import os
import re
import shutil
import subprocess
import uuid
from dataclasses import dataclass

import boto3
import yaml

from demo import account
from helpers.kit import verb_server
from helpers.kit.paths import KIT

EXAMPLE = KIT / "examples/TrainAndDeployClassificationTree"
REGION = "eu-west-1"
ACCOUNT_ID = "123456789012"  # the emulator's account for unknown keys
ROLES = ("matlab-sagemaker-training", "matlab-sagemaker-serving")
SAVE_ONLY = "model = 1; save(fullfile(env.ModelFolder, 'model.mat'), 'model', '-v7');"
# Each training of the example prints these, because its metrics are required.
SAVE = f"printf('resubstitution accuracy: 1\\ncross-validated accuracy: 1\\n'); {SAVE_ONLY}"
FUNCTION = "code/trainClassificationTree.m"
HANDLER = "inference/ClassificationTreeInferenceHandler.m"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
}
# A shell has none of a runner's variables.
BY_HAND = dict.fromkeys(("GITHUB_ACTIONS", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"), "")
LIMIT_S = 300  # for a step that hangs; the first build of an image takes minutes on a slow machine


# What a runner needs to download packages, wherever these tests run.
PASSED_ON = ("SSL_CERT_FILE", "PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_CACHE_DIR", "HTTPS_PROXY")


@dataclass(frozen=True)
class Result:
    """The result of a verb: its exit code, its output, and the runner's files."""

    code: int
    stdout: str
    stderr: str
    outputs: dict[str, str]  # except those that every run sets, which follow
    summary: str
    variables: dict[str, str]  # variables for the next steps
    verdict: str
    report: str
    facts: str  # facts for the comment, if any

    @property
    def annotations(self):
        return [line for line in self.stdout.splitlines() if line.startswith("::error")]


class Project:
    """A user's repository, and the verbs that run in it, with their `environment`."""

    def __init__(self, root, url, **environment):
        self.root = root
        self.url = url
        self.environment = environment
        # Twelve digits would look like an account.
        self.name = self.endpoint = f"t-{uuid.uuid4().hex[:11]}t"

    def write(self, file, text):
        (self.root / file).write_text(text, encoding="utf-8")

    def edit(self, file, old, new):
        text = (self.root / file).read_text(encoding="utf-8")
        assert old in text
        self.write(file, text.replace(old, new))

    def serve_on(self, instance_type):
        """Give the endpoint another instance type, and so another configuration."""
        text = (self.root / "sagemaker.yml").read_text(encoding="utf-8")
        change = rf"\g<1>{instance_type}\n  instance_count"
        self.write("sagemaker.yml", re.sub(r"( instance_type: ).*\n  instance_count", change, text))

    def call_endpoint(self, name):
        """Give the endpoint another name."""
        self.edit("sagemaker.yml", f"\n  name: {self.endpoint}\n", f"\n  name: {name}\n")
        self.endpoint = name

    def start(self, verb, *arguments, **environment):
        """Start a verb in a forked process, which takes a quarter of the time."""
        given = {**self.keys(verb, *arguments), **environment}
        return self._start([verb, *map(str, arguments)], start=verb_server.start, **given)

    def keys(self, *_words):
        """Return the verb's own credentials for these arguments, if it has any."""
        return {}

    def start_really(self, verb, *arguments, **environment):
        """Start a verb as a user does, for tests of starts and of signals."""
        return self._start([KIT / "scripts/run", verb, *map(str, arguments)], **environment)

    def start_step(self, verb):
        """Start a verb as a runner starts the action: with its line of bash."""
        action = yaml.safe_load((KIT / f"action/{verb}/action.yml").read_text())
        (step,) = action["runs"]["steps"]
        script = self.root.parent / "step.sh"
        script.write_text(step["run"])
        bash = ["bash", "--noprofile", "--norc", "-eo", "pipefail", script]
        return self._start(bash, GITHUB_ACTION_PATH=str(KIT / f"action/{verb}"))

    def _start(self, command, folder=None, start=None, **environment):
        """Start a command with the runner's files in a new folder."""
        files = self.root.parent / f"run-{uuid.uuid4().hex[:8]}"
        files.mkdir()
        process = (start or _started)(
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
                **self.environment,
                **environment,
            },
        )
        process.files = files
        process.tells = environment.get("GITHUB_OUTPUT", "a file") != ""
        return process

    def finish(self, process):
        stdout, stderr = process.communicate(timeout=LIMIT_S)
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
            facts=outputs.pop("facts", ""),
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


def _started(command, **where):
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, **where, **pipes)


def example(root, url, kind=Project, **environment):
    """Copy the example to `root` under a unique name, and so with unique keys."""
    shutil.copytree(EXAMPLE, root)
    project = kind(root, url, **environment)
    project.edit("sagemaker.yml", "name: flowers\n\n", f"name: {project.name}\n\n")
    project.edit("sagemaker.yml", "  name: flowers", f"  name: {project.name}")
    return project


def jobs(aws, project):
    """Return the status of each training job, by name."""
    return {name: status for name, status in _all_jobs(aws, project).items() if "-try" not in name}


def trials(aws, project):
    """Return the status of each trial of a handler, by job name."""
    return {name: status for name, status in _all_jobs(aws, project).items() if "-try" in name}


def _all_jobs(aws, project):
    pages = aws("sagemaker").get_paginator("list_training_jobs").paginate(NameContains=project.name)
    found = [job for page in pages for job in page["TrainingJobSummaries"]]
    return {job["TrainingJobName"]: job["TrainingJobStatus"] for job in found}


def write_function(project, *lines):
    body = "\n".join(f"    {line}" for line in lines)
    project.write(FUNCTION, f"function trainClassificationTree(env, varargin)\n{body}\nend\n")


def rule(project, **rules):
    """Replace the example's rules by rules about one metric, the cross-validated accuracy."""
    text = (project.root / "sagemaker.yml").read_text()
    text = re.sub(r"(?m)^(gate|champion):.*\n(  .*\n)*", "", text)
    told = [f"{name}: {{cross_validated_accuracy: {value}}}" for name, value in rules.items()]
    project.write("sagemaker.yml", "\n".join([text, *told, ""]))


def until(file):
    """Return a line of Octave code that waits for a file."""
    return f"while ~exist('{file}', 'file'), pause(0.05); end"


def facts(sagemaker, name, kind="endpoint"):
    """Return the kit's tags of a resource."""
    arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT_ID}:{kind}/{name}"
    tags = sagemaker.list_tags(ResourceArn=arn)["Tags"]
    return {tag["Key"].removeprefix("matlab-sagemaker:"): tag["Value"] for tag in tags}


def set_up(url):
    """Create roles and repositories, as an administrator does."""
    account.make_repositories(client("ecr", url))
    allowed = {
        "Effect": "Allow",
        "Principal": {"Service": "sagemaker.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    for role in ROLES:
        client("iam", url).create_role(RoleName=role, AssumeRolePolicyDocument=policy)


def client(service, url, region=REGION):
    return boto3.client(
        service,
        endpoint_url=url,
        region_name=region,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )


# It reports on the other steps; only people run them.
WITHOUT_AN_END = {"comment", "init", "job", "transfer"}


def _check_end(result):
    """Check what holds for every end except a kill: verdict, report without account details."""
    if result.code >= 0:
        assert result.verdict == {0: "success", 130: "cancelled"}.get(result.code, "failure")
        assert not ACCOUNT.search(result.report + result.facts), result.facts or result.report


# A digest may have twelve digits, too, but among other characters.
ACCOUNT = re.compile(r"(?<![0-9a-z])\d{12}(?![0-9a-z])|arn:aws|\.dkr\.|s3://(?!\(bucket\))")


def _read(file):
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _outputs(file):
    values, lines = {}, iter(_read(file).splitlines())
    for line in lines:
        name, end = line.split("<<")
        values[name] = "\n".join(itertools.takewhile(end.__ne__, lines))
    return values
