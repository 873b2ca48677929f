"""Doctor's judgements: what a step needs, what it lacks, whom a role trusts, the verdict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matlab_sagemaker import diagnosis
from matlab_sagemaker.arns import named_after
from matlab_sagemaker.diagnosis import Finding
from matlab_sagemaker.errors import (
    AwsError,
    DeniedError,
    ImageError,
    InputError,
    NotAllowedError,
    NotReadyError,
)
from matlab_sagemaker.permissions import STEPS

ALL = [(step, permission) for step, listed in STEPS.items() for permission in listed]
FINDINGS = st.lists(
    st.builds(
        Finding,
        st.text(min_size=1),
        st.sampled_from(["fine", "wrong", "skipped"]),
        st.text(min_size=1),
        st.text(),
    ),
    min_size=1,
)


@pytest.mark.parametrize(("step", "permission"), ALL)
def test_each_permission_is_missed_by_its_step_and_told_with_what_it_is_on(step, permission):
    needed = diagnosis.needed(step, {permission.on}, with_secret=True)
    finding = diagnosis.allowed(step, needed, {(permission.action, permission.on)})
    assert finding.state == ("fine" if permission.by_choice else "wrong")
    if not permission.by_choice:
        assert finding.found == f"not allowed: {permission.action} ({permission.on})"


@pytest.mark.parametrize("step", STEPS)
def test_what_is_there_has_not_to_be_made_and_no_secret_is_no_action(step):
    needed = diagnosis.needed(step, set(), with_secret=False)
    assert not [p for p in needed if p.makes or p.on == "secret" or p.by_choice]
    assert diagnosis.allowed(step, needed, set()).state == "fine"


ROLES_WAY = ("train", "deploy")


@pytest.mark.parametrize("step", ROLES_WAY)
def test_a_role_for_other_names_is_told_from_one_that_lacks_actions(step):
    wanted = diagnosis.needed(step, set(), with_secret=True)
    denied = {(p.action, p.on) for p in wanted if named_after(p.on)}
    foreign = diagnosis.foreign(wanted, denied)
    assert foreign == {named_after(p.on) for p in wanted} - {""}
    finding = diagnosis.allowed(step, wanted, denied, foreign, {"pump-faults"})
    assert "nothing called pump-faults" in finding.fix
    assert "NamePrefix" in finding.fix


@pytest.mark.parametrize("step", ROLES_WAY)
def test_a_role_that_reaches_one_of_the_names_lacks_an_action(step):
    wanted = diagnosis.needed(step, set(), with_secret=True)
    named = [p for p in wanted if named_after(p.on)]
    for reached in named:
        denied = {(p.action, p.on) for p in named} - {(reached.action, reached.on)}
        foreign = diagnosis.foreign(wanted, denied)
        assert named_after(reached.on) not in foreign
        fix = diagnosis.allowed(step, wanted, denied, foreign, {"x"}).fix
        whose = {named_after(on) for _, on in denied}
        assert fix.startswith("Add them") == bool(whose - foreign)


def test_a_role_without_any_right_is_not_taken_for_one_of_other_names():
    wanted = diagnosis.needed("train", set(), with_secret=True)
    denied = {(p.action, p.on) for p in wanted}
    assert diagnosis.foreign(wanted, denied) == set()
    assert diagnosis.allowed("train", wanted, denied).fix.startswith("Add them")


@pytest.mark.parametrize(("another", "expected"), [(True, "skipped"), (False, "wrong")])
def test_what_the_one_who_asks_may_not_is_no_fault_of_another(another, expected):
    denied = DeniedError("AWS refused.")
    assert diagnosis.look("x", lambda: _raise(denied), for_another=another).state == expected
    other = AwsError("AWS is away.")
    assert diagnosis.look("x", lambda: _raise(other), for_another=another).state == "wrong"


@pytest.mark.parametrize("error", [AwsError, ImageError, InputError])
def test_an_error_is_a_finding_with_its_fix(error):
    finding = diagnosis.look("thing", lambda: _raise(error("What.", why="Why.", do="Do.")))
    assert finding == Finding("thing", "wrong", "What. Why.", "Do.")


def test_not_to_be_let_look_is_no_finding():
    finding = diagnosis.look("thing", lambda: _raise(NotAllowedError("Not you.")))
    assert finding == Finding("thing", "skipped", "not checked: Not you.")


def test_what_is_no_error_of_ours_stays_a_bug():
    with pytest.raises(ZeroDivisionError):
        diagnosis.look("thing", lambda: 1 / 0)


@given(FINDINGS)
def test_the_verdict_is_bad_just_where_something_is_wrong(findings):
    bad = [f for f in findings if f.state == "wrong"]
    assert diagnosis.outputs(findings)["passed"] == (not bad)
    if not bad:
        diagnosis.require(findings)
        return
    with pytest.raises(NotReadyError) as caught:
        diagnosis.require(findings)
    assert all(f"{f.what}: {f.found}" in str(caught.value) for f in bad)


@given(FINDINGS)
def test_the_tables_hold_every_finding(findings):
    assert len(diagnosis.rows(findings)) == len(findings) + 1
    text = diagnosis.plain(findings)
    assert all(f.what in text for f in findings)


def test_a_fix_stands_below_what_it_mends():
    findings = [
        Finding("git", "fine", "git version 2"),
        Finding("sagemaker.yml", "wrong", "a.yml:1: x\na.yml:2: y", "Mend it."),
    ]
    assert diagnosis.plain(findings).splitlines() == [
        "✔ git            git version 2",
        "✘ sagemaker.yml  a.yml:1: x",
        "                 a.yml:2: y",
        "                 → Mend it.",
    ]


@pytest.mark.parametrize("text", ["train deploy", "train,deploy", " train ,  deploy "])
def test_steps_are_named_by_words(text):
    assert diagnosis.steps_of(text) == ("train", "deploy")
    assert diagnosis.steps_of("") == ()
    assert diagnosis.pipeline(serves=True) == diagnosis.PIPELINE
    assert diagnosis.pipeline(serves=False) == ("build-training-image", "train")


def test_an_unknown_step_is_refused():
    with pytest.raises(InputError, match="names 'fly'; allowed: build-training-image"):
        diagnosis.steps_of("train fly")


def _raise(error):
    raise error
