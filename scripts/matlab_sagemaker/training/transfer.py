"""Files by hand: to a project's place for data in its bucket, and from the bucket.

What is uploaded lies where `train` puts a channel of the same name with the same files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from matlab_sagemaker import digest, walk
from matlab_sagemaker.aws import download, signin, upload
from matlab_sagemaker.aws.apply import apply
from matlab_sagemaker.errors import InputError
from matlab_sagemaker.project import fields
from matlab_sagemaker.training import attempts
from matlab_sagemaker.training.job import folder_channel
from matlab_sagemaker.training.plan import plan_uploads

if TYPE_CHECKING:
    from pathlib import Path

    from matlab_sagemaker.aws.signin import NamedProject
    from matlab_sagemaker.digest import MeasuredFolder
    from matlab_sagemaker.github.run import Run


@dataclass(frozen=True, kw_only=True)
class TransferInputs(signin.NamedProjectInputs):
    """What is to be transferred, and where to."""

    direction: Literal["upload", "download", "where"]
    source: str
    folder: str
    name: str


def require(inputs: TransferInputs) -> None:
    """Raise InputError where the direction needs what is not given."""
    needs = {
        "upload": {"source": inputs.source, "name": inputs.name},
        "download": {"source": inputs.source, "folder": inputs.folder},
        "where": {},
    }
    if missing := [name for name, given in needs[inputs.direction].items() if not given]:
        raise InputError(
            f"{inputs.direction} needs {' and '.join(missing)}.",
            do="Give transfer upload PATH --name NAME, or transfer download S3-URI FOLDER.",
        )
    fields.check_inputs({"name": (inputs.name, fields.CHANNEL)})


def read(path: Path, name: str) -> MeasuredFolder:
    """Return the file or folder to upload as `name`, as it is; raises InputError."""
    files = walk.files(path)
    if not files:
        raise InputError(f"{path} is an empty folder.", do="Nothing was sent.")
    return digest.measure_folders({name: files})[name]


def send(
    run: Run, project: NamedProject, name: str, folder: MeasuredFolder
) -> tuple[str, dict[str, Any]]:
    """Put the files into the bucket, where they are not there yet; return summary and outputs.

    Raises UnsafePlanError where something else lies in the place of a file, or beside them.
    """
    aws, bucket = project.aws, project.bucket
    channel = folder_channel(bucket, project.name, name, folder)
    found = attempts.find_uploads(aws, [channel], bucket)
    upload.require_stored(aws, [each for each in channel.uploads if each.key in found.objects])
    steps = plan_uploads(channel.uploads, found, bucket)
    apply(aws, steps, run.log)
    sizes = [each.measured.size for each in channel.uploads]
    return "### Uploaded\n", _outputs(project, channel.uri, sizes, changed=bool(steps))


def fetch(run: Run, project: NamedProject, uri: str, folder: Path) -> tuple[str, dict[str, Any]]:
    """Fetch an object, or all below a prefix, into the folder; return summary and outputs."""
    found = download.find(project.aws, project.bucket, uri, folder)
    fetched = download.fetch(project.aws, found)
    rest = "" if len(fetched) == len(found) else "; the others are there already"
    run.log(f"fetched {len(fetched)} of {len(found)} file(s) into {folder}{rest}")
    sizes = [each.size for each in found]
    return "### Downloaded\n", _outputs(project, uri, sizes, changed=bool(fetched))


def where(project: NamedProject) -> tuple[str, dict[str, Any]]:
    """Return summary and outputs of what transfers nothing: where the project's data go.

    What is there is not counted: the bucket need not be there yet.
    """
    uri = f"s3://{project.bucket}/data/{project.name}/"
    return "### Nothing transferred\n", _outputs(project, uri, None, changed=False)


def _outputs(
    project: NamedProject, uri: str, sizes: list[int] | None, *, changed: bool
) -> dict[str, Any]:
    return {
        "uri": uri,
        "files": None if sizes is None else len(sizes),
        "bytes": None if sizes is None else sum(sizes),
        "changed": changed,
        "account": project.aws.account,
        "region": project.aws.region,
        "bucket": project.bucket,
    }
