"""The names in a MAT-file, whatever it contains."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.kit.mat_files import mat_file
from matlab_sagemaker.project import mat_file as reader

NAMES = st.lists(st.from_regex(r"[A-Za-z]\w{0,62}", fullmatch=True).filter(str.isascii), max_size=4)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("mat") / "model.mat"


@given(names=NAMES, compressed=st.booleans())
def test_all_names_are_read_in_order(file, names, compressed):
    file.write_bytes(mat_file(*names, compressed=compressed))
    assert reader.variables(file) == names


@given(end=st.integers(0, 400), junk=st.binary(max_size=40))
def test_a_damaged_file_raises_nothing_but_the_error_that_says_so(file, end, junk):
    file.write_bytes(mat_file("model", "other")[:end] + junk)
    with contextlib.suppress(ValueError):
        reader.variables(file)
        assert end >= 128


V73 = b"MATLAB 7.3 MAT-file".ljust(124) + b"\0\2IM"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (
            V73.ljust(512) + b"\x89HDF\r\n",
            "saved with -v7.3, .* '-v7'.* into a folder as model.mat",
        ),
        (b"junk", "not a MAT-file of version 6 or 7; .*'-v7'"),
        (b"", r"it is empty \(0 bytes\); .*'-v7'"),
        (b"Octave-1-L", "not a MAT-file"),
        (V73[124:], "not a MAT-file"),
        (b"version https://git-lfs.github.com/spec/v1\noid", "Git LFS pointer.* `lfs: true`"),
    ],
    ids=["v7.3", "junk", "nothing", "of Octave", "its end", "pointer"],
)
def test_another_format_is_told_with_what_to_do(file, data, why):
    file.write_bytes(data)
    with pytest.raises(ValueError, match=why):
        reader.variables(file)
