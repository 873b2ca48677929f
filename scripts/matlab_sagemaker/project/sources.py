"""Where an existing model and a user's own image may be. Pure."""

from __future__ import annotations

from typing import Annotated

from matlab_sagemaker.project.fields import TextRule

ModelSource = Annotated[
    str,
    TextRule(
        r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.*[^/]\.tar\.gz"
        r"|(?!/)(?!(.*/)?\.\.(/|$))(?![A-Za-z0-9]+://)[^\\\x00]+",
        "a .mat file, a folder or a .tar.gz of the repository, such as models/pump.mat, or a "
        ".tar.gz in S3, such as s3://my-bucket/models/pump.tar.gz",
        longest=1024,
    ),
]
TrainingImage = Annotated[
    str,
    TextRule(
        r"(?![^/]*/matlab-sagemaker/candidate[:@])(?!(?!\d{12}\.)[^/]*\.dkr[.-]ecr\.)[a-z0-9.-]+(:\d+)?/[a-z0-9._/-]+"
        r"(:\w[\w.-]{0,127}|@sha256:[0-9a-f]{64})",
        "an image in ECR by its digest or tag, such as "
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com/pump@sha256:…, but not one in "
        "matlab-sagemaker/candidate, to which every pull request can write",
        longest=512,
    ),
]
