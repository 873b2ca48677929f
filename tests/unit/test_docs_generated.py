"""The generated parts of docs/ match the code; the test writes a part that differs again."""

import pytest
import yaml

from helpers.kit import generated_docs
from helpers.kit.paths import KIT
from matlab_sagemaker.project import config


@pytest.mark.parametrize(("name", "source", "make"), generated_docs.PARTS)
def test_the_generated_part_of_a_page_is_new(name, source, make):
    page = KIT / "docs" / name
    kept = page.read_text(encoding="utf-8")
    wanted = generated_docs.replaced(kept, source, make())
    if kept != wanted:
        page.write_text(wanted, encoding="utf-8")
    assert kept == wanted, f"docs/{name} was written again: look at git diff"


def given(keys):
    """Return a document with the example of each key."""
    document = {}
    for path, own, _ in keys:
        at, *names = reversed(path.replace("<name>", "loss").split("."))
        part = document
        for name in reversed(names):
            part = part.setdefault(name, {})
        value = generated_docs.example(own)
        if value not in (None, {}):
            part[at] = value
    return document


def test_the_examples_of_all_keys_make_a_valid_file():
    keys = list(generated_docs.keys())
    document = given(key for key in keys if key[0] != "model")
    assert config.Settings.model_validate(document).training
    model = given(key for key in keys if not key[0].startswith("training."))
    assert config.Settings.model_validate(model).model


def test_every_key_has_an_example():
    shown = [line.split(" | ") for line in generated_docs.sagemaker_yml().splitlines()[2:]]
    assert [cells[0] for cells in shown if cells[-1].strip(" |") == ""] == []


def test_the_example_at_the_top_of_the_page_is_valid():
    text = (KIT / "docs/sagemaker-yml.md").read_text(encoding="utf-8")
    first = text.partition("```yaml\n")[2].partition("```")[0]
    assert config.Settings.model_validate(yaml.safe_load(first)).name == "flowers"
