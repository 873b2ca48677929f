"""Images from their context: what counts changes the key; the parts fit together."""

import dataclasses
import gzip
import io
import json
import tarfile

import pytest

from matlab_sagemaker import config, contexts, digest
from matlab_sagemaker.images import folder, manifests

OCTAVE = config.Matlab(engine="octave")


@pytest.fixture
def context(tmp_path):
    (tmp_path / "run").write_text("#!/bin/sh\n")
    (tmp_path / "run").chmod(0o755)
    return contexts.Context(
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
    assert contexts.training(OCTAVE).key == contexts.training(OCTAVE.model_copy(update=newer)).key
    matlab = config.Matlab(engine="matlab")
    assert contexts.training(matlab).key != contexts.training(matlab.model_copy(update=newer)).key


def test_an_update_of_a_release_is_built_on_the_base_image_of_the_release():
    matlab = config.Matlab(engine="matlab", release="R2026aU2")
    arguments = contexts.training(matlab).build_arguments
    assert arguments["MATLAB_RELEASE"] == "R2026aU2"
    assert arguments["BASE_IMAGE"] == "mathworks/matlab-deps:R2026a"


def test_the_octave_stand_ins_are_never_part_of_a_matlab_image():
    files = contexts.training(config.Matlab(engine="matlab")).files
    assert not [name for name in files if name.startswith("compat")]
    assert [name for name in contexts.training(OCTAVE).files if name.startswith("compat")]


def test_the_users_handler_counts_for_the_inference_image(tmp_path):
    (tmp_path / "Handler.m").write_text("1")
    section = config.Inference(handler="Handler", code="inference")
    before = contexts.inference(OCTAVE, section, tmp_path).key
    (tmp_path / "Handler.m").write_text("2")
    after = contexts.inference(OCTAVE, section, tmp_path)
    assert after.key != before
    assert "handler/Handler.m" in after.files
