"""A model that exists already: `deploy` copies it below models/, with a card of where it came from.

Only the role of `deploy` can write below models/, so the card can be trusted.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from matlab_sagemaker import digest
from matlab_sagemaker.aws import bucket_rules, s3, upload
from matlab_sagemaker.aws.model_store import CARD, LARGEST_COPY, Copy, NewModel
from matlab_sagemaker.aws.plan import Step
from matlab_sagemaker.aws.s3 import Upload
from matlab_sagemaker.errors import DeniedError, InputError
from matlab_sagemaker.training import report
from matlab_sagemaker.training.deployable_model import DeployableModel
from matlab_sagemaker.training.job import seal

if TYPE_CHECKING:
    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.aws.signin import Target
    from matlab_sagemaker.github.run import Run
    from matlab_sagemaker.project.content import GivenProject
    from matlab_sagemaker.project.given_model import GivenModel

_BELOW, _FILE = "models", "model.tar.gz"


def nothing_to_train(run: Run, project: GivenProject, target: Target) -> tuple[str, dict[str, Any]]:
    """Return the summary and the outputs of `train` for a model that needs no training.

    Raises InputError for a model that cannot be served, so that the pull request shows it.
    """
    if not is_sealed_here(run, project, target):
        _require_servable(project, target.bucket)
    run.log(f"Nothing to train: sagemaker.yml names the model {project.model.source}.")
    return report.nothing_to_train(project.model)


def is_sealed_here(run: Run, project: GivenProject, target: Target) -> bool:
    """Return whether this is a run by hand, with a model that a job of the project has sealed.

    By hand, the user chooses that job. In a workflow, anyone who opens a pull request could.
    """
    place = f"{seal(target.bucket, project.name)}/"
    return not run.on_runner and project.model.source.startswith(place)


def require(aws: Aws, bucket: str, project: GivenProject) -> DeployableModel:
    """Return the project's model, with the steps that store it if it is not stored yet.

    Raises InputError for a model that cannot be served, and NotReadyError if the bucket does not
    protect what is stored from changes.
    """
    wanted = _describe(aws, bucket, project)
    write = Step("store_model", wanted.place, model=wanted)
    uri = f"{wanted.place}/{_FILE}"
    if not s3.bucket_exists(aws, bucket):
        return DeployableModel(data=uri, steps=(Step("create_bucket", bucket), write))
    bucket_rules.require(aws, place(bucket, project.name))
    card = s3.read(aws, f"{wanted.place}/{CARD}")
    if card is not None and not _is_of(card, uri):
        name, key = s3.split(f"{wanted.place}/{CARD}")
        raise upload.foreign(name, key, "It is not a card that this kit writes.")
    return DeployableModel(data=uri, steps=() if card else (write,))


def find(aws: Aws, bucket: str, project: GivenProject) -> DeployableModel | None:
    """Return the project's model as `require` would; None without permission to read its source.

    This does not check whether the model is already below models/: only the deploy role can.
    """
    try:
        return DeployableModel(data=f"{_describe(aws, bucket, project).place}/{_FILE}")
    except DeniedError:
        return None


def _describe(aws: Aws, bucket: str, project: GivenProject) -> NewModel:
    _require_servable(project, bucket)
    describe = partial(_in_s3, aws) if project.model.is_in_s3 else _local
    return describe(project.model, bucket, f"{_BELOW}/{project.name}")


def _require_servable(project: GivenProject, bucket: str) -> None:
    """Raise InputError for an incomplete model, or one in a folder that the kit itself writes."""
    source = project.model.source
    found, key = s3.split(source)
    kind = key.partition("/")[0]
    if project.model.is_in_s3 and found == bucket and kind in _WRITERS:
        raise InputError(
            f"model: {source} is below {kind}/ in the project's own bucket.",
            why=f"{_WRITERS[kind]}.",
            do="Copy it to another bucket or folder, to which only people who may decide what the "
            "endpoint serves can write, and name that.",
            place=project.place("model"),
        )
    project.model.require_whole(with_mat=project.reads_model_mat)


_BY_TRAIN = "The train role, which every pull request uses before any review, can write there"
_BY_JOBS = "The code of every pull request's training job can write there before any review"
_WRITERS = {
    "code": _BY_TRAIN,
    "data": _BY_TRAIN,
    "jobs": _BY_JOBS,
    "sealed": _BY_JOBS,
    "models": "deploy keeps its own copies there, and does not accept them as a source",
}


def place(bucket: str, project: str) -> str:
    """Return the s3:// prefix below which `deploy` stores a project's given models and cards."""
    return f"s3://{bucket}/{_BELOW}/{project}"


def _local(model: GivenModel, bucket: str, below: str) -> NewModel:
    """Describe a model in the repository; its key is the digest of its content."""
    body, measured = model.content()
    key = f"{below}/{measured.sha256}/{_FILE}"
    content = Upload(bucket=bucket, key=key, body=body, measured=measured)
    return NewModel(content=content, source={"path": model.source})


def _in_s3(aws: Aws, model: GivenModel, bucket: str, below: str) -> NewModel:
    """Describe a model in S3; its key is its version's, or else that of its ETag and size.

    Raises InputError if it does not exist or is too large.
    """
    found = s3.require_object(aws, model.source)
    if found.size > LARGEST_COPY:
        raise InputError(
            f"The model {found.uri} is too large.",
            why="S3 can copy at most 5 GiB at once.",
            do="Save only what predictions need, for example compact(model).",
        )
    which: dict[str, Any] = {"etag": found.etag, "size": found.size}
    if found.version:
        which = {"version": found.version}
    source = {"uri": found.uri, **which}
    key = f"{below}/{digest.key(source)}/{_FILE}"
    return NewModel(content=Copy(bucket=bucket, key=key, source=found), source=source)


def _is_of(card: bytes, uri: str) -> bool:
    try:
        return bool(json.loads(card)["model"]["uri"] == uri)
    except (ValueError, KeyError, TypeError):
        return False
