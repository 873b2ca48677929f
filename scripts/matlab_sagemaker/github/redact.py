"""Remove from a text what identifies the AWS account, for other jobs and for the public. Pure.

GitHub drops a job's output that contains a masked value, and an account's number, an ARN, a
registry or a bucket often is one. Their replacements still say which thing is meant.
Source: https://docs.github.com/actions/how-tos/write-workflows/choose-what-workflows-do/pass-job-outputs
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from matlab_sagemaker.github import markdown

if TYPE_CHECKING:
    from collections.abc import Mapping

REPORT_LIMIT = 20_000  # bytes: several reports fit into one comment
PRIVATE = {  # inputs that are often secrets of the repository, and their replacements
    "bucket": "(bucket)",
    "training_role": "(training role)",
    "serving_role": "(serving role)",
    "role_to_assume": "(role of the job)",
}
_CUT = "(cut: the job's log and summary have the rest)\n"

_PLACES = (
    (re.compile(r"\barn:aws[a-z-]*:s3:::[a-z0-9.-]+"), "s3://(bucket)"),
    (re.compile(r"\barn:aws[a-z-]*:[a-z0-9-]*:[a-z0-9-]*:(?:\d{12}|aws)?:"), ""),
    # The start of an ARN, at the end of a text that was cut off.
    (re.compile(r"\barn:aws[a-z-]*(?::[a-z0-9-]*){0,3}$", re.MULTILINE), "(cut)"),
    (re.compile(r"\b\d{12}\.dkr\.ecr[a-z0-9.-]*"), "(registry)"),
    (re.compile(r"\b(?i:s3)://[a-z0-9.-]+"), "s3://(bucket)"),
    (re.compile(r"\b[a-z0-9][a-z0-9.-]*\.s3[a-z0-9.-]*\.amazonaws\.com[a-z.]*"), "(bucket)"),
    (re.compile(r"(?<![0-9A-Za-z])(?<!\d\.)\d{12}(?![0-9A-Za-z])"), "(account)"),
)


def report(text: str, private: Mapping[str, str]) -> str:
    """Shorten a job's report and redact it; `private` maps values to their replacements."""
    return markdown.shorten(without_account(text, private), REPORT_LIMIT, _CUT)


def without_account(text: str, private: Mapping[str, str]) -> str:
    """Replace whatever identifies the account in `text`.

    A `private` value is replaced only as a whole word: a bucket `flowers` is not in `flowers-4-1`.
    """
    for value in sorted(filter(None, private), key=len, reverse=True):
        alone = rf"(?<![\w-]){re.escape(value)}(?![\w-])"
        text = re.sub(alone, private[value], text)
    for pattern, stand_in in _PLACES:
        text = pattern.sub(stand_in, text)
    return text
