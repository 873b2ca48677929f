"""Downloads an object, or all objects below a prefix, into a folder; never overwrites a file.

Keys are not trusted: none can lead out of the folder.
"""

from __future__ import annotations

import filecmp
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from matlab_sagemaker.aws import s3
from matlab_sagemaker.errors import InputError, OverwriteError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matlab_sagemaker.aws.s3 import StoredObject
    from matlab_sagemaker.aws.session import Aws

# Parts of a key that cannot be a file's name; on Windows, "\" means "/" and "c:x" another folder.
_NO_NAME = re.compile(r"|\.\.?|[A-Za-z]:.*|.*[\\\x00-\x1f\x7f].*", re.DOTALL)
_SHOWN = 10  # files listed in a message


@dataclass(frozen=True, kw_only=True)
class Download:
    """One object, and the file to write it to."""

    uri: str
    size: int  # bytes
    file: Path


def find(aws: Aws, bucket: str, uri: str, folder: Path) -> list[Download]:
    """List the object at an s3:// URI, or all objects below it, each with its file in `folder`.

    Raises InputError if the URI is not in the `bucket` or nothing is there, or if a key is not a
    file name or leads out of the folder; OverwriteError if files of other sizes exist already.
    """
    prefix = _require_in(bucket, uri)
    found = [
        Download(uri=f"s3://{bucket}/{item.key}", size=item.size, file=_file(folder, item, inner))
        for item, inner in _below(aws, bucket, prefix)
    ]
    if not found:
        raise InputError(f"There is nothing at {uri}.", do="Correct the URI. Nothing was fetched.")
    _require_free([each for each in found if _is_other(each)])
    return found


def fetch(aws: Aws, downloads: Sequence[Download]) -> list[Download]:
    """Fetch the objects, and return those whose file was new. No file is ever left incomplete.

    Files with other content raise OverwriteError, after all others have been fetched.
    """
    fetched, there = [], []
    for each in downloads:
        try:
            if each.file.exists():
                there.append(each)
                continue
            each.file.parent.mkdir(parents=True, exist_ok=True)
            s3.download(aws, each.uri, each.file)
        except OSError as error:
            raise _unwritable(each.file, error) from error
        fetched.append(each)
    _require_free([each for each in there if not _is_same(aws, each)])
    return fetched


def _require_in(bucket: str, uri: str) -> str:
    """Read the key or prefix of a URI of the bucket."""
    named, key = s3.split(uri)
    if not uri.startswith("s3://") or not key.strip("/"):
        raise InputError(
            f"'{uri}' is not an object or folder in S3.",
            do=f"Give a URI in the project's bucket, such as s3://{bucket}/jobs/.",
        )
    if named != bucket:
        raise InputError(
            f"{uri} is not in the project's bucket, s3://{bucket}.",
            do="Give a URI in it, or set --bucket to the other one. Nothing was fetched.",
        )
    return key


def _below(aws: Aws, bucket: str, prefix: str) -> Iterator[tuple[StoredObject, str]]:
    """Yield the object with exactly this key; else those in the folder, with their path in it.

    The empty object that marks a folder is skipped.
    """
    if not s3.bucket_exists(aws, bucket):
        return
    objects = s3.list_objects(aws, f"s3://{bucket}/{prefix}", aws.account)
    for item in objects:
        if item.key == prefix and not prefix.endswith("/"):
            yield item, prefix.rpartition("/")[2]
            return
    folder = prefix.rstrip("/") + "/"
    for item in objects:
        if item.key.startswith(folder) and not item.key.endswith("/"):
            yield item, item.key.removeprefix(folder)


def _file(folder: Path, item: StoredObject, inner: str) -> Path:
    """Choose an object's file; raise InputError if its path is not allowed."""
    if any(_NO_NAME.fullmatch(part) for part in inner.split("/")):
        raise InputError(
            f"The object {item.key!r} cannot be a file: part of its key is not a file name.",
            why="The part is empty, . or .., a drive, or contains \\ or a control character.",
            do="Fetch the other objects one by one. Nothing was fetched.",
        )
    file = folder / inner
    if not Path(os.path.realpath(file)).is_relative_to(os.path.realpath(folder)):
        raise InputError(
            f"{file} is outside {folder}: a link leads there.",
            do="Use another folder, or remove the link. Nothing was fetched.",
        )
    return file


def _is_other(wanted: Download) -> bool:
    """Whether something with another size is at the file's path."""
    try:
        return wanted.file.exists() and not (
            wanted.file.is_file() and wanted.file.stat().st_size == wanted.size
        )
    except OSError as error:
        raise _unwritable(wanted.file, error) from error


def _is_same(aws: Aws, wanted: Download) -> bool:
    """Whether file and object have the same content; S3 does not know every object's SHA-256."""
    with tempfile.TemporaryDirectory() as place:
        fetched = Path(place) / "object"
        s3.download(aws, wanted.uri, fetched)
        return filecmp.cmp(fetched, wanted.file, shallow=False)


def _require_free(others: Sequence[Download]) -> None:
    if not others:
        return
    shown = "\n".join(str(each.file) for each in others[:_SHOWN])
    more = f"\n(and {len(others) - _SHOWN} more)" if len(others) > _SHOWN else ""
    raise OverwriteError(
        f"These files exist already and have other content:\n{shown}{more}",
        why="Files are never overwritten.",
        do="Use another folder, or remove them.",
    )


def _unwritable(file: Path, error: OSError) -> InputError:
    return InputError(
        f"{file} cannot be written: {error.strerror}.", do="Use another folder, or free some space."
    )
