"""The template, deployed: what it creates, whom it trusts, what outlives it."""

import copy
import json

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from emulator.iam.policies import Question, decide
from helpers.aws.template_account import PARAMETERS
from helpers.github.token_server import Job
from helpers.kit.paths import KIT
from helpers.kit.verb_runs import REGION
from matlab_sagemaker.aws import bucket_rules
from matlab_sagemaker.project import config

TEMPLATE = (KIT / "scripts/setup/aws.yml").read_text(encoding="utf-8")
ISSUER = "token.actions.githubusercontent.com"
WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"
NAMES, NUMBERS = "octo-org/pump-faults", "octo-org@65/pump-faults@74"
CI_ROLES = ("ImageRoleArn", "TrainRoleArn", "BuildRoleArn", "DeployRoleArn")
PULL_REQUEST, MAIN, DEPLOYS = "pull_request", "ref:refs/heads/main", "environment:production"
TRUSTED = {  # the jobs of each role: a pull request gets only roles for what needs no review
    "ImageRoleArn": (PULL_REQUEST, MAIN),
    "TrainRoleArn": (PULL_REQUEST, MAIN),
    "BuildRoleArn": (MAIN,),
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


JOBS = {  # what runs, and the roles that it gets
    Job(repository=NAMES, event="pull_request", ref="refs/pull/7/merge"): "image train",
    Job(repository=NAMES): "image train build",
    Job(repository=NAMES, environment="production"): "deploy",
    Job(repository=NAMES, environment="staging"): "",
    Job(repository=NAMES, ref="refs/heads/feature"): "",
    Job(repository=NAMES, ref="refs/heads/main2", event="workflow_dispatch"): "",
    Job(repository=NAMES, ref="refs/tags/main"): "",
    Job(repository=f"{NAMES}-2", event="pull_request"): "",
    Job(repository="someone/pump-faults", event="pull_request"): "",
    Job(repository="someone/pump-faults", environment="production"): "",
    # They run the default branch's workflow, whoever causes them; docs/security.md warns of this.
    Job(repository=NAMES, event="workflow_run"): "image train build",
    Job(repository=NAMES, event="issue_comment"): "image train build",
    Job(repository=NAMES, event="pull_request_target"): "image train build",
    Job(repository=NAMES, event="pull_request_target", environment="production"): "deploy",
}


@pytest.mark.parametrize(("job", "roles"), JOBS.items())
def test_a_job_gets_the_roles_that_are_for_it_and_no_other(account, issuer, job, roles):
    token = issuer.token("sts.amazonaws.com", **job.claims())
    arns = {role: account.outputs[f"{role.capitalize()}RoleArn"] for role in KNOWN}
    assert [role for role in KNOWN if assumes(account, arns[role], token)] == roles.split()


KNOWN = ("image", "train", "build", "deploy")


def test_a_role_that_trusted_all_of_githubs_tokens_would_be_got_by_each_of_these_jobs(
    account, issuer
):
    """The same jobs, and one of another repository, if the trust policy names no subject."""
    trust, iam = account.trust(account.outputs["DeployRoleArn"]), account.client("iam")
    document = copy.deepcopy(trust)
    del document["Statement"][0]["Condition"]["StringEquals"][f"{ISSUER}:sub"]
    words = {"RoleName": "careless", "AssumeRolePolicyDocument": json.dumps(document)}
    arn = iam.create_role(**words)["Role"]["Arn"]
    got = [assumes(account, arn, issuer.token("sts.amazonaws.com", **j.claims())) for j in JOBS]
    iam.delete_role(RoleName="careless")
    assert all(got)


def assumes(account, arn, token):
    unsigned = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1})
    sts = boto3.client("sts", region_name=REGION, endpoint_url=account.url, config=unsigned)
    words = {"RoleArn": arn, "RoleSessionName": "attack", "WebIdentityToken": token}
    try:
        return bool(sts.assume_role_with_web_identity(**words))
    except ClientError as error:
        if error.response["Error"]["Code"] != "AccessDenied":
            raise
        return False


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


def test_no_role_lets_its_session_be_tagged():
    """A job could pass on its session's tags (SessionChainingConfig); Describe does not show it."""
    roles = [line for line in TEMPLATE.splitlines() if "TagSession" in line or "sts:*" in line]
    assert roles == []


@pytest.mark.parametrize("output", ["TrainingRoleArn", "ServingRoleArn"])
def test_jobs_and_endpoints_run_as_roles_for_sagemaker_in_this_account(account, output):
    (statement,) = account.trust(account.outputs[output])["Statement"]
    assert statement["Principal"] == {"Service": "sagemaker.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": account.number}}


@pytest.mark.parametrize("output", [*CI_ROLES, "TrainingRoleArn", "ServingRoleArn"])
def test_no_role_lets_who_assumes_it_give_tags_to_the_session(account, output):
    """With sts:TagSession a caller could choose session tags, which policies would trust."""
    assumes = WEB_IDENTITY if output in CI_ROLES else "sts:AssumeRole"
    (statement,) = account.trust(account.outputs[output])["Statement"]
    assert statement["Effect"] == "Allow"
    assert statement["Action"] == assumes


def test_what_the_template_makes_is_found_by_default(account):
    assert account.outputs["BucketName"] == f"matlab-sagemaker-{account.number}-eu-west-1"
    assert account.outputs["TrainingRoleArn"].endswith(f":role/{config.DEFAULT_TRAINING_ROLE}")
    assert account.outputs["ServingRoleArn"].endswith(f":role/{config.DEFAULT_SERVING_ROLE}")


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


def test_the_bucket_keeps_what_is_written_as_deploy_demands_it(account):
    bucket = account.outputs["BucketName"]
    policy = json.loads(account.client("s3").get_bucket_policy(Bucket=bucket)["Policy"])
    assert policy["Statement"][1:] == bucket_rules.statements("aws", bucket)


@pytest.mark.parametrize("name", ["release", "candidate"])
def test_no_tag_of_an_image_moves_and_no_image_that_has_one_goes(account, name):
    """Except the tags with which Docker pushes, which nothing reads."""
    ecr, name = account.client("ecr"), f"matlab-sagemaker/{name}"
    (made,) = ecr.describe_repositories(repositoryNames=[name])["repositories"]
    assert made["imageTagMutability"] == "IMMUTABLE_WITH_EXCLUSION"
    assert made["imageTagMutabilityExclusionFilters"] == [
        {"filterType": "WILDCARD", "filter": "unchecked-*"}
    ]
    policy = json.loads(ecr.get_lifecycle_policy(repositoryName=name)["lifecyclePolicyText"])
    assert [rule["selection"]["tagStatus"] for rule in policy["rules"]] == ["untagged"]


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
    assert len(fresh.client("ecr").describe_repositories()["repositories"]) == 2
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
        "second-image", "second-train", "second-build", "second-deploy",
    }  # fmt: skip
    assert outputs["TrainingRoleArn"].endswith(":role/second-training")
    assert outputs["ServingRoleArn"].endswith(":role/second-serving")
    assert len(iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]) == 1
    assert trusts(fresh, "TrainRoleArn", f"repo:{NAMES}:{PULL_REQUEST}")
    assert not trusts(fresh, "TrainRoleArn", f"repo:{NUMBERS}:{PULL_REQUEST}")
    assert not trusts(fresh, "TrainRoleArn", "repo:octo-org@/pump-faults@:pull_request")
    for output, own, default in (
        ("BuildRoleArn", "ref:refs/heads/release/1", MAIN),
        ("DeployRoleArn", "environment:room-1.2", DEPLOYS),
    ):
        assert trusts(fresh, output, f"repo:{NAMES}:{own}")
        assert not trusts(fresh, output, f"repo:{NAMES}:{default}")


def test_no_partition_is_written_down():
    assert "arn:aws:" not in TEMPLATE
