"""GitHub for the tests of workflows: repositories, events, and act as the runner.

act runs workflows and actions, but ignores errors that stop GitHub: an expression that it cannot
read is empty, a job with an unknown runner is skipped, and both count as success. Here they fail.
The user's repository has only a user's files; the kit is in a separate repository. Checkouts use
the real actions/checkout if it is beside the kit: see `actions`.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import yaml

from helpers.kit import go_programs
from helpers.kit.git_repository import commit, git, kit_files, repository
from helpers.kit.paths import KIT
from remotes import Remotes

HERE = Path(__file__).parent
REAL = KIT.parent / "shared/actions"  # actions as their authors publish them, at the pinned commits
KIT_NAME = "your-org/matlab-sagemaker"
KIT_REF = "v1"
USER_NAME = "acme/flowers"
DEPENDABOT = "dependabot[bot]"
LABELS = ("ubuntu-24.04", "matlab-machine")  # labels in the workflows; act runs all of them here
UNKNOWN_TO_ACT = ("queue: max", "deployment: false")
NOT_GITHUBS = ("Unable to interpolate", "Skipping unsupported platform", "Skipping job")
FUNCTION = "code/trainClassificationTree.m"
BROKEN = """\
function trainClassificationTree(env, varargin)
    error('flowers:noRows', 'There are no rows.');
end
"""


def event(name, **changes):
    """Return an event as GitHub sends it, for the user's repository, with top-level `changes`.

    The examples are those of @octokit/webhooks-examples 7.6.1 (MIT).
    """
    payload = json.loads((HERE / f"events/{name}.json").read_text())
    payload["repository"]["full_name"] = USER_NAME
    payload["repository"]["name"] = USER_NAME.partition("/")[2]
    payload["repository"]["owner"]["login"] = USER_NAME.partition("/")[0]
    return {**payload, **changes}


def pull_request(number, *, head=USER_NAME, author="ada", branch="topic", title="A change"):
    """Return the event of a pull request from the repository `head`."""
    payload = event("pull_request", number=number)
    request = payload["pull_request"]
    request.update(number=number, title=title)
    request["user"]["login"] = author
    request["head"].update(ref=branch)
    request["head"]["repo"]["full_name"] = head
    request["base"]["repo"]["full_name"] = USER_NAME
    request["base"]["ref"] = "main"
    return payload


def is_foreign(payload):
    """Return whether GitHub gives an event no secrets: a fork's pull request, or Dependabot's."""
    if "pull_request" not in payload:
        return False
    request = payload["pull_request"]
    from_fork = request["head"]["repo"]["full_name"] != USER_NAME
    return from_fork or request["user"]["login"] == DEPENDABOT


@dataclass
class Run:
    """The result of a run of a workflow: act's exit code and events."""

    code: int
    events: list[dict] = field(repr=False)
    environments: list[dict] = field(repr=False)  # outputs of steps, unmasked

    @property
    def jobs(self):
        """The result of every job that ran, by its name."""
        return {self._job(e): e["jobResult"] for e in self.events if "jobResult" in e}

    @staticmethod
    def _job(entry):
        return entry["job"].rpartition("/")[2].strip()

    def log(self, job=None):
        """What the steps printed."""
        lines = (
            e["msg"]
            for e in self.events
            if e.get("raw_output") and (job is None or self._job(e) == job)
        )
        return "".join(lines)

    def summary(self, job):
        """The job's summary, in Markdown."""
        return "".join(
            e["content"]
            for e in self.events
            if e.get("command") == "summary" and self._job(e) == job and len(e["stepID"]) == 1
        )

    def outputs(self, job, step):
        """The outputs of a step, unmasked."""
        return {
            e["name"]: e["arg"]
            for e in self.events
            if e.get("command") == "set-output" and self._job(e) == job and e["stepID"] == [step]
        }

    @property
    def annotations(self):
        """Errors, warnings and notices: (kind, properties, text)."""
        kinds = ("notice", "warning", "error")
        return [
            (e["command"], e.get("kvPairs") or {}, e["arg"])
            for e in self.events
            if e.get("command") in kinds
        ]

    @property
    def refused(self):
        """What went wrong: failed steps, and errors of act itself."""
        return [e["msg"] for e in self.events if e["level"] in ("error", "fatal")]


class GitHub:
    """A GitHub with two repositories: the kit's, and a user's with only the user's files."""

    def __init__(self, folder, example, *, rights, api, variables, settings, environments):
        self.folder = folder
        self.environments = environments  # made by the kit's steps in the first job, for all others
        self.kit = folder / "remotes" / KIT_NAME
        self.user = folder / "remotes" / USER_NAME
        self.rights = rights
        self.api = api  # GitHub's, which also gives a job its token
        self.variables = variables  # of every step: addresses of AWS, GitHub's API and tokens
        self.settings = settings  # the repository's variables
        self.secrets = {}
        self.readers = {}  # the tokens that may read an owner's repositories; all others are public
        repository(self.kit, kit_files())
        self._forget_what_act_does_not_know()
        git(self.kit, "tag", KIT_REF)
        listed = (path for path in example.rglob("*") if path.is_file())
        repository(self.user, {str(p.relative_to(example)): p for p in listed})

    def _forget_what_act_does_not_know(self):
        """Remove two keys that act does not accept; tests/unit/test_workflows.py checks both."""
        for file in (self.kit / ".github/workflows").glob("*.yml"):
            lines = file.read_text().splitlines(keepends=True)
            file.write_text(
                "".join(line for line in lines if not line.strip().startswith(UNKNOWN_TO_ACT))
            )
        commit(self.kit, "For act")

    def write(self, name, text):
        """Change a file of the user's work tree."""
        (self.user / name).write_text(text)

    def edit(self, name, old, new):
        """Change a text in a file of the user's work tree."""
        text = (self.user / name).read_text()
        assert old in text
        self.write(name, text.replace(old, new))

    def commit(self, message="A change"):
        """Commit what the user changed."""
        return commit(self.user, message)

    def run(self, workflow, name, payload, inputs=(), job=None, **more):
        """Run the user's `workflow` for the event `name`, at the commit that is checked out.

        `inputs` are those of a run by hand, `job` is the only one to run, `more` are variables for
        all steps.
        """
        foreign = is_foreign(payload)
        commit_now = git(self.user, "rev-parse", "HEAD")
        if "pull_request" in payload:
            payload["pull_request"]["head"]["sha"] = commit_now
            first = git(self.user, "rev-list", "--max-parents=0", "HEAD")
            payload["pull_request"]["base"]["sha"] = first
            self.api.push(payload["number"], commit_now)
        elif name == "push":
            payload["after"] = commit_now
        self.rights.begin(workflow, name, foreign=foreign)
        token = self.api.token(may_write=not foreign)
        self.readers[USER_NAME.partition("/")[0]] = {token}
        place = self.folder / f"run-{len(list(self.folder.glob('run-*')))}"
        work = self._workflows_only(place)
        files = {
            "--eventpath": json.dumps(payload),
            # GitHub gives a fork's pull request no secrets; here no job asks for any.
            "--secret-file": _lines({"GITHUB_TOKEN": token, **self.secrets}),
            "--var-file": _lines(self.settings),
        }
        for option, text in files.items():
            (place / option).write_text(text)
        local = {f"{KIT_NAME}@{KIT_REF}": self.kit}
        local.update(actions())
        command = [
            go_programs.tool("act"), name, "--json", "-C", work,
            "-W", f".github/workflows/{workflow}",
            "--action-cache-path", place / "actions", "--actor", payload["sender"]["login"],
            "--no-cache-server", "--no-skip-checkout", "--pull=false",
            *(("--job", job) if job else ()),
            *(word for option in files for word in (option, place / option)),
            *_options("--platform", dict.fromkeys(LABELS, "-self-hosted")),
            *_options("--local-repository", local),
            *_options("--input", dict(inputs)),
        ]  # fmt: skip
        with Remotes(self.folder / "remotes", self.readers) as remotes:
            seen = self._steps_see(place, GITHUB_SERVER_URL=remotes.url, **more)
            return self._act([*command, *_options("--env", seen)], place)

    def _act(self, command, place):
        """Run act with a minimal environment, because it passes its own on to every step."""
        home = place / "home"
        (home / ".config/act").mkdir(parents=True)
        (home / ".config/act/actrc").touch()  # otherwise act asks which image to use
        environment = {
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "GIT_PAGER": "cat",
        }
        with (place / "log").open("w") as log:
            done = subprocess.run(
                list(map(str, command)), env=environment, stdout=log, stderr=log, check=False
            )
        lines = (place / "log").read_text().splitlines()
        assert not [line for line in lines if line.startswith("Error: workflow is not valid")], (
            lines
        )
        events = [json.loads(line) for line in lines if line.startswith("{")]
        said = [e["msg"] for e in events if any(words in e["msg"] for words in NOT_GITHUBS)]
        assert not said, f"act passed over what GitHub would not have: {said}"
        seen = [file.read_text() for file in sorted((place / "environments").iterdir())]
        return Run(done.returncode, events, [_variables(text) for text in seen])

    def _workflows_only(self, place):
        """Return a clone whose work tree has only the workflows: act copies it into every job."""
        work = place / "work"
        git(self.folder, "clone", "-q", "--no-checkout", self.user, work)
        git(work, "sparse-checkout", "set", "--no-cone", "/.github/")
        git(work, "checkout", "-q", git(self.user, "rev-parse", "HEAD"))
        git(work, "remote", "set-url", "origin", f"https://github.com/{USER_NAME}")
        return work

    def _steps_see(self, place, **more):
        (place / "environments").mkdir()
        settings = place / "gitconfig"
        settings.touch()
        note = place / "note-environment.sh"  # bash runs it before a step's own script
        note.write_text(
            f'env -0 > "{place}/environments/$EPOCHREALTIME-$$"\n'
            f'[ -e "$RUNNER_TEMP/.venv" ] || ln -s "{self.environments}" "$RUNNER_TEMP/.venv"\n'
        )
        return {
            "BASH_ENV": note,
            # A file of this run: as root, `git config --global` would replace a device by a file.
            "GIT_CONFIG_GLOBAL": settings,
            **self.variables,
            **more,
        }

    def close(self):
        """Stop processes that jobs have left, as a runner does; a rehearsal leaves its emulator."""
        left = [process for process in psutil.process_iter() if self._is_of_a_run(process)]
        for end in (psutil.Process.terminate, psutil.Process.kill):
            for process in left:
                with contextlib.suppress(psutil.NoSuchProcess):
                    end(process)
            _, left = psutil.wait_procs(left, timeout=10)

    def _is_of_a_run(self, process):
        with contextlib.suppress(psutil.NoSuchProcess):
            return f"{self.folder}/run-" in " ".join(process.cmdline())
        return False


def actions():
    """Return the folder of each third-party action that the kit's workflows use, by its name there.

    This is the real action if it is beside the kit, in ../shared/actions, or else a double.
    """
    texts = (file.read_text() for file in (KIT / ".github/workflows").glob("*.yml"))
    jobs = (job for text in texts for job in yaml.safe_load(text)["jobs"].values())
    used = {step.get("uses", "./") for job in jobs for step in job.get("steps", ())}
    return {name: action(name) for name in used if not name.startswith("./")}


def action(name):
    """Return the folder of the action `name`, owner/name@commit."""
    folder = name.partition("@")[0].split("/")[1]
    real = REAL / folder
    return real if real.is_dir() else HERE / "doubles" / folder


def _options(option, values):
    return [word for item in values.items() for word in (option, "=".join(map(str, item)))]


def _variables(text):
    return dict(line.split("=", 1) for line in text.split("\0") if "=" in line)


def _lines(values):
    return "".join(f"{name}={text}\n" for name, text in values.items())
