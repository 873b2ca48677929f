"""MATLAB's batch token by its form: user@host::encoded or user@host::label::encoded. Pure.

Source: https://github.com/mathworks-ref-arch/matlab-dockerfile/blob/main/alternates/non-interactive/MATLAB-BATCH.md
"""

from __future__ import annotations

import re

VARIABLE = "MLM_LICENSE_TOKEN"  # in which matlab-batch reads it
FORM = re.compile(r"[^\s@:'\"]+@[^\s@:'\"]+::[^\s'\";]+")
WAY_OUT = (
    "no batch token: AWS shows it to all who may look at the job. Put it into the secret that "
    "matlab.batch_token_secret names, by build-training-image with store-token: the job fetches it "
    "from there"
)


def hidden(text: str) -> str:
    """Return a text about what a user wrote without what looks like a batch token."""
    return FORM.sub("(a batch token)", text)


def is_in(name: str, value: str) -> bool:
    """Tell whether a variable is the one for the batch token, or looks as if it held one."""
    return name == VARIABLE or bool(FORM.search(value))


def refuse(text: str) -> str:
    """Return a text; raise ValueError, with the way out, for what looks like a batch token."""
    if FORM.search(text):
        raise ValueError(WAY_OUT)
    return text
