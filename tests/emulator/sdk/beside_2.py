"""Calls by the SDK's version 2 that are only recorded, or refused; prints both as JSON."""

import json
import os

import sagemaker
from botocore.exceptions import ClientError
from emulated import EmulatedSession
from sagemaker.model import Model

model = Model(
    image_uri=os.environ["IMAGE"],
    model_data=os.environ["MODEL"],
    role=os.environ["ROLE"],
    name="v2-registered",
    sagemaker_session=sagemaker.Session(EmulatedSession(), default_bucket="bucket"),
)
package = model.register(
    content_types=["text/csv"],
    response_types=["text/csv"],
    inference_instances=["ml.m5.large"],
    transform_instances=["ml.m5.large"],
    model_package_group_name="v2-group",
    approval_status="PendingManualApproval",
)
try:
    model.transformer(1, "ml.m5.large", output_path="s3://bucket/y").transform("s3://bucket/x")
    refused = ""
except ClientError as error:
    refused = error.response["Error"]["Message"]
registered = "/".join(package.model_package_arn.split("/")[1:])
print(json.dumps({"registered": registered, "refused": refused}))
