"""sagemaker.yml: the error names all bad values at once, each with its line."""

import copy
import json
import re

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from helpers.kit.project_files import ECR, GOOD, changed, load, problems
from matlab_sagemaker.project import config, hyperparameters, products


def test_a_whole_file_is_read(repository):
    project = load(repository, GOOD).settings
    assert project.training.max_runtime == 7200
    assert project.training.hyperparameters["Sizes"] == "[1, 2]"
    assert project.endpoint_name == "pump-faults"


@pytest.mark.parametrize(
    ("written", "read"),
    [("r2023a", "R2023a"), ("R2023B", "R2023b"), ("r2026au2", "R2026aU2"), ("R2026a", "R2026a")],
)
def test_a_release_is_known_in_any_case(repository, written, read):
    assert load(repository, changed("matlab.release", written)).settings.matlab.release == read


def test_what_is_left_out_has_a_default(repository):
    document = {k: v for k, v in GOOD.items() if k not in ("matlab", "endpoint", "aws")}
    project = load(repository, document).settings
    assert (project.matlab.engine, project.matlab.release) == ("matlab", "R2026a")
    assert project.aws.training_role == config.DEFAULT_TRAINING_ROLE
    assert project.aws.serving_role == config.DEFAULT_SERVING_ROLE
    assert project.endpoint_name == "pump-faults"


SUBNETS, GROUPS = ["subnet-0123456789abcdef0"], ["sg-01234567"]
BAD = {
    # names that SageMaker, ECR, S3 or MATLAB would refuse
    "name": ["Pump", "pump_faults", "-pump", "pump-", "a--b", "x" * 41, "", 5, None, ["a"], True],
    "endpoint.name": ["under_score", "-a", "x" * 64, "a.b", 7],
    "training.function": ["@Handler", "2fast", "a-b", "trainModel.m", "../x", "", 3, "noFile"],
    "inference.handler": ["1H", "My Handler", "noSuchHandler", {}],
    "matlab.engine": ["Matlab", "python", True],
    "matlab.release": ["2026a", "R26a", "R2026c", "R2026aU", "latest", 2026, "R2022b",
    "R2010a", "r1999a"],
    "matlab.products": ["Deep Learning Toolbox", [1], [""], ["a;b"], sorted(products.PRODUCTS)],
    # folders
    "training.code": ["nowhere", "/code", "../code", "code/../../x", "empty", "code/trainModel.m",
    "", "a\0b", "x" * 300, "x/" * 600, [], {"a": "code"}, ["code"] * 21,
    ["code", "copy"], ["code", "code"], ["code", "nowhere"], ["code", "../x"], ["code", 1],
    ["code", None], ["code", ["lib"]]],
    "inference.code": ["nowhere", 1, "C:\\code", ["inference", "empty"]],
    "training.channels": [{}, [], "data", {f"c{i}": "data" for i in range(20)}],
    "training.channels.training": ["nowhere", "S3://b/x", "s3://B_/x", "https://x/y", "empty", 1,
    "/", "/etc", "..", "x" * 300, "a/" * 1000, "a\0b", "code/trainModel.m/x"],
    # hyperparameters: at most 98 names, MATLAB names, values that fit in 256 characters
    "training.hyperparameters": [
        {"sagemaker_program": "x"}, {"a-b": 1}, {"1a": 1}, {"a": None}, {"a": {"b": 1}},
        {"a": float("inf")}, {"a": float("nan")}, {"a": "x" * 257}, {"a": [[1]]},
        {f"h{i}": i for i in range(99)}, [1], {"a": "u@host::TOKEN"}, {"a": [1, "u@host::T::X"]},
        {"a": "true u@host::TOKEN"}, {"MLM_LICENSE_TOKEN": "x"},
    ],
    "training.environment": [
        [], "A=1", {"MLM_LICENSE_TOKEN": ""}, {"mlm_License_token": "x"},
        {"MLM_LICENSE_TOKEN": "x"}, {"a-b": "1"},
        {"1A": "1"}, {"": "1"}, {"A" * 513: "1"}, {"PATH": "/x"}, {"PYTHONPATH": "x"},
        {"PYTHONHOME": "x"}, {"LD_PRELOAD": "x"}, {"AWS_ENDPOINT_URL": "x"},
        {"SAGEMAKER_BASE_DIR": "/x"}, {"MATLAB_SAGEMAKER_INPUTS": "x"}, {"TRAINING_JOB_ARN": "x"},
        {"MATLAB_REQUIRED_PRODUCTS": "x"}, {"A": 1}, {"A": None}, {"A": True}, {"A": ["x"]},
        {"A": "x" * 513}, {"A": "a\0b"}, {"A": "u@host::TOKEN"}, {"A": "u@host::label::TOKEN"},
        {"A": "with u@host::TOKEN in it"}, {f"A{n}": "x" for n in range(98)}, {1: "x"},
    ],
    # instances
    "training.instance_type": ["m5.large", "ml.m5", "ML.M5.LARGE", "ml.m5.large;rm", 5,
    "ml.m5.huge", "ml.inf1.xlarge"],
    "training.image": ["pump", "pump:1", f"{ECR}/pump", f"{ECR}/pump@sha256:12", f"{ECR}/Pump:1",
    f"{ECR}/matlab-sagemaker/candidate:1", f"{ECR}/matlab-sagemaker/candidate@sha256:" + "a" * 64,
    "", 5, f"{ECR}/pump:1 x", f"{ECR[9:]}/pump:1", f"1{ECR}/pump:1", f"x.{ECR}/pump:1",
    "123.dkr-ecr.eu-west-1.on.aws/pump:1"],
    "training.instance_count": [0, -1, "1", 1.5, True, 101],
    "training.volume_gb": [0, "30", 16385],
    "training.max_runtime": [0, -5, "29d", "2 h", "1:30", "h", True, 1.5, 2419201, "9" * 30],
    "training.spot": [True, "1d", {}, {"max_wait": "1h"}, {"max_wait": 7199}, {"max_wait": "29d"}],
    "training.spot.max_wait": ["soon", 0, None],
    "training.spot.wait": ["1d"],
    "training.metrics": [
        {"a": "no group"}, {"a": "open ("}, {"a": ""}, {"a": "(" + "x" * 499 + ")"},
        {"x" * 256: "(.)"}, {f"m{i}": "(.)" for i in range(41)}, {"a": 1},
        {"a": "(.{99999999999})"}, {"a": "([[:digit:]]+)"}, {"a": "([a||b])"},
    ],
    "training.metrics.accuracy": [
        1, None, True, [], ["(.)"], "no group", {}, {"required": False},
    ],
    "training.metrics.loss": [{"pattern": "x"}, {"pattern": ""}, {"pattern": 1}, {"pattern": None}],
    "training.metrics.loss.required": ["false", 0, None],
    "training.metrics.loss.better": ["up", True, ["lower"]],
    "training.metrics.loss.unit": ["", "x" * 21, 1, "a\nb"],
    "training.metrics.loss.requird": [False],
    "inference.request": [
        "nowhere.csv", "data", "data/a.txt", "../a.csv", "/etc/a.csv", "s3://b/a.csv", "C:a.csv",
        "empty.csv", "folder.csv", "leads-out.csv", 1, "", "a\0.csv", "x" * 300 + ".csv",
        "data/a.csv/b.csv",
    ],
    "inference.expected": ["nowhere.json", "data/a.txt", "leads-out.csv", ["data/a.csv"]],
    "inference.tolerance": [-1e-6, 1, "much", float("nan"), float("inf"), True, None],
    "inference.expcted": ["data/a.csv"],
    "endpoint.instance_count": [0, "two"],
    "endpoint.instance_type": ["large", "ml.m5.huge"],
    "aws.region": ["europe", "eu_west_1", 1],
    "aws.training_role": ["arn:aws:s3:::bucket", "a role", "x" * 65],
    "aws.serving_role": ["arn:aws:s3:::bucket", "a role", "x" * 65],
    "aws.bucket": ["A", "ab", "under_score", "a..b", "x" * 64, "192.168.1.1", "xn--x", "sthree-x",
    "x-s3alias", "x--ol-s3", "x--x-s3", "x.mrap", "amzn-s3-demo-x", "-ab", "ab."],
    "aws.vpc": [
        "vpc-0123456789abcdef0", {}, {"subnets": SUBNETS}, {"security_groups": GROUPS},
        {"subnets": [], "security_groups": GROUPS}, {"subnets": SUBNETS, "security_groups": []},
        {"subnets": SUBNETS * 17, "security_groups": GROUPS},
        {"subnets": SUBNETS, "security_groups": GROUPS * 6},
        {"subnets": "subnet-0123456789abcdef0", "security_groups": GROUPS},
        {"subnets": ["sg-01234567"], "security_groups": GROUPS},
        {"subnets": SUBNETS, "security_groups": SUBNETS},
        {"subnets": SUBNETS * 2, "security_groups": GROUPS},
        {"subnets": SUBNETS, "security_groups": GROUPS * 2},
        {"subnets": [1], "security_groups": GROUPS},
    ],
    "aws.tags": [
        [], {"aws:x": "1"}, {"AWS:x": "1"}, {"matlab-sagemaker:project": "x"}, {"": "1"},
        {"k" * 129: "1"}, {"a": 1}, {"a": "v" * 257}, {"a": "<b>"}, {"a,b": "1"}, {"a": None},
        {f"k{n}": "1" for n in range(41)}, {"a": "u@host::TOKEN"}, {"u@host::l::TOKEN": "1"},
        {"MLM_LICENSE_TOKEN": "x"},
    ],
    # keys
    "unknown": [1],
    "aws.role": ["a-role"],
    "training.chanels": [{"a": "data"}],
    "matlab.Engine": ["octave"],
}  # fmt: skip
CASES = [(path, value) for path, values in BAD.items() for value in values]


# Words of pydantic, not of people who write sagemaker.yml.
_PYDANTICS = r"\w+Section|validat|\bvalid\b|Input|Keys should|instance of|dict|boolean|True|False"


def lines_of(repository, path):
    """Return the numbers of the lines of a key and its value."""
    node = yaml.compose((repository / "sagemaker.yml").read_text(encoding="utf-8"))
    for name in path.split("."):
        key, node = next((k, v) for k, v in node.value if k.value == name)
    return range(key.start_mark.line + 1, node.end_mark.line + 2)


@pytest.mark.parametrize(("path", "value"), CASES, ids=lambda v: str(v)[:30])
def test_a_bad_value_is_named_with_its_place(repository, path, value):
    text = problems(repository, changed(path, value))
    assert f"sagemaker.yml:{'1' if path == 'name' else ''}" in text
    lines = re.findall(rf"sagemaker\.yml:(\d+): (?:the \d+.. \w+ of )?{re.escape(path)}[.:]", text)
    assert lines, text
    written = lines_of(repository, path)
    assert {int(line) in written for line in lines} == {True}, (lines, written)
    assert "Nothing has been done yet" in text
    assert not re.search(_PYDANTICS, text), text


@pytest.mark.parametrize(
    ("path", "value", "allowed"),
    [("matlab.release", 2099, "R2026a"), ("name", 5, "hyphens"), ("aws.region", True, "eu-west-1")],
)
def test_what_is_no_text_is_told_with_what_is_allowed(repository, path, value, allowed):
    assert re.search(
        f"found {json.dumps(value)}; allowed: .*{allowed}",
        problems(repository, changed(path, value)),
    )


def test_a_limit_below_that_of_sagemaker_says_why(repository):
    text = problems(repository, changed("training.environment", {f"A{n}": "x" for n in range(98)}))
    assert "allowed: at most 97 variables (SageMaker allows 100, the kit needs 3)" in text


@pytest.mark.parametrize(
    ("longest", "said"), [("90m", "90m"), (7200, "2h"), ("1d", "1d (its default)"), (None, "1d")]
)
def test_a_wait_that_is_too_short_is_told_in_a_unit_that_people_write(repository, longest, said):
    document = changed("training.spot", {"max_wait": "1m"})
    document["training"]["max_runtime"] = longest
    if longest is None:
        del document["training"]["max_runtime"]
    wanted = f"allowed: a max_wait of at least training.max_runtime, {said}"
    assert wanted in problems(repository, document)


def test_an_expected_answer_is_that_to_a_request(repository):
    document = copy.deepcopy(GOOD)
    del document["inference"]["request"]
    assert re.search(
        r"sagemaker\.yml:\d+: inference\.expected needs inference\.request",
        problems(repository, document),
    )


@pytest.mark.parametrize("path", ["name", "training", "training.code", "inference.code"])
def test_what_is_required_is_asked_for(repository, path):
    document = copy.deepcopy(GOOD)
    *parents, last = path.split(".")
    section = document
    for parent in parents:
        section = section[parent]
    del section[last]
    assert f"{path} is missing; it is required" in problems(repository, document)


@pytest.mark.parametrize("section", ["training", "inference", "endpoint", "matlab", "aws"])
@pytest.mark.parametrize("value", [5, "text", [1], True])
def test_a_section_that_is_no_mapping_is_named(repository, section, value):
    assert f"{section}: found" in problems(repository, {**GOOD, section: value})


def test_all_that_is_wrong_comes_at_once_in_the_order_of_the_file(repository):
    document = changed("training.code", "nowhere")
    document["training"]["instance_count"] = 0
    document["name"] = "Pump"
    document["aws"]["region"] = "x"
    document["trainin"] = {}
    lines = problems(repository, document).splitlines()[:-1]
    assert len(lines) == 5
    numbers = [int(line.split("sagemaker.yml:")[1].split(":")[0]) for line in lines]
    assert numbers == sorted(numbers)
    assert "did you mean 'training'?" in lines[-1]


def test_the_line_is_that_of_the_value(repository):
    text = "name: pump\n\n# a comment\ntraining:\n  code: nowhere\n"
    found = problems(repository, text)
    assert "sagemaker.yml:5: training.code: found 'nowhere' (no such folder)" in found


def test_a_misspelt_function_is_answered_with_the_nearest_file(repository):
    text = problems(repository, changed("training.function", "trainModle"))
    assert "did you mean 'trainModel'?" in text


def test_a_project_without_a_handler_can_train(repository):
    document = {name: section for name, section in GOOD.items() if name != "inference"}
    assert load(repository, document).settings.inference is None


scalars = (
    st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)


@given(scalars | st.lists(scalars))
def test_a_hyperparameter_comes_back_from_its_text(value):
    """The job decodes text that is JSON and takes any other as it is."""
    text = hyperparameters.hyperparameter_text(value)
    try:
        decoded = json.loads(text)
    except ValueError:
        decoded = text
    assert decoded == value
    assert type(decoded) is type(value)


def test_the_schema_for_editors_is_the_one_that_is_checked_in(kit):
    kept = json.loads((kit / "scripts/sagemaker.schema.json").read_text())
    assert kept == config.json_schema(), "run: scripts/run schema > scripts/sagemaker.schema.json"


def test_the_schema_accepts_what_is_accepted_and_refuses_what_is_refused(kit):
    schema = config.json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(GOOD, schema)
    for path, value in [("name", "Pump"), ("training.instance_count", 0), ("unknown", 1)]:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(changed(path, value), schema)


@pytest.mark.parametrize(
    ("product", "near"),
    [
        ("Statistics and Machine Learning Tolbox", "Statistics and Machine Learning Toolbox"),
        ("Deep Learning", "Deep Learning Toolbox"),
        ("signal procesing toolbox", "Signal Processing Toolbox"),
        ("Simulnk", "Simulink"),
        ("Foo Toolbox", ""),
        ("Quantum Toolbox", ""),
        ("Chemistry Toolbox", ""),
        ("Weather Toolbox", ""),
        ("My Own Toolbox", ""),
        ("Toolbox", ""),
    ],
)
def test_a_product_is_suggested_only_where_one_is_near(product, near):
    with pytest.raises(ValueError, match="a product of MathWorks") as raised:
        products.named(product)
    assert str(raised.value).partition("did you mean ")[2] == (f"'{near}'?" if near else "")
