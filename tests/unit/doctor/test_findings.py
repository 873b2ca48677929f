"""Doctor's judgements: what a step needs, what is missing, the verdict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matlab_sagemaker import checks
from matlab_sagemaker.checks import Check, fine, skipped, wrong
from matlab_sagemaker.doctor import findings as doctor_findings
from matlab_sagemaker.doctor.arns import named_after
from matlab_sagemaker.doctor.permissions import STEPS
from matlab_sagemaker.errors import (
    AwsError,
    DeniedError,
    ImageError,
    InputError,
    NotAllowedError,
    NotReadyError,
    visible,
)

ALL = [(step, permission) for step, listed in STEPS.items() for permission in listed]
FINDINGS = st.lists(
    st.builds(
        Check,
        name=st.text(min_size=1),
        found=st.text(min_size=1),
        passed=st.sampled_from([True, False, None]),
        fix=st.text(),
    ),
    min_size=1,
)


@pytest.mark.parametrize(("step", "permission"), ALL)
def test_each_permission_is_missed_by_its_step_and_told_with_what_it_is_on(step, permission):
    needed = doctor_findings.needed(step, {permission.on}, with_secret=True)
    finding = doctor_findings.allowed(step, needed, {(permission.action, permission.on)})
    assert finding.passed == permission.by_choice
    if not permission.by_choice:
        assert finding.found == f"not allowed: {permission.action} ({permission.on})"


@pytest.mark.parametrize("step", STEPS)
def test_what_is_there_has_not_to_be_made_and_no_secret_is_no_action(step):
    needed = doctor_findings.needed(step, set(), with_secret=False)
    assert not [p for p in needed if p.makes or p.on == "secret" or p.by_choice]
    assert doctor_findings.allowed(step, needed, set()).passed


ROLES_WAY = ("train", "deploy")


@pytest.mark.parametrize("step", ROLES_WAY)
def test_a_role_for_other_names_is_told_from_one_that_lacks_actions(step):
    wanted = doctor_findings.needed(step, set(), with_secret=True)
    denied = {(p.action, p.on) for p in wanted if named_after(p.on)}
    foreign = doctor_findings.foreign(wanted, denied)
    assert foreign == {named_after(p.on) for p in wanted} - {""}
    finding = doctor_findings.allowed(step, wanted, denied, foreign, {"pump-faults"})
    assert "not for names that begin with pump-faults" in finding.fix
    assert "NamePrefix" in finding.fix


@pytest.mark.parametrize("step", ROLES_WAY)
def test_a_role_that_reaches_one_of_the_names_lacks_an_action(step):
    wanted = doctor_findings.needed(step, set(), with_secret=True)
    named = [p for p in wanted if named_after(p.on)]
    for reached in named:
        denied = {(p.action, p.on) for p in named} - {(reached.action, reached.on)}
        foreign = doctor_findings.foreign(wanted, denied)
        assert named_after(reached.on) not in foreign
        fix = doctor_findings.allowed(step, wanted, denied, foreign, {"x"}).fix
        whose = {named_after(on) for _, on in denied}
        assert fix.startswith("Add them") == bool(whose - foreign)


def test_an_instance_that_only_a_trial_asks_for_is_named():
    wanted = doctor_findings.needed("try-handler", set(), with_secret=True)
    denied = {("sagemaker:CreateTrainingJob", "job")}
    fix = doctor_findings.allowed("try-handler", wanted, denied, instance="ml.m5.large").fix
    assert fix.startswith("try-handler runs on ml.m5.large. Add that to TrainingInstanceTypes")


def test_a_role_without_any_right_is_not_taken_for_one_of_other_names():
    wanted = doctor_findings.needed("train", set(), with_secret=True)
    denied = {(p.action, p.on) for p in wanted}
    assert doctor_findings.foreign(wanted, denied) == set()
    assert doctor_findings.allowed("train", wanted, denied).fix.startswith("Add them")


@pytest.mark.parametrize(("another", "expected"), [(True, None), (False, False)])
def test_what_the_one_who_asks_may_not_is_no_fault_of_another(another, expected):
    denied = DeniedError("AWS refused.")
    assert doctor_findings.look("x", lambda: _raise(denied), for_another=another).passed is expected
    other = AwsError("AWS is away.")
    assert doctor_findings.look("x", lambda: _raise(other), for_another=another).passed is False


@pytest.mark.parametrize("error", [AwsError, ImageError, InputError])
def test_an_error_is_a_finding_with_its_fix(error):
    finding = doctor_findings.look("thing", lambda: _raise(error("What.", why="Why.", do="Do.")))
    assert finding == wrong("thing", "What. Why.", "Do.")


def test_not_to_be_let_look_is_no_finding():
    finding = doctor_findings.look("thing", lambda: _raise(NotAllowedError("Not you.")))
    assert finding == skipped("thing", "not checked: Not you.")


def test_what_is_no_error_of_ours_stays_a_bug():
    with pytest.raises(ZeroDivisionError):
        doctor_findings.look("thing", lambda: 1 / 0)


@given(FINDINGS)
def test_the_verdict_is_bad_just_where_something_is_wrong(findings):
    bad = [f for f in findings if f.passed is False]
    assert checks.outputs(findings)["passed"] == (not bad)
    if not bad:
        doctor_findings.require(findings)
        return
    with pytest.raises(NotReadyError) as caught:
        doctor_findings.require(findings)
    assert caught.value.what == f"{len(bad)} problem{'s' if len(bad) > 1 else ''} found."
    assert all(visible(f"{f.name}: {f.found}") in str(caught.value) for f in bad)


@given(FINDINGS)
def test_the_tables_hold_every_finding(findings):
    assert len(checks.rows(findings)) == len(findings) + 1
    text = checks.plain(findings)
    assert all(f.name in text for f in findings)


def test_a_fix_stands_below_what_it_mends():
    findings = [
        fine("git", "git version 2"),
        wrong("sagemaker.yml", "a.yml:1: x\na.yml:2: y", "Fix it."),
    ]
    assert checks.plain(findings).splitlines() == [
        "✔ git            git version 2",
        "✘ sagemaker.yml  a.yml:1: x",
        "                 a.yml:2: y",
        "                 → Fix it.",
    ]


def test_on_a_terminal_long_lines_are_wrapped_in_their_column():
    findings = [wrong("git", "one two " * 5 + "three", "Commit it, then " + "push " * 8)]
    assert checks.plain(findings, 44).splitlines() == [
        "✘ git  one two one two one two one two one",
        "       two three",
        "       → Commit it, then push push push push",
        "         push push push push",
    ]
    assert len(checks.plain(findings, 20).splitlines()) == 2, "too narrow"


@pytest.mark.parametrize("text", ["train deploy", "train,deploy", " train ,  deploy "])
def test_steps_are_named_by_words(text):
    assert doctor_findings.steps_of(text) == ("train", "deploy")
    assert doctor_findings.steps_of("") == ()
    both = doctor_findings.pipeline(trains=True, serves=True)
    assert both == (
        "build-training-image", "train", "try-handler", "compile-handler", "deploy", "predict"
    )  # fmt: skip
    trained = doctor_findings.pipeline(trains=True, serves=False)
    assert trained == ("build-training-image", "train")
    given = doctor_findings.pipeline(trains=False, serves=True)
    assert given == ("compile-handler", "deploy", "predict")


def test_an_unknown_step_is_refused():
    with pytest.raises(InputError, match="names 'fly'; allowed: build-training-image"):
        doctor_findings.steps_of("train fly")


def _raise(error):
    raise error
