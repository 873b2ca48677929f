"""A process of the emulator, and the words in which its contract tests speak to it."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import os
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import boto3
from botocore.config import Config

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
ACCOUNT, REGION = "123456789012", "eu-west-1"
TIME_SCALE = 0.02
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
RUN = '#!/bin/sh\nexec python3 "$(dirname "$0")/main.py" "$@"\n'
TRAIN = """
import json, os, pathlib, signal, subprocess, sys, time
assert sys.argv[1:] == ["train"], sys.argv
ml = pathlib.Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))
config = lambda name: json.loads((ml / "input/config" / f"{name}.json").read_text())
exec(json.loads(config("hyperparameters").get("program", '""')))
"""
SERVE = """
import http.server, os, pathlib, sys, time
assert sys.argv[1:] == ["serve"], sys.argv
ml = pathlib.Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))
ping = lambda: 200
invoke = lambda body, headers: (200, {"Content-Type": "text/csv"}, body)
exec(os.environ.get("PROGRAM", ""))
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    def do_GET(self):
        self.answer(ping(), {}, b"")
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.answer(*invoke(body, self.headers))
    def answer(self, status, headers, body):
        self.send_response(status)
        for item in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(*item)
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words):
        pass
class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128
print("serving", flush=True)
Server(("127.0.0.1", int(os.environ["SAGEMAKER_BIND_TO_PORT"])), Handler).serve_forever()
"""


class Emulator:
    """A process of the emulator."""

    def __init__(self, work, *options):
        words = [sys.executable, "-m", "emulator", "--work", str(work), *map(str, options)]
        env = {"PATH": os.environ["PATH"], "HOME": str(work.parent), "PYTHONPATH": str(SCRIPTS)}
        self.work = work
        self.errors = (work.parent / f"{work.name}.err").open("w+")
        self.process = subprocess.Popen(
            words, env=env, stdout=subprocess.PIPE, stderr=self.errors, text=True
        )
        self.line = self.process.stdout.readline()

    @property
    def url(self):
        return self.line.split()[1]

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        code = self.process.wait(30)
        self.process.stdout.close()
        self.errors.close()
        return code


class Aws:
    """Clients of an emulator, and requests with everything filled in that a test does not care for."""

    def __init__(self, url):
        self.url = url
        self.numbers = itertools.count()
        self.s3, self.sm, self.logs, self.ecr, self.iam, self.cloudwatch, self.sts = (
            self.client(name)
            for name in ("s3", "sagemaker", "logs", "ecr", "iam", "cloudwatch", "sts")
        )
        self.runtime = self.client("sagemaker-runtime")
        location = {"LocationConstraint": REGION}
        self.s3.create_bucket(Bucket="bucket", CreateBucketConfiguration=location)
        policy = json.dumps(TRUST)
        answer = self.iam.create_role(RoleName="role", AssumeRolePolicyDocument=policy)
        self.role = answer["Role"]["Arn"]

    def client(self, name, region=REGION):
        config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        session = boto3.Session(region_name=region, **keys)
        return session.client(name, endpoint_url=self.url, config=config)

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

    def manifest(self, repository, files, **config):
        """Upload the blobs of a folder image, and give its manifest."""
        layer = archive(files)
        described = {"Entrypoint": ["/run"], "Env": ["FROM_IMAGE=yes"], **config}
        blob = {"architecture": "amd64", "os": "linux", "config": described}
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

    def push(self, files, **config):
        """Push a folder image; give its URI by digest."""
        repository = self.repository()
        text = self.manifest(repository, files, **config)
        answer = self.ecr.put_image(
            repositoryName=repository, imageManifest=text, imageManifestMediaType=MANIFEST
        )
        digest = answer["image"]["imageId"]["imageDigest"]
        return f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{repository}@{digest}"

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
    while True:
        answer = logs.get_log_events(startFromHead=True, **names, **token)
        lines += [event["message"] for event in answer["events"]]
        if not answer["events"]:
            return lines
        token = {"nextToken": answer["nextForwardToken"]}


def archive(files):
    """Give a gzip tar of {name: text or bytes}; a name that is `run` is executable."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(data), 0o755 if name == "run" else 0o644
            tar.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def unarchive(data):
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return {m.name: tar.extractfile(m).read() for m in tar if m.isfile()}


def eventually(fact, limit_s=15, every_s=0.02):
    """Wait until a fact holds, and give it."""
    end = time.monotonic() + limit_s
    while not (value := fact()):
        assert time.monotonic() < end, "it never came true"
        time.sleep(every_s)
    return value
