"""Candidates as train.yml's steps report them, one for each state of the comment."""

import dataclasses
from pathlib import Path

from helpers.kit.samples import DEPLOYMENT
from matlab_sagemaker.github.candidate import Candidate
from matlab_sagemaker.github.facts import (
    DifferenceFacts,
    Facts,
    Failure,
    FileGroup,
    HandlerFacts,
    Metric,
    ModelFacts,
    PlanFacts,
    Rule,
    ServingFacts,
)
from matlab_sagemaker.github.repository import Repository
from matlab_sagemaker.hosting import preview
from matlab_sagemaker.hosting.plan import FoundEndpoint

WHERE = Repository(
    name="acme/flowers",
    server="https://github.com",
    api="",
    workspace=Path(),
    commit="4f7c1d2" + "0" * 33,
    run="5",
    pull_request=None,
)
METRICS = [
    Metric(name="cross_validated_accuracy", better="higher"),
    Metric(name="resubstitution_accuracy", better="higher"),
    Metric(name="train_time", better="lower", unit="s"),
]
CONSOLE = "https://eu-west-1.console.aws.amazon.com"
JOB = "flowers-dklxp5tfnxqlqu3ijn2a-1"
MODEL = ModelFacts(
    job=JOB,
    page=f"{CONSOLE}/sagemaker/home?region=eu-west-1#/jobs/{JOB}",
    log_page=f"{CONSOLE}/cloudwatch/home?region=eu-west-1#logsV2:log-groups",
    by_this_run=True,
    metrics={
        "cross_validated_accuracy": 0.96,
        "resubstitution_accuracy": 0.98,
        "train_time": 1.52,
    },
    size=3_412,
    trained_s=96,
    billed_s=118,
    instance="ml.m5.large",
)
WORSE = MODEL.model_copy(
    update={
        "metrics": {
            "cross_validated_accuracy": 0.6667,
            "resubstitution_accuracy": 0.6667,
            "train_time": 1.71,
        }
    }
)
SERVES = ServingFacts(
    job="flowers-a2b3c4d5e6f7g2h3i4j5-1",
    metrics={
        "cross_validated_accuracy": 0.94,
        "resubstitution_accuracy": 0.98,
        "train_time": 1.6,
    },
)
COMMIT = "9b1e0aa" + "0" * 33  # of what serves


def deploys(job, image):
    """Describe the deployment of a job's model."""
    return dataclasses.replace(
        DEPLOYMENT,
        project="flowers",
        endpoint_name="flowers",
        image=image,
        model_data=f"s3://b/sealed/flowers/{job}/1/model.tar.gz",
        training_job=job,
    )


def plan_of(desired, serving=None):
    """Make what a dry run in a pull request says of a deployment; `serving` is what serves."""
    found = FoundEndpoint()
    if serving:
        name = serving.config["EndpointConfigName"]
        facts = {"deployed": f"{COMMIT} {name}"}
        found = FoundEndpoint(config_name=name, status="InService", facts=facts)
    serves = preview.configuration(serving) if serving else None
    images = {f"training-{'7d15' * 16}": True, f"inference-{'602c' * 16}": bool(desired.image)}
    shown = preview.preview(desired, found, serves, None, images)
    plan = PlanFacts(endpoint="flowers", changes=shown.changes, text=shown.text)
    told = plan.model_copy(update={"serves": SERVES}) if serving else plan
    return Facts(verdict="success", plan=told)


RULES = [
    Rule(rule="gate", metric="cross_validated_accuracy", wanted=">= 0.9", got="0.96", passed=True),
    Rule(
        rule="champion",
        metric="cross_validated_accuracy",
        wanted="at least -0.01 against production",
        got="+0.02 (0.96 against 0.94)",
        passed=True,
    ),
]
BROKEN_RULES = [
    RULES[0].model_copy(update={"got": "0.6667", "passed": False}),
    RULES[1].model_copy(update={"got": "-0.2733 (0.6667 against 0.94)", "passed": False}),
]
FILES = [
    FileGroup(name="code", key="c2", files=2, size=3_104),
    FileGroup(name="training", key="d1", files=1, size=2_734, rows=150),
]
BASE_FILES = [FileGroup(name="code", key="c1", files=2, size=2_988), FILES[1]]
PARAMETERS = {"MinLeafSize": "1", "MaxNumSplits": "20", "NumFolds": "5"}
FLOWERS = ["sepal_length", "sepal_width", "petal_length", "petal_width", "→", "species"]
ROWS = [
    FLOWERS,
    ["5.1", "3.5", "1.4", "0.2", "→", "setosa"],
    ["7.0", "3.2", "4.7", "1.4", "→", "versicolor"],
    ["6.3", "3.3", "6.0", "2.5", "→", "virginica"],
]
REQUEST, EXPECTED = "requests/three_flowers.csv", "requests/expected.csv"
ANSWERED = HandlerFacts(billed_s=74, request=REQUEST, rows=ROWS, expected=EXPECTED)
TRAINED = Facts(
    verdict="success",
    project="flowers",
    metrics=METRICS,
    model=MODEL,
    rules=RULES,
    files=FILES,
    hyperparameters=PARAMETERS,
)
BASE = Facts(
    verdict="success",
    project="flowers",
    model=MODEL.model_copy(update={"job": SERVES.job, "metrics": SERVES.metrics}),
    files=BASE_FILES,
    hyperparameters={**PARAMETERS, "MinLeafSize": "2"},
)
PLANNED = plan_of(deploys(JOB, DEPLOYMENT.image), deploys(SERVES.job, DEPLOYMENT.image))
FIRST = plan_of(deploys(JOB, ""))
HANDLED = Facts(verdict="success", handler=ANSWERED)
NOT_GOOD_ENOUGH = Failure(
    title="Not good enough",
    kind="gate",
    what=f"The model of {JOB} is not good enough: it does not pass the gate in sagemaker.yml.",
    why="cross_validated_accuracy: 0.6667; wanted: >= 0.9",
    do="The endpoint was not changed. Improve the model, or change the rules: that does not "
    "train again. To deploy this model anyway, run deploy by hand with ignore-gate.",
    file="sagemaker.yml",
    line=26,
)
HANDLER_FAILED = Failure(
    title="Handler failed",
    kind="handlerFailed",
    what="The handler ClassificationTreeInferenceHandler fails.",
    why="MATLAB:UndefinedFunction: Unrecognized function or variable 'mdl'.",
    do="Correct the handler. Then push it; `scripts/run rehearse` tries it within seconds, "
    "without AWS.",
    file="inference/ClassificationTreeInferenceHandler.m",
    line=14,
)
DIFFERS = Failure(
    title="Handler failed",
    kind="handlerFailed",
    what="The handler's answer is not the expected one, from row 3.",
    do="Correct the handler, or the expected answer.",
    file=EXPECTED,
    line=3,
)
DIFFERENCE = {
    "rows": [*ROWS[:2], [*ROWS[2][:-1], "virginica"], ROWS[3]],
    "difference": DifferenceFacts(row=3, where="line 3", expected="versicolor"),
}
TRAINING_FAILED = Failure(
    title="Training failed",
    kind="trainingFailed",
    what=f"Training job {JOB} ended as Failed.",
    why="flowers:noRows: There are no rows.\nIn trainClassificationTree "
    "(trainClassificationTree.m, line 12)",
    do="See the run's log for what led to this. Correct it and run again. Nothing was deployed.",
    file="code/trainClassificationTree.m",
    line=12,
)
LOG = [
    "[Training] Training image download completed. Training in progress.",
    "MATLAB R2026a, 2 of 2 files of the channel training",
    "Reading iris.csv",
    "error: flowers:noRows: There are no rows.",
    "[Failed] Training job failed",
]
FAILED = TRAINED.model_copy(
    update={
        "verdict": "failure",
        "failure": TRAINING_FAILED,
        "rules": [],
        "log": LOG,
        "model": MODEL.model_copy(update={"metrics": {}, "size": None}),
    }
)
TRYING = Facts(verdict="running")

STATES = {
    "better": Candidate(
        verdict="success", train=TRAINED, base=BASE, plan=PLANNED, handler=HANDLED
    ),
    "worse": Candidate(
        verdict="success",
        train=TRAINED.model_copy(update={"model": WORSE, "rules": []}),
        base=BASE,
        plan=PLANNED,
        handler=HANDLED,
    ),
    "first": Candidate(verdict="success", train=TRAINED.model_copy(update={"rules": RULES[:1]}),
                       plan=FIRST, handler=TRYING),
    "gate-failed": Candidate(
        verdict="failure",
        train=TRAINED.model_copy(
            update={
                "verdict": "failure",
                "model": WORSE,
                "rules": BROKEN_RULES,
                "failure": NOT_GOOD_ENOUGH,
            }
        ),
        base=BASE,
        plan=PLANNED,
        handler=HANDLED,
    ),
    "handler-failed": Candidate(
        verdict="failure",
        train=TRAINED,
        base=BASE,
        plan=PLANNED,
        handler=Facts(
            verdict="failure",
            failure=HANDLER_FAILED,
            log=["Loading model.mat", "error: 'mdl' undefined"],
        ),
    ),
    "answer-differs": Candidate(
        verdict="failure",
        train=TRAINED,
        base=BASE,
        plan=PLANNED,
        handler=Facts(
            verdict="failure", failure=DIFFERS, handler=ANSWERED.model_copy(update=DIFFERENCE)
        ),
    ),
    "training-failed": Candidate(verdict="failure", train=FAILED, base=BASE, plan=PLANNED),
    "cancelled": Candidate(
        verdict="cancelled",
        train=Facts(
            verdict="cancelled",
            project="flowers",
            failure=Failure(
                title="Cancelled",
                kind="cancelled",
                what="The run was cancelled.",
                why="Run it again to continue.",
            ),
        ),
    ),
    "begun": Candidate(
        verdict="running", train=TRAINED.model_copy(update={"model": None, "rules": []})
    ),
    "running": Candidate(
        verdict="success",
        train=TRAINED.model_copy(
            update={
                "rules": [],
                "model": ModelFacts(
                    job=JOB, page=MODEL.page, log_page=MODEL.log_page, has_ended=False,
                    by_this_run=True, instance="ml.m5.large",
                ),
            }
        ),
        base=BASE,
        plan=PLANNED,
    ),
}  # fmt: skip
