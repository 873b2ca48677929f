"""Calls by the SDK's resources that are only recorded, or refused; prints both as JSON."""

import json

from botocore.exceptions import ClientError
from sagemaker.core.resources import ModelPackageGroup, TransformJob
from sagemaker.core.shapes import (
    TransformDataSource,
    TransformInput,
    TransformOutput,
    TransformResources,
    TransformS3DataSource,
)

group = ModelPackageGroup.create(model_package_group_name="sdk-group")
source = TransformS3DataSource(s3_data_type="S3Prefix", s3_uri="s3://bucket/x")
try:
    TransformJob.create(
        transform_job_name="sdk-transform",
        model_name="sdk-model",
        transform_input=TransformInput(data_source=TransformDataSource(s3_data_source=source)),
        transform_output=TransformOutput(s3_output_path="s3://bucket/y"),
        transform_resources=TransformResources(instance_type="ml.m5.large", instance_count=1),
    )
    refused = ""
except ClientError as error:
    refused = error.response["Error"]["Message"]
print(json.dumps({"registered": group.model_package_group_name, "refused": refused}))
