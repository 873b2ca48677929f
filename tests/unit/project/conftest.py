"""A repository for helpers.kit.project_files, which all tests of sagemaker.yml share."""

import pytest


@pytest.fixture
def repository(tmp_path):
    for file in ("code/trainModel.m", "inference/Handler.m", "data/a.csv", "code/+pkg/inner.m"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("x")
    for folder in ("empty", "folder.csv"):
        (tmp_path / folder).mkdir()
    (tmp_path / "empty.csv").touch()
    (tmp_path / "copy").symlink_to("code")
    (tmp_path / "leads-out.csv").symlink_to("/etc/hostname")
    return tmp_path
