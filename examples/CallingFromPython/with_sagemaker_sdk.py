"""Send a CSV file to an endpoint with version 3 of the SageMaker SDK, and print the answer.

python with_sagemaker_sdk.py ENDPOINT FILE.csv
"""

import sys
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from sagemaker.core.resources import Endpoint


def predict(endpoint: str, body: bytes) -> str:
    """Send rows of CSV and return the answer as CSV."""
    found = Endpoint.get(endpoint_name=endpoint)
    answer = found.invoke(body=body, content_type="text/csv", accept="text/csv")
    return answer.body.read().decode()


if __name__ == "__main__":
    if len(sys.argv) != 3 or not Path(sys.argv[2]).is_file():
        sys.exit(f"Give an endpoint and a file that exists:\n{__doc__.splitlines()[-1]}")
    try:
        sys.stdout.write(predict(sys.argv[1], Path(sys.argv[2]).read_bytes()))
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"The endpoint {sys.argv[1]} did not answer: {error}")
