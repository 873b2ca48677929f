"""Send a CSV file to an endpoint with version 2 of the SageMaker SDK, and print the answer.

python with_sagemaker_sdk_2.py ENDPOINT FILE.csv
"""

import sys
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from sagemaker.deserializers import StringDeserializer
from sagemaker.predictor import Predictor
from sagemaker.serializers import CSVSerializer


def predict(endpoint: str, text: str) -> str:
    """Send rows of CSV and return the answer as CSV.

    CSVSerializer also accepts numbers, [[5.1, 3.5, 1.4, 0.2]], and sends them without a header.
    """
    predictor = Predictor(
        endpoint, serializer=CSVSerializer(), deserializer=StringDeserializer(accept="text/csv")
    )
    return predictor.predict(text)


if __name__ == "__main__":
    if len(sys.argv) != 3 or not Path(sys.argv[2]).is_file():
        sys.exit(f"Give an endpoint and a file that exists:\n{__doc__.splitlines()[-1]}")
    try:
        sys.stdout.write(predict(sys.argv[1], Path(sys.argv[2]).read_text(encoding="utf-8")))
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"The endpoint {sys.argv[1]} did not answer: {error}")
