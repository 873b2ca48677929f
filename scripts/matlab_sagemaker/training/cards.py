"""A training job's card: its entrypoint's record of what it made, sealed together with the model.

The job writes its card once, after training. A card counts only if the job has Completed.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from matlab_sagemaker.aws import s3, upload
from matlab_sagemaker.digest import FileDigest

if TYPE_CHECKING:
    from matlab_sagemaker.aws.session import Aws
    from matlab_sagemaker.training.job import Job

FILE = "card.json"


def sealed(aws: Aws, seal: str, job: Job) -> Job:
    """Return the job with the model and metrics of its card, which is stored below `seal`.

    A job without a card is returned as SageMaker describes it: it has not Completed, or its image
    seals nothing. Raises UnsafePlanError for a card that is not this job's.
    """
    place = f"{seal}/{job.name}"
    text = s3.read(aws, f"{place}/{FILE}") if job.status == "Completed" else None
    if text is None:
        return job
    try:
        card = json.loads(text)
        model = card["model"]["uri"]
        archive = FileDigest(int(card["model"]["size"]), str(card["model"]["sha256"]))
        metrics = {str(name): float(value) for name, value in card["metrics"].items()}
        missing = {str(name): str(why) for name, why in card["missing"].items()}
        files = tuple(map(str, card["files"]))
        fits = (card["job"], card["inputs"]) == (job.name, job.inputs)
        fits = fits and model.startswith(f"{place}/")
    except (ValueError, KeyError, TypeError, AttributeError):
        fits = False
    if not fits:
        bucket, key = s3.split(f"{place}/{FILE}")
        raise upload.foreign(bucket, key, "It is not a card that this training job writes.")
    return replace(
        job,
        model_data=model,
        metrics=metrics,
        missing=missing,
        files=files,
        archive=archive,
        is_sealed=True,
    )
