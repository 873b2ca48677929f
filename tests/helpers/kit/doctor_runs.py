"""Runs of doctor, and stand-ins for what it checks: roles, Docker, MATLAB."""

import json
import re
import shutil
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer

from helpers.kit.paths import KIT

# What scripts/run and Python themselves call.
PLAIN = ("bash", "env", "python3", "cmp", "dirname", "sh", "octave-cli", "git")


def examine(project, *arguments, **environment):
    """Run doctor; return its findings by subject, and the run itself."""
    result = project.run("doctor", "--json", *arguments, **environment)
    told = json.loads(result.stdout)
    assert told["passed"] == (result.code == 0)
    assert result.code in (0, 18)
    for row in told["checks"]:
        told_at_the_end = re.search(rf"(^|%0A){row['what']}: ", result.stderr, re.MULTILINE)
        assert (row["state"] == "wrong") == bool(told_at_the_end)
        assert row["state"] != "wrong" or row["fix"]
    return {row["what"]: row for row in told["checks"]}, result


def state(project, what, *arguments, **environment):
    found, _ = examine(project, *arguments, **environment)
    return found[what]["state"]


def secret(project, aws, value=None):
    """Make the project use the engine matlab, with its own secret."""
    name = f"{project.name}/token"
    text = f"engine: matlab\n  batch_token_secret: {name}"
    project.edit("sagemaker.yml", "engine: octave", text)
    if value is not None:
        aws("secretsmanager").create_secret(Name=name, **({"SecretString": value} if value else {}))


def role(aws, name, *statements, service="sagemaker.amazonaws.com"):
    """Make a role with a policy; return its ARN."""
    allowed = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    made = aws("iam").create_role(
        RoleName=name,
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allowed]}),
    )["Role"]["Arn"]
    if statements:
        policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        aws("iam").put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=policy)
    return made


def allow(*actions):
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*"}


class Machine:
    """A separate PATH: only programs that are put there can be called."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        for program in PLAIN:
            (folder / program).symlink_to(shutil.which(program))

    @property
    def environment(self):
        return {"PATH": str(self.folder)}

    def without(self, program):
        (self.folder / program).unlink()
        return self

    def program(self, name, script):
        """Put a shell script there."""
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return self

    def matlab(self, compiler):
        """Put a MATLAB there: Octave, with or without a stand-in for the Compiler SDK."""
        folders = ["release", "fakes"] if compiler else ["release"]
        path = ":".join(str(KIT / "tests/matlab" / folder) for folder in folders)
        call = f'exec octave-cli --norc --no-window-system --path "{path}" --eval "$2"'
        return self.program("matlab", call)


@contextmanager
def docker_engine(folder, root):
    """Yield the address of an engine that answers doctor's requests; its files are in `root`."""
    answers = {"/_ping": b"OK", "/info": json.dumps({"DockerRootDir": str(root)}).encode(),
               "/version": json.dumps({"ApiVersion": "1.44"}).encode()}  # fmt: skip

    class Engine(BaseHTTPRequestHandler):
        def do_GET(self):
            path = "/" + self.path.rpartition("/")[2]
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(answers[path])

        def address_string(self):
            return "socket"

        def log_message(self, *_):
            pass

    address = str(folder / "docker.sock")
    with ThreadingUnixStreamServer(address, Engine) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield {"DOCKER_HOST": f"unix://{address}"}
        finally:
            server.shutdown()
            Path(address).unlink()
