"""Folders of jobs and endpoints that end while other processes read them."""

import io
import tarfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from emulator import storage


def read_only_tree(folder):
    for name in ("a/b/c", "a/d", "e/f", "g"):
        (folder / name).mkdir(parents=True)
        (folder / name / "file").write_text("x")
    storage.make_read_only(folder)


def test_a_job_that_ends_and_an_emulator_that_ends_may_remove_the_same_folder(tmp_path):
    folder = tmp_path / "job"
    with ThreadPoolExecutor(2) as pool:
        for _ in range(200):
            read_only_tree(folder)
            ends = [pool.submit(storage.remove_tree, folder) for _ in range(2)]
            assert [end.result() for end in ends] == [None, None]
            assert not folder.exists()


@pytest.mark.parametrize(("link", "stays"), [("../b", True), ("../../b", False)])
def test_an_archive_may_have_a_link_that_stays_inside(aws, tmp_path, link, stays):
    """Also in Debian 12's Python, whose tarfile has no filters."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        member = tarfile.TarInfo("a/x")
        member.type, member.linkname = tarfile.SYMTYPE, link
        tar.addfile(member)
    aws.s3.put_object(Bucket="bucket", Key=f"{stays}.tar.gz", Body=buffer.getvalue())
    uri, folder = f"s3://bucket/{stays}.tar.gz", tmp_path / "model"
    if stays:
        storage.download_archive(aws.s3, uri, folder)
        assert str((folder / "a/x").readlink()) == link
    else:
        with pytest.raises(tarfile.TarError, match="outside"):
            storage.download_archive(aws.s3, uri, folder)
