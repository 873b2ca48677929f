"""One run of a verb, on a GitHub runner or by hand: inputs, log, outputs, summary, annotations.

The only module that knows GITHUB_* and the runner's file and command formats. action/<verb>/
action.yml declares a verb's inputs with descriptions and defaults; on a command line they are its
options. For a verb without an action, which only people run, scripts/<verb>.yml declares them.
Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

import functools
import json
import math
import os
import secrets
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from matlab_sagemaker.errors import InputError, InterruptedRunError, KitError, Place
from matlab_sagemaker.github import inputs, markdown, redact, tables
from matlab_sagemaker.github.commands import command
from matlab_sagemaker.github.log import Log, takes_colour
from matlab_sagemaker.github.repository import Repository, find_pull_request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import FrameType

    from matlab_sagemaker.github import oidc

_KIT = Path(__file__).resolve().parents[3]
CHECKED_OUT = ".kit"  # where the workflows put the kit, in the user's repository
SUMMARY_LIMIT = 1024 * 1024  # bytes per step; the runner drops a larger summary
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster, if available
AT_THE_END = ("verdict", "report")  # outputs that are set however a verb ends
FACTS = "facts"  # the same, for verbs that appear in the comment
# By RUNNER_ENVIRONMENT. Source: https://docs.github.com/actions/reference/limits
_LONGEST_JOBS_S = {"github-hosted": 6 * 3600, "self-hosted": 5 * 86400}
CUT = "\n(cut: GitHub shows at most 1 MiB per step)\n"


class Run(Log):
    """One run of a verb. It knows its caller only through `environment` and `arguments`."""

    def __init__(self, verb: str, environment: Mapping[str, str], arguments: list[str]) -> None:
        on_runner = environment.get("GITHUB_ACTIONS") == "true"
        super().__init__(
            on_runner=on_runner,
            stream=sys.stderr if "--json" in arguments else sys.stdout,
            in_colour=not on_runner and takes_colour(environment),
        )
        is_verbose = "--verbose" in arguments or environment.get("RUNNER_DEBUG") == "1"
        self.log_request = self.log if is_verbose else None  # logs a line for each AWS request
        self.verb = verb
        self._environment = environment
        self._arguments = arguments
        action = _KIT / "action" / verb / "action.yml"
        declaration = action if action.is_file() else _KIT / "scripts" / f"{verb}.yml"
        text = declaration.read_text(encoding="utf-8")
        self._action = yaml.load(text, _LOADER)  # noqa: S506 (a safe loader)
        self.as_json = "--json" in arguments
        runner = environment.get("RUNNER_ENVIRONMENT", "")
        self.longest_job_s = _LONGEST_JOBS_S.get(runner, math.inf)  # GitHub's limit
        self._summary_left = SUMMARY_LIMIT
        self._told: list[str] = []
        self._private: dict[str, str] = {}
        self.facts: list[Callable[[], Mapping[str, Any]]] = []  # called at the end, for the comment
        self._answer: dict[str, Any] = {}  # the document for --json: outputs, and any error
        self._has_answered = False

    def inputs(self, kind: type[inputs.InputsClass]) -> inputs.InputsClass:
        """Read the inputs as `kind`, a dataclass with one field per input; raise InputError."""
        self._refuse_link()
        read = inputs.read(kind, self.verb, self._action, self._environment, self._arguments)
        given = {name: str(value) for name, value in vars(read).items() if value}
        told = redact.PRIVATE.items()
        self._private = {given[name]: stand_in for name, stand_in in told if name in given}
        return read

    def usage(self) -> str:
        """Format the text of --help."""
        return inputs.usage(self.verb, self._action, self._environment)

    def _refuse_link(self) -> None:
        """Refuse a repository in which the kit's folder is a link to another folder.

        actions/checkout follows the link: it empties the other folder and puts the kit there.
        """
        if self.on_runner and (self.repository.workspace / CHECKED_OUT).is_symlink():
            raise InputError(
                f"{CHECKED_OUT} is a link in this repository.",
                why="The workflows check out the kit there; through the link it has replaced the "
                "files of another folder.",
                do=f"Remove it: git rm {CHECKED_OUT}",
                place=Place(CHECKED_OUT),
            )

    @property
    def commit(self) -> str:
        """The commit that the runner works on; empty outside a runner."""
        return self._environment.get("GITHUB_SHA", "")

    @property
    def event(self) -> str:
        """The event that started the run, such as pull_request; empty outside a runner."""
        return self._environment.get("GITHUB_EVENT_NAME", "") if self.on_runner else ""

    @functools.cached_property
    def repository(self) -> Repository:
        """The user's repository, and the run in it."""
        get = self._environment.get
        name = get("GITHUB_REPOSITORY", "")
        found = find_pull_request(get("GITHUB_EVENT_PATH", ""), name)
        return Repository(
            name=name,
            server=get("GITHUB_SERVER_URL", "https://github.com"),
            api=get("GITHUB_API_URL", "https://api.github.com"),
            workspace=Path(get("GITHUB_WORKSPACE", ".")),
            commit=found.commit if found else self.commit,
            run=self.number,
            pull_request=found,
        )

    @property
    def has_id_token(self) -> bool | None:
        """Whether this job may request identity tokens; None outside a runner."""
        return "ACTIONS_ID_TOKEN_REQUEST_URL" in self._environment if self.on_runner else None

    def secret(self, name: str) -> str:
        """Read a secret from the environment, or an empty text; GitHub masks its own secrets."""
        return self._environment.get(name, "").strip()

    @property
    def number(self) -> str:
        """The ID of the workflow's run; empty outside a runner."""
        return self._environment.get("GITHUB_RUN_ID", "")

    @functools.cached_property
    def mark(self) -> str:
        """A text that is unique for this run, even within one workflow run."""
        attempt = self._environment.get("GITHUB_RUN_ATTEMPT", "")
        return "-".join(part for part in (self.number, attempt, secrets.token_hex(4)) if part)

    @property
    def ca_bundle(self) -> str:
        """A file of certificate authorities to trust instead of the system's, as for boto3."""
        get = self._environment.get
        return get("AWS_CA_BUNDLE") or get("REQUESTS_CA_BUNDLE", "")

    def token_endpoint(self) -> oidc.TokenEndpoint:
        """Find this job's endpoint for identity tokens; raise SignInError if it may not use it."""
        from matlab_sagemaker.github import oidc  # noqa: PLC0415 (importing urllib3 is slow)

        url = self._environment.get("ACTIONS_ID_TOKEN_REQUEST_URL", "")
        request_token = self._environment.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "")
        if not (url and request_token):
            raise oidc.missing_permission()
        return oidc.TokenEndpoint(url, request_token, self.ca_bundle)

    def report(
        self,
        summary: str,
        outputs: Mapping[str, Any],
        *,
        logged: bool = False,
        error: KitError | None = None,
    ) -> None:
        """Write Markdown to the job summary and set the outputs; then raise `error`, if any."""
        self.summary(summary)
        self.outputs(outputs, logged=logged)
        if error:
            raise error

    def outputs(self, values: Mapping[str, Any], *, logged: bool = False) -> None:
        """Set the step's outputs; outside a runner also show them, unless already `logged`."""
        declared = set(self._action["outputs"]) - {*AT_THE_END, FACTS}
        if declared != set(values):
            raise AssertionError(f"outputs {sorted(values)} are not {sorted(declared)}")
        texts = {n: v if isinstance(v, str) else json.dumps(v) for n, v in values.items()}
        self._set("GITHUB_OUTPUT", texts)
        self._answer = dict(values)
        if not (self.as_json or logged or self._environment.get("GITHUB_OUTPUT")):
            self.write(tables.outputs(values, texts))

    @property
    def has_outputs(self) -> bool:
        """Whether the step's outputs are set."""
        return bool(self._answer)

    def answer(self) -> None:
        """Write the document for --json, once."""
        if self.as_json and not self._has_answered:
            self._has_answered = True
            self.write(json.dumps(self._answer, indent=2), sys.stdout)

    def export(self, variables: Mapping[str, str]) -> None:
        """Set environment variables for the steps after this one."""
        self._set("GITHUB_ENV", variables)

    def end(self, verdict: str) -> None:
        """Set the outputs that every run has: verdict, redacted report, and facts."""
        if set(AT_THE_END) <= set(self._action["outputs"]):
            if verdict != "success" and not self._told:
                self.summary(tables.crash(self.verb))
            told = redact.report("\n".join(self._told), self._private)
            self._set("GITHUB_OUTPUT", {"verdict": verdict, "report": told})
        if FACTS in self._action["outputs"]:
            from matlab_sagemaker.github import facts  # noqa: PLC0415 (importing pydantic is slow)

            log = [] if verdict == "success" else list(self.last_lines)
            blocks = [{"verdict": verdict, "log": log}, *(tell() for tell in self.facts)]
            self._set("GITHUB_OUTPUT", {FACTS: facts.compose(blocks, self._private)})

    def summary(self, text: str) -> None:
        """Add Markdown to the job summary; beyond GitHub's limit it is cut, with a note."""
        self._told.append(text)
        kept = text.rstrip("\n") + "\n\n"
        if len(kept.encode()) > self._summary_left:
            kept = markdown.shorten(kept, self._summary_left, CUT)
        self._summary_left -= len(kept.encode())
        self._append("GITHUB_STEP_SUMMARY", kept)

    def show_as_warning(self, error: KitError) -> None:
        """Show an error as a warning; on a runner, at its line."""
        annotation = command("warning", str(error), **self._properties(error))
        self.write(annotation if self.on_runner else f"warning: {error}")

    def _properties(self, error: KitError) -> dict[str, str]:
        place = self.repository.properties(error.place) if error.place else {}
        return {"title": error.title, **place}

    def show_error(self, error: KitError) -> None:
        """Show an error once: as an annotation on a runner, else as plain lines on stderr."""
        properties = self._properties(error)
        link = self.repository.link(error.place) if error.place else ""
        annotation = command("error", str(error), **properties)
        is_shown = self.on_runner and self.write(annotation)
        if not (is_shown or "--errors-as-json" in self._arguments):
            self.write(f"error: {error}", sys.stderr)
        told = {"message": str(error), "kind": error.kind, "exit-code": error.exit_code}
        parts = {"what": error.what, "why": error.why, "do": error.do}
        failure = {**told, **parts, **properties}
        self._answer["error"] = failure
        self.facts.append(lambda: {"failure": failure})
        self.answer()
        self.summary(tables.failure(error, self.verb, link))

    def _set(self, variable: str, texts: Mapping[str, str]) -> None:
        for name, text in texts.items():
            # With a random delimiter, a value can neither end its own text nor add an output.
            end = secrets.token_hex(16)
            self._append(variable, f"{name}<<{end}\n{text}\n{end}\n")

    def _append(self, variable: str, text: str) -> None:
        if path := self._environment.get(variable):
            try:
                with Path(path).open("a", encoding="utf-8", errors="backslashreplace") as file:
                    file.write(text)
            except OSError as error:
                self.lose(f"{path} ({variable})", error)


def run_verb(main: Callable[[Run], None], script: str) -> None:
    """Run a verb's `main`; turn a KitError into one message and its exit code."""
    current = Run(Path(script).stem.replace("_", "-"), os.environ, sys.argv[1:])
    signal.signal(signal.SIGTERM, _interrupt)
    hangup = getattr(signal, "SIGHUP", None)  # Windows does not have it, and nohup ignores it
    if hangup and signal.getsignal(hangup) != signal.SIG_IGN:
        signal.signal(hangup, _interrupt)
    verdict = KitError.verdict
    try:
        main(current)
        current.answer()
        current.require_written()
        verdict = "success"
    except SystemExit as shown:  # --help
        verdict = verdict if shown.code else "success"
        raise
    except (KitError, KeyboardInterrupt) as cause:
        error = cause if isinstance(cause, KitError) else InterruptedRunError(*CANCELLED)
        verdict = error.verdict
        current.show_error(error)
        sys.exit(error.exit_code)
    finally:
        current.end(verdict)


CANCELLED = ("The run was cancelled.", "Run it again to continue.")


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """Treat SIGTERM and SIGHUP as Ctrl-C: GitHub sends SIGINT, SIGTERM after 7.5 s, then kills."""
    raise KeyboardInterrupt
