#!/usr/bin/env bash
# Sends a CSV file to an endpoint with the AWS CLI:  with_aws_cli.sh ENDPOINT FILE.csv
set -euo pipefail
if [ $# != 2 ] || [ ! -f "$2" ]; then
  echo "Give the name of an endpoint and a file that exists: with_aws_cli.sh ENDPOINT FILE.csv" >&2
  exit 1
fi
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
aws sagemaker-runtime invoke-endpoint --endpoint-name "$1" --body "fileb://$2" \
  --content-type text/csv --accept text/csv "$answer" > /dev/null
cat "$answer"
