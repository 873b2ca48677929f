"""Products that the job requires, compared with the image's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from failure import JobError
from products import add_products, missing_products

if TYPE_CHECKING:
    from pathlib import Path

IMAGE = {
    "MATLAB_SAGEMAKER_PRODUCTS": "MATLAB Optimization_Toolbox",
    "MATLAB_SAGEMAKER_RELEASE": "R2026a",
    "MATLAB_SAGEMAKER_ROOT": "/opt/matlab",
}


@pytest.mark.parametrize(
    ("required", "expected"),
    [
        ("", []),
        ("MATLAB Optimization_Toolbox", []),
        ("B_Toolbox  MATLAB A_Toolbox B_Toolbox", ["B_Toolbox", "A_Toolbox"]),
    ],
)
def test_what_the_image_lacks_is_told_once_each(required: str, expected: list[str]):
    assert missing_products({**IMAGE, "MATLAB_REQUIRED_PRODUCTS": required}) == expected


def test_matlab_itself_is_in_every_image():
    assert missing_products({"MATLAB_REQUIRED_PRODUCTS": "MATLAB"}) == []


def environment(folder: Path, required: str, **image: str) -> dict[str, str]:
    """Return an image with an mpm and a job that requires products."""
    (folder / "mpm").write_text("#!/bin/sh\n")
    (folder / "mpm").chmod(0o755)
    return {**image, "PATH": str(folder), "MATLAB_REQUIRED_PRODUCTS": required}


def test_mpm_installs_what_is_missing_into_the_images_matlab_and_the_log_tells_the_price(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    commands = []
    add_products(
        environment(tmp_path, "A_Toolbox MATLAB", **IMAGE),
        lambda command: commands.append(command) or 0,  # type: ignore[func-returns-value]
        lambda: False,
    )
    options = ["--release=R2026a", "--destination=/opt/matlab"]
    assert commands == [[f"{tmp_path}/mpm", "install", *options, "--products", "A_Toolbox"]]
    told = capsys.readouterr().out
    assert "does not have A_Toolbox" in told
    assert "billed" in told


def test_nothing_is_run_when_nothing_is_missing(tmp_path: Path):
    def fail(command: object) -> int:
        pytest.fail(f"ran {command}")

    add_products(environment(tmp_path, "Optimization_Toolbox", **IMAGE), fail, lambda: False)


def test_an_mpm_that_fails_fails_the_job(tmp_path: Path):
    with pytest.raises(JobError, match=r"products:install.*A_Toolbox \(exit code 3\)"):
        add_products(environment(tmp_path, "A_Toolbox", **IMAGE), lambda _: 3, lambda: False)


def test_an_mpm_that_a_stop_ended_is_no_failure(tmp_path: Path):
    environ = environment(tmp_path, "A_Toolbox", **IMAGE)
    assert add_products(environ, lambda _: 143, lambda: True) == 143


@pytest.mark.parametrize(
    ("image", "words"),
    [
        ({**IMAGE, "PATH": "/nowhere"}, "no mpm on PATH"),
        ({**IMAGE, "MATLAB_SAGEMAKER_ROOT": ""}, "no MATLAB_SAGEMAKER_ROOT"),
    ],
)
def test_an_image_that_cannot_install_asks_for_a_new_image(
    tmp_path: Path, image: dict[str, str], words: str
):
    environ = {**environment(tmp_path, "A_Toolbox"), **image}
    with pytest.raises(JobError, match=f"(?s){words}.*build-training-image"):
        add_products(environ, lambda _: 0, lambda: False)
