"""What GitHub gives a job: the rights that its workflow asks for, and none to a foreign request.

act gives every job all it has. So both servers of GitHub's look at who asks: at the job whose
process holds the other end of the connection, and at what its workflow says of it.
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
    """Those of the run that goes on; `begin` says which one that is."""

    workflow: str = ""
    event: str = ""
    foreign: bool = False
    asked: list[str] = dataclasses.field(default_factory=list)  # "job: right", in order

    def begin(self, workflow, event, *, foreign):
        """Say which of the kit's workflows runs, and for what."""
        self.workflow, self.event, self.foreign, self.asked = workflow, event, foreign, []

    def job(self, port):
        """Give the job that holds the other end of a connection: its name, and what is written."""
        (name,) = {job_of(process) for process in holders(port)} - {None}
        text = (KIT / ".github/workflows" / self.workflow).read_text()
        return name, yaml.safe_load(text)["jobs"][name]

    def has(self, port, right):
        """Tell whether the asking job may write `right`."""
        name, job = self.job(port)
        self.asked.append(f"{name}: {right}")
        return not self.foreign and job["permissions"].get(right) == "write"


def holders(port):
    """Give the processes that hold the other end of a connection: a child may, until it starts."""
    return {
        connection.pid
        for connection in psutil.net_connections("tcp")
        if connection.laddr.port == port and connection.pid and connection.raddr
    } - {psutil.Process().pid}


def job_of(process):
    """Give the job that a process belongs to; None if it has ended or is about to."""
    try:
        return psutil.Process(process).environ().get("GITHUB_JOB")
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return None


class Tokens(TokenServer):
    """GitHub's token endpoint, for jobs with `id-token: write` alone."""

    def __init__(self, rights, job=None):
        super().__init__(job or Job())
        self.rights = rights

    def answer(self, path, authorization, client):
        """Answer a job for what it is."""
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
    """GitHub's API, where a job with `pull-requests: write` alone may write."""

    def __init__(self, rights, repository, numbers):
        super().__init__(repository, numbers)
        self.rights = rights

    def __call__(self, environ, start_response):
        """Answer; what actions/checkout asks about a ref that is no commit concerns no test."""
        if environ["PATH_INFO"].endswith("/hash-algorithm"):
            return json_answer(200, {"hash_algorithm": "sha1"})(environ, start_response)
        return super().__call__(environ, start_response)

    def _change(self, request, login, number):
        port = int(request.environ["REMOTE_PORT"])
        if not self.rights.has(port, "pull-requests"):
            return refused(403, "Resource not accessible by integration")
        return super()._change(request, login, number)
