"""IAM's decisions: deny outweighs allow, the default is deny, patterns and conditions count."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.iam.conditions import UnknownOperatorError
from emulator.iam.policies import Question, decide

ACTIONS = st.sampled_from(
    ["s3:GetObject", "s3:PutObject", "s3:*", "*", "S3:getobject", "s3:Get?bject"]
)
RESOURCES = st.sampled_from(["*", "arn:a", "arn:a*", "arn:?", "arn:b"])
STATEMENTS = st.lists(
    st.builds(
        lambda effect, action, resource: {
            "Effect": effect,
            "Action": action,
            "Resource": resource,
        },
        st.sampled_from(["Allow", "Deny"]),
        st.one_of(ACTIONS, st.lists(ACTIONS, min_size=1, max_size=2)),
        st.one_of(RESOURCES, st.lists(RESOURCES, min_size=1, max_size=2)),
    ),
    max_size=4,
)
ASKED = Question("s3:GetObject", "arn:a")


def decision(statements, question=ASKED):
    return decide({"policy": {"Statement": statements}}, question).decision


def allow(action="*", resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


@given(STATEMENTS)
def test_a_deny_that_concerns_the_request_outweighs_every_allow(statements):
    concerned = {
        s["Effect"] for s in statements if decision([{**s, "Effect": "Allow"}]) == "allowed"
    }
    expected = "implicitDeny"
    if "Allow" in concerned:
        expected = "allowed"
    if "Deny" in concerned:
        expected = "explicitDeny"
    assert decision(statements) == expected


@given(STATEMENTS, STATEMENTS)
def test_it_does_not_matter_which_document_a_statement_stands_in(first, second):
    split = decide({"a": {"Statement": first}, "b": json.dumps({"Statement": second})}, ASKED)
    assert split.decision == decision([*first, *second])


@given(
    st.text(alphabet="ab.[]()^$|+\\:/", max_size=8), st.text(alphabet="ab.[]()^$|+\\:/", max_size=8)
)
def test_only_the_star_and_the_question_mark_are_wildcards(pattern, value):
    assert (decision([allow(resource=pattern)], Question("x:y", value)) == "allowed") == (
        pattern == value
    )


@pytest.mark.parametrize(
    ("pattern", "resource", "matches"),
    [
        ("arn:job/flowers*", "arn:job/flowers", True),
        ("arn:job/flowers*", "arn:job/flowers-1/x:y", True),
        ("arn:job/flowers*", "arn:job/flower", False),
        ("arn:job/flowers", "arn:job/FLOWERS", False),
        ("arn:?", "arn:", False),
        ("arn:*", "*", False),
    ],
)
def test_a_resource_is_matched_whole(pattern, resource, matches):
    answer = decision([allow(resource=pattern)], Question("x:y", resource))
    assert answer == ("allowed" if matches else "implicitDeny")


def test_actions_have_no_case():
    assert decision([allow("S3:GETobject")]) == "allowed"


def test_all_but_the_named_ones():
    assert (
        decision([{"Effect": "Allow", "NotAction": "s3:GetObject", "Resource": "*"}]) != "allowed"
    )
    assert decision([{"Effect": "Allow", "NotAction": "s3:Put*", "Resource": "*"}]) == "allowed"
    assert (
        decision([{"Effect": "Deny", "Action": "*", "NotResource": "arn:a"}, allow()]) == "allowed"
    )
    assert (
        decision([{"Effect": "Deny", "Action": "*", "NotResource": "arn:b"}, allow()]) != "allowed"
    )


@pytest.mark.parametrize(
    ("operator", "wanted", "given_", "met"),
    [
        ("StringEquals", "a", ["a"], True),
        ("StringEquals", ["b", "a"], ["a"], True),
        ("StringEquals", "a*", ["ab"], False),
        ("StringEquals", "a", ["A"], False),
        ("StringEquals", "a", None, False),
        ("StringEqualsIfExists", "a", None, True),
        ("StringEqualsIfExists", "a", ["b"], False),
        ("StringEqualsIgnoreCase", "a", ["A"], True),
        ("StringNotEquals", "a", ["b"], True),
        ("StringNotEquals", ["a", "b"], ["b"], False),
        ("StringNotEquals", "a", None, True),
        ("StringLike", "a*", ["ab"], True),
        ("StringNotLike", "a*", ["ab"], False),
        ("StringNotEquals", "a", ["a", "b"], False),
        ("ForAnyValue:StringEquals", ["a", "c"], ["a", "b"], True),
        ("ForAnyValue:StringEquals", "c", ["a", "b"], False),
        ("ForAnyValue:StringNotEquals", "a", ["a", "b"], True),
        ("ForAnyValue:StringNotEquals", ["a", "b"], ["a", "b"], False),
        ("ForAnyValue:StringNotEquals", "a", None, False),
        ("ForAnyValue:StringEqualsIfExists", "a", None, True),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "b"], True),
        ("ForAllValues:StringEquals", "a", ["a", "b"], False),
        ("ForAllValues:StringNotEquals", "a", ["a", "b"], False),
        ("ForAllValues:StringEquals", "a", None, True),
        ("ArnLike", "arn:*:x", ["arn:y:x"], True),
        ("Bool", "false", ["true"], False),
        ("Bool", False, ["false"], True),
        ("NumericLessThanEquals", "3600", ["3600"], True),
        ("NumericLessThanEquals", 3600, ["3601"], False),
        ("NumericLessThanEquals", "3600", ["many"], False),
        ("NumericLessThanEquals", "3600", None, False),
        ("NumericGreaterThanIfExists", "10", ["9"], False),
        ("NumericNotEquals", "9", ["10"], True),
        ("Null", "true", None, True),
        ("Null", "true", ["a"], False),
        ("Null", "false", ["a"], True),
    ],
)
def test_a_condition_is_met_or_the_statement_says_nothing(operator, wanted, given_, met):
    context = {} if given_ is None else {"AWS:Key": given_}
    statement = allow(Condition={operator: {"aws:key": wanted}})
    answer = decide({"policy": {"Statement": statement}}, Question("x:y", "z", context))
    assert answer.decision == ("allowed" if met else "implicitDeny")
    assert answer.missing == (() if given_ is not None else ("aws:key",))


def test_every_condition_has_to_be_met():
    both = {"StringEquals": {"aws:a": "1", "aws:b": "2"}}
    asked = Question("x:y", "z", {"aws:a": ["1"], "aws:b": ["3"]})
    assert decision([allow(Condition=both)], asked) == "implicitDeny"


@pytest.mark.parametrize("operator", ["DateLessThan", "IpAddress", "ForNoValue:StringEquals"])
def test_an_operator_that_cannot_be_judged_is_refused(operator):
    statement = allow(Condition={operator: {"aws:key": "1"}})
    with pytest.raises(UnknownOperatorError, match=operator):
        decision([statement])


def test_a_policy_variable_is_refused():
    with pytest.raises(UnknownOperatorError, match="aws:username"):
        decision([allow(resource="arn:home/${aws:username}")])


@pytest.mark.parametrize("operator", ["ArnLike", "ArnNotEquals"])
def test_text_that_is_no_arn_is_not_compared_as_one(operator):
    statement = allow(Condition={operator: {"aws:key": "*"}})
    with pytest.raises(UnknownOperatorError, match="'a' as an ARN"):
        decision([statement], Question("x:y", "z", {"aws:key": ["a"]}))
