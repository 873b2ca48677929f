"""Run the demo's steps, show the result and time of each, then how to use the endpoint."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demo.account import CREDENTIALS, REGION, environment
from demo.emulation import FOLDER, IDLE_MINUTES, ROOT
from matlab_sagemaker.github import log, tables
from matlab_sagemaker.project.request import TYPES

if TYPE_CHECKING:
    from demo.own import Shown

DESCRIPTION = "Train, compile, deploy and predict on an emulated SageMaker, with GNU Octave."
EXAMPLE = ROOT / "examples/TrainAndDeployClassificationTree"
CONFIG = EXAMPLE / "sagemaker.yml"
SUMMARY = FOLDER / "summary.md"


def tell(url: str, missing: str, config: Path, shown: Shown) -> int:
    """Run the steps against the emulator at `url`; return the exit code of the first that fails.

    `missing` says why Docker cannot be used here; if it is empty, Docker builds the images.
    """
    where = config.resolve()
    _say(f"{_seen(where)} on a SageMaker emulator at {url}")
    _say(f"the emulator's files: {_seen(FOLDER)}/")
    _say(f"without Docker: {missing}" if missing else "with Docker images and containers")
    _say("".join(f"{note}\n" for note in shown.notes))
    builder = "folder" if missing else "docker"
    SUMMARY.unlink(missing_ok=True)
    began = time.monotonic()
    for number, verb in enumerate(shown.steps, start=1):
        more = {
            "build-training-image": ["--builder", builder, "--repository", "release"],
            "compile-handler": ["--builder", builder],
            "predict": ["--request", str(shown.request)],
        }
        options = ["--config", str(shown.config), *more.get(verb, [])]
        code, outputs = _step(f"{number}/{len(shown.steps)}", [verb, *options], url)
        if code:
            _say(f"\nStep {number} failed (exit code {code}); the lines above say why.")
            return code
    _say(f"\nAll steps took {time.monotonic() - began:.1f} s.")
    _say(f"The job summary, as GitHub would show it: {_seen(SUMMARY)}\n")
    if shown.request:
        _say(_call(url, outputs["endpoint-name"], _seen(shown.request)))
    _say(f"To try your own scripts and steps, first run\n\n  {exported(url, builder)}\n")
    _say(_how_to_stop())
    return 0


def _seen(path: Path) -> str:
    """Shorten a path relative to the current folder, if it is inside."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _step(number: str, words: list[str], url: str) -> tuple[int, dict[str, Any]]:
    """Run one verb; show its log as it is written, then its result and time in one line."""
    _say(_coloured(f"[{number}] {words[0]}"))
    began = time.monotonic()
    process = subprocess.Popen(
        [str(ROOT / "scripts/run"), *words, "--json"],
        env=_environment(url),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if process.stderr is None or process.stdout is None:
        raise AssertionError("both streams are pipes")
    try:
        for line in process.stderr:
            _say("      " + _coloured(line.rstrip("\n")))
        outputs = json.loads(process.stdout.read() or "{}")
    finally:
        process.terminate()  # only has an effect if the demo is being stopped
        code = process.wait()
    if code == 0:
        done = f"✔ {result(words[0], outputs)}  ({time.monotonic() - began:.1f} s)"
        _say(f"      {_coloured(done)}")
    return code, outputs


def _environment(url: str) -> dict[str, str]:
    """Return a verb's environment: the emulated AWS, credentials, and the file of its summary."""
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return {**inherited, **environment(url), "GITHUB_STEP_SUMMARY": str(SUMMARY)}


# To find programs, proxies and certificates, for the packages that an image may need.
_INHERITED = (
    "PATH", "HOME", "LANG", "SSL_CERT_FILE", "PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_CACHE_DIR",
    "DOCKER_HOST", "DOCKER_CONFIG", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy",
)  # fmt: skip


def result(verb: str, outputs: dict[str, Any]) -> str:
    """Describe in a phrase what a step made or found, from its outputs."""
    changed = outputs.get("changed", True)
    match verb:
        case "build-training-image" if not outputs["image"]:
            return "not needed, because the model already exists"
        case "train" if not outputs["job-name"]:
            return "nothing to train"
        case "build-training-image" | "compile-handler":
            return f"{'built' if changed else 'found'} {_short(outputs['image'])}"
        case "train":
            metrics = ", ".join(f"{n} {v:.4g}" for n, v in outputs["metrics"].items())
            what = f"{'trained' if changed else 'found'} {outputs['job-name']}"
            return f"{what}: {metrics}" if metrics else what
        case "deploy":
            state = "now serves" if changed else "already serves"
            return f"endpoint {outputs['endpoint-name']} {state} {outputs['model-name']}"
        case _:
            return f"answered by the endpoint {outputs['endpoint-name']}"


def _short(image: str) -> str:
    return tables.shorten_digests(image.partition("/")[2])


def _call(url: str, endpoint: str, request: str) -> str:
    content_type = TYPES.get(Path(request).suffix.lower(), "text/csv")
    return f"""Call the endpoint yourself:

  curl -s {url}/endpoints/{endpoint}/invocations \\
    --data-binary @{request} \\
    -H 'Content-Type: {content_type}' --aws-sigv4 aws:amz:{REGION}:sagemaker --user demo:demo

  AWS_ENDPOINT_URL={url} AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo \\
    aws sagemaker-runtime invoke-endpoint --region {REGION} --endpoint-name {endpoint} \\
    --content-type {content_type} --body fileb://{request} \\
    /dev/stdout
"""


def exported(url: str, builder: str) -> str:
    """Return the command that makes a shell, and MATLAB or Octave started in it, use this AWS."""
    variables = {"AWS_ENDPOINT_URL": url, **CREDENTIALS}
    if builder == "folder":  # images without Docker
        variables["INPUT_BUILDER"] = builder
    command = f"export {' '.join(f'{name}={value}' for name, value in variables.items())}"
    lines = textwrap.wrap(command, 90, break_long_words=False, break_on_hyphens=False)
    return " \\\n    ".join(lines)


def _how_to_stop() -> str:
    by_verb = shlex.join([str(ROOT / "scripts/run"), "demo", "--stop"])
    stop = "make demo-stop" if Path.cwd() == ROOT else by_verb
    return (
        f"The emulator keeps running. `{stop}` stops it;\n"
        f"after {IDLE_MINUTES} idle minutes it stops by itself."
    )


def _coloured(text: str) -> str:
    return log.shown(text, sys.stdout, os.environ)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
