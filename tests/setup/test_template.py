"""The template, deployed: what it makes, whom it trusts, what outlives it."""

import json

import pytest
from botocore.exceptions import ClientError

from account import PARAMETERS
from conftest import KIT
from emulator.policies import Question, decide

TEMPLATE = (KIT / "scripts/setup/aws.yml").read_text(encoding="utf-8")
ISSUER = "token.actions.githubusercontent.com"
WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"
NAMES, NUMBERS = "octo-org/pump-faults", "octo-org@65/pump-faults@74"
CI_ROLES = ("ImageRoleArn", "TrainRoleArn", "CompileRoleArn", "DeployRoleArn")
PULL_REQUEST, MAIN, DEPLOYS = "pull_request", "ref:refs/heads/main", "environment:production"
TRUSTED = {  # what each role is for: only what nobody has to review is a pull request's
    "ImageRoleArn": (PULL_REQUEST, MAIN),
    "TrainRoleArn": (PULL_REQUEST, MAIN),
    "CompileRoleArn": (MAIN,),
    "DeployRoleArn": (DEPLOYS,),
}


def trusts(account, output, sub, audience="sts.amazonaws.com"):
    claims = {f"{ISSUER}:sub": [sub], f"{ISSUER}:aud": [audience]}
    document = account.trust(account.outputs[output])
    return decide({"trust": document}, Question(WEB_IDENTITY, context=claims)).decision == "allowed"


@pytest.mark.parametrize("repository", [NAMES, NUMBERS])
@pytest.mark.parametrize("context", [PULL_REQUEST, MAIN, DEPLOYS])
@pytest.mark.parametrize("output", CI_ROLES)
def test_both_forms_of_sub_are_trusted_where_a_role_belongs(account, repository, context, output):
    trusted = trusts(account, output, f"repo:{repository}:{context}")
    assert trusted == (context in TRUSTED[output])


@pytest.mark.parametrize("output", CI_ROLES)
@pytest.mark.parametrize(
    "sub",
    [
        "repo:octo-org/pump-faults:ref:refs/heads/other",
        "repo:octo-org/pump-faults:ref:refs/tags/main",
        "repo:octo-org/pump-faults:environment:staging",
        "repo:octo-org/pump-faults-2:pull_request",
        "repo:someone/pump-faults:pull_request",
        "repo:octo-org@66/pump-faults@74:pull_request",
        "repo:octo-org@65/pump-faults@75:environment:production",
        "repo:octo-org/*:pull_request",
        "*",
    ],
)
def test_nobody_else_is_trusted(account, output, sub):
    assert not trusts(account, output, sub)


@pytest.mark.parametrize("output", CI_ROLES)
def test_a_token_for_somebody_else_is_not_trusted(account, output):
    for context in (PULL_REQUEST, MAIN, DEPLOYS):
        assert not trusts(account, output, f"repo:{NAMES}:{context}", audience="api://other")


@pytest.mark.parametrize("output", CI_ROLES)
def test_the_roles_trust_the_accounts_provider_alone(account, output):
    for statement in account.trust(account.outputs[output])["Statement"]:
        assert statement["Principal"] == {"Federated": account.outputs["OidcProviderArn"]}
        assert statement["Action"] == WEB_IDENTITY
        assert list(statement["Condition"]) == ["StringEquals"]


def test_the_execution_role_is_for_sagemaker_in_this_account(account):
    (statement,) = account.trust(account.outputs["ExecutionRoleArn"])["Statement"]
    assert statement["Principal"] == {"Service": "sagemaker.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def test_what_the_template_makes_is_found_by_default(account):
    assert account.outputs["BucketName"] == "matlab-sagemaker-123456789012-eu-west-1"
    assert account.outputs["ExecutionRoleArn"].endswith(":role/matlab-sagemaker-execution")


def test_the_bucket_is_private_encrypted_and_by_tls_alone(account):
    s3, bucket = account.client("s3"), account.outputs["BucketName"]
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert len(block) == 4
    assert all(block.values())
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    (owner,) = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert owner["ObjectOwnership"] == "BucketOwnerEnforced"
    (ends,) = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert ends["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"] == 7
    policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    for tls, decision in (("true", "implicitDeny"), ("false", "explicitDeny")):
        for place in (f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/t/model.tar.gz"):
            asked = Question("s3:GetObject", place, {"aws:SecureTransport": [tls]})
            assert decide({"bucket": policy}, asked).decision == decision


def test_the_secret_has_no_value(account):
    secrets, arn = account.client("secretsmanager"), account.outputs["BatchTokenSecretArn"]
    assert "VersionIdsToStages" not in secrets.describe_secret(SecretId=arn)
    with pytest.raises(ClientError, match="can't find the specified secret value"):
        secrets.get_secret_value(SecretId=arn)


def test_what_holds_data_outlives_the_stack(fresh):
    outputs = fresh.create("kit", TEMPLATE, PARAMETERS)
    bucket = outputs["BucketName"]
    fresh.client("s3").put_object(Bucket=bucket, Key="t/model.tar.gz", Body=b"model")
    fresh.client("cloudformation").delete_stack(StackName="kit")
    kept = fresh.client("s3").get_object(Bucket=bucket, Key="t/model.tar.gz")["Body"].read()
    assert kept == b"model"
    assert fresh.client("s3").get_bucket_policy(Bucket=bucket)["Policy"]
    secrets = fresh.client("secretsmanager")
    assert secrets.describe_secret(SecretId=outputs["BatchTokenSecretArn"])
    iam = fresh.client("iam")
    assert iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    assert iam.list_roles()["Roles"] == []


def test_a_provider_that_is_there_is_taken_and_names_can_be_others(fresh):
    iam = fresh.client("iam")
    others = {**fresh.names_of("second"), "GitHubOwnerId": "", "GitHubRepositoryId": ""}
    others |= {"DefaultBranch": "release/1", "EnvironmentName": "room-1.2"}
    outputs = fresh.create("second", TEMPLATE, {**PARAMETERS, **others})
    assert outputs["OidcProviderArn"] == others["OidcProviderArn"]
    assert outputs["BucketName"] == "second-bucket"
    assert {arn.rpartition("/")[2] for arn in (outputs[output] for output in CI_ROLES)} == {
        "second-image", "second-train", "second-compile", "second-deploy",
    }  # fmt: skip
    assert len(iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]) == 1
    assert trusts(fresh, "TrainRoleArn", f"repo:{NAMES}:{PULL_REQUEST}")
    assert not trusts(fresh, "TrainRoleArn", f"repo:{NUMBERS}:{PULL_REQUEST}")
    assert not trusts(fresh, "TrainRoleArn", "repo:octo-org@/pump-faults@:pull_request")
    for output, own, default in (
        ("CompileRoleArn", "ref:refs/heads/release/1", MAIN),
        ("DeployRoleArn", "environment:room-1.2", DEPLOYS),
    ):
        assert trusts(fresh, output, f"repo:{NAMES}:{own}")
        assert not trusts(fresh, output, f"repo:{NAMES}:{default}")


def test_no_partition_is_written_down():
    assert "arn:aws:" not in TEMPLATE
