"""sagemaker.yml: every bad value is named with its line, and all of them at once."""

import copy
import json
import re

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from matlab_sagemaker import config, hyperparameters, kinds, yamlfile
from matlab_sagemaker.errors import InputError

GOOD = {
    "name": "pump-faults",
    "matlab": {"engine": "octave", "release": "R2026a", "products": ["Deep Learning Toolbox"]},
    "training": {
        "function": "trainModel",
        "code": "code",
        "channels": {"training": "data", "validation": "s3://bucket-1/validation/"},
        "hyperparameters": {"Depth": 3, "Rate": 0.1, "Kind": "gdi", "Prune": True, "Sizes": [1, 2]},
        "instance_type": "ml.m5.large",
        "instance_count": 1,
        "volume_gb": 30,
        "max_runtime": "2h",
        "metrics": {"accuracy": "accuracy: ([0-9.]+)"},
    },
    "inference": {"handler": "Handler", "code": "inference"},
    "endpoint": {"name": "pump-faults", "instance_type": "ml.m5.large", "instance_count": 2},
    "aws": {"region": "eu-west-1", "role": "a-role", "bucket": "a-bucket"},
}


@pytest.fixture
def repository(tmp_path):
    for file in ("code/trainModel.m", "inference/Handler.m", "data/a.csv", "code/+pkg/inner.m"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("x")
    (tmp_path / "empty").mkdir()
    return tmp_path


def changed(path, value):
    """Return GOOD with `value` at the dotted `path`."""
    document = copy.deepcopy(GOOD)
    *parents, last = path.split(".")
    section = document
    for parent in parents:
        section = section[parent]
    section[last] = value
    return document


def load(repository, document):
    text = document if isinstance(document, str) else yaml.safe_dump(document, sort_keys=False)
    file = repository / "sagemaker.yml"
    file.write_text(text, encoding="utf-8")
    return config.load(file)


def problems(repository, document):
    with pytest.raises(InputError) as caught:
        load(repository, document)
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_a_whole_file_is_read(repository):
    project = load(repository, GOOD).project
    assert project.training.max_runtime == 7200
    assert project.training.hyperparameters["Sizes"] == [1, 2]
    assert project.endpoint_name == "pump-faults"


def test_what_is_left_out_has_a_default(repository):
    document = {k: v for k, v in GOOD.items() if k not in ("matlab", "endpoint", "aws")}
    project = load(repository, document).project
    assert (project.matlab.engine, project.matlab.release) == ("matlab", "R2026a")
    assert project.aws.role == config.DEFAULT_ROLE
    assert project.endpoint_name == "pump-faults"


BAD = {
    # names that SageMaker, ECR, S3 or MATLAB would refuse
    "name": ["Pump", "pump_faults", "-pump", "pump-", "a--b", "x" * 41, "", 5, None, ["a"], True],
    "endpoint.name": ["under_score", "-a", "x" * 64, "a.b", 7],
    "training.function": ["@Handler", "2fast", "a-b", "trainModel.m", "../x", "", 3, "noFile"],
    "inference.handler": ["1H", "My Handler", "noSuchHandler", {}],
    "matlab.engine": ["Matlab", "python", True],
    "matlab.release": ["2026a", "R26a", "r2026a", "R2026c", "latest", 2026],
    "matlab.products": ["Deep Learning Toolbox", [1], [""], ["a;b"], sorted(kinds.PRODUCTS)],
    # folders
    "training.code": ["nowhere", "/code", "../code", "code/../../x", "empty", "code/trainModel.m",
    ""],
    "inference.code": ["nowhere", 1, "C:\\code"],
    "training.channels": [{}, [], "data", {f"c{i}": "data" for i in range(20)}],
    "training.channels.training": ["nowhere", "S3://b/x", "s3://B_/x", "https://x/y", "empty", 1],
    # hyperparameters: at most 98 names, MATLAB names, values that fit in 256 characters
    "training.hyperparameters": [
        {"sagemaker_program": "x"}, {"a-b": 1}, {"1a": 1}, {"a": None}, {"a": {"b": 1}},
        {"a": float("inf")}, {"a": float("nan")}, {"a": "x" * 257}, {"a": [[1]]},
        {f"h{i}": i for i in range(99)}, [1],
    ],
    # instances
    "training.instance_type": ["m5.large", "ml.m5", "ML.M5.LARGE", "ml.m5.large;rm", 5],
    "training.instance_count": [0, -1, "1", 1.5, True, 101],
    "training.volume_gb": [0, "30", 16385],
    "training.max_runtime": [0, -5, "29d", "2 h", "1:30", "h", True, 1.5, 2419201, "9" * 30],
    "training.metrics": [
        {"a": "no group"}, {"a": "open ("}, {"a": ""}, {"a": "(" + "x" * 499 + ")"},
        {"x" * 256: "(.)"}, {f"m{i}": "(.)" for i in range(41)}, {"a": 1},
        {"a": "(.{99999999999})"}, {"a": "([[:digit:]]+)"}, {"a": "([a||b])"},
    ],
    "endpoint.instance_count": [0, "two"],
    "endpoint.instance_type": ["large"],
    "aws.region": ["europe", "eu_west_1", 1],
    "aws.role": ["arn:aws:s3:::bucket", "a role", "x" * 65],
    "aws.bucket": ["A", "ab", "under_score", "a..b", "x" * 64],
    # keys
    "unknown": [1],
    "training.chanels": [{"a": "data"}],
    "matlab.Engine": ["octave"],
}  # fmt: skip
CASES = [(path, value) for path, values in BAD.items() for value in values]


@pytest.mark.parametrize(("path", "value"), CASES, ids=lambda v: str(v)[:30])
def test_a_bad_value_is_named_with_its_place(repository, path, value):
    text = problems(repository, changed(path, value))
    assert f"sagemaker.yml:{'1' if path == 'name' else ''}" in text
    assert re.search(rf"sagemaker\.yml:\d+: {re.escape(path)}[.:]", text), text
    assert "Nothing was sent" in text


@pytest.mark.parametrize(
    ("path", "value", "allowed"),
    [("matlab.release", 2099, "R2026a"), ("name", 5, "hyphens"), ("aws.region", True, "eu-west-1")],
)
def test_what_is_no_text_is_told_with_what_is_allowed(repository, path, value, allowed):
    assert re.search(
        f"found {value}; allowed: .*{allowed}", problems(repository, changed(path, value))
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


def test_a_function_in_a_package_is_found(repository):
    assert load(repository, changed("training.function", "pkg.inner"))


def test_a_folder_linked_from_outside_is_refused(repository, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "trainModel.m").write_text("x")
    (repository / "link").symlink_to(outside)
    text = problems(repository, changed("training.code", "link"))
    assert "(link leads out of the repository)" in text


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_link_out_of_the_repository_is_refused_in_the_middle_too(repository, kind):
    target = repository.parent / f"{repository.name}-outside"
    target.mkdir()
    (target / "secret.m").write_text("x")
    link = repository / "code/sub"
    link.symlink_to(target if kind == "folder" else target / "secret.m")
    assert "leads out of the repository" in problems(repository, GOOD)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "just text", "a: [", "a: b: c", "\tname: x", "name: x\nname: y", "&a [*a]",
     "!!python/object:os.x {}",
     "name: !x y", "? [a]\n: b", "a: 0o9", "\x00", "--- a\n--- b", "name: *nowhere", "{" * 5000,
     "1: 2"],
)  # fmt: skip
def test_a_file_that_is_no_such_yaml_is_an_input_error(repository, text):
    assert "sagemaker.yml" in problems(repository, text)


def test_a_key_that_comes_twice_is_named_with_both_lines(repository):
    text = problems(repository, "name: a\ntraining: {}\nname: b\n")
    assert ":3:" in text
    assert "line 1" in text


def test_bytes_that_are_no_text_are_an_input_error(repository):
    (repository / "sagemaker.yml").write_bytes(b"name: \xff\xfe")
    with pytest.raises(InputError):
        config.load(repository / "sagemaker.yml")


def test_a_project_without_a_handler_can_train(repository):
    document = {name: section for name, section in GOOD.items() if name != "inference"}
    assert load(repository, document).project.inference is None


def test_a_regular_expression_in_double_quotes_is_answered_with_single_ones(repository):
    assert "single quotes" in problems(repository, 'a: "(\\d+)"')


def test_a_file_of_the_other_ending_is_named(tmp_path):
    (tmp_path / "sagemaker.yaml").write_text("")
    with pytest.raises(InputError, match=r"There is a sagemaker\.yaml"):
        config.load(tmp_path / "sagemaker.yml")


def test_a_missing_file_says_where_to_run(tmp_path):
    with pytest.raises(InputError, match="--config"):
        config.load(tmp_path / "sagemaker.yml")


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["name", "training", "code", "channels", "metrics", "x", "inference"]),
        inner, max_size=4
    ),
    max_leaves=12,
))  # fmt: skip
def test_whatever_stands_there_is_valid_or_an_input_error(tmp_path_factory, value):
    file = tmp_path_factory.mktemp("any") / "sagemaker.yml"
    file.write_text(yaml.safe_dump(value, allow_unicode=True), encoding="utf-8")
    with pytest.raises(InputError):
        config.load(file)


@pytest.mark.parametrize(
    ("text", "value"),
    [("no", "no"), ("on", "on"), ("yes", "yes"), ("1:30", "1:30"), ("1e-3", 0.001), ("012", 12),
     ("0o10", 8),
     ("0x1F", 31), ("2026-11-25", "2026-11-25"), ("true", True), ("~", None), ("-1", -1), (".5",
     0.5), ("1.", 1.0)],
)  # fmt: skip
def test_plain_values_are_those_of_yaml_1_2(text, value):
    assert yamlfile.parse(f"a: {text}", "f").value == {"a": value}


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


def test_aliases_that_multiply_are_refused(repository):
    lines = ["a: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "more than" in problems(repository, "\n".join(lines))


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
        kinds._product(product)
    assert str(raised.value).partition("did you mean ")[2] == (f"'{near}'?" if near else "")
