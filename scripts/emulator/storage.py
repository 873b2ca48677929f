"""Copies data between S3 and folders; keys and archives cannot write outside their folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import tarfile
import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from unpacking import unpack  # from docker/common: the same code as in training jobs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import IO

    from mypy_boto3_s3 import S3Client

_BLOCK_BYTES = 1 << 20


def split_uri(uri: str) -> tuple[str, str]:
    """Split s3://bucket/key into bucket and key."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def exists(s3: S3Client, uri: str) -> bool:
    """Whether an object exists, or anything below a prefix that ends in /.

    Raises ClientError for an object that does not exist or that the client's role may not read. An
    object needs only s3:GetObject, as AWS documents for a model's role; a prefix, s3:ListBucket.
    Source: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
    """
    bucket, key = split_uri(uri)
    if key.endswith("/"):
        return bool(s3.list_objects_v2(Bucket=bucket, Prefix=key, MaxKeys=1).get("Contents"))
    s3.head_object(Bucket=bucket, Key=key)
    return True


def download_prefix(s3: S3Client, uri: str, folder: Path) -> int:
    """Download every object under an S3 prefix; return how many there were.

    Raises ValueError for a key that leads out of the folder, OSError for a key that is both a file
    and a folder.
    Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html
    """
    bucket, prefix = split_uri(uri)
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for key in _keys(s3, bucket, prefix):
        path = _inside(folder, _relative(key, prefix))
        if key.endswith("/"):  # an empty object with which the console marks a folder
            path.mkdir(parents=True, exist_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            _download(s3, bucket, key, file)
        count += 1
    return count


def upload_archive(s3: S3Client, folders: Sequence[Path], uri: str) -> None:
    """Upload the merged content of folders as one gzip tar; later folders win."""
    bucket, key = split_uri(uri)
    with tempfile.TemporaryFile() as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as tar:
            for folder in folders:
                for entry in sorted(folder.iterdir()):
                    tar.add(entry, arcname=entry.name)
        file.seek(0)
        s3.put_object(Bucket=bucket, Key=key, Body=file)


def download_archive(s3: S3Client, uri: str, folder: Path) -> None:
    """Download and unpack a gzip tar; raises tarfile.TarError if it is not one."""
    bucket, key = split_uri(uri)
    with tempfile.NamedTemporaryFile() as file:
        _download(s3, bucket, key, file)
        file.flush()
        unpack(Path(file.name), folder, "r:gz")


def _download(s3: S3Client, bucket: str, key: str, file: IO[bytes]) -> None:
    """Download an object in one request; boto3's transfers use two, and start threads."""
    shutil.copyfileobj(s3.get_object(Bucket=bucket, Key=key)["Body"], file, _BLOCK_BYTES)


def remove_tree(folder: Path) -> None:
    """Remove a folder and read-only folders in it; another thread may be removing it too."""
    while folder.exists():
        with contextlib.suppress(FileNotFoundError):
            folder.chmod(0o700)
            for place, names, _ in os.walk(folder):
                for inner in (Path(place, name) for name in names):
                    if not inner.is_symlink():
                        inner.chmod(0o700)
            shutil.rmtree(folder)


def make_read_only(folder: Path) -> None:
    """Remove write permission from a folder and everything in it."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o222)


def _keys(s3: S3Client, bucket: str, prefix: str) -> Iterator[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    for page in pages:
        for entry in page.get("Contents", []):
            yield entry["Key"]


def _relative(key: str, prefix: str) -> str:
    """Return a key's path in its channel; the prefix is a folder, an object or part of a name."""
    if prefix and (prefix.endswith("/") or key.startswith(f"{prefix}/")):
        return key[len(prefix) :].lstrip("/")
    return key[len(prefix[: prefix.rfind("/") + 1]) :]


def _inside(folder: Path, relative: str) -> Path:
    if ".." in PurePosixPath(relative).parts:
        raise ValueError(f"The key {relative!r} would be outside its channel's folder.")
    return folder / relative.lstrip("/")
