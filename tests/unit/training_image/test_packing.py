"""The model folder as a stream: all files, and always the same bytes for them."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from packing import pack
from unpacking import unpack

if TYPE_CHECKING:
    from collections.abc import Iterable

FILES = {"model.mat": b"weights", "b/deep/x": b"", "b/y": os.urandom(100_000), "ä b": b"text"}


def fill(folder: Path, names: Iterable[str], age_s: int = 0) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(FILES[name])
        os.utime(path, (age_s, age_s))
    return folder


def packed(folder: Path) -> bytes:
    out = io.BytesIO()
    pack(folder, out)
    return out.getvalue()


def test_the_same_files_give_the_same_bytes(tmp_path: Path):
    one = fill(tmp_path / "one", FILES, 1_000_000)
    other = fill(tmp_path / "other", reversed(FILES))
    assert packed(one) == packed(other)


def test_everything_comes_out_again(tmp_path: Path):
    folder = fill(tmp_path / "model", FILES)
    (folder / "empty").mkdir()
    (folder / "link").symlink_to("model.mat")
    (folder / "model.mat").chmod(0o755)
    (tmp_path / "model.tar.gz").write_bytes(packed(folder))
    unpack(tmp_path / "model.tar.gz", tmp_path / "out", "r:gz")
    out = tmp_path / "out"
    assert {name: (out / name).read_bytes() for name in FILES} == FILES
    assert (out / "empty").is_dir()
    assert (out / "link").readlink() == Path("model.mat")
    assert os.access(out / "model.mat", os.X_OK)


def test_a_folder_that_is_not_there_is_an_empty_archive(tmp_path: Path):
    assert packed(tmp_path / "none") == packed(fill(tmp_path / "empty", []))


def test_what_the_sink_refuses_ends_the_packing(tmp_path: Path):
    class Full(io.BytesIO):
        def write(self, _, /):
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        pack(fill(tmp_path / "model", FILES), Full())
