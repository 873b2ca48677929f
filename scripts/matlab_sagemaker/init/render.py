"""Makes sagemaker.yml and the workflows from the answers.

The workflows are those of the kit's example, with a few changes, so the example, the tests and
`init` all use the same text, including its comments.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matlab_sagemaker import shell
from matlab_sagemaker.init import answers
from matlab_sagemaker.project import folders
from matlab_sagemaker.project.yaml12 import scalar

if TYPE_CHECKING:
    from matlab_sagemaker.init.answers import Answers

EXAMPLE = Path(__file__).resolve().parents[3] / "examples/TrainAndDeployClassificationTree"
WORKFLOWS = ".github/workflows"
SCRIPTS = EXAMPLE.parents[1] / "scripts"
SETUP_RUNNER = "ubuntu-24.04"  # GitHub's runner, on which setup-matlab installs MATLAB


@dataclass(frozen=True)
class KitFacts:
    """Facts about the kit and its GitHub that are not answers."""

    version: str = ""  # of the commit that the workflows call
    on_server: bool = False  # on GitHub Enterprise Server, a workflow cannot find its own kit


def files(given: Answers, kit: KitFacts) -> dict[str, str]:
    """Write the text of each file by its path in the repository."""
    return {given.config: _project(given, kit), **workflows(given, kit)}


def workflows(given: Answers, kit: KitFacts) -> dict[str, str]:
    """Write the text of each workflow by its path in the repository."""
    verbs = ("train", "deploy", "operate") if given.serves else ("train",)
    return {f"{WORKFLOWS}/{verb}.yml": _workflow(verb, given, kit) for verb in verbs}


def _workflow(verb: str, given: Answers, kit: KitFacts) -> str:
    template = (EXAMPLE / WORKFLOWS / f"{verb}.yml").read_text(encoding="utf-8")
    head, with_, rest = template.partition("    with:\n")
    lines, secrets, secret_lines = rest.partition("    secrets:\n")
    comment = f" # {kit.version}" if kit.version else ""
    called = f"    uses: {given.kit}/{WORKFLOWS}/{verb}.yml@{given.ref}{comment}"
    head = re.sub(r"(?m)^    uses: .*$", lambda _: called, head)
    branches = f"    branches: {scalar([given.branch])}"
    head = re.sub(r"(?m)^    branches: .*$", lambda _: branches, head)
    inputs = _with(lines, _inputs(verb, given, kit))
    return head + with_ + inputs + secrets + _needed(secret_lines, given)


def _with(lines: str, wanted: dict[str, Any]) -> str:
    """Write a `with:` block with the `wanted` inputs, in the example's order, new ones last."""
    found = {line.partition(":")[0].strip(): line for line in lines.splitlines()}
    for name, value in wanted.items():
        found[name] = f"      {name}: {scalar(value)}"
    absent = [name for name, value in wanted.items() if value == ""]
    return "".join(line + "\n" for name, line in found.items() if name not in absent)


def _needed(lines: str, given: Answers) -> str:
    """Write the lines of a `secrets:` block; the batch token only if the engine needs it."""
    if given.engine == "matlab":
        return lines
    return "".join(line for line in lines.splitlines(True) if "batch-token:" not in line)


def _inputs(verb: str, given: Answers, kit: KitFacts) -> dict[str, Any]:
    """Make the inputs from the answers; an empty one keeps the workflow's default."""
    all_of_them = {
        "config": "" if given.config == "sagemaker.yml" else given.config,
        "runner": given.runner,
        "kit-repository": given.kit if kit.on_server else "",
        "kit-ref": given.ref if kit.on_server else "",
    }
    deploying = {
        "matlab-runner": given.matlab_runner or (SETUP_RUNNER if given.setup_matlab else ""),
        "setup-matlab": given.setup_matlab or "",
    }
    only: dict[str, dict[str, Any]] = {
        "train": {},
        "operate": {"environment": given.environment},
        "deploy": {"environment": given.environment, **deploying},
    }
    return {**all_of_them, **only[verb]}


def _project(given: Answers, kit: KitFacts) -> str:
    """Write sagemaker.yml, with a blank line between sections, like the example."""
    endpoint = {"name": given.name, "instance_type": given.instance_type, "instance_count": 1}
    comments = {"engine": _ENGINES, "function": given.function, "handler": given.handler_file}
    inference = _section("inference", _inference(given), comments) or _DEFAULT_HANDLER
    texts = [
        _section("matlab", _matlab(given), comments),
        f"model: {scalar(given.model)}\n" if given.model else "",
        _section("training", _training(given), comments),
        inference if given.serves else "",
        _section("endpoint", endpoint if given.serves else {}, comments),
        _section("aws", {"region": given.region}, comments),
    ]
    schema = f"{_RAW}/{given.kit}/{given.ref}/scripts/sagemaker.schema.json"
    head = (
        f"{'' if kit.on_server else _SCHEMA.format(schema)}"
        f"# docs/sagemaker-yml.md in {given.kit} describes all keys of this file.\n"
        "# init does not ask for gate, champion, training.environment, training.spot, aws.vpc and\n"
        "# aws.tags.\n"
        f"name: {scalar(given.name)}\n"
    )
    return "\n".join([head, *filter(None, texts)])


_DEFAULT_HANDLER = f"inference: {{}} # {folders.KITS_HANDLERS[0]} answers\n"
_RAW = "https://raw.githubusercontent.com"  # for GitHub Enterprise Server, see on_server
_SCHEMA = "# yamllint disable-line rule:line-length\n# yaml-language-server: $schema={}\n"
_ENGINES = "matlab for production; octave needs no licence"


def _matlab(given: Answers) -> dict[str, Any]:
    licensed = {
        "release": given.release,
        "products": given.products,
        "batch_token_secret": given.batch_token_secret,
    }
    return {"engine": given.engine, **(licensed if given.engine == "matlab" else {})}


def _training(given: Answers) -> dict[str, Any]:
    if given.function is None:
        return {}
    code, function = answers.place(given.function)
    return {
        "function": function,
        "code": _with_shared(code, given),
        "channels": given.data,
        "hyperparameters": given.hyperparameter,
        "instance_type": given.instance_type,
        "image": given.image,
        "max_runtime": given.max_runtime,
        "metrics": {name: _metric(name, text, given) for name, text in given.metric.items()},
    }


def _metric(name: str, pattern: str, given: Answers) -> str | _Mapping:
    """Write a metric: only its pattern, or a mapping if more is known about it."""
    more: dict[str, Any] = {}
    if name in given.better:
        more["better"] = given.better[name]
    if name in given.unit:
        more["unit"] = given.unit[name]
    if name in given.optional:
        more["required"] = False
    return _Mapping({"pattern": pattern, **more}) if more else pattern


def _inference(given: Answers) -> dict[str, Any]:
    """Write the keys of the section; none if the default handler is used."""
    own = {}
    if given.handler_file:
        code, handler = answers.place(given.handler_file)
        own = {"handler": handler, "code": _with_shared(code, given)}
    elif given.handler != folders.KITS_HANDLERS[0]:
        own = {"handler": given.handler}
    samples = {
        "request": given.request,
        "expected": given.expected,
        "tolerance": given.tolerance,
    }
    return {**own, **samples}


def _with_shared(code: str, given: Answers) -> str | list[str]:
    """Return a code folder, and the shared folders that are not in it."""
    more = [f for f in given.shared if code != "." and not f"{f}/".startswith(f"{code}/")]
    return [code, *more] if more else code


class _Mapping(dict[str, Any]):
    """A mapping that is written on one line."""


def _item(value: Any) -> str:
    """Write an item of a mapping in a block."""
    if not isinstance(value, _Mapping):
        return scalar(value)
    return f"{{{', '.join(f'{key}: {_inner(item)}' for key, item in value.items())}}}"


def _inner(value: Any) -> str:
    """Write an item of a mapping on one line; quote text with characters that YAML reads there."""
    text = scalar(value)
    is_bare = isinstance(value, str) and text[0] not in "\"'" and not value.isalnum()
    return json.dumps(value, ensure_ascii=False) if is_bare else text


def _section(name: str, values: dict[str, Any], comments: dict[str, str | None]) -> str:
    """Write a section without its empty keys, for which the kit has defaults; it may be empty."""
    lines = []
    for key, value in values.items():
        if isinstance(value, dict) and value:
            inner = [f"    {scalar(name)}: {_item(item)}" for name, item in value.items()]
            lines += [f"  {key}:", *inner]
        elif value not in (None, "", [], {}):
            comment = f" # {comments[key]}" if comments.get(key) else ""
            lines.append(f"  {key}: {scalar(value)}{comment}")
    return "\n".join([f"{name}:", *lines]) + "\n" if lines else ""


def next_steps(given: Answers) -> str:
    """List what users must still do, with commands, in the order of docs/getting-started.md."""
    serving = ["AWS_BUILD_ROLE", "AWS_DEPLOY_ROLE"] if given.serves else []
    where = f" in {given.region}" if given.region else ""
    elsewhere = [] if given.config == "sagemaker.yml" else ["--config", given.config]
    lines = [
        "Try it here, without AWS: run "
        f"{command('rehearse', *elsewhere)} to test your code in seconds, or "
        f"{command('demo', '--config', given.config)} for all steps.",
        f"Put {given.kit} on GitHub: a fork or an import of the kit, with a tag v1. If it is not "
        "public, give this repository access to it: in the kit's Settings → Actions → Access, and "
        "with a token that can read it (gh secret set KIT_TOKEN).",
        f"Set up the AWS account{where}. The template's parameters for these answers are:\n"
        f"     {' '.join(_parameters(given))}",
        *(_licensed(given) if given.engine == "matlab" else []),
        "Set the repository's variables to the results of this set-up (gh variable set NAME):\n"
        f"     {' '.join(['AWS_REGION', 'AWS_IMAGE_ROLE', 'AWS_TRAIN_ROLE', *serving])}",
    ]
    if given.serves:
        lines.append(
            f"Create the environment {given.environment} (the repository's Settings → "
            f"Environments), and allow only the branch {given.branch} to deploy to it."
        )
    first = "its merge deploys the model" if given.model else "it trains the first model"
    lines += [
        f"Check the whole set-up: {command('doctor', *elsewhere)}",
        f"Commit the files on a branch and open a pull request: {first}.",
    ]
    return "\n".join(f"  {number}. {line}" for number, line in enumerate(lines, 1))


def command(*words: str, on_windows: bool = os.name == "nt") -> str:
    """Write the command that runs a verb of this kit; Windows cannot start scripts/run."""
    start = ["python", str(SCRIPTS)] if on_windows else [str(SCRIPTS / "run")]
    return shell.typed([*start, *words], on_windows=on_windows)


def _parameters(given: Answers) -> list[str]:
    """Make the parameters for scripts/setup/aws.yml from the answers."""
    named = {"NamePrefix": given.name, "DefaultBranch": given.branch}
    if given.serves:
        named["EnvironmentName"] = given.environment
    return [f"{name}={value}" for name, value in named.items()]


def _licensed(given: Answers) -> list[str]:
    """List the steps that only the engine matlab needs."""
    lines = [
        "Store MATLAB's batch token in the AWS secret (aws secretsmanager put-secret-value "
        f"--secret-id {given.batch_token_secret} --secret-string file://token.txt) and in the "
        "GitHub secret (gh secret set MATLAB_BATCH_TOKEN < token.txt)."
    ]
    if given.serves and not (given.setup_matlab or given.matlab_runner):
        lines.append(
            "To compile the handler, register a self-hosted runner with MATLAB Compiler SDK and "
            "Docker (not for a public repository: the kit's docs/security.md), or set the inputs "
            f"matlab-runner: {SETUP_RUNNER} and setup-matlab: true in deploy.yml."
        )
    return lines
