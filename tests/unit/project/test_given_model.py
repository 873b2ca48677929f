"""`model` in sagemaker.yml: what it may name, and the resulting model.tar.gz."""

import io
import os
import re
import shutil
import tarfile

import pytest

from helpers.kit.mat_files import mat_file
from matlab_sagemaker.errors import InputError
from matlab_sagemaker.project import content

TEXT = "name: pump\nmatlab: {engine: octave}\ninference: {}\n"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").mkdir()
    for name in ("pump.mat", "folder/model.mat"):
        (tmp_path / name).write_bytes(mat_file("model"))
    (tmp_path / "other.mat").write_bytes(mat_file("net", "info"))
    (tmp_path / "broken.mat").write_bytes(mat_file("model")[:140] + b"x" * 200)
    (tmp_path / "newer.mat").write_bytes(b"MATLAB 7.3 MAT-file".ljust(124) + b"\0\2IM")
    (tmp_path / "junk.mat").write_bytes(b"junk")
    (tmp_path / "empty.mat").write_bytes(b"")
    (tmp_path / "none.mat").write_bytes(mat_file())
    (tmp_path / "out.mat").symlink_to("/etc/hostname")
    (tmp_path / "notes.txt").write_text("x")
    return tmp_path


def load(root, model, more=""):
    file = root / "sagemaker.yml"
    file.write_text(f"{TEXT}model: {model}\n{more}")
    return content.load(file)


def archive(root, model):
    data, measured = load(root, model).model.content()
    assert measured.size == len(data)
    return data


BAD = [
    ("nowhere.mat", "no such file"), ("nowhere", "no such folder"), ("empty", "an empty folder"),
    ("notes.txt", "(a file); allowed: a .mat file"), ("../pump.mat", ".mat file"),
    ("/pump.mat", ".mat file"),
    ("other.mat", "it has no variable model, only: net, info"), ("broken.mat", "damaged MAT-file"),
    ("out.mat", "out of the repository"), ("s3://b/x", ".mat file"), ("[1]", ".mat file"),
    ("s3://bucket-1/model.mat", ".tar.gz in S3"), ("s3://bucket-1/folder/", ".tar.gz in S3"),
    ("s3://bucket-1/.tar.gz", ".tar.gz in S3"), ("https://x/m.tar.gz", ".mat file"),
    ("5", ".mat file"), ("nowhere.tar.gz", "no such"), ("newer.mat", "saved with -v7.3"),
    ("junk.mat", "not a MAT-file"), ("empty.mat", "it is empty (0 bytes)"),
    ("none.mat", "it has no variables"),
]  # fmt: skip


@pytest.mark.parametrize(("model", "why"), BAD)
def test_what_is_no_model_is_named_with_its_line(root, model, why):
    with pytest.raises(InputError) as caught:
        load(root, model)
    assert re.search(r"sagemaker\.yml:4: model: found ", str(caught.value)), caught.value
    assert why in str(caught.value)


def test_there_is_one_source_of_the_model(root):
    with pytest.raises(
        InputError, match=r"yml:4: model: .* the section 'training' makes the model"
    ):
        load(root, "pump.mat", "training: {function: f, code: folder, channels: {a: folder}}")


def test_a_mat_file_and_a_folder_with_it_are_the_same_model_whenever_they_were_written(root):
    first = archive(root, "pump.mat")
    os.utime(root / "folder/model.mat", (0, 0))
    assert archive(root, "folder") == first
    with tarfile.open(fileobj=io.BytesIO(first), mode="r:gz") as members:
        assert members.getnames() == ["model.mat"]
        assert members.extractfile("model.mat").read() == mat_file("model")


def packed(root, *names, file="pump.mat"):
    with tarfile.open(root / "m.tar.gz", "w:gz") as members:
        for name in names:
            member = members.gettarinfo(root / file)
            member.name = name
            members.addfile(member, io.BytesIO((root / file).read_bytes()))
    return load(root, "m.tar.gz").model


LACKING = [
    ("empty.mat", r"has an empty model\.mat \(0 bytes\)"),
    ("none.mat", r"has a model\.mat with no variables"),
    ("other.mat", r"has a model\.mat with no variable model, only: net, info"),
]


@pytest.mark.parametrize(("file", "why"), LACKING)
def test_a_model_mat_without_the_model_is_refused_in_a_folder_and_in_an_archive(root, file, why):
    shutil.copy(root / file, root / "folder/model.mat")
    for model in (load(root, "folder").model, packed(root, "a.txt", "model.mat", "b", file=file)):
        model.require_whole(with_mat=False)
        with pytest.raises(InputError, match=why) as caught:
            model.require_whole(with_mat=True)
        assert "save('model.mat', 'model', '-v7')" in caught.value.do


@pytest.mark.parametrize("file", ["newer.mat", "junk.mat", "broken.mat"])
def test_a_model_mat_that_only_the_engine_can_read_is_left_to_it(root, file):
    shutil.copy(root / file, root / "folder/model.mat")
    for model in (load(root, "folder").model, packed(root, "model.mat", file=file)):
        model.require_whole(with_mat=True)


def test_an_archive_is_taken_as_it_is(root):
    for name in ("model.mat", "./model.mat"):
        model = packed(root, name)
        model.require_whole(with_mat=True)
        assert model.content()[0].read_bytes() == (root / "m.tar.gz").read_bytes()


@pytest.mark.parametrize("name", ["../model.mat", "/model.mat", "a/../../model.mat"])
def test_an_archive_that_leads_out_is_refused(root, name):
    with pytest.raises(InputError, match="outside the model's folder"):
        packed(root, name).require_whole(with_mat=False)


def test_an_archive_that_cannot_be_unpacked_is_refused(root):
    model = packed(root, "model.mat")
    data = (root / "m.tar.gz").read_bytes()
    for damaged in (b"", b"no archive", data[: len(data) // 2]):
        (root / "m.tar.gz").write_bytes(damaged)
        with pytest.raises(InputError, match="cannot be unpacked"):
            model.require_whole(with_mat=False)


def test_only_a_handler_of_ones_own_does_without_model_mat(root):
    model = packed(root, "net.mat")
    model.require_whole(with_mat=False)
    with pytest.raises(InputError, match=r"has no model\.mat, only: net\.mat") as caught:
        model.require_whole(with_mat=True)
    assert caught.value.place.file == str(root / "m.tar.gz"), "as others name a place"


def test_without_a_handler_it_is_the_default_one(root):
    project = load(root, "pump.mat")
    assert project.reads_model_mat
    assert project.inference_image.build_arguments["HANDLER"] == "DefaultHandler"
    assert "handler/DefaultHandler.m" in project.inference_image.files


@pytest.mark.parametrize(
    ("name", "own"),
    [("DefaultInferenceHandler", "DefaultHandler"), ("TableModelHandler", "DefaultTableHandler")],
)
@pytest.mark.parametrize("code", ["", ", code: folder"])
def test_the_kits_handlers_are_named_without_any_code(root, name, own, code):
    text = TEXT.replace("{}", f"{{handler: sagemaker_inference.{name}{code}}}")
    (root / "sagemaker.yml").write_text(text + "model: pump.mat\n")
    project = content.load(root / "sagemaker.yml")
    assert project.reads_model_mat
    assert project.inference_image.build_arguments["HANDLER"] == own
    assert f"handler/{own}.m" in project.inference_image.files
    assert ("handler/model.mat" in project.inference_image.files) == bool(code)


def test_a_handler_of_ones_own_needs_its_code(root):
    text = TEXT.replace("{}", "{handler: sagemaker_inference.Other}")
    (root / "sagemaker.yml").write_text(text + "model: pump.mat\n")
    with pytest.raises(InputError, match=r"inference\.code is missing"):
        content.load(root / "sagemaker.yml")


def test_code_without_a_handler_lies_beside_the_default_one(root):
    text = TEXT.replace("{}", "{code: folder}") + "model: pump.mat\n"
    (root / "sagemaker.yml").write_text(text)
    files = content.load(root / "sagemaker.yml").inference_image.files
    assert {"handler/DefaultHandler.m", "handler/model.mat"} <= set(files)
