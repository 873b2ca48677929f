"""Instance types: for an unknown one, the error suggests types with similar names."""

import botocore.session
import pytest

from matlab_sagemaker.project import instances

SHAPES = {"training": "TrainingInstanceType", "serving": "ProductionVariantInstanceType"}


def test_the_list_is_that_of_the_locked_boto3():
    """If it differs, the test writes it again."""
    model = botocore.session.Session().get_service_model("sagemaker")
    lines = []
    for use, shape in SHAPES.items():
        families = {}
        for name in model.shape_for(shape).enum:
            family, _, size = name.rpartition(".")
            families.setdefault(family, []).append(size)
        lines += [f"{use} {family} {' '.join(sizes)}\n" for family, sizes in families.items()]
    kept = instances.LIST.read_text() if instances.LIST.exists() else ""
    instances.LIST.write_text("".join(lines))
    assert kept == "".join(lines), "it was not; now it is: commit it"


@pytest.mark.parametrize(
    ("name", "near", "family"),
    [
        ("ml.m5.3xlarge", "ml.m5.xlarge", "ml.m5"),
        ("ml.m5.huge", "ml.m5.large", "ml.m5"),
        ("ml.m55.large", "ml.m5.large", "ml.m5"),
        ("ml.c5.large", "ml.c5.xlarge", "ml.c5"),
        ("ml.g5.xlarg", "ml.g5.xlarge", "ml.g5"),
    ],
)
def test_a_type_that_does_not_exist_is_answered_with_the_nearest_and_its_family(name, near, family):
    sizes = ", ".join(instances.FAMILIES["training"][family])
    told = instances.allowed(name, "training")
    assert f"for training; did you mean '{near}'? {family} has {sizes} (" in told


def test_a_type_for_serving_alone_does_not_train():
    assert "ml.inf1.xlarge" in instances.TYPES["serving"]
    assert "ml.inf1.xlarge" not in instances.TYPES["training"]


def test_where_nothing_is_near_no_type_is_suggested():
    assert "for serving (for a type" in instances.allowed("ml.quantum-computer.q1", "serving")
