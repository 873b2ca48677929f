"""An endpoint's tags, through random sequences of deployments, rollbacks, failures and kills.

The way back is what served before; a late run leaves the endpoint to the newest deployed commit.
"""

import dataclasses
import itertools

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from helpers.kit.samples import DEPLOYMENT
from matlab_sagemaker.aws import tags
from matlab_sagemaker.errors import KitError, MissingStepError, UnsafePlanError
from matlab_sagemaker.hosting.history import History
from matlab_sagemaker.hosting.plan import (
    SETTLED,
    FoundEndpoint,
    FoundTarget,
    plan_deployment,
    plan_rollback,
    plan_rolled_back,
    rollback_target,
)

WANTED = [dataclasses.replace(DEPLOYMENT, instance_count=count) for count in (1, 2, 3, 4)]
CONFIGS = [wanted.config["EndpointConfigName"] for wanted in WANTED]
THERE = FoundTarget(config=True, model=True)
NEVER = 99  # a kill after this many calls
REFUSED = "refused"  # by SageMaker, after everything before the update is done


class World:
    """An endpoint as SageMaker has it, and what really served, newest last.

    `newest` is the newest commit whose deployment came to serve what it `asked` for.
    """

    def __init__(self):
        self.serves, self.facts, self.life = None, {}, []
        self.newest, self.asked = "", ("", None)

    def overtakes(self, commit):
        """Answer as git does; the history is linear, and its commits are in order."""
        return bool(commit) and commit < self.found().newest

    def gives_way(self, commit):
        return self.found().left_to_newer(overtaken=self.overtakes(commit))

    def found(self):
        return FoundEndpoint(
            config_name=self.serves,
            status=self.serves and "InService",
            arn="arn:aws:sagemaker:eu-west-1:123456789012:endpoint/pump",
            facts=dict(self.facts),
        )

    def take(self, steps, *, works):
        for step in steps:
            if step.call == "update_endpoint" and works is REFUSED:
                return
            if "Tags" in step.request:
                self.facts.update(tags.facts(step.request["Tags"]))
            if step.call in ("create_endpoint", "update_endpoint") and works is True:
                self.serves = step.request["EndpointConfigName"]
                self.life.append(self.serves)
        if self.serves == self.asked[1]:
            self.newest = self.asked[0]

    def deploy(self, wanted, *, works=True, killed=NEVER, commit=""):
        desired, overtaken = dataclasses.replace(wanted, commit=commit), self.overtakes(commit)
        plan = plan_deployment(desired, self.found(), THERE, overtaken=overtaken)
        steps = plan.steps[:killed]
        if steps:
            keeps = overtaken or not commit
            self.asked = ("", None) if keeps else (commit, desired.config["EndpointConfigName"])
        self.take(steps, works=works)

    def roll_back(self, *, works=True, killed=NEVER):
        """Roll back as the verb does; return the target, or None if it is refused."""
        found = self.found()
        try:
            target = rollback_target("pump", found)
        except KitError:
            return None
        plan = plan_rollback("pump", "pump", target, found, THERE)
        if plan.steps[:killed]:
            self.asked = ("", None)
        self.take(plan.steps[:killed], works=works)
        left = killed - len(plan.steps)
        if self.serves == target and left > 0:
            self.take(plan_rolled_back("pump", found, plan).steps[:left], works=works)
        return target

    @property
    def served_before(self):
        return next((name for name in reversed(self.life) if name != self.serves), "")


operations = st.tuples(
    st.sampled_from([*WANTED, None]),
    st.sampled_from([True, False, REFUSED]),
    st.sampled_from([0, 1, 2, NEVER]),
)


def live(operations):
    world = World()
    world.deploy(WANTED[0])
    for wanted, works, killed in operations:
        if wanted:
            world.deploy(wanted, works=works, killed=killed)
        else:
            world.roll_back(works=works, killed=killed)
    return world


@given(st.lists(operations, max_size=8))
def test_the_record_always_leads_to_what_really_served_before(life):
    world = live(life)
    assert History.of(world.facts).previous(world.serves) == world.served_before


runs = st.tuples(operations, st.sampled_from("abcdef"), st.booleans())  # with a commit; by hand?


@given(st.lists(runs, max_size=8))
@example(  # the configuration of before the rollback has been deployed again
    [
        ((WANTED[1], True, NEVER), "a", False),
        ((None, True, NEVER), "a", False),
        ((None, True, 1), "a", False),
    ]
)
@example(  # a late run of b: d's configuration has served before, but not through d's deployment
    [
        ((WANTED[1], True, NEVER), "a", False),
        ((WANTED[2], True, NEVER), "c", False),
        ((WANTED[1], False, NEVER), "d", False),
        ((WANTED[3], True, NEVER), "b", False),
    ]
)
def test_a_run_gives_way_just_where_a_newer_commit_was_really_deployed(life):
    world = World()
    world.deploy(WANTED[0])
    for (wanted, works, killed), commit, by_hand in life:
        if not wanted:
            world.roll_back(works=works, killed=killed)
            continue
        assert world.gives_way(commit) == (commit < world.newest)
        if by_hand or not world.gives_way(commit):
            world.deploy(wanted, works=works, killed=killed, commit=commit)
    assert world.found().newest == world.newest


def test_a_rollback_is_undone_by_the_next_commit_and_not_by_a_late_run_of_an_older_one():
    world = World()
    world.deploy(WANTED[0], commit="a")
    world.deploy(WANTED[2], commit="c")
    world.roll_back()
    assert world.serves == CONFIGS[0]
    assert world.gives_way("b")
    assert not world.gives_way("c"), "run again, it means it"
    assert not world.gives_way("d")


def test_an_older_commit_that_is_deployed_by_hand_is_not_undone_by_a_late_run():
    world = World()
    world.deploy(WANTED[0], commit="a")
    world.deploy(WANTED[2], commit="c")
    world.deploy(WANTED[0], commit="a")
    assert world.serves == CONFIGS[0]
    assert world.gives_way("b")
    assert not world.gives_way("d")


@pytest.mark.parametrize("status", [status for status in SETTLED if status != "InService"])
def test_an_endpoint_that_does_not_serve_is_left_to_nobody(status):
    world = World()
    world.deploy(WANTED[0], commit="c")
    assert world.gives_way("b")
    found = dataclasses.replace(world.found(), status=status)
    assert not found.left_to_newer(overtaken=True)


@given(st.lists(operations, max_size=8), st.sampled_from(WANTED), st.data())
def test_of_two_runs_at_a_time_neither_leads_a_rollback_too_far_back(life, wanted, data):
    """They have seen the same; SageMaker accepts one update and refuses the other."""
    world = live(life)
    found, target = world.found(), world.found().way_back
    assume(target)
    runs = [
        plan_rollback("pump", "pump", target, found, THERE).steps,
        plan_deployment(wanted, found, THERE).steps,
    ]
    first, second = data.draw(st.permutations(runs))
    world.take(first[:-1], works=True)
    late = data.draw(st.booleans())
    world.take(second, works=REFUSED if late else data.draw(st.booleans()))
    world.take(first[-1:], works=data.draw(st.booleans()) if late else REFUSED)
    aims = {world.served_before, world.serves}  # the second: the rollback in progress has ended
    assert world.found().way_back in aims


@given(st.lists(operations, max_size=6), st.sampled_from([0, 1, 2]))
@example([(WANTED[1], True, NEVER)], 2)
def test_a_rollback_that_is_killed_goes_on_in_the_next_run(life, killed):
    world = live(life)
    target = world.roll_back(killed=killed)
    assume(world.serves != target or History.of(world.facts).rolling_back)  # otherwise it was done
    assert world.roll_back() == target
    assert target is None or world.serves == target


@given(st.lists(operations, max_size=6))
def test_a_rollback_after_a_rollback_goes_forward_again(life):
    world = live([*life, (None, True, NEVER)])
    left = world.serves
    if world.served_before:
        world.roll_back()
        world.roll_back()
        assert world.serves == left


@given(st.lists(operations, max_size=8))
def test_what_the_tags_hold_is_what_aws_takes(life):
    for tag in tags.of(live(life).facts):
        assert len(tag["Key"]) <= 128
        assert len(tag["Value"]) <= 256


def test_the_longest_names_fit_into_a_tag():
    longest = [f"{letter * 63}" for letter in "ab"]
    record = History((longest[0],)).leaving(longest[1])
    marked = dataclasses.replace(record, rolling_back=tuple(longest))
    noted = dataclasses.replace(marked, deployed=("c" * 40,)).deploying("d" * 40, longest[0])
    assert all(len(text) <= 256 for text in noted.facts.values())


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_deployment_of_what_served_earlier_is_a_change_like_any_other(order):
    world = World()
    for number in (*order, order[0]):
        world.deploy(WANTED[number])
    assert rollback_target("pump", world.found()) == CONFIGS[order[2]]


def test_the_mark_of_a_refused_rollback_says_nothing_once_something_else_serves():
    world = live([(WANTED[1], True, NEVER), (None, REFUSED, NEVER)])
    assert world.found().way_back == CONFIGS[0]
    world.serves = CONFIGS[2]  # by a deployment that read the tags before the mark was written
    assert world.found().way_back == CONFIGS[1]


def test_what_is_served_already_is_not_written_down():
    world = live([(WANTED[1], True, NEVER)])
    assert plan_deployment(WANTED[1], world.found(), THERE).steps == ()


def test_what_is_served_already_is_the_newer_commits_from_now_on_and_noted_once():
    world = World()
    world.deploy(WANTED[0], commit="a")
    desired = dataclasses.replace(WANTED[0], commit="b")  # it may change only README
    plan = plan_deployment(desired, world.found(), THERE)
    assert [step.call for step in plan.steps] == ["add_tags"]
    assert not plan.changes
    world.deploy(WANTED[0], commit="b")
    assert world.gives_way("a")
    assert plan_deployment(desired, world.found(), THERE).steps == ()


@pytest.mark.parametrize("status", ["OutOfService", "Failed"])
def test_what_does_not_serve_is_never_a_way_back(status):
    world = live([(WANTED[1], True, NEVER)])
    found = dataclasses.replace(world.found(), status=status)
    world.take(plan_deployment(WANTED[2], found, THERE).steps, works=True)
    assert rollback_target("pump", world.found()) == CONFIGS[0]


@pytest.mark.parametrize(("arrived", "steps"), [(True, 2), (False, 0)])
def test_a_change_that_was_under_way_is_the_one_to_be_undone(arrived, steps):
    """It may fail while a rollback waits for it: then nothing is left to do."""
    world = live([(WANTED[1], True, NEVER), (WANTED[2], arrived, NEVER)])
    found = dataclasses.replace(world.found(), changing=True)
    target = rollback_target("pump", found)
    assert target == CONFIGS[1]
    assert len(plan_rollback("pump", "pump", target, found, THERE).steps) == steps


def test_without_an_endpoint_there_is_no_way_back():
    with pytest.raises(MissingStepError, match="Run deploy first"):
        rollback_target("pump", FoundEndpoint())


def test_without_a_record_nothing_is_guessed():
    with pytest.raises(UnsafePlanError, match=f"served before {CONFIGS[0]}"):
        rollback_target("pump", live([]).found())


@pytest.mark.parametrize(
    ("there", "gone"), [({"config": False}, "The configuration"), ({"model": False}, "The model")]
)
def test_what_is_gone_is_not_gone_back_to(there, gone):
    found = live([(WANTED[1], True, NEVER)]).found()
    with pytest.raises(UnsafePlanError, match=f"^{gone} .*{CONFIGS[0]} no longer exists"):
        plan_rollback("pump", "pump", CONFIGS[0], found, dataclasses.replace(THERE, **there))


@pytest.mark.parametrize("status", ["SystemUpdating", "UpdateRollbackFailed"])
def test_an_endpoint_that_nobody_may_change_is_not_rolled_back(status):
    found = dataclasses.replace(live([(WANTED[1], True, NEVER)]).found(), status=status)
    with pytest.raises(UnsafePlanError, match=status):
        plan_rollback("pump", "pump", CONFIGS[0], found, THERE)
