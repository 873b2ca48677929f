"""An emulator that enforces IAM: which permissions each call needs, and how it is refused."""

import json
import urllib.error
import urllib.request

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from helpers.emulator.clients import (
    ACCOUNT,
    REGION,
    TIME_SCALE,
    TRUST,
    Aws,
    archive,
    channel,
)
from helpers.emulator.image_programs import RUN, SERVE, TRAIN
from helpers.emulator.process import Emulator
from helpers.kit.waiting import eventually

BUCKET, OBJECTS = "arn:aws:s3:::bucket", "arn:aws:s3:::bucket/*"
SAGEMAKER = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"
LOGS = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group"


@pytest.fixture(scope="module")
def emulator(tmp_path_factory):
    folder = tmp_path_factory.mktemp("enforced") / "work"
    started = Emulator(folder, "--enforce-iam", "--time-scale", TIME_SCALE)
    yield started
    assert started.stop() == 0


@pytest.fixture(scope="module")
def aws(emulator):
    return Aws(emulator.url)


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def text(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trusting(principal):
    return text({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


class Session:
    """The clients of a session of a role that has these statements and no others."""

    def __init__(self, aws, *statements, **words):
        self.aws, self.role = aws, aws.name("role")
        answer = aws.iam.create_role(RoleName=self.role, AssumeRolePolicyDocument=json.dumps(TRUST))
        self.role_arn = answer["Role"]["Arn"]
        self.give(*statements)
        self.keys = aws.sts.assume_role(RoleArn=self.role_arn, RoleSessionName="test", **words)[
            "Credentials"
        ]

    def give(self, *statements):
        if statements:
            words = {"RoleName": self.role, "PolicyName": "own"}
            self.aws.iam.put_role_policy(PolicyDocument=text(*statements), **words)

    def client(self, name):
        return client(self.aws.url, name, self.keys)


def client(url, name, keys):
    return boto3.client(
        name,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys.get("SessionToken"),
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )


@pytest.fixture(scope="module")
def session(aws):
    return lambda *statements, **words: Session(aws, *statements, **words)


def denied(call, *words):
    """Check that a call is denied as AWS denies it, and that the refusal has these words."""
    with pytest.raises(ClientError) as caught:
        call()
    error = caught.value.response["Error"]
    assert error["Code"] in ("AccessDenied", "AccessDeniedException", "403"), error
    for word in words:
        assert word in error["Message"]
    return error


def test_the_refusal_is_in_each_services_own_form(session):
    nobody = session()
    user = (
        f"User: arn:aws:sts::{ACCOUNT}:assumed-role/{nobody.role}/test is not authorized to perform"
    )
    s3 = denied(lambda: nobody.client("s3").get_object(Bucket="bucket", Key="k"), user)
    assert s3["Code"] == "AccessDenied"
    assert 's3:GetObject on resource: "arn:aws:s3:::bucket/k" because no' in s3["Message"]
    job = lambda: nobody.client("sagemaker").describe_training_job(TrainingJobName="j")  # noqa: E731
    sagemaker = denied(job, user)
    assert sagemaker["Code"] == "AccessDeniedException"
    assert sagemaker["Message"].endswith(
        f"sagemaker:DescribeTrainingJob on resource: {SAGEMAKER}:training-job/j because no "
        "identity-based policy allows the sagemaker:DescribeTrainingJob action"
    )
    iam = denied(lambda: nobody.client("iam").get_role(RoleName="x"), user, "role/x")
    assert iam["Code"] == "AccessDenied"
    assert nobody.client("sts").get_caller_identity()["Arn"] in user  # needs no permission


def test_a_call_that_the_judge_does_not_know_is_denied_and_says_so(session, aws):
    everything = session(allow("*"))
    unknown = lambda who: who.list_model_package_groups()  # noqa: E731
    denied(lambda: unknown(everything.client("sagemaker")), "cannot judge", "ListModelPackage")
    assert "ModelPackageGroupSummaryList" in unknown(aws.sm)  # the account itself


def test_an_operator_that_cannot_be_judged_is_denied_and_says_so(session):
    dated = {"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}
    s3 = session(allow("s3:*", Condition=dated)).client("s3")
    denied(lambda: s3.list_objects_v2(Bucket="bucket"), "cannot judge", "DateLessThan")


@pytest.mark.parametrize("key", ["aws:MultiFactorAuthPresent", "s3:signatureAge"])
def test_a_key_that_the_judge_does_not_fill_is_denied_and_says_so(session, key):
    s3 = session(allow("s3:*", Condition={"Null": {key: "true"}})).client("s3")
    denied(lambda: s3.list_objects_v2(Bucket="bucket"), "cannot judge the condition key", key)


def test_objects_are_read_and_written_where_the_role_may(session, aws):
    s3 = session(
        allow(["s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload"], f"{BUCKET}/code/*"),
        allow("s3:ListBucket", BUCKET, Condition={"StringLike": {"s3:prefix": "code/*"}}),
    ).client("s3")
    mine, others = {"Bucket": "bucket", "Key": "code/k"}, {"Bucket": "bucket", "Key": "data/k"}
    aws.s3.put_object(Body=b"1", **others)
    s3.put_object(Body=b"1", **mine)
    assert s3.head_object(**mine)["ContentLength"] == 1
    denied(lambda: s3.put_object(Body=b"2", **others), "s3:PutObject")
    denied(lambda: s3.get_object(**others), "s3:GetObject")
    denied(lambda: s3.delete_object(**mine), "s3:DeleteObject")
    denied(lambda: s3.copy_object(CopySource="bucket/data/k", **mine), "s3:GetObject")
    many = {"Objects": [{"Key": "code/k"}]}
    denied(lambda: s3.delete_objects(Bucket="bucket", Delete=many), "s3:DeleteObject", "code/k")
    denied(lambda: s3.create_multipart_upload(**others), "s3:PutObject")
    begun = s3.create_multipart_upload(**mine)["UploadId"]
    assert s3.abort_multipart_upload(UploadId=begun, **mine)
    assert s3.list_objects_v2(Bucket="bucket", Prefix="code/")["KeyCount"] == 1
    denied(lambda: s3.list_objects_v2(Bucket="bucket", Prefix="data/"), "s3:ListBucket")
    denied(lambda: s3.list_objects_v2(Bucket="bucket"), "s3:ListBucket")
    denied(lambda: s3.get_bucket_policy(Bucket="bucket"), "s3:GetBucketPolicy")
    assert aws.s3.get_object(**others)["Body"].read() == b"1"


def test_that_an_object_is_not_there_is_told_to_who_may_list(session):
    missing = {"Bucket": "bucket", "Key": "missing"}
    blind = session(allow("s3:GetObject", OBJECTS)).client("s3")
    denied(lambda: blind.get_object(**missing), "s3:ListBucket")
    denied(lambda: blind.head_object(**missing))
    seeing = session(allow("s3:GetObject", OBJECTS), allow("s3:ListBucket", BUCKET)).client("s3")
    with pytest.raises(seeing.exceptions.NoSuchKey):
        seeing.get_object(**missing)


@pytest.fixture(scope="module")
def once(aws):
    """A bucket in which objects are written once, encrypted as the bucket says."""
    aws.s3.create_bucket(Bucket="once", CreateBucketConfiguration={"LocationConstraint": REGION})
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
            "Resource": "arn:aws:s3:::once/sealed/*"}  # fmt: skip
    no_condition = {
        "Null": {"s3:if-none-match": "true"},
        "Bool": {"s3:ObjectCreationOperation": "true"},
    }
    key = "s3:x-amz-server-side-encryption"
    policy = text(
        {**deny, "Condition": no_condition},
        {**deny, "Condition": {"Null": {key: "false"}, "StringNotEquals": {key: "AES256"}}},
        {**deny, "Condition": {"Null": {f"{key}-customer-algorithm": "false"}}},
    )
    aws.s3.put_bucket_policy(Bucket="once", Policy=policy)
    return {"Bucket": "once", "Key": "sealed/k"}


def test_a_bucket_may_demand_that_what_is_there_stays(once, session, aws):
    s3 = session(allow("s3:*")).client("s3")
    for who in (s3, aws.s3):  # it binds the account itself
        denied(lambda: who.put_object(Body=b"1", **once), "explicit deny in a resource-based")  # noqa: B023
    kms = {"ServerSideEncryption": "aws:kms"}
    own = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "k" * 32}
    for encryption in (kms, own):
        denied(lambda: s3.put_object(IfNoneMatch="*", **encryption, **once), "explicit deny")  # noqa: B023
    begun = {**once, "UploadId": s3.create_multipart_upload(**once)["UploadId"]}
    part = s3.upload_part(PartNumber=1, Body=b"1", **begun)
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    complete = lambda **words: s3.complete_multipart_upload(  # noqa: E731
        MultipartUpload=parts, **begun, **words
    )
    denied(complete, "explicit deny")
    assert complete(IfNoneMatch="*")
    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.put_object(Body=b"2", IfNoneMatch="*", **once)
    assert s3.put_object(Bucket="once", Key="jobs/k", Body=b"1")
    assert s3.put_object(Body=b"1", IfNoneMatch="*", ServerSideEncryption="AES256",
                         Bucket="once", Key="sealed/other")  # fmt: skip


def test_a_bucket_policy_gives_to_a_role_of_its_account(aws, session):
    aws.s3.create_bucket(Bucket="given", CreateBucketConfiguration={"LocationConstraint": REGION})
    who = session()
    s3 = who.client("s3")
    denied(lambda: s3.list_objects_v2(Bucket="given"))
    principal = {"Principal": {"AWS": who.role_arn}}
    policy = text({**allow("s3:ListBucket", "arn:aws:s3:::given"), **principal})
    aws.s3.put_bucket_policy(Bucket="given", Policy=policy)
    assert s3.list_objects_v2(Bucket="given")["KeyCount"] == 0


def test_nobody_reads_without_signature(aws, emulator):
    aws.put("unsigned", b"1")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{emulator.url}/bucket/unsigned")
    signed = aws.s3.generate_presigned_url(
        "get_object", Params={"Bucket": "bucket", "Key": "unsigned"}
    )
    assert urllib.request.urlopen(signed).read() == b"1"


def test_a_session_policy_narrows(session):
    policy = text(allow("s3:ListBucket", BUCKET))
    s3 = session(allow("s3:*"), Policy=policy).client("s3")
    assert s3.list_objects_v2(Bucket="bucket")
    denied(lambda: s3.put_object(Bucket="bucket", Key="k"), "no session policy allows")


def test_a_user_has_the_policies_of_its_own_and_of_its_groups(aws):
    name, group = aws.name("user"), aws.name("group")
    aws.iam.create_user(UserName=name)
    key = aws.iam.create_access_key(UserName=name)["AccessKey"]
    s3 = client(aws.url, "s3", key)
    denied(lambda: s3.list_objects_v2(Bucket="bucket"), f":user/{name} is not authorized")
    aws.iam.create_group(GroupName=group)
    aws.iam.add_user_to_group(GroupName=group, UserName=name)
    words = {"PolicyName": aws.name("policy"), "PolicyDocument": text(allow("s3:ListBucket"))}
    arn = aws.iam.create_policy(**words)["Policy"]["Arn"]
    aws.iam.attach_group_policy(GroupName=group, PolicyArn=arn)
    assert s3.list_objects_v2(Bucket="bucket")


def test_a_role_is_assumed_by_whom_it_trusts_alone(session, aws):
    name = aws.name("role")
    words = {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/{name}", "RoleSessionName": "chained"}
    may, may_not = session(allow("sts:AssumeRole")), session()
    aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    assume = lambda who: who.client("sts").assume_role(**words)  # noqa: E731
    denied(lambda: assume(may), "no resource-based policy allows the sts:AssumeRole")
    change = aws.iam.update_assume_role_policy
    change(RoleName=name, PolicyDocument=trusting({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}))
    assert assume(may)
    denied(lambda: assume(may_not), "no identity-based policy allows the sts:AssumeRole")
    change(RoleName=name, PolicyDocument=trusting({"AWS": may_not.role_arn}))
    assert assume(may_not)


JOBS = f"{SAGEMAKER}:training-job/t-*"


def job_request(aws, image, role, **changes):
    return {
        "TrainingJobName": aws.name("t"),
        "AlgorithmSpecification": {"TrainingImage": image, "TrainingInputMode": "File"},
        "RoleArn": role,
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/jobs"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        **changes,
    }


@pytest.fixture(scope="module")
def image(aws):
    return aws.push({"run": RUN, "main.py": TRAIN})


@pytest.fixture(scope="module")
def trainer(session, aws):
    """A role that may create small jobs, and give them its tags and one role."""
    small = {
        "ForAllValues:StringEquals": {"sagemaker:InstanceTypes": ["ml.m5.large"]},
        "NumericLessThanEquals": {"sagemaker:MaxRuntimeInSeconds": "3600"},
        "Null": {
            "sagemaker:InstanceTypes": "false",
            "sagemaker:KeepAlivePeriod": "true",
            "sagemaker:EnableRemoteDebug": "true",
        },
    }
    with_the_job = {"StringEquals": {"sagemaker:TaggingAction": "CreateTrainingJob"}}
    to_sagemaker = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
    return session(
        allow("sagemaker:CreateTrainingJob", JOBS, Condition=small),
        allow("sagemaker:AddTags", JOBS, Condition=with_the_job),
        allow("sagemaker:ListTrainingJobs"),
        allow("iam:PassRole", aws.role, Condition=to_sagemaker),
    ).client("sagemaker")


def resources(**changes):
    whole = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5, **changes}
    return {"ResourceConfig": whole}


TAGS = {"Tags": [{"Key": "team", "Value": "a"}]}


def test_a_job_is_created_as_the_conditions_say(trainer, aws, image, session):
    create = lambda **changes: trainer.create_training_job(  # noqa: E731
        **job_request(aws, image, aws.role, **changes)
    )
    assert create(**TAGS)
    assert trainer.list_training_jobs()["TrainingJobSummaries"]
    made = "sagemaker:CreateTrainingJob"
    denied(lambda: create(**resources(InstanceType="ml.p4d.24xlarge")), made)
    denied(lambda: create(**resources(KeepAlivePeriodInSeconds=60)), made)
    denied(lambda: create(StoppingCondition={"MaxRuntimeInSeconds": 3601}), made)
    denied(lambda: create(RemoteDebugConfig={"EnableRemoteDebug": True}), made)
    denied(lambda: create(TrainingJobName=aws.name("other")), made)
    other = session().role_arn
    denied(lambda: create(RoleArn=other), f"iam:PassRole on resource: {other}")
    arn = f"{SAGEMAKER}:training-job/t-1"
    denied(lambda: trainer.add_tags(ResourceArn=arn, **TAGS), "sagemaker:AddTags")


def runs_as(session, *statements):
    """Return a role for a job, with these statements and those of a pull."""
    return session(allow("ecr:*"), allow("logs:*", f"{LOGS}:*"), *statements).role_arn


def ended(aws, request):
    aws.sm.create_training_job(**request)
    describe = lambda: aws.sm.describe_training_job(  # noqa: E731
        TrainingJobName=request["TrainingJobName"]
    )
    return eventually(lambda: (job := describe())["TrainingJobStatus"] != "InProgress" and job)


def test_a_job_reads_and_writes_as_its_role(aws, image, session):
    reads = (allow("s3:GetObject", f"{BUCKET}/code/*"), allow("s3:ListBucket", BUCKET))
    writes = allow("s3:PutObject", f"{BUCKET}/jobs/*")
    code = [channel("code", aws.put("code/job", b"1"))]
    start = lambda *statements: ended(  # noqa: E731
        aws, job_request(aws, image, runs_as(session, *statements), InputDataConfig=code)
    )
    assert start(*reads, writes)["TrainingJobStatus"] == "Completed"
    failed = start(writes)
    assert "Data download failed" in failed["FailureReason"]
    failed = start(*reads)
    assert "Artifact upload failed" in failed["FailureReason"]
    assert "s3:PutObject" in failed["FailureReason"]


def test_a_jobs_image_is_pulled_as_its_role(aws, image, session):
    role = session(allow("s3:*")).role_arn
    create = lambda: aws.sm.create_training_job(**job_request(aws, image, role))  # noqa: E731
    with pytest.raises(ClientError, match="has proper pull permissions"):
        create()


PROGRAM = """
import boto3
s3 = boto3.client("s3")
def said(call):
    try:
        call()
        return "done"
    except Exception as error:
        return type(error).__name__ + " " + str(error)
print("own:", said(lambda: s3.put_object(Bucket="bucket", Key="jobs/own", Body=b"1")))
print("other:", said(lambda: s3.put_object(Bucket="bucket", Key="sealed/model", Body=b"1")))
print("log:", said(lambda: boto3.client("logs").create_log_stream(
    logGroupName="/aws/sagemaker/TrainingJobs", logStreamName="forged")))
"""


def test_the_code_of_a_job_is_judged_as_the_jobs_role(aws, session):
    with_packages = RUN.replace(" -S -E", "")
    image = aws.push({"run": with_packages, "main.py": PROGRAM})
    own = f"{LOGS}:/aws/sagemaker/TrainingJobs:log-stream"
    role = session(
        allow("ecr:*"),
        allow("s3:PutObject", f"{BUCKET}/jobs/*"),
        allow(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
              [f"{own}:", f"{own}:t-*"]),
    ).role_arn  # fmt: skip
    job = ended(aws, job_request(aws, image, role))
    assert job["TrainingJobStatus"] == "Completed"
    lines = dict(line.split(": ", 1) for line in aws.job_log(job["TrainingJobName"]))
    assert lines["own"] == "done"
    assert "s3:PutObject" in lines["other"]
    assert "logs:CreateLogStream" in lines["log"]


def test_an_endpoint_serves_what_its_role_may_read(aws, session):
    image = aws.push({"run": RUN, "main.py": SERVE})
    reads = [allow("s3:GetObject", f"{BUCKET}/sealed/*")]
    data = aws.put("sealed/model.tar.gz", archive({"model": "1"}))
    role = runs_as(session, *reads)
    name = aws.name("endpoint")
    aws.sm.create_model(
        ModelName=name,
        ExecutionRoleArn=role,
        PrimaryContainer={"Image": image, "ModelDataUrl": data},
    )
    variant = {"VariantName": "main", "ModelName": name, "InitialInstanceCount": 1,
               "InstanceType": "ml.m5.large"}  # fmt: skip
    aws.sm.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    aws.sm.create_endpoint(EndpointName=name, EndpointConfigName=name)
    status = lambda: aws.sm.describe_endpoint(EndpointName=name)["EndpointStatus"]  # noqa: E731
    assert eventually(lambda: (now := status()) != "Creating" and now) == "InService"
    caller = session(allow("sagemaker:InvokeEndpoint", f"{SAGEMAKER}:endpoint/{name}"))
    invoke = lambda to: caller.client("sagemaker-runtime").invoke_endpoint(  # noqa: E731
        EndpointName=to, Body=b"1"
    )
    assert invoke(name)["Body"].read()
    denied(lambda: invoke("another"), "sagemaker:InvokeEndpoint", "endpoint/another")
    blind = {"ModelName": aws.name("m"), "ExecutionRoleArn": runs_as(session)}
    with pytest.raises(ClientError, match="Could not find model data"):
        aws.sm.create_model(PrimaryContainer={"Image": image, "ModelDataUrl": data}, **blind)


def test_repositories_logs_and_secrets_are_reached_by_their_arns(aws, session):
    repository = aws.repository()
    arn = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{repository}"
    stream = f"{LOGS}:/aws/sagemaker/TrainingJobs:log-stream"
    root = aws.client("secretsmanager")
    secret = root.create_secret(Name=aws.name("secret"), SecretString="s")
    who = session(
        allow("ecr:DescribeImages", arn),
        allow("logs:DescribeLogStreams", f"{stream}:"),
        allow("logs:GetLogEvents", f"{stream}:t-*"),
        allow("secretsmanager:DescribeSecret", secret["ARN"]),
    )
    ecr, logs, secrets = map(who.client, ("ecr", "logs", "secretsmanager"))
    assert ecr.describe_images(repositoryName=repository)["imageDetails"] == []
    denied(lambda: ecr.describe_images(repositoryName="other"), "repository/other")
    denied(lambda: ecr.list_images(repositoryName=repository), "ecr:ListImages")
    denied(ecr.get_authorization_token, "ecr:GetAuthorizationToken on resource: *")
    denied(ecr.describe_repositories, "repository/*")
    named = {"logGroupName": "/aws/sagemaker/TrainingJobs"}
    denied(lambda: logs.get_log_events(logStreamName="other", **named), "log-stream:other")
    denied(lambda: logs.describe_log_streams(logGroupName="/other"), "/other:log-stream:")
    for word in (secret["Name"], secret["ARN"]):
        assert secrets.describe_secret(SecretId=word)
        denied(lambda: secrets.get_secret_value(SecretId=word), secret["ARN"])  # noqa: B023


def test_a_repositorys_policy_counts(aws, session):
    repository = aws.repository()
    deny = {"Effect": "Deny", "Principal": "*", "Action": "ecr:PutImage"}
    aws.ecr.set_repository_policy(repositoryName=repository, policyText=text(deny))
    ecr = session(allow("ecr:*")).client("ecr")
    put = lambda who: who.put_image(repositoryName=repository, imageManifest="{}")  # noqa: E731
    for who in (ecr, aws.ecr):
        denied(lambda: put(who), "explicit deny in a resource-based policy")  # noqa: B023
