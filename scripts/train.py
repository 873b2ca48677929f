"""Train the model on SageMaker, or find the job that already trained it from the same files."""

from __future__ import annotations

from dataclasses import dataclass

from matlab_sagemaker.aws import signin
from matlab_sagemaker.github.run import Run, run_verb
from matlab_sagemaker.hosting import champion
from matlab_sagemaker.project import waiting
from matlab_sagemaker.project.content import GivenProject
from matlab_sagemaker.training import given, model, report


@dataclass(frozen=True, kw_only=True)
class Inputs(signin.StagedTrainingInputs, waiting.WaitInputs):
    """The inputs of action/train."""

    find_only: bool
    ignore_gate: bool


def main(run: Run) -> None:
    """Read, describe, find, plan, apply, wait unless told not to, judge, report."""
    inputs = run.inputs(Inputs)
    until = waiting.until(inputs, run.longest_job_s)
    project, target = signin.open_project(run, inputs)
    run.facts.append(lambda: {"project": project.name})
    if isinstance(project, GivenProject):
        run.report(*given.nothing_to_train(run, project, target))
    elif inputs.find_only:
        run.report(*report.found(*model.find(run, project, target, inputs.repository)))
    else:
        plan, job = model.train(run, project, target, inputs.repository, until)
        judged = champion.judge_trained(run, project, target, job, ignored=inputs.ignore_gate)
        run.report(*report.training(job, plan, judged), error=judged.error)


if __name__ == "__main__":
    run_verb(main, __file__)
