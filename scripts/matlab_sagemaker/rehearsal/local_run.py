"""Runs a rehearsal: reads the inputs, runs the engine, reads the result."""

from __future__ import annotations

import contextlib
import shlex
import shutil
import tempfile
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from matlab_sagemaker import shell
from matlab_sagemaker.errors import InputError
from matlab_sagemaker.project import content, request
from matlab_sagemaker.project.content import TrainedProject
from matlab_sagemaker.rehearsal import engine, outcome, parts, stage, verdict
from matlab_sagemaker.rehearsal.image import ImageEngine
from metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from matlab_sagemaker.github.run import Run
    from matlab_sagemaker.project.content import AnyProject
    from matlab_sagemaker.rehearsal.engine import LocalEngine
    from matlab_sagemaker.rehearsal.outcome import Outcome
    from matlab_sagemaker.rehearsal.stage import Rehearsal
    from matlab_sagemaker.rehearsal.verdict import Verdict


Follows = Literal["error", "warning"]


@dataclass(frozen=True, kw_only=True)
class RehearsalInputs(request.SampleInputs):
    """The inputs of a rehearsal."""

    config: Path
    only: Literal["both", "training", "handler"]
    model: str
    session: str
    in_image: str
    shell: bool
    unjudged: Follows


@dataclass(frozen=True)
class RehearsalResult:
    """A rehearsal that has run, with its result."""

    rehearsal: Rehearsal
    engine: LocalEngine
    outcome: Outcome
    metrics: Mapping[str, float]
    missing: Mapping[str, str]  # why a metric has no value, by its name
    verdict: Verdict


def read(inputs: RehearsalInputs) -> Rehearsal:
    """Read what to rehearse; raise InputError if the inputs contradict each other."""
    project = content.load(inputs.config)
    handler = parts.handler_of(project) if inputs.only != "training" else None
    training = parts.training_of(project) if inputs.only != "handler" and not inputs.model else None
    model = inputs.model or _own_model(project)
    if inputs.only == "training" and inputs.model:
        raise InputError(
            "Input 'only' is training, but input 'model' names a model.",
            why="With an existing model, nothing is trained.",
            do="Remove one of them.",
        )
    if inputs.only == "training" and not training:
        raise InputError(
            "Input 'only' is training, but the project has no training.",
            why=f"{project.file} names an existing model.",
            do="Rehearse the handler.",
        )
    if inputs.only == "handler" and isinstance(project, TrainedProject) and not model:
        raise InputError(
            "Input 'only' is handler, but no model is given.",
            do="Set --model to a .mat file with the variable model, or to a model.tar.gz.",
        )
    if not training and not handler:
        project.handler  # noqa: B018 (raises if there is none)
    section = project.settings.inference
    asks = handler and bool(inputs.request or (section and section.request))
    sent, expected = request.chosen(project, inputs) if asks else (None, None)
    rehearsal = stage.Rehearsal(
        project=project,
        training=training,
        handler=handler,
        model=Path(model) if model else None,
        request=sent,
        expected=expected,
    )
    rehearsal.require_data()
    return rehearsal


def _own_model(project: AnyProject) -> str:
    """Return the path of a project's existing model, if it is in the repository."""
    if isinstance(project, TrainedProject) or project.away:
        return ""
    return str(project.folders.root / str(project.settings.model))


def run(log: Run, rehearsal: Rehearsal, in_image: str) -> RehearsalResult:
    """Rehearse in a new process, and log its output as it arrives."""
    metrics, said = _metrics(rehearsal), deque[str](maxlen=5)
    with _stage(rehearsal) as base:
        local = engine.find(rehearsal.project.settings.matlab) if not in_image else None
        used = local or _of_image(log, rehearsal, in_image, base)
        if used.stands_in:
            log.warn(engine.STANDS_IN)
        with log.foreign_text() as show:

            def line(text: str) -> None:
                show(text)
                said.append(text)
                metrics.feed(text.encode() + b"\n")

            code = shell.stream(used.command(_statement(base)), _licence(log, used), line)
        if isinstance(used, ImageEngine):
            used.require_started(code)
        ended, left = outcome.read(base, code, rehearsal.data), stage.strays(rehearsal, base)
    if not ended.started:
        raise engine.not_started(used, said)
    return _judged(rehearsal, used, ended, metrics, left)


def open_shell(log: Run, rehearsal: Rehearsal, in_image: str) -> None:
    """Open a shell in the image and show how to start the rehearsal there.

    Raises InputError if no image is given.
    """
    if not in_image:
        raise InputError(
            "Input 'shell' opens a shell in an image.", do="Name the image: --in-image IMAGE."
        )
    with _stage(rehearsal) as base:
        used = _of_image(log, rehearsal, in_image, base)
        typed = shlex.join(used.inside(_statement(base)))
        log.log(f"To rehearse, run this in the shell that opens now:\n  {typed}")
        shell.attach(used.shell(), _licence(log, used))


@contextlib.contextmanager
def _stage(rehearsal: Rehearsal) -> Iterator[Path]:
    """Yield the folder of a rehearsal, and remove it at the end."""
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        base = Path(folder).resolve()
        stage.lay_out(rehearsal, base)
        yield base


def _of_image(log: Run, rehearsal: Rehearsal, image: str, base: Path) -> ImageEngine:
    root = rehearsal.project.folders.root.resolve()
    name, token = rehearsal.project.settings.matlab.engine, bool(log.secret(engine.TOKEN))
    return ImageEngine(name, image=image, root=root, base=base, has_token=token)


def _statement(base: Path) -> str:
    return f"exit(sagemaker.internal.rehearse({engine.quoted(str(base))}))"


def _licence(log: Run, used: LocalEngine) -> dict[str, str]:
    return {engine.TOKEN: log.secret(engine.TOKEN)} if used.name == "matlab" else {}


def prepare(rehearsal: Rehearsal, session: Path) -> None:
    """Make the folder with which a running MATLAB session rehearses the project's own files."""
    session.mkdir()
    stage.lay_out(rehearsal, session.resolve(), live=True)


def of_session(rehearsal: Rehearsal, session: Path) -> RehearsalResult:
    """Read a rehearsal that has run in a MATLAB session, and remove its folder."""
    ended, metrics = outcome.read(session.resolve(), 0, rehearsal.data), _metrics(rehearsal)
    metrics.feed((session / "log").read_bytes())
    shutil.rmtree(session)
    used = engine.of_release(ended.release, rehearsal.project.settings.matlab)
    return _judged(rehearsal, used, ended, metrics, [])


def _metrics(rehearsal: Rehearsal) -> Metrics:
    return Metrics({name: metric.pattern for name, metric in rehearsal.metrics.items()})


def _judged(
    rehearsal: Rehearsal, used: LocalEngine, ended: Outcome, metrics: Metrics, left: list[str]
) -> RehearsalResult:
    """Judge a rehearsal that has ended."""
    missing = metrics.missing()
    found = verdict.judge(rehearsal, used, ended, missing, left)
    if why := verdict.unprinted(ended):
        missing = dict.fromkeys(missing, why)
    return RehearsalResult(rehearsal, used, ended, metrics.last(), missing, found)
