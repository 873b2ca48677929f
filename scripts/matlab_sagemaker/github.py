"""One run of a verb, on a GitHub runner or by hand: inputs, log, outputs, summary, annotations.

The only module that knows GITHUB_* and the runner's file and command formats. A verb's inputs, with
their texts and defaults, are those of action/<verb>/action.yml; by hand they are its options.
Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from matlab_sagemaker import inputs, oidc, report
from matlab_sagemaker.commands import command
from matlab_sagemaker.errors import InterruptedRunError, KitError, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import FrameType

ACTIONS = Path(__file__).resolve().parents[2] / "action"
SUMMARY_LIMIT = 1024 * 1024  # bytes a step; more and the runner drops all of it


class Run:
    """One run of a verb. `environment` and `arguments` are all that it knows of its caller."""

    def __init__(self, verb: str, environment: Mapping[str, str], arguments: list[str]) -> None:
        self.verb = verb
        self._environment = environment
        self._arguments = arguments
        self._action = yaml.safe_load((ACTIONS / verb / "action.yml").read_text(encoding="utf-8"))
        self._as_json = "--json" in arguments
        self.on_runner = environment.get("GITHUB_ACTIONS") == "true"
        self._summary_left = SUMMARY_LIMIT
        self._deaf = ""  # the word that ends the runner's deafness to commands, while it is deaf

    def inputs(self, kind: type[inputs.Kind]) -> inputs.Kind:
        """Return the inputs as `kind`, a dataclass with one field an input; raise InputError."""
        return inputs.read(kind, self.verb, self._action, self._environment, self._arguments)

    @property
    def commit(self) -> str:
        """The commit that the runner works on; nothing where there is no runner."""
        return self._environment.get("GITHUB_SHA", "")

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
        declared = set(self._action["outputs"])
        if declared != set(values):
            raise AssertionError(
                f"outputs {sorted(values)} are not action.yml's {sorted(declared)}"
            )
        texts = {name: _as_text(value) for name, value in values.items()}
        for name, text in texts.items():
            # A random delimiter: a value can neither end its own text nor add an output.
            end = secrets.token_hex(16)
            self._append("GITHUB_OUTPUT", f"{name}<<{end}\n{text}\n{end}\n")
        if self._as_json:
            sys.stdout.write(json.dumps(dict(values), indent=2) + "\n")
        elif not self._environment.get("GITHUB_OUTPUT"):
            width = max(map(len, texts))
            lines = {n: "(shown above)" if "\n" in t else t for n, t in texts.items()}
            self._write("\n".join(f"{name:{width}}  {text}" for name, text in lines.items()))

    def export(self, variables: Mapping[str, str]) -> None:
        """Set environment variables of the steps after this one."""
        for name, text in variables.items():
            end = secrets.token_hex(16)
            self._append("GITHUB_ENV", f"{name}<<{end}\n{text}\n{end}\n")

    def summary(self, markdown: str) -> None:
        """Add to the job summary; a text over GitHub's limit is cut, and says so."""
        data = (markdown.rstrip("\n") + "\n\n").encode()
        if len(data) > self._summary_left:
            note = b"\n\n(cut: GitHub shows 1 MiB a step)\n"
            room = max(self._summary_left - len(note), 0)
            data = (data[:room].decode(errors="ignore").encode() + note)[: self._summary_left]
        self._summary_left -= len(data)
        self._append("GITHUB_STEP_SUMMARY", data.decode())

    def show_error(self, error: KitError) -> None:
        """Show an error once: an annotation on a runner, plain lines on stderr elsewhere."""
        if self.on_runner:
            properties = {"title": error.title, **self._place(error.place)}
            self._write(command("error", str(error), **properties))
        else:
            sys.stderr.write(f"error: {error}\n")
        if self._as_json:
            told = {"title": error.title, "message": str(error), **self._place(error.place)}
            sys.stdout.write(json.dumps({"error": told}, indent=2) + "\n")
        self.summary(f"### ❌ {error.title}: {self.verb}\n\n" + report.fenced(str(error)))

    def _place(self, place: Place | None) -> dict[str, str]:
        """Return where an annotation goes: GitHub wants paths relative to the workspace."""
        if place is None:
            return {}
        workspace = Path(self._environment.get("GITHUB_WORKSPACE", ".")).resolve()
        path = Path(place.file).resolve()
        file = (
            path.relative_to(workspace).as_posix() if path.is_relative_to(workspace) else place.file
        )
        return {"file": file, **({"line": str(place.line)} if place.line else {})}

    def _write(self, text: str) -> None:
        stream = sys.stderr if self._as_json else sys.stdout
        stream.write(text + "\n")
        stream.flush()

    def _append(self, variable: str, text: str) -> None:
        if path := self._environment.get(variable):
            with Path(path).open("a", encoding="utf-8") as file:
                file.write(text)


def run(main: Callable[[Run], None], script: str, *, first: str = "") -> None:
    """Run a verb's `main`; turn a KitError into one message and its exit code.

    A word before all options is the input `first`, for a verb that names one.
    """
    arguments = sys.argv[1:]
    if first and arguments and not arguments[0].startswith("-"):
        arguments.insert(0, f"--{first}")
    current = Run(Path(script).stem.replace("_", "-"), os.environ, arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        main(current)
    except KitError as error:
        current.show_error(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        current.show_error(
            InterruptedRunError("The run was cancelled.", do="Run it again to go on.")
        )
        sys.exit(InterruptedRunError.exit_code)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """Treat SIGTERM as Ctrl-C: a cancelled GitHub job gets both, seconds apart."""
    raise KeyboardInterrupt


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
