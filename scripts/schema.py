"""Print the JSON Schema of sagemaker.yml, for editors."""

from __future__ import annotations

import argparse
import json
import sys

from matlab_sagemaker.project import config

if __name__ == "__main__":
    argparse.ArgumentParser(prog="scripts/run schema", description=__doc__).parse_args()
    sys.stdout.write(json.dumps(config.json_schema(), indent=2) + "\n")
