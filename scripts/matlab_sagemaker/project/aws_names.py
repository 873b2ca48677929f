"""The form of names in AWS: buckets, Regions, roles, sessions, networks, tags. Pure."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from matlab_sagemaker.project import batch_token
from matlab_sagemaker.project.fields import NO_TOKEN, TextRule

# Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
BUCKET = TextRule(
    r"(?!\d+(\.\d+){3}$)(?!xn--|sthree-|amzn-s3-demo-)(?!.*\.\.)(?!.*(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)"
    r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
    "an S3 bucket's name: 3 to 63 lower-case letters, digits, dots and hyphens. It must not be an "
    "IP address, begin with xn--, sthree- or amzn-s3-demo-, or end with -s3alias, --ol-s3, .mrap, "
    "--x-s3 or --table-s3",
)
BucketName = Annotated[str, BUCKET]
REGION = TextRule(r"[a-z]{2,4}(-[a-z]+)+-\d", "an AWS Region such as eu-west-1")
Region = Annotated[str, REGION]
ROLE = TextRule(
    r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+|[\w+=,.@/-]{1,64}",
    "an IAM role's ARN (arn:aws:iam::123456789012:role/name) or its name",
    longest=2048,
)
Role = Annotated[str, ROLE]
ROLE_ARN = TextRule(
    r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+",
    "an IAM role's ARN such as arn:aws:iam::123456789012:role/name",
    longest=2048,
)
AUDIENCE = TextRule(
    r"[!-~]+",
    "the audience of a token: sts.amazonaws.com, or sts.amazonaws.com.cn in China",
    longest=255,
)
SESSION_NAME = TextRule(
    r"[A-Za-z0-9_+=,.@-]{2,}",
    "2 to 64 letters, digits and _ + = , . @ - (STS does not allow others)",
    64,
)


def _once(ids: list[str]) -> list[str]:
    if twice := [name for number, name in enumerate(ids) if name in ids[:number]]:
        raise ValueError(f"each ID once; {twice[0]} is listed twice")
    return ids


Subnets = Annotated[
    list[
        Annotated[
            str,
            TextRule(r"subnet-[0-9a-f]{8,17}", "a subnet's ID, such as subnet-0123456789abcdef0"),
        ]
    ],
    Field(min_length=1, max_length=16, json_schema_extra={"uniqueItems": True}),
    AfterValidator(_once),
]
SecurityGroups = Annotated[
    list[
        Annotated[
            str,
            TextRule(r"sg-[0-9a-f]{8,17}", "a security group's ID, such as sg-0123456789abcdef0"),
        ]
    ],
    Field(min_length=1, max_length=5, json_schema_extra={"uniqueItems": True}),
    AfterValidator(_once),
]
# SageMaker allows 50 tags, of which ten are reserved for the kit's own.
# Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Tag.html
Tags = Annotated[
    dict[
        Annotated[
            str,
            TextRule(
                r"(?![aA][wW][sS]:)(?!(?i:matlab-sagemaker):)[\w .:/=+@-]+",
                "a tag's name: 1 to 128 letters, digits, spaces and . : / = + @ _ -. It must not "
                "begin with aws: (AWS's own) or matlab-sagemaker: (the kit's)",
                longest=128,
            ),
            NO_TOKEN,
            AfterValidator(batch_token.refuse),
        ],
        Annotated[
            str,
            TextRule(
                r"[\w .:/=+@-]*",
                "a tag's value: a text of at most 256 letters, digits, spaces and . : / = + @ _ -; "
                "put a number in quotes",
                longest=256,
            ),
            AfterValidator(batch_token.refuse),
        ],
    ],
    Field(max_length=40),
]
