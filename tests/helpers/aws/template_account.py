"""An account that the CloudFormation template has set up, and what its roles may do."""

import functools
import itertools

from emulator.iam.policies import Question, decide
from helpers.github.token_server import ISSUER
from helpers.kit import verb_runs
from helpers.kit.paths import KIT
from matlab_sagemaker.doctor import permissions

TEMPLATE = KIT / "scripts/setup/aws.yml"
NUMBERS = itertools.count(200000000001)  # of the accounts that tests make
EVERYTHING = """{"Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"""
# The template's parameters; the numbers are those of GitHub's own examples.
PARAMETERS = {
    "GitHubOwner": "octo-org",
    "GitHubRepository": "pump-faults",
    "GitHubOwnerId": "65",
    "GitHubRepositoryId": "74",
    "NamePrefix": "t",
}


def made(url):
    """Return a new account that the template has set up."""
    account = Account(url, str(next(NUMBERS)))
    text = TEMPLATE.read_text(encoding="utf-8")
    account.create("kit", text, {**PARAMETERS, "StoreToken": "true"})
    return account


ROLE_OF = {step: role for role, steps in permissions.ROLES.items() for step in steps}


class RoleProject(verb_runs.Project):
    """A project whose steps run as the template's roles for them."""

    account = None

    def keys(self, *words):
        told = " ".join(map(str, words))
        step = max((step for step in ROLE_OF if told.startswith(step)), key=len)
        return self.account.role(ROLE_OF[step])


class Account:
    """An account, and the stack's outputs by name."""

    def __init__(self, url, number=verb_runs.ACCOUNT_ID):
        self.url, self.number = url, number
        self.outputs = {}
        self.client = functools.cache(self._client)
        self.role = functools.cache(self._role)

    def _client(self, service):
        made = verb_runs.client(service, self.url)
        made.meta.events.register("before-sign", self._sign)
        return made

    def _sign(self, request, **_):
        """Send a request as this account."""
        request.headers["x-moto-account-id"] = self.number

    def keys(self):
        """Return the credentials of a new user who may do everything, as a step's environment."""
        iam = self.client("iam")
        iam.create_user(UserName="steps")
        iam.put_user_policy(UserName="steps", PolicyName="all", PolicyDocument=EVERYTHING)
        key = iam.create_access_key(UserName="steps")["AccessKey"]
        return {
            "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        }

    def session(self, role_arn):
        """Return the credentials of a session of a role, as a step's environment."""
        assume = self.client("sts").assume_role
        keys = assume(RoleArn=role_arn, RoleSessionName="test")["Credentials"]
        return {
            "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
            "AWS_SESSION_TOKEN": keys["SessionToken"],
        }

    def _role(self, role):
        """Return the credentials of a session of one of the template's roles, by its short name."""
        return self.session(self.outputs[f"{role.capitalize()}RoleArn"])

    def create(self, stack, template, parameters):
        cloudformation = self.client("cloudformation")
        cloudformation.create_stack(
            StackName=stack,
            TemplateBody=template,
            Capabilities=["CAPABILITY_NAMED_IAM"],
            Parameters=[
                {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
            ],
        )
        (made,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
        assert made["StackStatus"] == "CREATE_COMPLETE"
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in made["Outputs"]}
        return self.outputs

    def names_of(self, word):
        """Return parameters for another stack of the account, which has GitHub's provider."""
        iam = self.client("iam")
        found = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
        if not found:
            found = [iam.create_open_id_connect_provider(Url=ISSUER, ClientIDList=["x"])]
        return {
            "RolePrefix": word,
            "TrainingRoleName": f"{word}-training",
            "ServingRoleName": f"{word}-serving",
            "BucketName": f"{word}-bucket",
            "ImageRepositories": "false",
            "BatchTokenSecretName": f"{word}/token",
            "OidcProviderArn": found[0].get("Arn") or found[0]["OpenIDConnectProviderArn"],
        }

    def decide(self, role_arn, action, resource, context):
        """Return IAM's decision about a role's action on a resource."""
        question = Question(action, resource, {key: [value] for key, value in context.items()})
        return decide(self.policies(role_arn), question).decision

    @functools.cache  # noqa: B019 (an account lives as long as the tests)
    def policies(self, role_arn):
        """Return a role's policies by name."""
        iam, role = self.client("iam"), role_arn.rpartition("/")[2]
        names = iam.list_role_policies(RoleName=role)["PolicyNames"]
        assert not iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
        get = functools.partial(iam.get_role_policy, RoleName=role)
        return {name: get(PolicyName=name)["PolicyDocument"] for name in names}

    def trust(self, role_arn):
        """Return a role's trust policy."""
        name = role_arn.rpartition("/")[2]
        return self.client("iam").get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
