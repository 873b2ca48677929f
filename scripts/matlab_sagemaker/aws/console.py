"""Addresses of pages in the AWS console; none contains an account number.

Source: https://docs.aws.amazon.com/general/latest/gr/mgmt-console.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from matlab_sagemaker.aws.session import Aws

_HOSTS = {  # by partition
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}
_JOBS_LOG = "/aws/sagemaker/TrainingJobs"


def endpoint_url(aws: Aws, name: str) -> str:
    """Link to an endpoint; like all functions here, empty if this partition is not known."""
    return _page(aws, "sagemaker", f"/endpoints/{name}")


def job_url(aws: Aws, name: str) -> str:
    """Link to a training job."""
    return _page(aws, "sagemaker", f"/jobs/{name}")


def job_log_url(aws: Aws, name: str) -> str:
    """Link to the log streams of a training job."""
    group, stream = _twice(_JOBS_LOG), _twice(f"{name}/")
    streams = f"{group}$3FlogStreamNameFilter$3D{stream}"
    return _page(aws, "cloudwatch", f"logsV2:log-groups/log-group/{streams}")


def _page(aws: Aws, service: str, place: str) -> str:
    host, region = _HOSTS.get(aws.partition), aws.region
    return f"https://{region}.{host}/{service}/home?region={region}#{place}" if host else ""


def _twice(text: str) -> str:
    """Quote a text as CloudWatch's pages need it: twice, with $ for the second %."""
    return quote(quote(text, safe=""), safe="").replace("%", "$")
