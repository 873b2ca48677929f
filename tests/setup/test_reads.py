"""What a run of the default branch reads in AWS, who else may write it, and what verifies it.

Computed from the template's policies with the emulator's IAM: for each action that reads, of each
role of a run of the default branch, the actions with which a pull request may change what is read.
The result is tests/security/reads.md, so that a new read shows in review; CHECKS says what verifies
each read that a pull request may write.
"""

import functools
import re

import pytest

from emulator.iam.conditions import like
from emulator.iam.policies import Question, statements
from emulator.iam.verdict import Caller, objection
from helpers.kit.paths import KIT

LIST = KIT / "tests/security/reads.md"
OPEN = "**open**"
CHECKS = {  # what a pull request may write, too: what verifies it, and the test of that
    "training-job/": (
        "The whole request is compared with our own; the job counts only if it Completed.",
        "security/test_foreign_attempts.py::"
        "test_where_only_other_jobs_have_the_name_nothing_is_deployed_and_it_is_trained",
    ),
    "code/": (
        "The job's request has the SHA-256 of inputs.json, which has that of every file: the entry "
        "point compares them before it runs anything.",
        "security/test_writes.py::test_the_job_fails_and_names_what_was_changed",
    ),
    "data/": (
        "Like code/: by inputs.json.",
        "security/test_writes.py::test_the_job_fails_and_names_what_was_changed",
    ),
    "sealed/": (
        "Read only as the card of our own job, and what the card names. The bucket's policy lets "
        "it be written only once, so another's card would have made the job fail.",
        "security/test_writes.py::"
        "test_a_card_that_lies_there_before_fails_the_job_and_the_next_attempt_is_sealed",
    ),
    "names in the bucket": (
        "A name only shows what need not be uploaded: the entry point checks the content, and "
        "refuses other files. In a user's own channel, nothing may be newer than the job.",
        "security/test_writes.py::test_the_job_fails_and_names_what_was_changed",
    ),
    "log-group:/aws/sagemaker/TrainingJobs": (
        "Only shown: metrics and model come from the card.",
        "security/test_writes.py::test_forged_log_lines_are_no_metrics",
    ),
    "secret": (
        "Only with StoreToken=true; it starts MATLAB, and is not part of a model.",
        "setup/test_reach.py::test_no_role_puts_in_the_token_unless_it_is_asked_for",
    ),
    "repository/matlab-sagemaker/candidate": (
        "A merge looks only into release, and a job's image is compared by its digest.",
        "security/test_images.py::test_what_lies_elsewhere_under_the_tag_is_not_read_by_a_merge",
    ),
}
KNOWN_OPEN = set()

READ = re.compile(r"(Describe|List|Get|BatchGet|BatchCheck|Invoke)")
INSIDE = {  # what an action reads, if that is not the resource in its policy
    "s3:ListBucket": "{}/*",
    "sagemaker:ListTrainingJobs": "arn:aws:sagemaker:eu-west-1:{1}:training-job/*",
    "sagemaker:ListModels": "arn:aws:sagemaker:eu-west-1:{1}:model/*",
    "sagemaker:ListEndpointConfigs": "arn:aws:sagemaker:eu-west-1:{1}:endpoint-config/*",
    "ecr:GetAuthorizationToken": None,  # the caller's identity, nothing else
}
CONTEXT = {  # of requests that use all that the policies allow
    "aws:SecureTransport": ["true"],
    "s3:ObjectCreationOperation": ["true"],
    "iam:PassedToService": ["sagemaker.amazonaws.com"],
    "sagemaker:TaggingAction": ["CreateTrainingJob"],
    "sagemaker:InstanceTypes": ["ml.m5.large"],
    "sagemaker:MaxRuntimeInSeconds": ["60"],
    "cloudwatch:namespace": ["/aws/sagemaker/TrainingJobs"],
}


@functools.cache
def common(one, other):
    """Return a text that both patterns match, or None."""
    if not one or not other:
        return "" if set(one + other) <= {"*"} else None
    if one[0] != "*" and other[0] == "*":
        one, other = other, one
    if one[0] == "*":
        rest = common(one[1:], other)
        more = common(one, other[1:]) if rest is None else None
        return rest if more is None else other[0].strip("*") + more
    rest = common(one[1:], other[1:]) if one[0] == other[0] else None
    return None if rest is None else one[0] + rest


class Role:
    """A role of the template: what it may do, and who gets it."""

    def __init__(self, account, output):
        iam, self.arn = account.client("iam"), account.outputs[output]
        self.name, self.trust = output.removesuffix("RoleArn").lower(), account.trust(self.arn)
        role = self.arn.rpartition("/")[2]
        self.policies = {
            name: iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
        }

    def is_assumed_from(self, *words):
        return any(word in str(self.trust) for word in words)

    def actions(self):
        """Yield each action with each pattern of what it may be done to."""
        for document in self.policies.values():
            for statement in statements(document):
                assert statement["Effect"] == "Allow"
                for action in listed(statement["Action"]):
                    yield from ((action, pattern) for pattern in listed(statement["Resource"]))

    def may(self, action, resource, policy, **more):
        who = Caller(arn=self.arn, account="1", kind="AssumedRole", principal=self.arn,
                     identity=self.policies)  # fmt: skip
        asked = Question(action, resource, {**CONTEXT, **more})
        return objection(who, asked, "1", policy if action.startswith("s3:") else None) is None


def listed(value):
    return value if isinstance(value, list) else [value]


class Reads:
    """All reads by resource: who reads it with which action, and who writes it."""

    def __init__(self, account):
        roles = [Role(account, output) for output in account.outputs if output.endswith("RoleArn")]
        bucket = account.outputs["BucketName"]
        self.policy = account.client("s3").get_bucket_policy(Bucket=bucket)["Policy"]
        self.bucket, self.account = f"arn:aws:s3:::{bucket}", account.number
        every = {pattern for role in roles for _, pattern in role.actions()}
        self.exact = sorted(pattern for pattern in every if "*" not in pattern)
        self.writers = with_passed([r for r in roles if r.is_assumed_from(":pull_request")], roles)
        of_default = [r for r in roles if r.is_assumed_from(":ref:refs/heads/", ":environment:")]
        self.readers = with_passed(of_default, roles)
        self.rows = {}
        for reader in self.readers:
            for action, pattern in reader.actions():
                if READ.match(action.partition(":")[2]):
                    self._add(reader, action, pattern)

    def _add(self, reader, action, pattern):
        inside = INSIDE.get(action, "{}")
        if inside is None:
            return
        told = inside.format(pattern, self.account)
        for each in [exact for exact in self.exact if like(told, exact)] or [told]:
            what = "names in the bucket" if action == "s3:ListBucket" else self.label(each)
            read, written = self.rows.setdefault(what, ({}, {}))
            read.setdefault(action, set()).add(reader.name)
            for writer in self.writers:
                for act, place in writer.actions():
                    if is_write(act, action) and (where := common(each, place)) is not None:
                        for how in self.ways(writer, act, where):
                            written.setdefault(how, set()).add(writer.name)

    def ways(self, writer, action, where):
        """Return how an action is allowed: always, only for new objects, or not at all."""
        once = {"s3:if-none-match": ["*"]}
        if writer.may(action, where, self.policy):
            return [action]
        return [f"{action} (new)"] if writer.may(action, where, self.policy, **once) else []

    def label(self, pattern):
        """Return the resource of a pattern without this account's names; its NamePrefix is t."""
        if ":secret:" in pattern:
            return "secret"
        last = re.sub(r"^arn:[^:]*:[^:]*:[^:]*:[^:]*:", "", pattern.replace(self.bucket, "bucket"))
        last = re.sub(r"(?<=[/:])t(-\*)?(?=[/:-]|$)", "PROJECT", last.removeprefix("bucket/"))
        return last.replace("PROJECT-*", "PROJECT")

    def text(self):
        """Return the page."""
        rows = sorted(self.rows.items())
        return "\n".join(
            [
                HEAD.format(
                    readers=words(r.name for r in self.readers),
                    writers=words(w.name for w in self.writers),
                ),
                *(
                    f"| `{what}` | {acts(read)} | {acts(written)} | {proof(what)} |"
                    for what, (read, written) in rows
                    if written
                ),
                ALONE,
                *(
                    f"- `{what}`: {words(set().union(*read.values()))}"
                    for what, (read, written) in rows
                    if not written
                ),
                "",
            ]
        )


HEAD = """# What a merge reads that a pull request may write

Generated by tests/setup/test_reads.py from the policies of scripts/setup/aws.yml. `PROJECT` is a
name that NamePrefix covers; (new) means that only new objects can be written.

- Roles of a run of the default branch, and of what it starts: {readers}
- Roles of a pull request, and of its code in a job: {writers}

| what is read | by a merge | written by a pull request | what verifies it |
| --- | --- | --- | --- |"""
ALONE = """
What else a merge reads; no role of a pull request writes it:
"""


def words(names):
    return ", ".join(sorted(names))


def acts(by_action):
    """Return actions with the roles that have them, grouped by roles."""
    together = {}
    for action, names in sorted(by_action.items()):
        together.setdefault(words(names), []).append(action.partition(":")[2])
    return "; ".join(f"{who}: {', '.join(listed)}" for who, listed in together.items())


def check_of(what):
    return next((word for word in CHECKS if what.startswith(word)), None)


def proof(what):
    told, test = CHECKS[check_of(what)]
    file, _, name = test.partition("::")
    return f"{told} [{name}](../{file})"


def with_passed(roles, every):
    """Return roles, and those that they may pass to SageMaker: their code runs as these."""
    return [
        role
        for role in every
        if role in roles or any(r.may("iam:PassRole", role.arn, None) for r in roles)
    ]


def is_write(action, read):
    service, _, name = action.partition(":")
    return service == read.partition(":")[0] and not READ.match(name)


@pytest.fixture(scope="module")
def reads(account):
    return Reads(account)


def test_each_read_that_a_pull_request_may_write_has_a_check(reads):
    written = {what for what, (_, written) in reads.rows.items() if written}
    assert {what for what in written if check_of(what) is None} == set()
    assert {check_of(what) for what in written} == set(CHECKS), "a check of nothing"
    open_ = {what for what in written if CHECKS[check_of(what)][0].startswith(OPEN)}
    assert open_ == KNOWN_OPEN


@pytest.mark.parametrize("test", sorted({test for _, test in CHECKS.values()}))
def test_each_check_is_shown_by_a_test(test):
    file, _, name = test.partition("::")
    assert f"\ndef {name}(" in (KIT / "tests" / file).read_text(encoding="utf-8")


def test_the_list_is_the_one_that_was_reviewed(reads):
    """If it differs, the test writes it again: check the difference, and commit it."""
    before, now = LIST.read_text(encoding="utf-8") if LIST.exists() else "", reads.text()
    if now != before:
        LIST.write_text(now, encoding="utf-8")
    assert now.splitlines() == before.splitlines(), f"{LIST.name} was out of date"


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("a/*", "a/b", "a/b"),
        ("*/b", "a/*", "a/b"),
        ("sealed/t-*/*", "sealed/*/card.json", "sealed/t-/card.json"),
        ("a/*", "b/*", None),
        ("a", "ab", None),
        ("*", "", ""),
    ],
)
def test_what_two_patterns_have_in_common_is_found(one, other, both):
    assert common(one, other) == both == common(other, one)
