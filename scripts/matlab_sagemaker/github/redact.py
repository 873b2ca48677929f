"""What may be told to other jobs and in public: names, numbers and words, but no account. Pure.

GitHub drops a job's output that holds a masked value; an account's number, an ARN, a registry or a
bucket often is one. What stands in their place still tells which thing is meant.
Source: https://docs.github.com/actions/how-tos/write-workflows/choose-what-workflows-do/pass-job-outputs
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from matlab_sagemaker.github import markdown

if TYPE_CHECKING:
    from collections.abc import Mapping

REPORT_LIMIT = 20_000  # bytes: several fit into one comment
PRIVATE = {  # inputs that often are a repository's secrets, and what is told in their place
    "bucket": "(bucket)",
    "training_role": "(training role)",
    "serving_role": "(serving role)",
    "role_to_assume": "(role of the job)",
}
_CUT = "(cut: the job's log and summary hold all of it)\n"

_PLACES = (
    (re.compile(r"\barn:aws[a-z-]*:s3:::[a-z0-9.-]+"), "s3://(bucket)"),
    (re.compile(r"\barn:aws[a-z-]*:[a-z0-9-]*:[a-z0-9-]*:(?:\d{12}|aws)?:"), ""),
    # What a broken answer ends with, in the middle of an ARN.
    (re.compile(r"\barn:aws[a-z-]*(?::[a-z0-9-]*){0,3}$", re.MULTILINE), "(cut)"),
    (re.compile(r"\b\d{12}\.dkr\.ecr[a-z0-9.-]*"), "(registry)"),
    (re.compile(r"\b(?i:s3)://[a-z0-9.-]+"), "s3://(bucket)"),
    (re.compile(r"\b[a-z0-9][a-z0-9.-]*\.s3[a-z0-9.-]*\.amazonaws\.com[a-z.]*"), "(bucket)"),
    (re.compile(r"(?<![0-9A-Za-z])(?<!\d\.)\d{12}(?![0-9A-Za-z])"), "(account)"),
)


def report(text: str, private: Mapping[str, str]) -> str:
    """Return a job's report: short, and without the `private` values, each with its stand-in."""
    return markdown.shorten(without_account(text, private), REPORT_LIMIT, _CUT)


def without_account(text: str, private: Mapping[str, str]) -> str:
    """Return `text` without anything that tells the account.

    A `private` value counts where it stands alone: a bucket `flowers` is not in `flowers-444-1`.
    """
    for value in sorted(filter(None, private), key=len, reverse=True):
        alone = rf"(?<![\w-]){re.escape(value)}(?![\w-])"
        text = re.sub(alone, private[value], text)
    for pattern, stand_in in _PLACES:
        text = pattern.sub(stand_in, text)
    return text
