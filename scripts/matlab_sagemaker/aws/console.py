"""Pages of the AWS console, by their addresses, which name no account.

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
    """Return an endpoint's page; nothing where that console is not known, as with all of these."""
    return _page(aws, "sagemaker", f"/endpoints/{name}")


def job_url(aws: Aws, name: str) -> str:
    """Return a training job's page."""
    return _page(aws, "sagemaker", f"/jobs/{name}")


def job_log_url(aws: Aws, name: str) -> str:
    """Return the page with the streams of a training job's log."""
    group, stream = _twice(_JOBS_LOG), _twice(f"{name}/")
    streams = f"{group}$3FlogStreamNameFilter$3D{stream}"
    return _page(aws, "cloudwatch", f"logsV2:log-groups/log-group/{streams}")


def _page(aws: Aws, service: str, place: str) -> str:
    host, region = _HOSTS.get(aws.partition), aws.region
    return f"https://{region}.{host}/{service}/home?region={region}#{place}" if host else ""


def _twice(text: str) -> str:
    """Return a text as that page wants it: quoted two times, with $ for the second %."""
    return quote(quote(text, safe=""), safe="").replace("%", "$")
