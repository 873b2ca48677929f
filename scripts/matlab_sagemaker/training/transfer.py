"""Transfer files by hand: to the project's data in its bucket, and from the bucket.

An upload goes to where `train` would put a channel of the same name with the same files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from matlab_sagemaker import digest, file_list
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
    """What to transfer, and where to."""

    direction: Literal["upload", "download", "where"]
    source: str
    folder: str
    name: str


def require(inputs: TransferInputs) -> None:
    """Raise InputError if an input that the direction needs is missing."""
    needs = {
        "upload": {"source": inputs.source, "name": inputs.name},
        "download": {"source": inputs.source, "folder": inputs.folder},
        "where": {},
    }
    if missing := [name for name, given in needs[inputs.direction].items() if not given]:
        raise InputError(
            f"{inputs.direction} needs {' and '.join(missing)}.",
            do="Use transfer upload PATH --name NAME, or transfer download S3-URI FOLDER.",
        )
    fields.check_inputs({"name": (inputs.name, fields.CHANNEL)})


def read(path: Path, name: str) -> MeasuredFolder:
    """Measure the file or folder to upload as `name`.

    Raises InputError if the folder is empty, or a file cannot be read.
    """
    files = file_list.files(path)
    if not files:
        raise InputError(
            f"{path} is an empty folder.",
            why="There is nothing to upload.",
            do="Name a file, or a folder with files in it.",
        )
    return digest.measure_folders({name: files})[name]


def send(
    run: Run, project: NamedProject, name: str, folder: MeasuredFolder
) -> tuple[str, dict[str, Any]]:
    """Upload the files that are not in the bucket yet; return summary and outputs.

    Raises UnsafePlanError if there is something else in the place of a file, or beside them.
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
    """Download an object, or all below a prefix, into the folder; return summary and outputs."""
    found = download.find(project.aws, project.bucket, uri, folder)
    fetched = download.fetch(project.aws, found)
    rest = "" if len(fetched) == len(found) else "; the others were already there"
    run.log(f"downloaded {len(fetched)} of {len(found)} file(s) into {folder}{rest}")
    sizes = [each.size for each in found]
    return "### Downloaded\n", _outputs(project, uri, sizes, changed=bool(fetched))


def where(project: NamedProject) -> tuple[str, dict[str, Any]]:
    """Return the summary and outputs that only say where the project's data are.

    Nothing is counted there, because the bucket need not exist yet.
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
