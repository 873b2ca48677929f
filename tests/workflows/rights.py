"""What GitHub gives a job: the permissions in its workflow, and none for a fork's pull request.

act gives every job all it has. So GitHub's two servers here find the job that sends a request, by
the process at the other end of the connection, and read that job's permissions in its workflow.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import psutil
import yaml

from helpers.github.answers import json_answer, refused
from helpers.github.api import GitHubApi
from helpers.github.token_server import Answer, Job, TokenServer
from helpers.kit.paths import KIT


@dataclass
class Rights:
    """The rights in the current run, which `begin` names."""

    workflow: str = ""
    event: str = ""
    foreign: bool = False
    asked: list[str] = dataclasses.field(default_factory=list)  # "job: right", in order

    def begin(self, workflow, event, *, foreign):
        """Say which of the kit's workflows runs, and for what."""
        self.workflow, self.event, self.foreign, self.asked = workflow, event, foreign, []

    def job(self, port):
        """Return the name and the permissions of the job at the other end of a connection."""
        (name,) = {job_of(process) for process in holders(port)} - {None}
        text = (KIT / ".github/workflows" / self.workflow).read_text()
        return name, yaml.safe_load(text)["jobs"][name]

    def has(self, port, right):
        """Return whether the asking job may write `right`."""
        name, job = self.job(port)
        self.asked.append(f"{name}: {right}")
        return not self.foreign and job["permissions"].get(right) == "write"


def holders(port):
    """Return the processes at the other end of a connection; a forked child may be one."""
    return {
        connection.pid
        for connection in psutil.net_connections("tcp")
        if connection.laddr.port == port and connection.pid and connection.raddr
    } - {psutil.Process().pid}


def job_of(process):
    """Return the job that a process belongs to; None if it has ended or is about to."""
    try:
        return psutil.Process(process).environ().get("GITHUB_JOB")
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return None


class Tokens(TokenServer):
    """GitHub's token endpoint, only for jobs with `id-token: write`."""

    def __init__(self, rights, job=None):
        super().__init__(job or Job())
        self.rights = rights

    def answer(self, path, authorization, client):
        """Answer with the claims of the job that asks."""
        if path.startswith("/token"):
            if not self.rights.has(client[1], "id-token"):
                return Answer(403, b'{"message": "Resource not accessible by integration"}')
            _, job = self.rights.job(client[1])
            environment = "production" if "environment" in job else ""
            self.job = dataclasses.replace(
                self.job, event=self.rights.event, environment=environment
            )
        return super().answer(path, authorization, client)


class Api(GitHubApi):
    """GitHub's API, where only a job with `pull-requests: write` may write."""

    def __init__(self, rights, repository, numbers):
        super().__init__(repository, numbers)
        self.rights = rights

    def __call__(self, environ, start_response):
        """Answer; no test needs what actions/checkout asks about a ref that is not a commit."""
        if environ["PATH_INFO"].endswith("/hash-algorithm"):
            return json_answer(200, {"hash_algorithm": "sha1"})(environ, start_response)
        return super().__call__(environ, start_response)

    def _change(self, request, login, number):
        port = int(request.environ["REMOTE_PORT"])
        if not self.rights.has(port, "pull-requests"):
            return refused(403, "Resource not accessible by integration")
        return super()._change(request, login, number)
