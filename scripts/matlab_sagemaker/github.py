"""One run of a verb, on a GitHub runner or by hand: inputs, log, outputs, summary, annotations.

The only module that knows GITHUB_* and the runner's file and command formats. A verb's inputs, with
their texts and defaults, are those of action/<verb>/action.yml; by hand they are its options.
Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import secrets
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from matlab_sagemaker import events, inputs, markdown, oidc, report, sharing
from matlab_sagemaker.commands import command
from matlab_sagemaker.errors import InterruptedRunError, KitError
from matlab_sagemaker.repository import Repository

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import FrameType

ACTIONS = Path(__file__).resolve().parents[2] / "action"
SUMMARY_LIMIT = 1024 * 1024  # bytes a step; more and the runner drops all of it
AT_THE_END = ("verdict", "report")  # outputs that a verb has however it ends
CUT = "\n(cut: GitHub shows 1 MiB a step)\n"
PRIVATE = {  # inputs that often are a repository's secrets, and what is told in their place
    "bucket": "(bucket)",
    "role": "(execution role)",
    "role_to_assume": "(role of the job)",
}


class Run:
    """One run of a verb. `environment` and `arguments` are all that it knows of its caller."""

    def __init__(
        self, verb: str, environment: Mapping[str, str], arguments: list[str], first: str = ""
    ) -> None:
        self.verb = verb
        self._environment = environment
        self._arguments = arguments
        self._first = first
        self._action = yaml.safe_load((ACTIONS / verb / "action.yml").read_text(encoding="utf-8"))
        self._as_json = "--json" in arguments
        self.on_runner = environment.get("GITHUB_ACTIONS") == "true"
        self._summary_left = SUMMARY_LIMIT
        self._told: list[str] = []
        self._private: dict[str, str] = {}
        self._deaf = ""  # the word that ends the runner's deafness to commands, while it is deaf
        self._answered = False  # whether the outputs are told: JSON is one document

    def inputs(self, kind: type[inputs.Kind]) -> inputs.Kind:
        """Return the inputs as `kind`, a dataclass with one field an input; raise InputError."""
        read = inputs.read(
            kind, self.verb, self._action, self._environment, self._arguments, self._first
        )
        given = {name: str(value) for name, value in vars(read).items() if value}
        self._private = {given[name]: told for name, told in PRIVATE.items() if name in given}
        return read

    @property
    def commit(self) -> str:
        """The commit that the runner works on; nothing where there is no runner."""
        return self._environment.get("GITHUB_SHA", "")

    @functools.cached_property
    def repository(self) -> Repository:
        """The user's repository, and what GitHub runs in it."""
        get = self._environment.get
        event = get("GITHUB_EVENT_PATH")
        payload = json.loads(Path(event).read_text(encoding="utf-8")) if event else {}
        found = events.pull_request(payload, name := get("GITHUB_REPOSITORY", ""))
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
        """Whether this job may ask GitHub for identity tokens; None where there is no runner."""
        return "ACTIONS_ID_TOKEN_REQUEST_URL" in self._environment if self.on_runner else None

    def secret(self, name: str) -> str:
        """Return a secret from the environment, or nothing; GitHub masks its secrets by itself."""
        return self._environment.get(name, "").strip()

    @property
    def number(self) -> str:
        """The number of the workflow's run; nothing where there is no runner."""
        return self._environment.get("GITHUB_RUN_ID", "")

    def token_endpoint(self) -> oidc.Endpoint:
        """Return where this job gets GitHub's identity tokens; raise SignInError if it may not."""
        url = self._environment.get("ACTIONS_ID_TOKEN_REQUEST_URL", "")
        request_token = self._environment.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "")
        if not (url and request_token):
            raise oidc.missing_permission()
        return oidc.Endpoint(url, request_token)

    def mask(self, secret: str) -> None:
        """Have the runner hide a secret of ours, should anything ever print it."""
        if not self.on_runner:
            return
        hide = command("add-mask", secret)
        if self._deaf:  # or it would be printed as a line like any other
            hide = f"::{self._deaf}::\n{hide}\n::stop-commands::{self._deaf}"
        self._write(hide)

    def log(self, text: str) -> None:
        """Write a line of our own to the log."""
        self._write(text)

    @contextlib.contextmanager
    def foreign_text(self) -> Iterator[Callable[[str], None]]:
        """Give a function that logs what others wrote: the runner obeys no command in it."""
        token = secrets.token_hex(16)
        if self.on_runner:
            self._write(command("stop-commands", token))
            self._deaf = token
        try:
            yield lambda line: self._write("  | " + line)
        finally:
            if self.on_runner:
                self._deaf = ""
                self._write(f"::{token}::")

    @contextlib.contextmanager
    def group(self, title: str) -> Iterator[None]:
        """Fold what is logged inside under `title` on a runner; show the title elsewhere."""
        self._write(command("group", title) if self.on_runner else title)
        try:
            yield
        finally:
            if self.on_runner:
                self._write("::endgroup::")

    def outputs(self, values: Mapping[str, Any]) -> None:
        """Set the step's outputs, and show them when nobody collects them."""
        declared = set(self._action["outputs"]) - set(AT_THE_END)
        if declared != set(values):
            raise AssertionError(f"outputs {sorted(values)} are not {sorted(declared)}")
        texts = {n: v if isinstance(v, str) else json.dumps(v) for n, v in values.items()}
        self._set("GITHUB_OUTPUT", texts)
        self._answered = True
        if self._as_json:
            sys.stdout.write(json.dumps(dict(values), indent=2) + "\n")
        elif not self._environment.get("GITHUB_OUTPUT"):
            width = max(map(len, texts))
            long = {n for n, v in values.items() if isinstance(v, list) or "\n" in texts[n]}
            lines = {n: "(shown above)" if n in long else t for n, t in texts.items()}
            lines |= {n: "(none)" for n, v in values.items() if v == []}
            self._write("\n".join(f"{name:{width}}  {text}" for name, text in lines.items()))

    def export(self, variables: Mapping[str, str]) -> None:
        """Set environment variables of the steps after this one."""
        self._set("GITHUB_ENV", variables)

    def end(self, verdict: str) -> None:
        """Set the outputs that every end has: the verdict, and what may be told to other jobs."""
        if set(AT_THE_END) <= set(self._action["outputs"]):
            if verdict != "success" and not self._told:
                self.summary(report.crash(self.verb))
            told = sharing.report("\n".join(self._told), self._private)
            self._set("GITHUB_OUTPUT", {"verdict": verdict, "report": told})

    def summary(self, text: str) -> None:
        """Add Markdown to the job summary; over GitHub's limit it is cut, and says so."""
        self._told.append(text)
        kept = markdown.shorten(text.rstrip("\n") + "\n\n", self._summary_left, CUT)
        self._summary_left -= len(kept.encode())
        self._append("GITHUB_STEP_SUMMARY", kept)

    def notice(self, text: str) -> None:
        """Say what a person would not expect of a run that ends well, by an annotation."""
        self._write(command("notice", text) if self.on_runner else text)

    def warn(self, text: str) -> None:
        """Say what ought to be looked at, by an annotation; nothing where there is no text."""
        if text:
            self._write(command("warning", text) if self.on_runner else f"warning: {text}")

    def show_error(self, error: KitError) -> None:
        """Show an error once: an annotation on a runner, plain lines on stderr elsewhere."""
        properties = {"title": error.title, **self.repository.properties(error.place)}
        if self.on_runner:
            self._write(command("error", str(error), **properties))
        else:
            sys.stderr.write(f"error: {error}\n")
        if self._as_json and not self._answered:
            told = {"error": {"message": str(error), **properties}}
            sys.stdout.write(json.dumps(told, indent=2) + "\n")
        self.summary(report.failure(error, self.verb, self.repository.link(error.place)))

    def _set(self, file: str, texts: Mapping[str, str]) -> None:
        for name, text in texts.items():
            # A random delimiter: a value can neither end its own text nor add an output.
            end = secrets.token_hex(16)
            self._append(file, f"{name}<<{end}\n{text}\n{end}\n")

    def _write(self, text: str) -> None:
        stream = sys.stderr if self._as_json else sys.stdout
        try:
            stream.write(text + "\n")
            stream.flush()
        except BrokenPipeError:  # its reader has gone, as `head` does; what is begun is ended
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())

    def _append(self, variable: str, text: str) -> None:
        if path := self._environment.get(variable):
            with Path(path).open("a", encoding="utf-8") as file:
                file.write(text)


def run(main: Callable[[Run], None], script: str, *, first: str = "") -> None:
    """Run a verb's `main`; turn a KitError into one message and its exit code.

    A word that belongs to no option is the input `first`, for a verb that names one.
    """
    current = Run(Path(script).stem.replace("_", "-"), os.environ, sys.argv[1:], first)
    signal.signal(signal.SIGTERM, _interrupt)
    verdict = KitError.verdict
    try:
        main(current)
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


CANCELLED = ("The run was cancelled.", "Run it again to go on.")


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """Treat SIGTERM as Ctrl-C: a cancelled GitHub job gets both, seconds apart."""
    raise KeyboardInterrupt
