"""Makes the pictures in README and docs again, from the kit's own output: pictures.py [FOLDER].

The demo as it goes, its job summaries of `deploy` and `train`, the comments of two pull requests
that change it, and what `doctor` says. All of it really runs, in a copy of this checkout, on a
machine without Docker, in two minutes. Needs git, Octave and Chromium (Debian: chromium,
fonts-noto-color-emoji). From the checkout's folder, into docs/pictures if no folder is given:
.venv/dev/bin/python .ci/pictures.py
"""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import comment_pictures  # also puts the kit's packages on the path
import screenshots
import terminal_svg
from terminal_svg import Line

from demo import account
from helpers.kit import verb_runs
from matlab_sagemaker.github import comment, facts

KIT = Path(__file__).resolve().parents[1]
_LEAF = "    MinLeafSize: 1\n"
CHANGES = {  # what a pull request replaces in the example's sagemaker.yml, and by what
    "better": (_LEAF, f"{_LEAF}    SplitCriterion: deviance\n"),
    "gate-failed": (_LEAF, f"{_LEAF}    MaxNumSplits: 1\n"),
}
SUMMARIES = {"train": "Trained", "deploy": "Endpoint"}  # by a word of its heading
WIDTH, COLUMN = 900, 720  # pixels: of a page, and of README beside GitHub's column
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".demo", "__pycache__", ".*_cache")
EXAMPLE = "examples/TrainAndDeployClassificationTree/sagemaker.yml"


def main() -> None:
    """Make all of them."""
    folder = Path(sys.argv[1] if sys.argv[1:] else KIT / "docs/pictures")
    folder.mkdir(parents=True, exist_ok=True)
    with kit() as place:
        environment = surroundings(place)
        lines = shown("make demo", place, environment)
        (folder / "demo.svg").write_text(terminal_svg.moving(lines), encoding="utf-8")
        told = (place / ".demo/summary.md").read_text(encoding="utf-8")
        for verb, word in SUMMARIES.items():
            screenshots.take(section(told, word), WIDTH, folder / f"summary-{verb}.png")
        url = json.loads((place / ".demo/emulator.json").read_text(encoding="utf-8"))["url"]
        for state, markdown in comments(place, url):
            screenshots.take(markdown, WIDTH, folder / f"comment-{state}.png")
            if state == "better":
                screenshots.take(markdown, COLUMN, folder / "comment.png", folded=True)
        for words in ("init -q -b main", "remote add origin git@github.com:acme/flowers.git"):
            subprocess.run(["git", *words.split()], cwd=(place / EXAMPLE).parent, check=True)
        command = f"scripts/run doctor --config {EXAMPLE}"
        lines = shown(command, place, {**environment, **account.environment(url), **person(url)})
        (folder / "doctor.svg").write_text(terminal_svg.still(lines), encoding="utf-8")


@contextlib.contextmanager
def kit() -> Iterator[Path]:
    """Yield a copy of the kit that uses this one's environments; stop its demo at the end."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name) / "matlab-sagemaker"
        shutil.copytree(KIT, place, ignore=LEFT_OUT)
        (place / ".venv").mkdir()
        for group in ("uv", "local", "runtime"):
            if (KIT / ".venv" / group).is_dir():
                (place / ".venv" / group).symlink_to(KIT / ".venv" / group)
        for verb in ("demo", "doctor"):  # creates missing environments
            command = [place / "scripts/run", verb, "--help"]
            subprocess.run(command, check=True, capture_output=True)
        try:
            yield place
        finally:
            subprocess.run(["make", "-s", "demo-stop"], cwd=place, check=True)


def surroundings(home: Path) -> dict[str, str]:
    """Return the variables of a terminal, without any that affect the programs here."""
    kept = {name: os.environ[name] for name in ("PATH", "UV_CACHE_DIR") if name in os.environ}
    return {**kept, "HOME": str(home), "TERM": "xterm-256color", "LANG": "C.UTF-8"}


def comments(place: Path, url: str) -> Iterator[tuple[str, str]]:
    """Yield the comment of each pull request, from the steps that train.yml runs."""
    project = verb_runs.Project((place / EXAMPLE).parent, url, **account.environment(url))
    base = project.succeed("train", "--find-only").facts
    for state, (old, new) in CHANGES.items():
        project.edit("sagemaker.yml", old, new)
        ran = {
            "train": project.run("train"),
            "handler": project.run("try-handler"),
            "plan": project.run("deploy", "--dry-run"),
        }
        project.edit("sagemaker.yml", new, old)
        verdict = comment.worst(" ".join(result.verdict for result in ran.values()))
        told = {"base": base, **{name: result.facts for name, result in ran.items()}}
        parsed = {name: facts.parse(text, name) for name, text in told.items()}
        yield state, comment_pictures.composed(verdict, parsed)


def person(url: str) -> dict[str, str]:
    """Create an administrator in the demo's account; return the variables with their key."""
    iam = verb_runs.client("iam", url)
    iam.create_user(UserName="ada")
    policy = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"},
    }
    iam.put_user_policy(UserName="ada", PolicyName="all", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName="ada")["AccessKey"]
    return {
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
    }


def shown(command: str, place: Path, environment: Mapping[str, str]) -> list[Line]:
    """Return a prompt with a command, and the command's output."""
    prompt = Line(0, f"\x1b[1m$ {command}\x1b[0m")
    return [prompt, *terminal_svg.record(command.split(), place, environment)]


def section(summary: str, word: str) -> str:
    """Return the part of a summary whose heading has a word."""
    parts = re.split(r"(?m)^(?=### )", summary)
    (found,) = [part for part in parts if word in part.partition("\n")[0]]
    return found


if __name__ == "__main__":
    main()
