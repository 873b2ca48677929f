"""A request and its expected answer: their types, and a row of the answer for each request."""

import pytest

from matlab_sagemaker.rehearsal import samples


def flaws(tmp_path, **texts):
    files = [tmp_path / name.replace("_", ".") for name in texts]
    for file, text in zip(files, texts.values(), strict=True):
        file.write_text(text)
    return list(samples.check(*files).flaws)


@pytest.mark.parametrize(
    "texts",
    [
        {"request_csv": "a,b\n1,2\n3,4\n", "expected_csv": "label\nx\ny\n"},
        {"request_csv": "1,2\n3,4\n", "expected_json": '[{"label": "x"}, {"label": "y"}]'},
        {"request_json": '{"instances": [[1], [2]]}', "expected_json": '{"predictions": [1, 2]}'},
        {"request_json": '{"a": 1}', "expected_csv": "label\nx\n"},
        {"request_bin": "x", "expected_csv": "label\nx\n"},
    ],
)
def test_what_agrees_is_no_flaw(tmp_path, texts):
    assert flaws(tmp_path, **texts) == []


def test_another_number_of_rows_warns(tmp_path):
    (flaw,) = flaws(tmp_path, request_csv="a\n1\n2\n3\n", expected_csv="label\nx\n")
    assert flaw.text.startswith("1 row(s) are expected, but ")
    assert flaw.warns


@pytest.mark.parametrize("broken", ["request_json", "expected_json"])
def test_broken_json_is_wrong_at_its_line(tmp_path, broken):
    texts = {"request_json": "[1]", "expected_json": "[1]", broken: '[{"a": 1},\n {"a": }]'}
    (flaw,) = flaws(tmp_path, **texts)
    assert (flaw.place.file, flaw.place.line) == (str(tmp_path / broken.replace("_", ".")), 2)
    assert "it is not application/json" in flaw.text
    assert not flaw.warns


def test_json_that_is_nested_too_deeply_is_wrong(tmp_path):
    (flaw,) = flaws(tmp_path, request_json="[" * 100_000, expected_json="[1]")
    assert flaw.text == "it is not application/json: its values are nested too deeply"
