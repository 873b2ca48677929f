"""A batch token in sagemaker.yml is refused where AWS would show it; the message has the fix."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from helpers.kit.project_files import changed, problems
from matlab_sagemaker.errors import InputError
from matlab_sagemaker.project import content

MARKED = "someone@example.com::MARKED9f8e7d6c5b4a"
anywhere = st.recursive(
    st.just(MARKED) | st.sampled_from([f"a {MARKED}", f"team@host::label::{MARKED}", "x" * 50]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(
        st.sampled_from(["A", "B", MARKED]), inner, max_size=2
    ),
    max_leaves=4,
)  # fmt: skip


SHOWN = [("training", "environment"), ("training", "hyperparameters"), ("aws", "tags")]


@given(st.sampled_from(SHOWN), anywhere)
def test_a_batch_token_in_what_aws_shows_is_refused_and_not_shown(tmp_path_factory, keys, value):
    file = tmp_path_factory.mktemp("token") / "sagemaker.yml"
    file.write_text(yaml.safe_dump({keys[0]: {keys[1]: value}}), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        content.load(file)
    assert "MARKED" not in str(caught.value)


@pytest.mark.parametrize("text", [f"!!int {MARKED}", f"[{MARKED}: 1, {MARKED}: 2", f"{{? {MARKED}"])
def test_a_batch_token_in_what_is_no_yaml_is_not_shown(repository, text):
    assert "MARKED" not in problems(repository, f"training:\n  environment: {text}\n")
    assert "MARKED" not in problems(repository, f"{MARKED}: 1\n{MARKED}: 2\n")


@pytest.mark.parametrize("keys", SHOWN, ids=".".join)
def test_the_way_out_is_named_for_a_batch_token(repository, keys):
    for given_ in ({"MLM_LICENSE_TOKEN": MARKED}, {"A": MARKED}):
        text = problems(repository, changed(".".join(keys), given_))
        assert "matlab.batch_token_secret" in text
        assert "store-token" in text
