"""inputs.json: the files that a job's entrypoint checks before it runs any of them. Pure.

It also says where the job seals its result. It is uploaded beside the code; the job's request holds
only its SHA-256, in the environment variable VARIABLE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matlab_sagemaker import digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matlab_sagemaker.aws.s3 import ChannelContent
    from matlab_sagemaker.digest import FileDigest, MeasuredBytes

FILE = "inputs.json"
VARIABLE = "MATLAB_SAGEMAKER_INPUTS"


def compose(
    channels: Mapping[str, Mapping[str, FileDigest]],
    listed: Mapping[str, tuple[str, ChannelContent]],
    metrics: Mapping[str, str],
    seal: str,
) -> MeasuredBytes:
    """Write inputs.json.

    `channels` has the files that the kit uploads, by channel and path; `listed` the URI of each
    channel that a user has put in S3, and its objects; `metrics` the patterns by name; `seal` the
    s3:// prefix below which the job stores its model and card.
    """
    return digest.document(
        {
            "channels": {name: _rows(files) for name, files in channels.items()},
            "listed": {name: _listed_rows(uri, found) for name, (uri, found) in listed.items()},
            "metrics": dict(metrics),
            "seal": seal,
        }
    )


def _rows(files: Mapping[str, FileDigest]) -> list[list[object]]:
    return [[path, files[path].size, files[path].sha256] for path in sorted(files)]


def _listed_rows(uri: str, found: ChannelContent) -> list[list[object]]:
    prefix = uri.removeprefix("s3://").partition("/")[2]
    rows = ([_path_in_channel(str(key), prefix), *more] for key, *more in found.objects)
    return sorted(rows, key=lambda row: str(row[0]))


def _path_in_channel(key: str, prefix: str) -> str:
    """Return where SageMaker puts an object. A prefix is a folder, or the start of names in one.

    Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html
    """
    if prefix and (prefix.endswith("/") or key.startswith(f"{prefix}/")):
        return key[len(prefix) :].lstrip("/")
    return key[prefix.rfind("/") + 1 :]
