"""The files of a folder: all of them, whatever the path, or an error that says what is wrong."""

import os
import re
import time

import pytest

from matlab_sagemaker import file_list
from matlab_sagemaker.errors import InputError


def write(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


def link(path, target):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def refusal(folder, **within):
    with pytest.raises(InputError) as caught:
        file_list.folder_files(folder, **within)
    return caught.value.what


def test_what_editors_leave_behind_is_no_content(tmp_path):
    write(tmp_path, "a.m", "a.asv", "a.m~", ".git/x", "b/.DS_Store", "lib/slprj/c.m")
    assert list(file_list.folder_files(tmp_path)) == ["a.m"]


def test_files_come_in_one_order(tmp_path):
    write(tmp_path, "b/c.m", "b.m", "a/z/y.m", "B.m")
    found = file_list.folder_files(tmp_path)
    assert list(found) == ["B.m", "a/z/y.m", "b.m", "b/c.m"]
    assert all(path == tmp_path / name for name, path in found.items())


def test_one_file_is_taken_for_a_folder_with_it(tmp_path):
    write(tmp_path, "a.csv", "b.csv")
    assert file_list.files(tmp_path / "a.csv") == {"a.csv": tmp_path / "a.csv"}
    assert list(file_list.files(tmp_path)) == ["a.csv", "b.csv"]
    write(tmp_path, "a\nb.csv")
    for path in (tmp_path / "a\nb.csv", tmp_path):
        with pytest.raises(InputError, match="contains a control character"):
            file_list.files(path)
    with pytest.raises(InputError, match="No such file"):
        file_list.files(tmp_path / "none")


def test_links_inside_are_followed_and_loops_are_not(tmp_path):
    write(tmp_path, "shared/a.m")
    link(tmp_path / "code/lib", "../shared")
    link(tmp_path / "code/self", ".")
    link(tmp_path / "code/b.m", "../shared/a.m")
    assert list(file_list.folder_files(tmp_path / "code")) == ["b.m", "lib/a.m"]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda file: link(file, "annex/big"), "data.csv is a broken link: annex/big"),
        (os.mkfifo, "data.csv is neither a file nor a folder"),
    ],
)
def test_what_has_no_content_is_refused_by_name(tmp_path, make, words):
    make(tmp_path / "data.csv")
    with pytest.raises(InputError, match=re.escape(words)):
        file_list.folder_files(tmp_path, tmp_path)


def test_folders_that_link_into_each_other_are_entered_once_on_each_path(tmp_path):
    write(tmp_path, "a/1.m", "b/2.m")
    link(tmp_path / "a/b", "../b")
    link(tmp_path / "b/a", "../a")
    assert list(file_list.folder_files(tmp_path)) == ["a/1.m", "a/b/2.m", "b/2.m", "b/a/1.m"]


def test_one_folder_may_be_linked_to_from_many(tmp_path):
    write(tmp_path, "shared/a.m")
    for number in range(150):
        link(tmp_path / f"case{number}/lib", "../shared")
    assert len(file_list.folder_files(tmp_path)) == 151


@pytest.mark.parametrize("count", [12, 20])
def test_folders_with_too_many_paths_to_each_other_are_refused_at_once(tmp_path, count):
    for here in range(count):
        write(tmp_path, f"f{here}/a.m")
        for there in range(count):
            link(tmp_path / f"f{here}/to{there}", f"../f{there}")
    began = time.process_time()
    assert "Links make more than" in refusal(tmp_path, within=tmp_path)
    assert time.process_time() - began < 3


@pytest.mark.parametrize("target", ["/", "/etc/passwd", "/nowhere", "../outside", "../outside/a.m"])
def test_a_link_out_of_the_repository_is_named_and_not_followed(tmp_path, target):
    write(tmp_path, "outside/a.m", "repository/code/a.m")
    link(tmp_path / "repository/code/lib", f"../{target}" if target[0] == "." else target)
    root = tmp_path / "repository"
    assert refusal(root / "code", within=root) == "code/lib leads out of the repository."


def test_a_link_to_itself_is_named(tmp_path):
    link(tmp_path / "code/a", "a")
    assert "code/a cannot be read: Too many" in refusal(tmp_path / "code", within=tmp_path)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (b"caf\xe9.csv", r"caf\\xe9\.csv' is not UTF-8"),
        (b"a\nb.csv", r"a\\nb\.csv' contains a control character"),
        (b"\x1b[31m.csv", r"\\x1b\[31m\.csv' contains a control character"),
    ],
)
def test_a_name_that_not_everything_takes_is_named(tmp_path, name, why):
    (tmp_path / os.fsdecode(name)).write_text("x")
    assert re.search(why, refusal(tmp_path))


def test_a_name_in_any_language_is_fine(tmp_path):
    names = sorted(["Öl.csv", "数据.csv", "😀.csv", "a\u00a0b.csv", " -rf"])
    write(tmp_path, *names)
    assert list(file_list.folder_files(tmp_path)) == names


def test_a_path_that_the_system_does_not_take_is_named(tmp_path):
    assert "cannot be read: File name too long" in refusal(tmp_path / ("x" * 300))
