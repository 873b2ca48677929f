"""The job that tries a handler: its name, what its key covers, and that it changes no other key."""

import dataclasses
import re

import pytest

from helpers.kit.samples import IMAGE, JOB
from matlab_sagemaker.aws import session, signin
from matlab_sagemaker.digest import FileDigest
from matlab_sagemaker.project import build_context, config, content
from matlab_sagemaker.project.request import Request
from matlab_sagemaker.training import handler_job, inputs, job, model
from matlab_sagemaker.training.plan import ForeignJob, too_many

PLACE = "s3://b/sealed/pump/pump-1/ab/model.tar.gz"
MODEL = job.Job("pump-1", "Completed", "Completed", "", PLACE, {}, 60, is_sealed=True,
                archive=FileDigest(3, "d" * 64))  # fmt: skip
OWN = ("matlab/trial/tryHandler.m", "matlab/+sagemaker/+internal/askHandler.m")


@pytest.fixture
def root(tmp_path):
    """A repository with a handler and a request."""
    for name, text in {
        "sagemaker.yml": "name: pump\nmatlab: {engine: octave}\n"
        "training:\n  code: code\n  function: f\n  channels: {training: data}\n"
        "inference: {handler: H, code: handler, request: ask.csv}\n",
        "code/f.m": "x",
        "data/a.csv": "1",
        "handler/H.m": "classdef H",
        "ask.csv": "a\n1\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def described(root, training=JOB, model=MODEL, *, asks=True):
    project, file = content.load(root / "sagemaker.yml"), root / "ask.csv"
    sent = Request(file.read_bytes(), "text/csv", "text/csv", str(file)) if asks else None
    return handler_job.describe(project, "b", training, model, sent)


def test_its_name_is_no_training_jobs_and_fits(root):
    tried = described(root, dataclasses.replace(JOB, project="p" * 32))
    assert re.fullmatch(r"p{32}-[a-z2-7]{20}-try1", tried.name(1))
    assert len(tried.name(999_999)) == 63
    # Up to its key, a name is the project's; its last part says which kind of job it is.
    assert not re.fullmatch(r"[a-z0-9-]+-[a-z2-7]{20}-[1-9][0-9]*", tried.name(1))


def test_it_runs_the_kits_program_in_the_trainings_image_and_role_on_a_small_instance(root):
    large = dataclasses.replace(JOB, instance_type="ml.g5.48xlarge", instance_count=4, max_wait=9)
    request = described(root, large).request(1, IMAGE)
    assert request["HyperParameters"] == {
        "sagemaker_program": "tryHandler", "handler": "H", "content_type": "text/csv",
        "accept": "text/csv",
    }  # fmt: skip
    assert request["AlgorithmSpecification"]["TrainingImage"] == IMAGE
    assert request["RoleArn"] == JOB.role
    assert request["ResourceConfig"]["InstanceType"] == "ml.m5.large"
    assert request["ResourceConfig"]["InstanceCount"] == 1
    assert "EnableManagedSpotTraining" not in request
    channels = {c["ChannelName"]: c["DataSource"]["S3DataSource"]["S3Uri"]
                for c in request["InputDataConfig"]}  # fmt: skip
    assert channels["model"] == "s3://b/sealed/pump/pump-1/ab/"
    assert set(channels) == {"code", "model", "request"}
    assert {c.name for c in described(root, asks=False).channels} == {"code", "model"}


def test_it_has_the_products_and_the_batch_token_of_a_training_with_matlab(root):
    matlab = "engine: matlab, products: [Optimization Toolbox], batch_token_secret: token"
    text = (root / "sagemaker.yml").read_text().replace("engine: octave", matlab)
    (root / "sagemaker.yml").write_text(text)
    project = content.load(root / "sagemaker.yml")
    training = job.describe(project, "b", JOB.role, {})
    aws = session.Aws(None, "123456789012", "eu-west-1", "aws")
    target = signin.Target(aws=aws, bucket="b", training_role=JOB.role, serving_role="")
    made = (
        model.expected(project, target, wanted, IMAGE).job.environment
        for wanted in (training, described(root, training))
    )
    trained, tried = ({**each, inputs.VARIABLE: ""} for each in made)
    assert tried == trained == {
        inputs.VARIABLE: "",
        "MATLAB_REQUIRED_PRODUCTS": "MATLAB Optimization_Toolbox",
        "MATLAB_SAGEMAKER_TOKEN_SECRET":
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:token-000000",
    }  # fmt: skip


def test_it_may_not_run_longer_than_the_training_may(root):
    assert described(root, dataclasses.replace(JOB, max_runtime=60)).max_runtime == 60
    assert described(root, dataclasses.replace(JOB, max_runtime=90_000)).max_runtime == 3600


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "handler/H.m").write_text("classdef H2"),
        lambda root: (root / "handler/other.m").write_text("1"),
        lambda root: (root / "ask.csv").write_text("a\n2\n"),
    ],
)
def test_handler_and_request_are_in_its_key(root, change):
    before = described(root).key
    change(root)
    assert described(root).key != before


def test_image_and_model_are_in_its_key_and_the_training_itself_is_not(root):
    key = described(root).key
    other = dataclasses.replace(MODEL, model_data=PLACE.replace("/ab/", "/cd/"))
    assert described(root, model=other).key != key
    assert described(root, dataclasses.replace(JOB, image_key="e" * 64)).key != key
    # These make another model, and so also another key.
    same = dataclasses.replace(JOB, function="other", hyperparameters={}, metrics={}, channels=(),
                               instance_type="ml.g5.xlarge", variables={"A": "1"})  # fmt: skip
    assert described(root, same).key == key


def test_what_is_run_in_it_is_in_no_image():
    engines = [config.MatlabSection(engine=name) for name in ("matlab", "octave")]
    files = {
        path
        for matlab in engines
        for context in (
            build_context.training(matlab),
            build_context.inference(matlab, "Handler", {}),
        )
        for path in (*context.files.values(), *context.ingredients.values())
    }
    trial = build_context.handler_trial({})
    own = {path for name, path in trial.items() if not name.startswith("+sagemaker_inference/")}
    assert {build_context.KIT / name for name in OWN} <= own
    assert not own & files


def test_the_key_of_a_training_is_what_it_was_before_handlers_were_tried():
    assert JOB.key == "b19f09e382c4130b5e31c067e7028b0b14aa29e8913b47cdbc8944d701d4182c"
    assert dataclasses.replace(JOB, prefix="try", words=("tried", "trying")).key == JOB.key


def test_of_too_many_foreign_jobs_the_highest_number_stays():
    found = tuple(ForeignJob(f"pump-{'a' * 20}-try{n}", ("x is set",)) for n in (9, 10, 8))
    assert f"all but pump-{'a' * 20}-try10;" in str(too_many(found))
