"""Pages of the AWS console, in each of AWS's partitions."""

from dataclasses import dataclass

import botocore.session
import pytest

from matlab_sagemaker.aws import console


@dataclass(frozen=True)
class Account:
    partition: str
    region: str
    account: str = "123456789012"


@pytest.mark.parametrize(
    ("region", "url"),
    [
        (
            "eu-west-1",
            "https://eu-west-1.console.aws.amazon.com/sagemaker/home?region=eu-west-1#/endpoints/pump",
        ),
        (
            "cn-north-1",
            "https://cn-north-1.console.amazonaws.cn/sagemaker/home?region=cn-north-1#/endpoints/pump",
        ),
        (
            "us-gov-west-1",
            "https://us-gov-west-1.console.amazonaws-us-gov.com/sagemaker/home"
            "?region=us-gov-west-1#/endpoints/pump",
        ),
    ],
)
def test_an_endpoint_has_its_page_in_its_partition(region, url):
    partition = botocore.session.get_session().get_partition_for_region(region)
    assert console.endpoint_url(Account(partition, region), "pump") == url


def test_a_partition_whose_console_is_not_known_has_no_page():
    assert console.endpoint_url(Account("aws-iso", "us-iso-east-1"), "pump") == ""


def test_a_training_job_has_a_page_and_one_with_the_streams_of_its_log():
    account = Account("aws", "eu-west-1")
    assert console.job_url(account, "pump-1").endswith("?region=eu-west-1#/jobs/pump-1")
    assert console.job_log_url(account, "pump-1") == (
        "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1"
        "#logsV2:log-groups/log-group/$252Faws$252Fsagemaker$252FTrainingJobs"
        "$3FlogStreamNameFilter$3Dpump-1$252F"
    )
