"""The files with which a repository begins: sagemaker.yml and the workflows, made of answers. Pure.

The workflows are those of the kit's example, read from it and changed at a few places: what the
example shows, what the tests run and what `init` writes is one text, comments included.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matlab_sagemaker import answers
from matlab_sagemaker.yamlfile import scalar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matlab_sagemaker.answers import Answers

    Settings = Mapping[str, Mapping[str, Any]]  # of sagemaker.yml, by section and key

EXAMPLE = Path(__file__).resolve().parents[2] / "examples/TrainAndDeployClassificationTree"
WORKFLOWS = ".github/workflows"
KIT_RUN = EXAMPLE.parents[1] / "scripts/run"
SETUP_RUNNER = "ubuntu-24.04"  # where MATLAB is installed first: GitHub's own machine


@dataclass(frozen=True)
class Around:
    """What is known of the kit and of the GitHub that runs it, beside the answers."""

    version: str = ""  # of the commit that the workflows call
    on_server: bool = False  # GitHub Enterprise Server: a workflow does not know where it is from


def files(given: Answers, around: Around, settings: Settings) -> dict[str, str]:
    """Return the text of each file by its path in the repository.

    `settings` are what the project's file has said until now, beside the answers (see `standing`).
    """
    verbs = ("train", "deploy", "operate") if given.handler else ("train",)
    workflows = {f"{WORKFLOWS}/{verb}.yml": _workflow(verb, given, around) for verb in verbs}
    return {given.config: _project(given, settings), **workflows}


def _workflow(verb: str, given: Answers, around: Around) -> str:
    template = (EXAMPLE / WORKFLOWS / f"{verb}.yml").read_text(encoding="utf-8")
    head, with_, rest = template.partition("    with:\n")
    lines, secrets, secret_lines = rest.partition("    secrets:\n")
    comment = f" # {around.version}" if around.version else ""
    called = f"    uses: {given.kit}/{WORKFLOWS}/{verb}.yml@{given.ref}{comment}"
    head = re.sub(r"(?m)^    uses: .*$", lambda _: called, head)
    branches = f"    branches: {scalar([given.branch])}"
    head = re.sub(r"(?m)^    branches: .*$", lambda _: branches, head)
    inputs = _with(lines, _inputs(verb, given, around))
    return head + with_ + inputs + secrets + _needed(secret_lines, given)


def _with(lines: str, wanted: dict[str, Any]) -> str:
    """Return a `with:` block with the `wanted` inputs: in their old places, or behind them all."""
    found = {line.partition(":")[0].strip(): line for line in lines.splitlines()}
    for name, value in wanted.items():
        found[name] = f"      {name}: {scalar(value)}"
    absent = [name for name, value in wanted.items() if value == ""]
    return "".join(line + "\n" for name, line in found.items() if name not in absent)


def _needed(lines: str, given: Answers) -> str:
    """Return the lines of a `secrets:` block without the token that the engine does not need."""
    if given.engine == "matlab":
        return lines
    return "".join(line for line in lines.splitlines(True) if "batch-token:" not in line)


def _inputs(verb: str, given: Answers, around: Around) -> dict[str, Any]:
    """Return the inputs that the answers decide; where one is empty, the kit's own default is."""
    all_of_them = {
        "config": "" if given.config == "sagemaker.yml" else given.config,
        "request": given.request if given.handler else "",
        "runner": given.runner,
        "kit-repository": given.kit if around.on_server else "",
        "kit-ref": given.ref if around.on_server else "",
    }
    deploying = {
        "expected": given.expected,
        "matlab-runner": given.matlab_runner or (SETUP_RUNNER if given.setup_matlab else ""),
        "setup-matlab": given.setup_matlab or "",
    }
    only: dict[str, dict[str, Any]] = {
        "train": {},
        "operate": {"environment": given.environment},
        "deploy": {"environment": given.environment, **deploying},
    }
    return {**all_of_them, **only[verb]}


def _project(given: Answers, settings: Settings) -> str:
    """Return sagemaker.yml: sections with a blank line between them, as the example has them."""
    code, handler = answers.place(given.handler) if given.handler else ("", "")
    sections = {
        "matlab": _matlab(given),
        "training": _training(given),
        "inference": {"handler": handler, "code": code},
        "endpoint": _endpoint(given, settings),
        "aws": {"region": given.region},
    }
    beside = {**settings, "matlab": _of_the_engine(given, settings.get("matlab", {}))}
    comments = {"engine": _ENGINES, "function": given.function, "handler": given.handler}
    texts = [
        _section(name, {**values, **_beside(beside.get(name, {}), values)}, comments)
        for name, values in sections.items()
    ]
    head = (
        f"# All keys of this file are in the README of {given.kit}.\nname: {scalar(given.name)}\n"
    )
    return "\n".join([head, *filter(None, texts)])


def _beside(settings: Mapping[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """Return the settings that no answer is about."""
    return {key: value for key, value in settings.items() if key not in values}


_ENGINES = "matlab for production; octave needs no licence"


def _matlab(given: Answers) -> dict[str, Any]:
    licensed = {
        "release": given.release,
        "products": given.products,
        "batch_token_secret": given.batch_token_secret,
    }
    return {"engine": given.engine, **(licensed if given.engine == "matlab" else {})}


def _of_the_engine(given: Answers, settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the settings beside the engine: those of another one, as its image, are not its."""
    return settings if settings.get("engine", "matlab") == given.engine else {}


def _training(given: Answers) -> dict[str, Any]:
    code, function = answers.place(given.function)
    return {
        "function": function,
        "code": code,
        "channels": given.data,
        "hyperparameters": given.hyperparameter,
        "instance_type": given.instance_type,
        "max_runtime": given.max_runtime,
        "metrics": given.metric,
    }


def _endpoint(given: Answers, settings: Settings) -> dict[str, Any]:
    """Return the endpoint: no answer is about it alone, so what a project says of it counts.

    What that leaves to the kit's default is left so: a made-up key would change what is served on.
    """
    made = {"name": given.name, "instance_type": given.instance_type, "instance_count": 1}
    if "endpoint" not in settings:  # no project stands there
        return made if given.handler else {}
    said = settings["endpoint"]
    return {key: made[key] if value is None else value for key, value in said.items()}


def _section(name: str, values: dict[str, Any], comments: dict[str, str]) -> str:
    """Return a section, or nothing; what is empty is left out, and the kit's own default counts."""
    lines = []
    for key, value in values.items():
        if isinstance(value, dict) and value:
            inner = [f"    {scalar(name)}: {scalar(item)}" for name, item in value.items()]
            lines += [f"  {key}:", *inner]
        elif value not in ("", [], {}):
            comment = f" # {comments[key]}" if key in comments else ""
            lines.append(f"  {key}: {scalar(value)}{comment}")
    return "\n".join([f"{name}:", *lines]) + "\n" if lines else ""


def next_steps(given: Answers) -> str:
    """Return what is left to be done by hand, in the order of the README, as one can type it."""
    serving = ["AWS_COMPILE_ROLE", "AWS_DEPLOY_ROLE"] if given.handler else []
    where = f" in {given.region}" if given.region else ""
    lines = [
        f"Have {given.kit} on GitHub: a fork or an import of the kit, with a tag v1. Where it is "
        "not public, let this repository use it: its Settings → Actions → Access, and a token "
        "that can read it (gh secret set KIT_TOKEN).",
        f"Set up the AWS account{where}. Of the template's parameters these are yours:\n"
        f"     {' '.join(_parameters(given))}",
        *(_licensed(given) if given.engine == "matlab" else []),
        "Tell the repository what the set-up has made, as variables (gh variable set NAME):\n"
        f"     {' '.join(['AWS_REGION', 'AWS_IMAGE_ROLE', 'AWS_TRAIN_ROLE', *serving])}",
    ]
    if given.handler:
        lines.append(
            f"Make the environment {given.environment} (the repository's Settings → Environments), "
            f"and allow it the branch {given.branch} alone."
        )
    elsewhere = [] if given.config == "sagemaker.yml" else ["--config", given.config]
    lines += [
        f"Check all of it: {shlex.join([str(KIT_RUN), 'doctor', *elsewhere])}",
        "Commit the files on a branch and open a pull request: it trains the first model.",
    ]
    return "\n".join(f"  {number}. {line}" for number, line in enumerate(lines, 1))


def _parameters(given: Answers) -> list[str]:
    """Return the parameters of scripts/setup/aws.yml that the answers decide."""
    named = {"NamePrefix": given.name, "DefaultBranch": given.branch}
    if given.handler:
        named["EnvironmentName"] = given.environment
    return [f"{name}={value}" for name, value in named.items()]


def _licensed(given: Answers) -> list[str]:
    """Return what the engine matlab needs beside the rest."""
    lines = [
        "Put MATLAB's batch token into AWS's secret (aws secretsmanager put-secret-value "
        f"--secret-id {given.batch_token_secret} --secret-string file://token.txt) and into "
        "GitHub's (gh secret set MATLAB_BATCH_TOKEN < token.txt)."
    ]
    if given.handler and not (given.setup_matlab or given.matlab_runner):
        lines.append(
            "Have a self-hosted runner with MATLAB Compiler SDK and Docker to compile the handler "
            "(none of a public repository: README, Self-hosted runners), or run init again with "
            "--setup-matlab --force."
        )
    return lines
