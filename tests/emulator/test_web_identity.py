"""Web identities: checked as STS checks them; every service refuses an expired session."""

import time

import boto3
import jwt
import pytest
import urllib3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric import rsa

from helpers.aws import ci_roles
from helpers.emulator.clients import REGION, Aws
from helpers.emulator.process import Emulator
from helpers.github.token_server import Job, TokenServer
from helpers.kit.waiting import eventually

pytestmark = pytest.mark.slow

AUDIENCE = "sts.amazonaws.com"
SECONDS = 2


class Account:
    """An account with GitHub's provider and one role, and a way to assume it."""

    def __init__(self, url, github):
        self.url, self.github = url, github
        self.aws = Aws(url)
        ci_roles.create_provider(self.aws.iam)
        self.role = ci_roles.create_role(self.aws.iam, "ci", "repo:acme/pumps:*")

    def assume(self, token=None, role=None, **words):
        sts = boto3.client(
            "sts",
            region_name=REGION,
            endpoint_url=self.url,
            config=Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}),
        )
        return sts.assume_role_with_web_identity(
            RoleArn=role or self.role,
            RoleSessionName="tests",
            WebIdentityToken=self.github.token(AUDIENCE) if token is None else token,
            **words,
        )

    def refused(self, *words, **named):
        with pytest.raises(ClientError) as caught:
            self.assume(*words, **named)
        error = caught.value.response["Error"]
        return error["Code"], error["Message"]


@pytest.fixture(scope="module")
def github():
    with TokenServer() as server:
        yield server


@pytest.fixture(scope="module")
def account(github, tmp_path_factory):
    options = ("--session-seconds", SECONDS, "--issuer", github.url)
    started = Emulator(tmp_path_factory.mktemp("web-identity") / "work", *options)
    yield Account(started.url, github)
    assert started.stop() == 0


def test_a_token_that_the_role_trusts_is_a_session_of_the_role(account):
    answer = account.assume()
    assert answer["AssumedRoleUser"]["Arn"].endswith(":assumed-role/ci/tests")
    identity = clients(account, answer)("sts").get_caller_identity()
    assert identity["Arn"] == answer["AssumedRoleUser"]["Arn"]


DISTRUST = "Not authorized to perform sts:AssumeRoleWithWebIdentity"


def test_a_sub_that_the_role_does_not_trust_is_refused(account, github):
    token = github.token(AUDIENCE, sub=Job(immutable_sub=True).sub)
    assert account.refused(token) == ("AccessDenied", DISTRUST)


def test_a_role_that_is_not_there_is_refused_in_the_same_words(account):
    assert account.refused(role=f"{account.role}x") == ("AccessDenied", DISTRUST)


def test_a_role_for_people_is_none_for_tokens(account):
    assert account.refused(role=account.aws.role) == ("AccessDenied", DISTRUST)


def test_other_claims_of_github_can_be_conditions(account, github):
    condition = {f"{ci_roles.KEY}:repository_id": "2", f"{ci_roles.KEY}:environment": "production"}
    words = {"StringEqualsIfExists": condition, "sub": "*"}
    role = ci_roles.create_role(account.aws.iam, "claims", **words)
    assert account.assume(role=role)
    for changed in ({"repository_id": "3"}, {"environment": "staging"}):
        assert account.refused(github.token(AUDIENCE, **changed), role)[0] == "AccessDenied"


def test_an_audience_that_the_provider_does_not_have_is_refused(account, github):
    assert account.refused(github.token("other")) == (
        "InvalidIdentityToken",
        "Incorrect token audience",
    )


def test_an_issuer_that_the_account_does_not_know_is_refused(account, github):
    code, said = account.refused(github.token(AUDIENCE, iss="https://github.example.com"))
    assert (code, said.split(" for ")[0]) == (
        "InvalidIdentityToken",
        "No OpenIDConnect provider found in your account",
    )


def test_an_account_without_the_provider_refuses_its_roles(account):
    code, said = account.refused(role=account.role.replace("123456789012", "210987654321"))
    assert (code, said.split(" for ")[0]) == (
        "InvalidIdentityToken",
        "No OpenIDConnect provider found in your account",
    )


def test_a_token_that_has_ended_is_refused(account, github):
    code, _ = account.refused(github.token(AUDIENCE, exp=int(time.time()) - 1))
    assert code == "ExpiredTokenException"


@pytest.mark.parametrize("token", ["none", "a.b.c", "e30.e30.e30"])
def test_what_is_no_token_is_refused(account, token):
    assert account.refused(token)[0] == "InvalidIdentityToken"


def test_a_token_that_somebody_else_signed_is_refused(account, github):
    said = jwt.decode(github.token(AUDIENCE), options={"verify_signature": False})
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for key_id in ("tests", "unknown"):
        forged = jwt.encode(said, stranger, algorithm="RS256", headers={"kid": key_id})
        assert account.refused(forged)[0] == "InvalidIdentityToken"
    unsigned = jwt.encode(said, None, algorithm="none", headers={"kid": "tests"})
    assert account.refused(unsigned)[0] == "InvalidIdentityToken"


@pytest.mark.parametrize("seconds", [3601, 43200])
def test_a_session_is_no_longer_than_the_role_allows(account, seconds):
    code, said = account.refused(DurationSeconds=seconds)
    assert (code, "exceeds the MaxSessionDuration" in said) == ("ValidationError", True)


def test_china_has_an_audience_and_a_partition_of_its_own(account, github):
    iam = account.aws.client("iam", "cn-north-1")
    audience = f"{AUDIENCE}.cn"
    provider = ci_roles.create_provider(iam, audience)
    words = {"audience": audience, "partition": "aws-cn"}
    role = ci_roles.create_role(iam, "ci", "repo:acme/pumps:*", **words)
    assert (provider + role).count("arn:aws-cn:") == 2
    answer = account.assume(github.token(audience), role)
    assert answer["AssumedRoleUser"]["Arn"].startswith("arn:aws-cn:sts:")


def clients(account, answer):
    """Return a function from a service to its client, which acts as the session."""
    words = {
        "endpoint_url": account.url,
        "region_name": REGION,
        "aws_access_key_id": answer["Credentials"]["AccessKeyId"],
        "aws_secret_access_key": answer["Credentials"]["SecretAccessKey"],
        "aws_session_token": answer["Credentials"]["SessionToken"],
    }
    return lambda service, **more: boto3.client(service, **{**words, **more})


CALLS = {
    "sts": lambda client: client.get_caller_identity(),
    "iam": lambda client: client.list_roles(),
    "s3": lambda client: client.list_buckets(),
    "logs": lambda client: client.describe_log_groups(),
    "ecr": lambda client: client.describe_repositories(),
    "secretsmanager": lambda client: client.list_secrets(),
    "sagemaker": lambda client: client.list_endpoints(),
    "sagemaker-runtime": lambda client: client.invoke_endpoint(EndpointName="e", Body=b""),
}


def codes(make, **more):
    """Return how every service refuses a session."""
    found = {}
    for service, call in CALLS.items():
        try:
            call(make(service, config=Config(retries={"total_max_attempts": 1}), **more))
        except ClientError as error:
            found[service] = error.response["Error"]["Code"]
    return found


def wait_until_over(answer):
    time.sleep(max(answer["Credentials"]["Expiration"].timestamp() - time.time(), 0) + 0.01)


def test_a_session_that_has_ended_is_refused_by_every_service(account):
    answer = account.assume()
    make = clients(account, answer)
    assert make("sts").get_caller_identity()
    signer = make("s3", config=Config(signature_version="s3v4"))
    link = signer.generate_presigned_url("get_object", Params={"Bucket": "bucket", "Key": "k"})
    wait_until_over(answer)
    refused = codes(make)
    assert refused.keys() == CALLS.keys()
    assert set(refused.values()) == {"ExpiredToken", "ExpiredTokenException"}
    answered = urllib3.request("GET", link)
    assert (answered.status, b"ExpiredToken" in answered.data) == (400, True)


def test_a_session_wants_its_own_token(account):
    make = clients(account, account.assume())
    refused = codes(make, aws_session_token="another")
    assert refused.keys() == CALLS.keys()
    assert set(refused.values()) == {"InvalidClientTokenId", "UnrecognizedClientException"}


def test_a_role_that_is_assumed_with_credentials_ends_as_well(account):
    answer = account.aws.sts.assume_role(RoleArn=account.aws.role, RoleSessionName="tests")
    wait_until_over(answer)
    assert codes(clients(account, answer)).keys() == CALLS.keys()


def test_credentials_that_are_no_session_do_not_end(account):
    time.sleep(SECONDS)
    assert account.aws.sts.get_caller_identity()


def test_the_role_of_a_running_job_does_not_end(account):
    """On SageMaker a container's credentials are renewed."""
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    program = f"print(*(os.environ[n] for n in {names})); (ml / 'model/m').touch()"
    job = account.aws.run(program)
    ((key, secret, token),) = eventually(lambda: words_of(account.aws.job_log(job)))
    time.sleep(SECONDS)
    session = {"AccessKeyId": key, "SecretAccessKey": secret, "SessionToken": token}
    make = clients(account, {"Credentials": session})
    assert make("sts").get_caller_identity()["Arn"].endswith("/SageMaker")


def words_of(lines):
    return [line.split() for line in lines]
