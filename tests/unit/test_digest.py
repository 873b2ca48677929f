"""Content keys and tars: they change with the content and with nothing else."""

import io
import os
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matlab_sagemaker import digest
from matlab_sagemaker.errors import InputError

names = st.from_regex(r"[a-z]{1,5}(/[a-z]{1,5}){0,2}\.m", fullmatch=True)
contents = st.binary(max_size=50).filter(lambda data: data != digest.POINTER)
folders = st.dictionaries(names, contents, min_size=1, max_size=5)


def write(folder, files):
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return digest.folder_files(folder)


@given(folders, st.integers(0, 2**31))
def test_time_place_and_order_do_not_count(tmp_path_factory, files, moment):
    first = write(tmp_path_factory.mktemp("a"), files)
    second = write(tmp_path_factory.mktemp("another-place"), dict(reversed(files.items())))
    for path in second.values():
        os.utime(path, (moment, moment))
        path.chmod(0o600)  # group and others differ with the umask of a checkout
    assert digest.file_digests(first) == digest.file_digests(second)
    assert digest.tar(first) == digest.tar(second)


@given(folders, folders)
def test_two_folders_have_one_digest_only_if_they_are_the_same(tmp_path_factory, one, other):
    first = write(tmp_path_factory.mktemp("a"), one)
    second = write(tmp_path_factory.mktemp("b"), other)
    same = digest.key(digest.file_digests(first)) == digest.key(digest.file_digests(second))
    assert same == (one == other)


@given(folders)
def test_a_tar_holds_just_the_files(tmp_path_factory, files):
    found = write(tmp_path_factory.mktemp("a"), files)
    with tarfile.open(fileobj=io.BytesIO(digest.tar(found))) as archive:
        members = archive.getmembers()
        content = {m.name: archive.extractfile(m).read() for m in members}
    assert content == files
    assert {(m.mtime, m.uid, m.gid, m.uname) for m in members} == {(0, 0, 0, "")}


def test_an_executable_file_is_another_file(tmp_path):
    files = write(tmp_path, {"run.m": b""})
    before = digest.file_digests(files)
    files["run.m"].chmod(0o755)
    assert digest.file_digests(files) != before


def test_a_pointer_to_a_file_in_git_lfs_is_not_taken_for_the_file(tmp_path):
    oid = b"oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"
    pointer = b"version https://git-lfs.github.com/spec/v1\n" + oid + b"\nsize 12345\n"
    files = write(tmp_path, {"a.m": b"x = 1;", "data/big.mat": pointer})
    with pytest.raises(InputError) as caught:
        digest.file_digests(files)
    assert str(caught.value).startswith(f"{tmp_path}/data/big.mat is a pointer")
    assert "`lfs: true`" in caught.value.do
    assert "git lfs pull" in caught.value.do


def test_what_editors_leave_behind_is_no_content(tmp_path):
    files = write(
        tmp_path, {"a.m": b"", "a.asv": b"", "a.m~": b"", ".git/x": b"", "b/.DS_Store": b""}
    )
    assert list(files) == ["a.m"]


def test_a_key_is_sixteen_hexadecimal_digits_whatever_the_order():
    assert digest.key({"a": 1, "b": 2}) == digest.key({"b": 2, "a": 1})
    assert len(digest.key({})) == digest.KEY_LENGTH
    assert int(digest.key({}), 16)


def test_compressed_data_has_no_time_in_it():
    assert digest.compress(b"x")[4:8] == bytes(4)


def test_links_inside_are_followed_and_loops_are_not(tmp_path):
    write(tmp_path, {"shared/a.m": b"1"})
    (tmp_path / "code").mkdir()
    (tmp_path / "code/lib").symlink_to("../shared")
    (tmp_path / "code/self").symlink_to(".")
    (tmp_path / "code/b.m").symlink_to("../shared/a.m")
    (tmp_path / "code/broken.m").symlink_to("nowhere")
    assert list(digest.folder_files(tmp_path / "code")) == ["b.m", "lib/a.m"]
