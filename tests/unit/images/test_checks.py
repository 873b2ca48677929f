"""The checks of an image: what is refused, what is only reported, and how."""

import dataclasses

import pytest

from matlab_sagemaker.aws import manifests
from matlab_sagemaker.checks import Check
from matlab_sagemaker.errors import ImageError
from matlab_sagemaker.images import checks, report
from matlab_sagemaker.project.comparison import Expected

GOOD = checks.LocalImage(
    id="sha256:1",
    platform="linux/amd64",
    size=2_000_000_000,
    free=9_000_000_000,
    media_type=manifests.DOCKER_MANIFEST,
    registry="",
    takes_port=True,
)


def found(**changes):
    return {c.name: c for c in checks.of_image(dataclasses.replace(GOOD, **changes))}


def test_a_good_image_passes_all_checks():
    assert checks.passed(list(found().values()))
    checks.require("image", list(found().values()))


@pytest.mark.parametrize(
    ("name", "changes", "cure"),
    [
        ("platform", {"platform": "linux/arm64"}, "--platform linux/amd64"),
        ("manifest", {"media_type": manifests.OCI_MANIFEST}, "oci-mediatypes=false"),
        ("manifest", {"media_type": manifests.INDEXES[0]}, "--provenance=false"),
    ],
)
def test_what_sagemaker_refuses_is_an_error_with_its_cure(name, changes, cure):
    results = list(found(**changes).values())
    assert [check.name for check in results if not check.passed] == [name]
    with pytest.raises(ImageError, match=cure) as raised:
        checks.require("image:1", results)
    assert f"image:1 cannot be deployed: {name}" in str(raised.value)
    assert checks.outputs(results)["passed"] is False


def test_an_image_that_was_not_pushed_is_told_and_not_refused():
    local = found(media_type="")
    assert local["manifest"] == Check("manifest", "none: not pushed yet", passed=None)
    assert checks.rows(list(local.values()))[2][-1] == "–"  # noqa: RUF001 (a dash)
    assert checks.passed(list(local.values()))
    assert report.checks("image", list(local.values())).startswith("### ✅")
    silent = found(media_type="", registry="the registry does not say (401)")["manifest"]
    assert silent.found == "the registry does not say (401)"
    assert silent.passed is None


def test_a_size_over_a_limit_is_told_and_not_refused():
    large = found(size=11 * 1024**3, free=1)["size"]
    assert "over the limit of 10.7 GB for serverless" in large.found
    assert "not enough to build or pull it again" in large.found
    assert large.passed
    assert "disk" not in found(free=None)["size"].found


def test_the_table_marks_what_was_not_passed():
    bad = list(found(platform="linux/arm64").values())
    assert checks.rows(bad)[1] == ["platform", "linux/arm64", "✘"]
    assert report.checks("image", bad).startswith("### ❌ Checked `image`")
    assert report.checks("image", list(found().values())).startswith("### ✅")


CSV = Expected("requests/expected.csv", b"0.5\n0.25\n", "text/csv")


def test_the_expected_answer_is_passed_by_content():
    check = checks.of_answer(CSV, b"0.50\r\n0.2500000001\r\n")
    assert (check.found, check.passed) == ("same as requests/expected.csv", True)


@pytest.mark.parametrize(
    ("answer", "found", "why"),
    [
        (b"0.5\n0.75\n", "line 2 (row 2 of the answer)", "expected: 0.25\nanswered: 0.75"),
        (b"\xff", "not text/csv", "can't decode"),
    ],
)
def test_another_answer_is_not_passed_and_says_where_it_differs(answer, found, why):
    check = checks.of_answer(CSV, answer)
    assert found in check.found
    assert why in check.why
    with pytest.raises(ImageError, match="cannot be deployed: expected answer"):
        checks.require("image:1", [check])
