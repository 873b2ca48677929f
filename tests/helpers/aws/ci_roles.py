"""Roles that GitHub's jobs assume, as an administrator creates them."""

import json

from helpers.github.token_server import ISSUER

KEY = ISSUER.removeprefix("https://")


def create_provider(iam, audience="sts.amazonaws.com"):
    """Create the provider for GitHub's tokens; return its ARN."""
    answer = iam.create_open_id_connect_provider(Url=ISSUER, ClientIDList=[audience])
    return answer["OpenIDConnectProviderArn"]


def trust(sub, audience="sts.amazonaws.com", account="123456789012", partition="aws", **more):
    """Return a trust policy as AWS's documentation has it; `more` are other operators."""
    provider = f"arn:{partition}:iam::{account}:oidc-provider/{KEY}"
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {f"{KEY}:aud": audience},
            "StringLike": {f"{KEY}:sub": sub},
            **more,
        },
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def create_role(iam, name, sub, **words):
    """Create a role that accepts tokens with such a `sub`; return its ARN."""
    policy = trust(sub, **words)
    return iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy)["Role"]["Arn"]
