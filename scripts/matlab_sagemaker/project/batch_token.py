"""Recognise MATLAB's batch token: user@host::encoded or user@host::label::encoded. Pure.

Source: https://github.com/mathworks-ref-arch/matlab-dockerfile/blob/main/alternates/non-interactive/MATLAB-BATCH.md
"""

from __future__ import annotations

import re

VARIABLE = "MLM_LICENSE_TOKEN"  # where matlab-batch looks for it
FORM = re.compile(r"[^\s@:'\"]+@[^\s@:'\"]+::[^\s'\";]+")
WAY_OUT = (
    "no batch token: AWS shows it to everyone who can view the job. Use build-training-image with "
    "store-token to put it into the secret that matlab.batch_token_secret names; the job fetches "
    "it from there"
)


def hidden(text: str) -> str:
    """Replace whatever looks like a batch token in a text about the user's input."""
    return FORM.sub("(a batch token)", text)


def is_in(name: str, value: str) -> bool:
    """Return whether a variable is the one for the batch token, or its value looks like one."""
    return name.upper() == VARIABLE or bool(FORM.search(value))


def refuse(text: str) -> str:
    """Return `text`; raise ValueError, with what to do instead, if it looks like a batch token."""
    if FORM.search(text):
        raise ValueError(WAY_OUT)
    return text
