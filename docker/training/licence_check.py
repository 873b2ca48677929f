"""`licence_check.py FILE`: checks during a build that MATLAB starts with the batch token in FILE.

FILE is a build secret; without it, nothing is checked. The output of matlab-batch is printed with
the token masked.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from engine import Engine
from licence import TOKEN, token_parts
from relay import Relay

STATEMENT = "disp(['MATLAB ' version ' starts with this licence.'])"
REFUSED = """error: licence check failed: matlab-batch ended with exit code {code}.
Usually the token has expired, is wrong, or does not include every product in this image; or
MathWorks' services cannot be reached from here. The output of matlab-batch is above.
Get a valid token (https://www.mathworks.com/support/batch-tokens.html), store it in the secret
that this build uses, and build again. Without a token, the image is built without this check."""


def main(arguments: list[str]) -> int:
    """Check the token and return the exit code: 0 if MATLAB starts, or if there is no token."""
    [secret] = arguments
    token = Path(secret).read_text(encoding="utf-8").strip() if Path(secret).is_file() else ""
    if not token:
        print("No batch token was given: the licence is not checked.")
        return 0
    code = start_matlab(token)
    if code:
        print(REFUSED.format(code=code), file=sys.stderr)
    return 1 if code else 0


def start_matlab(token: str) -> int:
    """Run one statement in MATLAB and return matlab-batch's exit code."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        return Engine(folder / "stop", 0).run(
            ["matlab-batch", STATEMENT],
            {**os.environ, TOKEN: token},
            folder,
            Relay(token_parts(token), sys.stdout.buffer),
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
