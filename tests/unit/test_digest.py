"""Content keys and tars: they change with the content and with nothing else."""

import base64
import gzip
import hashlib
import io
import os
import re
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matlab_sagemaker import digest, file_list
from matlab_sagemaker.errors import InputError

names = st.from_regex(r"[a-z]{1,5}(/[a-z]{1,5}){0,2}\.m", fullmatch=True)
contents = st.binary(max_size=50).filter(lambda data: data != digest.POINTER)
folders = st.dictionaries(names, contents, min_size=1, max_size=5)


def write(folder, files):
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return file_list.folder_files(folder)


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
    assert str(caught.value).startswith(f"{tmp_path}/data/big.mat is a Git LFS pointer")
    assert "`lfs: true`" in caught.value.do
    assert "git lfs pull" in caught.value.do


def test_a_key_is_a_whole_sha256_whatever_the_order():
    assert digest.key({"a": 1, "b": 2}) == digest.key({"b": 2, "a": 1})
    assert digest.key({}) == hashlib.sha256(b"{}").hexdigest()


@given(st.binary(min_size=32, max_size=32))
def test_a_short_key_is_its_first_96_bits_in_letters_and_digits_that_names_take(value):
    short = digest.short(value.hex())
    assert re.fullmatch(r"[a-z2-7]{20}", short)
    assert len(short) == digest.SHORT_LENGTH
    assert base64.b32decode(short.upper() + "====") == value[:12]


def test_compressed_data_has_no_time_in_it():
    assert digest.compress(b"x")[4:8] == bytes(4)


@given(folders)
def test_a_bundle_holds_the_files_and_says_what_they_are(tmp_path_factory, files):
    found = write(tmp_path_factory.mktemp("a"), files)
    digests, bundle = digest.bundle(found)
    assert digests == digest.file_digests(found)
    assert gzip.decompress(bundle.data) == digest.tar(found)
    assert bundle.measured == digest.measured(bundle.data)


def test_a_bundle_is_the_same_with_every_zlib(tmp_path):
    found = write(tmp_path, {"a.m": b"x = 1;\n" * 30000})
    bundle = digest.bundle(found)[1].data
    assert bundle[:10] == bytes.fromhex("1f8b08000000000000ff")
    sha256 = "e8c9c906d48ad95e8f9fed2e86c2262496a9f06771fc726284a2202a07412c26"
    assert digest.hexadecimal(bundle) == sha256


@pytest.mark.parametrize("read", [digest.file_digests, digest.tar])
def test_a_file_that_vanishes_is_named(tmp_path, read):
    files = write(tmp_path, {"a.m": b"1", "b.m": b"2"})
    files["b.m"].unlink()
    with pytest.raises(InputError, match=r"b\.m cannot be read: No such file or directory"):
        read(files)
