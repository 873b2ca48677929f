"""Run the handler with the trained model on a request, in a training job, before a merge."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from matlab_sagemaker.aws import signin
from matlab_sagemaker.github.run import Run, run_verb
from matlab_sagemaker.project import request, waiting
from matlab_sagemaker.training import handler_report, handler_trial


@dataclass(frozen=True, kw_only=True)
class Inputs(signin.StagedTrainingInputs, request.SampleInputs, waiting.LimitInputs):
    """The inputs of action/try-handler."""


def main(run: Run) -> None:
    """Read, find the model, run the handler, report; raise its error, if any."""
    inputs = run.inputs(Inputs)
    until = waiting.latest(inputs, run.longest_job_s)
    project, target = signin.open_project(run, inputs)
    tried = handler_trial.run(run, project, target, inputs.repository, inputs, until)
    run.facts.append(partial(handler_report.facts, tried))
    summary, outputs = handler_report.trial(tried)
    run.report(summary, outputs)
    if tried.error:
        raise tried.error


if __name__ == "__main__":
    run_verb(main, __file__)
