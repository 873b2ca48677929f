"""Pages of the AWS console, for people to look at. Pure.

Source: https://docs.aws.amazon.com/general/latest/gr/mgmt-console.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matlab_sagemaker.describe import Account

_HOSTS = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}


def endpoint_url(account: Account, name: str) -> str:
    """Return the page of an endpoint; nothing in a partition whose console is not known."""
    host, region = _HOSTS.get(account.partition), account.region
    if host is None:
        return ""
    return f"https://{region}.{host}/sagemaker/home?region={region}#/endpoints/{name}"
