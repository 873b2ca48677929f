"""Stands in for the program gh; gh.py writes its answers. It needs no package.

It ends as gh does: 1 with `gh: … (HTTP …)` if GitHub refuses, 4 if nobody is signed in.
Source: https://cli.github.com/manual/gh_help_exit-codes
"""

import json
import sys
from pathlib import Path

NOT_SIGNED_IN = "To get started with GitHub CLI, please run:  gh auth login"
REASONS = {403: "Resource not accessible by personal access token", 404: "Not Found"}


def main(file, *words):
    known = json.loads(Path(file).read_text())
    if not known["signed in"]:
        print(NOT_SIGNED_IN, file=sys.stderr)
        return 4
    command, option, host, path = words
    assert (command, option, host) == ("api", "--hostname", "github.com"), words
    status, body = known["answers"].get(path, (404, None))
    if status == 200:
        print(json.dumps(body))
        return 0
    print(json.dumps({"message": REASONS[status], "status": str(status)}), end="", flush=True)
    print(f"gh: {REASONS[status]} (HTTP {status})", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
