"""Fixtures of the attacks: an AWS that enforces the template's policies, and a merged project.

The attacker may push a branch. So the attacker has sessions of the image and the train role, and
code in a job has one of the training role. After each attack the endpoint serves the result of the
merged files, or the run is red and says why. reads.md lists what a merge reads.

Each attack has a contrast, which shows that the test really attacks: the same attack with roles
that may do everything in a bucket without a policy (`permissive`), or without the check that finds
it. "-" marks the contrast; without a file it is in the same test. The attacks, and their tests:

another attempt, with other code or function, ContainerEntrypoint or arguments, a checkpoint, a
variable (LD_PRELOAD), a metric or a rule, under one of our names, made after `find`
    test_foreign_attempts.py::test_attempts_that_differ; each member: unit/training/test_takeover
    - with a comparison that ignores this difference, the kit finds the forged job
another image of the same files
    test_foreign_attempts.py::test_another_image_under_the_tag - a pull request's run takes it
a name that contains, or starts with, this project's
    test_foreign_attempts.py::test_a_name_that_only_holds - AWS's list has it
    setup/test_reach.py::test_a_name_that_begins - ::test_without_the_hyphen_behind_the_prefix
code, data and seals that are overwritten (with as many bytes, too), replaced by a copy or by the
end of an upload, deleted; days after `find`
    test_writes.py::test_with_the_template_all_stays_as_it_is_from_find_to_the_approval
    - ::test_where_nobody_has_drawn_a_line_what_is_there_is_changed
the same between upload and job; an upload that began before the object existed
    verbs/test_uploads.py; test_writes.py::test_what_was_sent_is_what_the_job_reads
    - ::test_where_nobody_has_drawn_a_line_the_job_itself_finds_what_was_changed: written, and red
code and data that are added before the job reads them
    test_writes.py::test_the_job_fails_and_names; each way: unit/training_image/test_inputs.py
    - the template itself allows the write
code that exists before the run
    test_writes.py::test_code_that_lies_there_before; verbs/test_uploads.py
    - a job that checks nothing runs it
a card that exists before the job's
    test_writes.py::test_a_card_that_lies_there_before; another card: verbs/test_sealed.py
    - if the job had not failed because of it, it would count
a card or model that is overwritten after `find`; a model that is overwritten before its upload,
between upload and end, after the end, after deployment and scale-out
    test_writes.py::test_with_the_template_all_stays, ::test_what_serves_is_what_the_job_made
    - ::test_where_nobody_has_drawn_a_line_what_was_put_there_is_served
forged log lines and metrics: test_writes.py::test_forged_log_lines - the log has them
a user's own channel that is changed while the job reads it
    unit/training/test_takeover.py::test_what_was_written_after - all else is equal
a role for another event, branch, environment or fork
    setup/test_template.py::test_a_job_gets_the_roles - ::test_a_role_that_trusted_all
a bucket without the policy, a rule that ends models: verbs/test_sealed.py
    test_writes.py::test_who_may_take_the_buckets_protection_away - a role with all rights can
.kit as a link: test_kit_link.py - ::test_what_would_be_checked_out_through_the_link
a user's training image (training.image) that may not seal, and a card that another job seals for
it: one that is not derived FROM the kit's, one with only its label, one with another entry point
    test_images.py::test_a_card_that_another_seals; each setting: unit/aws/test_manifests.py
    - in the same test: without the proof that card would count
a card that exists before the job of a derived image
    test_images.py::test_a_derived_image_seals_by_itself - ::test_a_card_that_another_seals
images: another under a release tag; a poisoned candidate, cache, or tag in former repositories
    test_images.py - ::test_another_image_under_a_release_tag_would_be_trained_on, and in the tests

A seal that is stopped, killed at any call, or made by four hosts is one card or none:
unit/training_image/test_seal.py.

These tests are in few files, because each file may set up account and project again.
"""

import contextlib
import functools
import hashlib
import io
import json
import tarfile

import pytest

from helpers.aws.template_account import EVERYTHING, PARAMETERS, TEMPLATE, Account, RoleProject
from helpers.emulator import clients
from helpers.emulator.image_programs import RUN, SERVE
from helpers.emulator.process import Emulator
from helpers.kit import verb_runs
from helpers.kit.verb_runs import CREDENTIALS, FUNCTION, REGION, SAVE_ONLY, write_function
from matlab_sagemaker.aws import ecr, s3, session, signin
from matlab_sagemaker.project import content
from matlab_sagemaker.training import inputs, model
from matlab_sagemaker.training.takeover import WantedJob

SAYS_ITS_MODEL = """
import hashlib
files = sorted(file for file in (ml / "model").rglob("*") if file.is_file())
model = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
invoke = lambda body, headers: (200, {"Content-Type": "text/plain"}, model.encode())
"""


METRICS = ("cross_validated_accuracy", "resubstitution_accuracy")  # that training has to print


class Attacked(RoleProject):
    """A project whose merge reuses existing results, with the template's roles."""

    def job(self):
        """Return the job that a merge reuses, as `find` finds it."""
        return self.succeed("train", "--find-only").outputs["job-name"]

    def wanted(self, aws):
        """Return what the kit looks for when it merges this project's files."""
        project, outputs = content.load(self.root / "sagemaker.yml"), self.account.outputs
        target = signin.Target(
            aws=aws,
            bucket=outputs["BucketName"],
            training_role=outputs["TrainingRoleArn"],
            serving_role=outputs["ServingRoleArn"],
        )
        job = model.describe(project, target)
        image = job.own_image or ecr.find(aws, job.repositories, project.training_image.tag)
        return WantedJob(job=job, image=image, any_digest=False)

    def sealed(self, job, name="card.json"):
        """Return the place of what a job seals."""
        key = f"sealed/{self.name}/{job}/{name}"
        return {"Bucket": self.account.outputs["BucketName"], "Key": key}

    def card(self, job):
        place = self.sealed(job)
        return json.loads(self.account.client("s3").get_object(**place)["Body"].read())

    def seal(self, job, model=b"evil", **condition):
        """Seal a model for a job, as the code of another job could; return its place.

        The card has the same values as the job's own in all that the kit compares.
        """
        s3, place = self.account.client_of("training", "s3"), self.sealed(job, "evil/model.tar.gz")
        archive = clients.archive({"model.mat": model})
        s3.put_object(**place, Body=archive, IfNoneMatch="*")
        sagemaker = self.account.client("sagemaker")
        told = sagemaker.describe_training_job(TrainingJobName=job)
        card = {
            "job": job,
            "inputs": told["Environment"][inputs.VARIABLE],
            "model": {
                "uri": f"s3://{place['Bucket']}/{place['Key']}",
                "size": len(archive),
                "sha256": hashlib.sha256(archive).hexdigest(),
            },
            "metrics": dict.fromkeys(METRICS, 1.0),
            "missing": {},
            "files": ["model.mat"],
        }
        s3.put_object(**self.sealed(job), Body=json.dumps(card), **condition)
        return place

    def model_of(self, job):
        """Return the digest of the model that a job has sealed, as the endpoint says it."""
        content = self.account.read(self.card(job)["model"]["uri"])
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            files = sorted((m for m in archive if m.isfile()), key=lambda member: member.name)
            return hashlib.sha256(
                b"".join(archive.extractfile(m).read() for m in files)
            ).hexdigest()

    def answers(self, times=1):
        """Return what the endpoint says: the digests of the models that it serves."""
        invoke = self.account.client_of("deploy", "sagemaker-runtime").invoke_endpoint
        said = [invoke(EndpointName=self.endpoint, Body=b"?")["Body"].read() for _ in range(times)]
        return {answer.decode() for answer in said}


class GuardedAccount(Account):
    """An account with the template's stack, and sessions of its roles."""

    def __init__(self, url):
        super().__init__(url)
        self.client_of = functools.cache(self._client_of)

    @contextlib.contextmanager
    def permissive(self, *roles):
        """Allow roles everything, in a bucket without a policy."""
        s3, bucket = self.client("s3"), self.outputs["BucketName"]
        policy = s3.get_bucket_policy(Bucket=bucket)["Policy"]
        with self.allowed_everything(*roles):
            s3.delete_bucket_policy(Bucket=bucket)
            try:
                yield
            finally:
                s3.put_bucket_policy(Bucket=bucket, Policy=policy)

    @contextlib.contextmanager
    def allowed_everything(self, *roles):
        iam = self.client("iam")
        words = [
            {"RoleName": self.outputs[f"{role.capitalize()}RoleArn"].rpartition("/")[2],
             "PolicyName": "everything"}
            for role in roles
        ]  # fmt: skip
        for each in words:
            iam.put_role_policy(**each, PolicyDocument=EVERYTHING)
        try:
            yield
        finally:
            for each in words:
                iam.delete_role_policy(**each)

    def _client_of(self, role, service):
        keys = {name.lower(): value for name, value in self.role(role).items()}
        return clients.SESSION.client(service, endpoint_url=self.url, region_name=REGION, **keys)

    def read(self, uri):
        bucket, key = s3.split(uri)
        return self.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()


@pytest.fixture(scope="session")
def account(issuer, tmp_path_factory):
    """An AWS that enforces IAM, with the training image."""
    options = ("--enforce-iam", "--time-scale", "0.01", "--issuer", issuer.url)
    started = Emulator(tmp_path_factory.mktemp("guarded") / "work", *options)
    made = GuardedAccount(started.url)
    made.create("kit", TEMPLATE.read_text(encoding="utf-8"), PARAMETERS)
    first = _project(made, tmp_path_factory.mktemp("image"))
    first.succeed("build-training-image", "--repository", "release")
    yield made
    assert started.stop() == 0


@pytest.fixture
def kit_as(account, monkeypatch):
    """Return a function that gives the kit's own session as one of the roles, or as root."""

    def connect(role=None):
        keys = account.role(role) if role else CREDENTIALS
        for name, value in {**keys, "AWS_ENDPOINT_URL": account.url}.items():
            monkeypatch.setenv(name, value)
        return session.connect(REGION)

    return connect


def _project(account, folder):
    project = verb_runs.example(folder / "repository", account.url, Attacked)
    project.account = account
    verb_runs.rule(project)
    metrics = "printf('resubstitution accuracy: 0.5\\ncross-validated accuracy: 0.25\\n');"
    write_function(project, metrics, SAVE_ONLY)
    honest = (project.root / FUNCTION).read_text(encoding="utf-8")
    project.write("code/trainAnother.m", honest.replace("trainClassificationTree", "trainAnother"))
    return project


@pytest.fixture
def candidate(account, tmp_path):
    """A project that has trained nothing yet."""
    return _project(account, tmp_path)


@pytest.fixture(scope="session")
def merged(account, tmp_path_factory):
    """A project that was trained, whose endpoint says the digest of the model that it serves."""
    project = _project(account, tmp_path_factory.mktemp("merged"))
    project.succeed("train")
    tag = project.succeed("compile-handler", "--find-only").outputs["tag"]
    program = SERVE.replace('exec(os.environ.get("PROGRAM", ""))', SAYS_ITS_MODEL)
    clients.Aws(account.url).push({"run": RUN, "main.py": program}, "matlab-sagemaker/release", tag)
    return project
