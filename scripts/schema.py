"""Print the JSON Schema of sagemaker.yml, for editors."""

from __future__ import annotations

import json
import sys

from matlab_sagemaker import config

if __name__ == "__main__":
    sys.stdout.write(json.dumps(config.json_schema(), indent=2) + "\n")
