"""Print the JSON Schema of sagemaker.yml, for editors."""

from __future__ import annotations

import argparse
import json
import sys

from matlab_sagemaker.github import examples
from matlab_sagemaker.project import config


def parser() -> argparse.ArgumentParser:
    """Make the option parser: there is only --help."""
    return argparse.ArgumentParser(
        prog="scripts/run schema",
        description=__doc__,
        epilog=examples.text("schema"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


if __name__ == "__main__":
    parser().parse_args()
    sys.stdout.write(json.dumps(config.json_schema(), indent=2) + "\n")
