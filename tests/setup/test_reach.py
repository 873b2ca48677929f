"""What the roles can reach: no pull request can change what decides about production."""

import json

import pytest

from emulator.iam.policies import Question, decide
from helpers.aws.template_account import PARAMETERS
from helpers.kit.paths import KIT
from matlab_sagemaker.doctor import permissions

TEMPLATE = KIT / "scripts/setup/aws.yml"
CI_ROLES = ("ImageRoleArn", "TrainRoleArn", "BuildRoleArn", "DeployRoleArn")


JOB = {  # what the kit's requests for training jobs set
    "sagemaker:InstanceTypes": "ml.m5.large",
    "sagemaker:MaxRuntimeInSeconds": "86400",
}


OF_PULL_REQUESTS = ("ImageRoleArn", "TrainRoleArn", "TrainingRoleArn")  # the last by its code
ROLES = (*CI_ROLES, "TrainingRoleArn", "ServingRoleArn")
PULLS = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
PUSHES = (
    "ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:PutImage",
)  # fmt: skip
LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")


def may(account, output, action, resource, context=None):
    return account.decide(account.outputs[output], action, resource, context or JOB) == "allowed"


def those_who_may(account, action, resource, **context):
    """Return the roles that may do something, by the word in their output's name."""
    told = {**JOB, **context}
    found = {output for output in ROLES if may(account, output, action, resource, told)}
    return {output.removesuffix("RoleArn") for output in found}


def bucket(account, key=""):
    return f"arn:aws:s3:::{account.outputs['BucketName']}" + (f"/{key}" if key else "")


OURS, THEIRS = ("t", "t-pumps"), ("tea", "other", "x-t", "t1")  # projects, NamePrefix being t
PLACES = {  # who writes below each, and who reads
    "code": ({"Train"}, {"Train", "Training"}),
    "data": ({"Train"}, {"Train", "Training"}),
    "jobs": ({"Training"}, set()),
    "sealed": ({"Training"}, {"Train", "Training", "Build", "Deploy", "Serving"}),
    "models": ({"Deploy"}, {"Deploy", "Serving"}),
    "elsewhere": (set(), set()),
}


@pytest.mark.parametrize(("place", "who"), PLACES.items())
@pytest.mark.parametrize("project", OURS)
def test_each_place_is_written_and_read_by_the_roles_that_it_is_for(account, place, who, project):
    object_ = bucket(account, f"{place}/{project}/t-1/1/model.tar.gz")
    writers, readers = who
    assert those_who_may(account, "s3:PutObject", object_) == writers
    assert those_who_may(account, "s3:AbortMultipartUpload", object_) == writers
    assert those_who_may(account, "s3:GetObject", object_) == readers


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("project", THEIRS)
def test_no_role_reaches_the_objects_of_another_project(account, place, project):
    for key in (f"{place}/{project}/1/t/file", f"{project}/{place}/t/file", f"{place}/{project}"):
        for action in ("s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload"):
            assert those_who_may(account, action, bucket(account, key)) == set()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "action",
    [
        "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObjectAcl", "s3:PutObjectTagging",
        "s3:BypassGovernanceRetention", "s3:RestoreObject", "s3:ReplicateObject",
    ],
)  # fmt: skip
def test_no_role_deletes_or_changes_an_object(account, action, place):
    assert those_who_may(account, action, bucket(account, f"{place}/t/1/model.tar.gz")) == set()


@pytest.mark.parametrize(
    "action",
    ["s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "s3:PutLifecycleConfiguration",
     "s3:PutEncryptionConfiguration", "s3:DeleteBucket"],
)  # fmt: skip
def test_no_role_changes_the_bucket(account, action):
    assert those_who_may(account, action, bucket(account)) == set()


def test_who_deploys_sees_the_buckets_policy_and_rules(account):
    for action in ("s3:GetBucketPolicy", "s3:GetLifecycleConfiguration"):
        assert those_who_may(account, action, bucket(account)) == {"Deploy"}
    assert those_who_may(account, "sagemaker:ListTrainingJobs", "*") == {"Train", "Deploy"}


def test_no_role_of_a_pull_request_passes_the_serving_role(account):
    service = {"iam:PassedToService": "sagemaker.amazonaws.com"}
    serving = account.outputs["ServingRoleArn"]
    passing = those_who_may(account, "iam:PassRole", serving, **service)
    assert passing == {"Deploy"}
    assert not passing & {output.removesuffix("RoleArn") for output in OF_PULL_REQUESTS}
    training = account.outputs["TrainingRoleArn"]
    assert those_who_may(account, "iam:PassRole", training, **service) == {"Train"}


SERVES = ("model/t-1", "endpoint-config/t-1", "endpoint/t", "endpoint/t-pumps")
CHANGES = (
    "CreateModel", "DeleteModel", "CreateEndpointConfig", "DeleteEndpointConfig", "CreateEndpoint",
    "UpdateEndpoint", "UpdateEndpointWeightsAndCapacities", "DeleteEndpoint", "AddTags",
    "DeleteTags", "InvokeEndpoint", "InvokeEndpointAsync", "InvokeEndpointWithResponseStream",
)  # fmt: skip


@pytest.mark.parametrize("place", SERVES)
@pytest.mark.parametrize("action", CHANGES)
def test_what_serves_is_changed_and_called_by_no_role_of_a_pull_request(account, action, place):
    arn = f"arn:aws:sagemaker:eu-west-1:{account.number}:{place}"
    for context in ({}, {"sagemaker:TaggingAction": "CreateTrainingJob"}):
        assert those_who_may(account, f"sagemaker:{action}", arn, **context) <= {"Deploy"}


@pytest.mark.parametrize(
    ("place", "what"),
    [*zip(SERVES, ("Model", "EndpointConfig", "Endpoint", "Endpoint"), strict=True)],
)
def test_what_serves_is_looked_at_by_those_who_compare_with_it_and_who_deploy(account, place, what):
    for action in (f"sagemaker:Describe{what}", "sagemaker:ListTags"):
        arn = f"arn:aws:sagemaker:eu-west-1:{account.number}:{place}"
        assert those_who_may(account, action, arn) == {"Train", "Deploy"}
        assert those_who_may(account, action, arn.replace("/t", "/tea")) == set()


@pytest.mark.parametrize("action", PULLS)
def test_only_those_who_try_or_train_pull_candidates(account, action):
    """Not the roles of a merge: no layer of a candidate gets into a release."""
    readers = those_who_may(account, action, repository(account, "candidate"))
    assert readers == {"Image", "Training"}
    released = those_who_may(account, action, repository(account, "release"))
    looks = set() if action.endswith("Availability") else {"Deploy", "Train"}
    assert released == {"Image", "Build", "Training", "Serving", *looks}


def repository(account, name):
    return f"arn:aws:ecr:eu-west-1:{account.number}:repository/matlab-sagemaker/{name}"


@pytest.mark.parametrize("action", LOGS)
def test_jobs_and_endpoints_write_their_own_log_and_no_others(account, action):
    groups = f"arn:aws:logs:eu-west-1:{account.number}:log-group:/aws/sagemaker/"
    for project in OURS:
        job = f"{groups}TrainingJobs:log-stream:{project}-k-1/algo-1-1"
        endpoint = f"{groups}Endpoints/{project}:log-stream:AllTraffic/i-1"
        assert those_who_may(account, action, job) == {"Training"}
        assert those_who_may(account, action, endpoint) == {"Serving"}
    for project in THEIRS:
        job = f"{groups}TrainingJobs:log-stream:{project}-k-1/algo-1-1"
        endpoint = f"{groups}Endpoints/{project}:log-stream:AllTraffic/i-1"
        assert those_who_may(account, action, job) == set()
        assert those_who_may(account, action, endpoint) == set()
    lambdas = f"arn:aws:logs:eu-west-1:{account.number}:log-group:/aws/lambda/t:log-stream:t-1"
    assert those_who_may(account, action, lambdas) == set()


@pytest.mark.parametrize(
    ("namespace", "who"),
    [
        ("/aws/sagemaker/TrainingJobs", {"Training"}),
        ("/aws/sagemaker/Endpoints", {"Serving"}),
        ("AWS/SageMaker", set()),
        ("", set()),
    ],
)
def test_jobs_and_endpoints_write_metrics_in_their_own_namespace(account, namespace, who):
    context = {"cloudwatch:namespace": namespace} if namespace else {}
    assert those_who_may(account, "cloudwatch:PutMetricData", "*", **context) == who


def test_the_serving_role_writes_nothing_but_log_and_metrics(account):
    """Read from the policy itself: an action that is not listed here is new and needs a review."""
    role = account.outputs["ServingRoleArn"].rpartition("/")[2]
    answer = account.client("iam").get_role_policy(RoleName=role, PolicyName="endpoint")
    actions = {
        action
        for statement in answer["PolicyDocument"]["Statement"]
        for action in as_list(statement["Action"])
    }
    reads = {"ecr:GetAuthorizationToken", *PULLS, "s3:GetObject", "logs:DescribeLogStreams"}
    assert actions - reads == {"cloudwatch:PutMetricData", "logs:CreateLogGroup", *LOGS}


def as_list(actions):
    return [actions] if isinstance(actions, str) else actions


@pytest.mark.parametrize("action", PUSHES)
def test_only_the_default_branch_writes_a_release(account, action):
    assert those_who_may(account, action, repository(account, "release")) == {"Build"}
    assert those_who_may(account, action, repository(account, "candidate")) == {"Image"}


@pytest.mark.parametrize(
    "action",
    ["ecr:CreateRepository", "ecr:DeleteRepository", "ecr:BatchDeleteImage",
     "ecr:PutLifecyclePolicy", "ecr:PutImageTagMutability", "ecr:SetRepositoryPolicy"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["release", "candidate"])
def test_no_role_deletes_an_image_or_changes_a_repository(account, action, name):
    assert those_who_may(account, action, repository(account, name)) == set()


@pytest.mark.parametrize("name", ["training", "inference"])
def test_no_role_reads_or_writes_where_images_were_before(account, name):
    for action in (*PUSHES, *PULLS, "ecr:DescribeImages"):
        assert those_who_may(account, action, repository(account, name)) == set()


def test_no_role_puts_in_the_token_unless_it_is_asked_for(fresh):
    outputs = fresh.create("plain", TEMPLATE.read_text(), {**PARAMETERS, **fresh.names_of("plain")})
    for action in ("secretsmanager:PutSecretValue", "secretsmanager:DescribeSecret"):
        assert not may(fresh, "ImageRoleArn", action, outputs["BatchTokenSecretArn"])
    fresh.client("cloudformation").delete_stack(StackName="plain")


OF_A_NAME = {
    "training-job/{}-1": "sagemaker:CreateTrainingJob",
    "model/{}-1": "sagemaker:CreateModel",
    "endpoint-config/{}-1": "sagemaker:CreateEndpointConfig",
    "endpoint/{}": "sagemaker:UpdateEndpoint",
    "log-group:/aws/sagemaker/TrainingJobs:log-stream:{}-1": "logs:GetLogEvents",
    "log-group:/aws/sagemaker/Endpoints/{}:log-stream:a/b": "logs:GetLogEvents",
}


@pytest.mark.parametrize(("place", "action"), OF_A_NAME.items())
def test_without_the_hyphen_behind_the_prefix_the_other_project_would_be_reached(
    account, place, action
):
    output = "TrainRoleArn" if "raining" in place else "DeployRoleArn"
    policies = json.dumps(account.policies(account.outputs[output])).replace("t-*", "t*")
    arn = f"arn:aws:{action.partition(':')[0]}:eu-west-1:{account.number}:{place.format('tea')}"
    asked = Question(action, arn, {key: [value] for key, value in JOB.items()})
    assert decide(json.loads(policies), asked).decision == "allowed"


@pytest.mark.parametrize("output", ROLES)
def test_a_name_that_begins_with_the_same_letters_is_another_projects(account, output):
    """NamePrefix is `t`; the project `tea` belongs to somebody else."""
    for place, action in OF_A_NAME.items():
        arn = f"arn:aws:{action.partition(':')[0]}:eu-west-1:{account.number}:{place}"
        assert not may(account, output, action, arn.format("tea")), place
        own = output == ("TrainRoleArn" if "raining" in place else "DeployRoleArn")
        for name in ("t", "t-ea"):
            assert may(account, output, action, arn.format(name)) == own, place


@pytest.mark.parametrize(
    ("change", "allowed"),
    [
        ({}, True),
        ({"sagemaker:InstanceTypes": "ml.c5.9xlarge"}, True),
        ({"sagemaker:InstanceTypes": "ml.p5.48xlarge"}, False),
        ({"sagemaker:InstanceTypes": None}, False),
        ({"sagemaker:MaxRuntimeInSeconds": "86401"}, False),
        ({"sagemaker:MaxRuntimeInSeconds": None}, False),
        ({"sagemaker:KeepAlivePeriod": "0"}, True),
        ({"sagemaker:KeepAlivePeriod": "60"}, False),
        ({"sagemaker:EnableRemoteDebug": "false"}, True),
        ({"sagemaker:EnableRemoteDebug": "true"}, False),
    ],
)
def test_a_job_of_a_pull_request_is_bounded(account, change, allowed):
    context = {key: value for key, value in {**JOB, **change}.items() if value is not None}
    job = f"arn:aws:sagemaker:eu-west-1:{account.number}:training-job/t-1-1"
    asked = ("TrainRoleArn", "sagemaker:CreateTrainingJob", job, context or {"aws:x": "1"})
    assert may(account, *asked) == allowed


def test_the_bounds_can_be_others(fresh):
    bounds = {"TrainingInstanceTypes": "ml.g5.*,ml.p5.48xlarge", "LongestTrainingInSeconds": "60"}
    parameters = {**PARAMETERS, **fresh.names_of("wide"), **bounds}
    fresh.create("wide", TEMPLATE.read_text(), parameters)
    job = f"arn:aws:sagemaker:eu-west-1:{fresh.number}:training-job/t-1-1"
    for kind, seconds, allowed in (
        ("ml.p5.48xlarge", "60", True), ("ml.g5.xlarge", "60", True), ("ml.m5.large", "60", False),
        ("ml.g5.xlarge", "61", False),
    ):  # fmt: skip
        context = {"sagemaker:InstanceTypes": kind, "sagemaker:MaxRuntimeInSeconds": seconds}
        asked = ("TrainRoleArn", "sagemaker:CreateTrainingJob", job, context)
        assert may(fresh, *asked) == allowed
    fresh.client("cloudformation").delete_stack(StackName="wide")


def test_jobs_and_endpoints_are_only_in_the_networks_that_are_named(account, fresh):
    named = {"VpcSubnets": "subnet-0aaa,subnet-0bbb", "VpcSecurityGroups": "sg-0aaa"}
    fresh.create("net", TEMPLATE.read_text(), {**PARAMETERS, **fresh.names_of("net"), **named})
    for where, subnets, groups, allowed in (
        (fresh, "subnet-0aaa", "sg-0aaa", True), (fresh, "subnet-0ccc", "sg-0aaa", False),
        (fresh, "subnet-0bbb", "sg-0ccc", False), (account, "subnet-0aaa", "sg-0aaa", False),
    ):  # fmt: skip
        job = f"arn:aws:sagemaker:eu-west-1:{where.number}:training-job/t-1-1"
        network = {"sagemaker:VpcSubnets": subnets, "sagemaker:VpcSecurityGroupIds": groups}
        asked = ("TrainRoleArn", "sagemaker:CreateTrainingJob", job, {**JOB, **network})
        assert may(where, *asked) == allowed, (subnets, groups)
    for where, allowed in ((fresh, {"Training", "Serving"}), (account, set())):
        for permission in permissions.IN_VPC:
            on = {"anything": "*"}.get(
                permission.on, f"arn:aws:ec2:eu-west-1:{where.number}:network-interface/eni-1"
            )
            assert those_who_may(where, permission.action, on) == allowed, permission
    fresh.client("cloudformation").delete_stack(StackName="net")


def test_a_job_gets_its_tags_when_it_is_made_and_none_later(account):
    job = f"arn:aws:sagemaker:eu-west-1:{account.number}:training-job/t-1-1"
    for context, allowed in (
        ({"sagemaker:TaggingAction": "CreateTrainingJob"}, True),
        ({"sagemaker:TaggingAction": "CreateProcessingJob"}, False),
        ({"aws:x": "1"}, False),
    ):
        assert may(account, "TrainRoleArn", "sagemaker:AddTags", job, context) == allowed
