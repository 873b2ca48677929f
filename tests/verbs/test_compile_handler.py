"""The inference image: built once from the same files of a handler."""

import re

import pytest


def test_an_image_is_built_once_and_anew_for_another_handler(project):
    first = project.succeed("compile-handler")
    assert project.succeed("compile-handler").outputs == {
        **first.outputs,
        "changed": "false",
        "pushed-bytes": "0",
    }
    with (project.root / "inference/ClassificationTreeInferenceHandler.m").open("a") as handler:
        handler.write("% another line\n")
    other = project.succeed("compile-handler")
    assert other.outputs["changed"] == "true"
    assert other.outputs["image"] != first.outputs["image"]


def test_a_project_without_a_handler_is_told_what_to_add(project):
    text = (project.root / "sagemaker.yml").read_text()
    project.write("sagemaker.yml", re.sub(r"(?ms)^inference:.*?(?=^\S)", "", text))
    project.succeed("build-training-image")
    result = project.run("compile-handler")
    assert result.code == 2
    assert "has no section 'inference'" in result.annotations[0]


def test_a_handler_that_is_not_there_is_an_input_error(project):
    project.edit("sagemaker.yml", "handler: ClassificationTree", "handler: Clasification")
    result = project.run("compile-handler")
    assert result.code == 2
    assert "did you mean" in result.annotations[0]


@pytest.mark.parametrize("folder", ["", "+pkg", "a [b] 'c'"])
def test_a_handler_that_cannot_be_parsed_is_not_pushed(project, folder):
    path = "/".join(part for part in ("inference", folder, "brokenHelper.m") if part)
    (project.root / path).parent.mkdir(exist_ok=True)
    project.write(path, "function y = brokenHelper(x)\ny = (x;\nend\n")
    result = project.run("compile-handler")
    assert result.code == 6
    assert "line=2" in result.annotations[0]
    assert f"file={path}," in result.annotations[0]
    assert "The handler cannot be parsed." in result.annotations[0]
    assert project.succeed("compile-handler", "--find-only").outputs["image"] == ""
