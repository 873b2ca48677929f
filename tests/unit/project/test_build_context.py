"""Build contexts of images: only relevant files change the key; the parts fit together."""

import dataclasses
import gzip
import io
import json
import shutil
import tarfile

import pytest

from matlab_sagemaker import digest, file_list
from matlab_sagemaker.aws import manifests
from matlab_sagemaker.images import folder
from matlab_sagemaker.project import build_context, config

OCTAVE = config.MatlabSection(engine="octave")


@pytest.fixture
def context(tmp_path):
    (tmp_path / "run").write_text("#!/bin/sh\n")
    (tmp_path / "run").chmod(0o755)
    return build_context.BuildContext(
        purpose="training", engine="octave", files={"run": tmp_path / "run"}, environment={"A": "1"}
    )


def test_the_same_context_is_the_same_image(context):
    assert folder.build(context) == folder.build(context)


def test_manifest_config_and_layer_name_each_other(context):
    image = folder.build(context)
    manifest, settings = json.loads(image.manifest), json.loads(image.config)
    assert manifest["mediaType"] == manifests.DOCKER_MANIFEST
    assert manifest["config"]["digest"] == digest.sha256(image.config)
    assert manifest["layers"][0]["digest"] == digest.sha256(image.layer)
    assert manifest["layers"][0]["size"] == len(image.layer)
    assert settings["rootfs"]["diff_ids"] == [digest.sha256(gzip.decompress(image.layer))]
    assert (settings["architecture"], settings["os"]) == ("amd64", "linux")


def test_the_layer_holds_the_files_as_they_are(context):
    layer = gzip.decompress(folder.build(context).layer)
    with tarfile.open(fileobj=io.BytesIO(layer)) as archive:
        assert [(m.name, m.mode) for m in archive] == [("run", 0o755)]


def test_whatever_the_result_depends_on_changes_the_key(context, tmp_path):
    keys = {context.key}
    for change in (
        {"environment": {"A": "2"}},
        {"build_arguments": {"RELEASE": "R2026a"}},
        {"requirements": tmp_path / "run"},
    ):
        keys.add(dataclasses.replace(context, **change).key)
    (tmp_path / "run").write_text("#!/bin/sh\nexit 1\n")
    keys.add(dataclasses.replace(context).key)
    assert len(keys) == 5


def test_a_release_counts_for_matlab_and_not_for_octave():
    newer = {"release": "R2026b", "products": ["Deep Learning Toolbox"]}
    assert (
        build_context.training(OCTAVE).key
        == build_context.training(OCTAVE.model_copy(update=newer)).key
    )
    matlab = config.MatlabSection(engine="matlab")
    assert (
        build_context.training(matlab).key
        != build_context.training(matlab.model_copy(update=newer)).key
    )


def test_an_update_of_a_release_is_built_on_the_base_image_of_the_release():
    matlab = config.MatlabSection(engine="matlab", release="R2026aU2")
    arguments = build_context.training(matlab).build_arguments
    assert arguments["MATLAB_RELEASE"] == "R2026aU2"
    assert arguments["BASE_IMAGE"] == "mathworks/matlab-deps:R2026a"


def test_the_octave_stand_ins_are_never_part_of_a_matlab_image():
    files = build_context.training(config.MatlabSection(engine="matlab")).files
    assert not [name for name in files if name.startswith("compat")]
    assert [name for name in build_context.training(OCTAVE).files if name.startswith("compat")]


@pytest.mark.parametrize(
    ("file", "images"),
    [
        ("matlab/+sagemaker_training/main.m", {"training"}),
        ("matlab/+sagemaker_inference/Environment.m", {"inference"}),
        ("matlab/+sagemaker/+internal/+build/microservice.m", {"inference"}),
        ("docker/octave/compat/table.m", set()),
    ],
)
def test_a_file_of_the_kit_counts_for_the_matlab_images_that_use_it(file, images):
    assert {image for image, files in matlab_ingredients().items() if file in files} == images


def test_the_users_client_counts_for_no_image(tmp_path, monkeypatch):
    """A file of matlab/+sagemaker that does not compile handlers is in no image's key."""
    for part in ("docker", "matlab"):
        shutil.copytree(build_context.KIT / part, tmp_path / part)
    beside = {"matlab/+sagemaker/Session.m", "matlab/+sagemaker/+internal/client.m"}
    compiles = "matlab/+sagemaker/+internal/+build/another.m"
    for file in (*beside, compiles):
        (tmp_path / file).write_text("")
    monkeypatch.setattr(build_context, "KIT", tmp_path)
    used = {file for files in matlab_ingredients().values() for file in files}
    assert compiles in used
    assert not beside & used
    before = octave_keys()
    (tmp_path / "matlab/+sagemaker/Session.m").write_text("% changed")
    assert octave_keys() == before


def octave_keys():
    contexts = [build_context.training(OCTAVE), build_context.inference(OCTAVE, "Handler", {})]
    return [context.key for context in contexts]


def matlab_ingredients():
    """Return the kit's files that count in the keys of MATLAB's images."""
    matlab = config.MatlabSection(engine="matlab")
    contexts = [build_context.training(matlab), build_context.inference(matlab, "Handler", {})]
    return {
        context.purpose: {
            path.relative_to(build_context.KIT).as_posix()
            for path in (*context.files.values(), *context.ingredients.values())
        }
        for context in contexts
    }


def test_the_users_handler_counts_for_the_inference_image(tmp_path):
    (tmp_path / "Handler.m").write_text("1")
    before = build_context.inference(OCTAVE, "Handler", file_list.folder_files(tmp_path)).key
    (tmp_path / "Handler.m").write_text("2")
    after = build_context.inference(OCTAVE, "Handler", file_list.folder_files(tmp_path))
    assert after.key != before
    assert "handler/Handler.m" in after.files
