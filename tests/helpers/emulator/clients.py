"""Clients and requests for the emulator's contract tests."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import tarfile
from pathlib import Path

import boto3
from botocore.config import Config

from helpers.emulator.image_programs import RUN, TRAIN

ACCOUNT, REGION = "123456789012", "eu-west-1"
TIME_SCALE = 0.01
LOG_GROUP = "/aws/sagemaker/TrainingJobs"
SESSION = boto3.Session()  # one: it keeps the services' models, which are slow to load
DOCKER = "application/vnd.docker."
MANIFEST = f"{DOCKER}distribution.manifest.v2+json"
TRUST = {
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "sagemaker.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ]
}
EVERYTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


class Aws:
    """Clients of an emulator, and requests with values for all that a test does not care about."""

    def __init__(self, url):
        self.url = url
        self.numbers = itertools.count()
        names = ("s3", "logs", "ecr", "iam", "sts", "cloudwatch")
        self.s3, self.logs, self.ecr, self.iam, self.sts, self.cloudwatch = map(self.client, names)
        self.sm, self.runtime = map(self.client, ("sagemaker", "sagemaker-runtime"))
        location = {"LocationConstraint": REGION}
        self.s3.create_bucket(Bucket="bucket", CreateBucketConfiguration=location)
        policy = json.dumps(TRUST)
        answer = self.iam.create_role(RoleName="role", AssumeRolePolicyDocument=policy)
        self.role = answer["Role"]["Arn"]
        policy = json.dumps(EVERYTHING)
        self.iam.put_role_policy(RoleName="role", PolicyName="all", PolicyDocument=policy)

    def client(self, name, region=REGION):
        config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        words = {"region_name": region, "endpoint_url": self.url, "config": config}
        return SESSION.client(name, **words, **keys)

    def name(self, kind):
        return f"{kind}-{next(self.numbers)}"

    def put(self, key, body):
        self.s3.put_object(Bucket="bucket", Key=key, Body=body)
        return f"s3://bucket/{key}"

    def get(self, uri):
        bucket, key = uri.removeprefix("s3://").split("/", 1)
        return self.s3.get_object(Bucket=bucket, Key=key)["Body"].read()

    def blob(self, repository, data):
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        check = self.ecr.batch_check_layer_availability(
            repositoryName=repository, layerDigests=[digest]
        )
        if check["layers"]:
            return digest
        upload = self.ecr.initiate_layer_upload(repositoryName=repository)["uploadId"]
        part = {"partFirstByte": 0, "partLastByte": len(data) - 1, "layerPartBlob": data}
        self.ecr.upload_layer_part(repositoryName=repository, uploadId=upload, **part)
        self.ecr.complete_layer_upload(
            repositoryName=repository, uploadId=upload, layerDigests=[digest]
        )
        return digest

    def manifest(self, repository, files, architecture="amd64", **config):
        """Upload the blobs of a folder image, and give its manifest."""
        layer = archive(files)
        described = {"Entrypoint": ["/run"], "Env": ["FROM_IMAGE=yes"], **config}
        blob = {"architecture": architecture, "os": "linux", "config": described}
        text = json.dumps(blob).encode()
        parts = {
            "config": (f"{DOCKER}container.image.v1+json", text),
            "layer": (f"{DOCKER}image.rootfs.diff.tar.gzip", layer),
        }
        config_part, layer_part = (
            {"mediaType": media, "size": len(data), "digest": self.blob(repository, data)}
            for media, data in parts.values()
        )
        head = {"schemaVersion": 2, "mediaType": MANIFEST}
        return json.dumps({**head, "config": config_part, "layers": [layer_part]})

    def repository(self, **options):
        name = self.name("repository")
        self.ecr.create_repository(repositoryName=name, **options)
        return name

    def push(self, files, repository=None, tag=None, **config):
        """Push a folder image, to a repository of its own where none is named; return its URI."""
        repository = repository or self.repository()
        text = self.manifest(repository, files, **config)
        named = {"imageTag": tag} if tag else {}
        answer = self.ecr.put_image(
            repositoryName=repository, imageManifest=text, imageManifestMediaType=MANIFEST, **named
        )
        digest = answer["image"]["imageId"]["imageDigest"]
        return f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{repository}@{digest}"

    def run(self, program):
        """Start a job whose whole program this is, in an image of its own; return its name."""
        image = self.push({"run": RUN, "main.py": f"{TRAIN.split('config =')[0]}{program}"})
        name = self.name("job")
        self.sm.create_training_job(
            TrainingJobName=name,
            RoleArn=self.role,
            AlgorithmSpecification={"TrainingImage": image, "TrainingInputMode": "File"},
            OutputDataConfig={"S3OutputPath": "s3://bucket/out"},
            ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
            StoppingCondition={"MaxRuntimeInSeconds": 600},
        )
        return name

    def completed(self, name):
        job = self.sm.describe_training_job(TrainingJobName=name)
        assert job.get("FailureReason") is None
        return job["TrainingJobStatus"] == "Completed"

    def job_log(self, job):
        """Return the lines of a job; none before its stream is there."""
        try:
            return self.log(LOG_GROUP, f"{job}/")
        except self.logs.exceptions.ResourceNotFoundException:
            return []

    def log(self, group, prefix=""):
        words = {"logStreamNamePrefix": prefix} if prefix else {}
        streams = self.logs.describe_log_streams(logGroupName=group, **words)
        lines = []
        for stream in streams["logStreams"]:
            pages = {"logGroupName": group, "logStreamName": stream["logStreamName"]}
            lines += read_stream(self.logs, pages)
        return lines


def read_stream(logs, names):
    token, lines = {}, []
    for _ in range(1000):  # pages
        answer = logs.get_log_events(startFromHead=True, **names, **token)
        lines += [event["message"] for event in answer["events"]]
        if not answer["events"]:
            return lines
        token = {"nextToken": answer["nextForwardToken"]}
    raise AssertionError(f"The log has no end: {lines[-1]}")


def archive(files):
    """Return a gzip tar of {name: text or bytes}; a file called `run` is executable."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(data), 0o755 if name.split("/")[-1] == "run" else 0o644
            tar.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def unarchive(data):
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return {m.name: tar.extractfile(m).read() for m in tar if m.isfile()}


def alive(pid):
    """Return whether a process runs; one that only waits to be reaped does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def channel(name, uri, **more):
    source = {"S3DataType": "S3Prefix", "S3Uri": uri}
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}, **more}


def passed(job):
    return [entry["Status"] for entry in job["SecondaryStatusTransitions"]]


def says(word):
    """Return a serving program that always answers the same word."""
    return f"invoke = lambda body, headers: (200, {{}}, b'{word}')"
