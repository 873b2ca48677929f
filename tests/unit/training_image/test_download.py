"""Code at an S3 URI, fetched from a real S3 server (moto's)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from training_container import tar_of

from helpers.aws.moto_server import aws_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from training_container import Container

URI = "s3://code-bucket/a/code.tar.gz"


@pytest.fixture(scope="module")
def aws() -> Iterator[dict[str, str]]:
    """The environment of an S3 that holds a code bundle."""
    with aws_server("s3", "us-east-1") as (environment, client):
        client.create_bucket(Bucket="code-bucket")
        code = tar_of({"train": "disp('fetched');"})
        client.put_object(Bucket="code-bucket", Key="a/code.tar.gz", Body=code)
        arn = "arn:aws:sagemaker:us-east-1:123456789012:training-job/iris"
        yield {**environment, "TRAINING_JOB_ARN": arn}


def test_code_at_an_s3_uri_is_fetched_and_run(container: Container, aws: dict[str, str]):
    container.configure(sagemaker_program="train", sagemaker_submit_directory=URI)
    code, log = container.run(**aws)
    assert code == 0, log
    assert "fetched" in log


def test_an_s3_uri_that_is_not_there_is_told_with_s3s_reason(
    container: Container, aws: dict[str, str]
):
    container.configure(sagemaker_program="train", sagemaker_submit_directory=URI + ".not")
    assert container.run(**aws)[0] == 1
    assert "could not be downloaded.\n" in (container.failure or "")
    assert "404" in (container.failure or "")


def test_an_image_without_boto3_says_so(container: Container):
    container.configure(sagemaker_program="train", sagemaker_submit_directory=URI)
    tools = container.base.parent / "bin"
    tools.mkdir()
    (tools / "python3").write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')  # no packages
    (tools / "python3").chmod(0o755)
    path = f"{tools}:{container.environment()['PATH']}"
    assert container.run(PATH=path)[0] == 1
    assert "This image has no boto3" in (container.failure or "")
