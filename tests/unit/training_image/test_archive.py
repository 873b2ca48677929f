"""No archive writes outside of the code folder."""

from __future__ import annotations

import gzip
import io
import tarfile
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import unpack
from failure import JobError


def tar_of(*members: tuple[str, bytes, str]) -> bytes:
    """Return a tar of (name, type, content or link)."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, kind, text in members:
            member = tarfile.TarInfo(name)
            member.type = kind
            member.linkname = text if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
            content = text.encode() if kind == tarfile.REGTYPE else b""
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def unpacked(tmp_path: Path, *members: tuple[str, bytes, str]) -> Path:
    """Unpack such a tar below `tmp_path` and return the folder."""
    archive = tmp_path / "code.tar.gz"
    archive.write_bytes(tar_of(*members))
    unpack(archive, tmp_path / "code")
    return tmp_path / "code"


def test_files_folders_and_inner_links_are_unpacked(tmp_path: Path):
    code = unpacked(
        tmp_path,
        ("train.m", tarfile.REGTYPE, "an older one"),
        ("./train.m", tarfile.REGTYPE, "x = 1;"),
        ("sub/helper.m", tarfile.REGTYPE, "y = 2;"),
        ("empty", tarfile.DIRTYPE, ""),
        ("sub/same.m", tarfile.SYMTYPE, "../train.m"),
        ("sub/hard.m", tarfile.LNKTYPE, "./train.m"),
    )
    assert (code / "train.m").read_text() == "x = 1;"
    assert (code / "sub/same.m").read_text() == "x = 1;"
    assert (code / "sub/hard.m").read_text() == "x = 1;"
    assert (code / "empty").is_dir()


def test_neither_owner_nor_dangerous_mode_is_taken_over(tmp_path: Path):
    member = tarfile.TarInfo("tool.sh")
    member.mode, member.uid = 0o6777, 12345
    with tarfile.open(tmp_path / "code.tar.gz", "w:gz") as tar:
        tar.addfile(member)
    unpack(tmp_path / "code.tar.gz", tmp_path / "code")
    status = (tmp_path / "code/tool.sh").stat()
    assert status.st_mode & 0o7777 == 0o755
    assert status.st_uid != 12345


def beyond_the_longest_path() -> list[tuple[str, bytes, str]]:
    """Return links whose targets are too long for realpath to follow (CVE-2025-4517)."""
    long, short = "d" * 247, "abcdefghijklmnop"
    folders = [
        member
        for depth, letter in enumerate(short)
        for member in (
            ("/".join([long] * (depth + 1)), tarfile.DIRTYPE, ""),
            ("/".join([long] * depth + [letter]), tarfile.SYMTYPE, long),
        )
    ]
    top = "/".join([*short, "l" * 254])
    return [
        *folders,
        (top, tarfile.SYMTYPE, "../" * len(short)),
        ("out", tarfile.SYMTYPE, f"{top}/.."),
        ("out/evil", tarfile.REGTYPE, "x"),
    ]


@pytest.mark.parametrize(
    "members",
    [
        [("../evil", tarfile.REGTYPE, "x")],
        [("a/../../evil", tarfile.REGTYPE, "x")],
        [("/tmp/evil", tarfile.REGTYPE, "x")],
        [("out", tarfile.SYMTYPE, "/etc"), ("out/evil", tarfile.REGTYPE, "x")],
        [("out", tarfile.SYMTYPE, "/etc")],
        [("out", tarfile.SYMTYPE, "..")],
        [("out", tarfile.SYMTYPE, "sub/../..")],
        [("hard", tarfile.LNKTYPE, "/etc/passwd")],
        [("pipe", tarfile.FIFOTYPE, "")],
        [("a", tarfile.SYMTYPE, "a"), ("a", tarfile.DIRTYPE, "")],
        [("device", tarfile.CHRTYPE, "")],
        [("n" * 101 + "\0", tarfile.REGTYPE, "x")],
        [("a", tarfile.REGTYPE, "x"), ("a/b", tarfile.SYMTYPE, "../a")],
        beyond_the_longest_path(),
        [("p/q/late", tarfile.SYMTYPE, "l/../..")],
        [
            ("r", tarfile.DIRTYPE, ""),
            ("p/q/l", tarfile.SYMTYPE, "../../r"),
            ("p/q/l/up", tarfile.SYMTYPE, "../.."),
        ],
        [
            ("r", tarfile.DIRTYPE, ""),
            ("p/q/l", tarfile.SYMTYPE, "../../r"),
            ("p/q/l", tarfile.DIRTYPE, ""),
            ("p/q/l/up", tarfile.SYMTYPE, "../.."),
        ],
        [
            ("p/link", tarfile.SYMTYPE, "../a"),
            ("link", tarfile.LNKTYPE, "p/link"),
            ("link/evil", tarfile.REGTYPE, "x"),
        ],
        [
            ("p/q/late", tarfile.SYMTYPE, "l/../.."),
            ("p/q/l", tarfile.SYMTYPE, "../../r"),
            ("r", tarfile.DIRTYPE, ""),
            ("p/q/late/evil", tarfile.REGTYPE, "x"),
        ],
        [
            ("p/q/late", tarfile.SYMTYPE, "l/../.."),
            ("p/q/l", tarfile.SYMTYPE, "../../r"),
            ("r", tarfile.DIRTYPE, ""),
            ("p/q/late", tarfile.DIRTYPE, ""),
            ("p/q/late/evil", tarfile.DIRTYPE, ""),
        ],
    ],
)
def test_what_leads_outside_is_refused(tmp_path: Path, members: list[tuple[str, bytes, str]]):
    with pytest.raises(JobError, match="sagemaker_training:bundle:archive"):
        unpacked(tmp_path, *members)
    assert {path.name for path in tmp_path.iterdir()} == {"code", "code.tar.gz"}


LONG = tar_of(("a", tarfile.REGTYPE, "x" * 1_000_000))
DAMAGE = b"\xff" * 100


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a tar",
        tar_of(("a", tarfile.REGTYPE, "x"))[:700],
        gzip.compress(LONG[:500_000]) + gzip.compress(b"")[:10] + DAMAGE,
    ],
)
def test_a_broken_archive_is_refused_with_a_reason(tmp_path: Path, content: bytes):
    (tmp_path / "code.tar.gz").write_bytes(content)
    with pytest.raises(JobError, match="cannot be unpacked"):
        unpack(tmp_path / "code.tar.gz", tmp_path / "code")


PATHS = st.lists(st.sampled_from(["a", "b", "..", ".", ""]), min_size=1, max_size=5).map("/".join)
KINDS = st.sampled_from([tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE])


@settings(max_examples=max(300, settings().max_examples))
@given(st.lists(st.tuples(PATHS, KINDS, PATHS), min_size=1, max_size=7))
def test_no_archive_writes_outside_whatever_is_in_it(members: list[tuple[str, bytes, str]]):
    with tempfile.TemporaryDirectory() as scratch:
        outer = Path(scratch) / "outer"
        outer.mkdir()
        try:
            unpacked(outer, *members)
        except JobError as error:
            assert "sagemaker_training:bundle:archive" in str(error)  # noqa: PT017
        assert {path.name for path in Path(scratch).iterdir()} == {"outer"}
        assert {path.name for path in outer.iterdir()} <= {"code", "code.tar.gz"}
