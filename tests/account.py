"""An account that the CloudFormation template has set up, and what its roles may do in it."""

import harness
from token_server import ISSUER

# What a person gives; the numbers are those of GitHub's own examples.
PARAMETERS = {
    "GitHubOwner": "octo-org",
    "GitHubRepository": "pump-faults",
    "GitHubOwnerId": "65",
    "GitHubRepositoryId": "74",
    "NamePrefix": "t",
}


class Account:
    """The emulator's account, and the stack's outputs by name."""

    def __init__(self, url):
        self.url = url
        self.outputs = {}

    def client(self, service):
        return harness.client(service, self.url)

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
        """Return parameters for another stack of the account, which knows GitHub already."""
        iam = self.client("iam")
        found = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
        if not found:
            found = [iam.create_open_id_connect_provider(Url=ISSUER, ClientIDList=["x"])]
        return {
            "RolePrefix": word,
            "ExecutionRoleName": f"{word}-execution",
            "BucketName": f"{word}-bucket",
            "BatchTokenSecretName": f"{word}/token",
            "OidcProviderArn": found[0].get("Arn") or found[0]["OpenIDConnectProviderArn"],
        }

    def decide(self, role_arn, action, resource, context):
        """Tell IAM's decision about one action of a role on one resource."""
        answer = self.client("iam").simulate_principal_policy(
            PolicySourceArn=role_arn,
            ActionNames=[action],
            ResourceArns=[resource],
            ContextEntries=[
                {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}
                for key, value in context.items()
            ],
        )
        (result,) = answer["EvaluationResults"]
        return result["EvalDecision"]

    def trust(self, role_arn):
        """Return a role's trust policy."""
        name = role_arn.rpartition("/")[2]
        return self.client("iam").get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
