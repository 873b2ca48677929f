"""Marks of failed smoke tests, through random sequences of deployments, tests and kills."""

import dataclasses

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpers.kit.samples import DEPLOYMENT
from matlab_sagemaker.aws import tags
from matlab_sagemaker.errors import KitError, SmokeTestFailedError
from matlab_sagemaker.hosting import smoke_test
from matlab_sagemaker.hosting.history import History
from matlab_sagemaker.hosting.plan import (
    FoundEndpoint,
    FoundTarget,
    plan_deployment,
    plan_rollback,
    plan_rolled_back,
    write,
)

WANTED = [dataclasses.replace(DEPLOYMENT, instance_count=count) for count in (1, 2, 3, 4)]
CONFIGS = [wanted.config["EndpointConfigName"] for wanted in WANTED]
THERE = FoundTarget(config=True, model=True)
NEVER = 99  # a kill after this many writing calls


class World:
    """An endpoint as SageMaker has it; `good` is what served well, newest last."""

    def __init__(self):
        self.serves, self.facts, self.good, self.left = None, {}, [], NEVER

    @property
    def found(self):
        status = self.serves and "InService"
        facts = dict(self.facts)
        return FoundEndpoint(config_name=self.serves, status=status, arn="arn:aws:e", facts=facts)

    def take(self, steps):
        for step in steps:
            if not self.left:
                return
            self.left -= 1
            if "Tags" in step.request:
                self.facts.update(tags.facts(step.request["Tags"]))
            if step.call in ("create_endpoint", "update_endpoint"):
                self.serves = step.request["EndpointConfigName"]

    def deploy(self, wanted, commit="c"):
        desired = dataclasses.replace(wanted, commit=commit)
        plan = plan_deployment(desired, self.found, THERE)
        self.take(plan.steps)
        return plan.changes

    def fail(self, failed, *, changed, commit="c"):
        """Roll back as the verb does; return its result."""
        inputs = smoke_test.SmokeTestInputs(
            failed_config=failed, was_changed=changed, roll_back=True
        )
        found = self.found
        marked = found.history.failing(failed, found.config_name)
        self.take(write("pump", found, marked))
        found = dataclasses.replace(found, facts={**found.facts, **marked.facts})
        try:
            with smoke_test.explained("pump", found, inputs):
                back = smoke_test.way_back("pump", found, inputs, commit)
                plan = plan_rollback("pump", "pump", back, found, THERE)
        except KitError as error:
            return error
        self.take(plan.steps)
        self.take(plan_rolled_back("pump", found, plan).steps)
        return None

    def run(self, wanted, commit, *, good):
        """Deploy, test, go back, as the workflow does; return why it does not go back."""
        changed = self.deploy(wanted, commit)
        if good:
            self.good.append(self.serves)
            passed = self.found.history.passing(wanted.config["EndpointConfigName"])
            self.take(write("pump", self.found, passed))
        elif self.left:
            return self.fail(wanted.config["EndpointConfigName"], changed=changed, commit=commit)
        return None


runs = st.lists(st.tuples(st.sampled_from(WANTED), st.booleans()), min_size=1, max_size=8)


@given(runs)
@example([(WANTED[0], True), (WANTED[1], True), (WANTED[0], False), (WANTED[2], True)])
def test_what_failed_does_not_stay_and_is_no_way_back(life):
    world = World()
    world.run(WANTED[3], "first", good=True)
    for number, (wanted, good) in enumerate(life):
        stays = world.run(wanted, f"{number}", good=good)
        if good or stays:
            assert world.serves == wanted.config["EndpointConfigName"]
        else:
            assert world.serves in world.good
            assert world.serves not in world.found.history.failed
        assert world.found.way_back not in (world.serves, *world.found.history.failed)
        assert world.found.way_back in ("", *world.good)
        assert all(len(text) <= 256 for text in world.facts.values())


@given(runs, st.sampled_from(WANTED), st.integers(0, 6))
@example([(WANTED[0], True)], WANTED[1], 2)
def test_a_run_that_is_killed_and_run_again_ends_as_if_it_never_was(life, wanted, killed):
    world, same = World(), World()
    for one in (world, same):
        one.run(WANTED[3], "first", good=True)
        for number, (other, good) in enumerate(life):
            one.run(other, f"{number}", good=good)
    world.left = killed
    world.run(wanted, "c", good=False)
    world.left = NEVER
    world.run(wanted, "c", good=False)
    same.run(wanted, "c", good=False)
    assert world.serves == same.serves
    assert world.found.way_back == same.found.way_back


@given(runs, st.sampled_from(WANTED))
@example([(WANTED[0], True)], WANTED[1])
def test_what_has_passed_stays_though_a_later_run_of_its_commit_fails(life, wanted):
    world = World()
    for number, (other, good) in enumerate(life):
        world.run(other, f"{number}", good=good)
    world.run(wanted, "c", good=True)
    for _ in range(2):
        assert "which changed nothing" in str(world.run(wanted, "c", good=False))
        assert world.serves == wanted.config["EndpointConfigName"]


def test_a_first_deployment_has_no_way_back():
    world = World()
    error = (world.deploy(WANTED[0]), world.fail(CONFIGS[0], changed=True))[1]
    assert isinstance(error, SmokeTestFailedError)
    assert "This was its first deployment." in error.why
    assert world.found.history.failed == (CONFIGS[0],)


@pytest.mark.parametrize(
    ("serves", "said"),
    [(CONFIGS[1], "but endpoint pump now serves"), (CONFIGS[0], "first deployment")],
)
def test_what_somebody_else_has_deployed_meanwhile_is_left(serves, said):
    world = World()
    world.deploy(WANTED[0])
    world.serves = serves
    assert said in str(world.fail(CONFIGS[0], changed=True))
    assert world.serves == serves


def test_a_mark_stays_when_it_is_made_once_more_after_the_way_back():
    world = World()
    world.deploy(WANTED[0], "b")
    world.deploy(WANTED[1])
    for _ in range(2):
        world.fail(CONFIGS[1], changed=True)
        assert world.serves == CONFIGS[0]
        assert world.found.history.failed == (CONFIGS[1],)


def test_three_marks_are_kept_at_most():
    longest = [f"{letter * 63}" for letter in "abcd"]
    history = History(served=tuple(longest[:2]), failed=tuple(longest[1:]))
    assert len(history.failing(longest[0], longest[2]).facts["smoke-test-failed"]) <= 256
