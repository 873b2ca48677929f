"""Send a CSV file to an endpoint with boto3, and print the answer.

python with_boto3.py ENDPOINT FILE.csv
"""

import sys
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError


def predict(endpoint: str, body: bytes) -> str:
    """Send rows of CSV and return the answer as CSV, or exit with the reason if there is none."""
    try:
        client = boto3.client("sagemaker-runtime")
        answer = client.invoke_endpoint(
            EndpointName=endpoint, Body=body, ContentType="text/csv", Accept="text/csv"
        )
    except ClientError as error:
        reason = error.response.get("OriginalMessage", error.response["Error"]["Message"])
        sys.exit(f"The endpoint {endpoint} did not answer: {reason}")
    except BotoCoreError as error:  # no Region, no credentials, no network
        sys.exit(f"Cannot call AWS: {error}")
    return answer["Body"].read().decode()


if __name__ == "__main__":
    if len(sys.argv) != 3 or not Path(sys.argv[2]).is_file():
        sys.exit(f"Give an endpoint and a file that exists:\n{__doc__.splitlines()[-1]}")
    sys.stdout.write(predict(sys.argv[1], Path(sys.argv[2]).read_bytes()))
