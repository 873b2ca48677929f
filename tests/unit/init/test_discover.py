"""What init finds in a user's folder, and what it does not mistake for it."""

import re

import pytest

from helpers.kit.mat_files import mat_file
from helpers.kit.paths import KIT
from matlab_sagemaker.errors import InputError
from matlab_sagemaker.init import discover
from matlab_sagemaker.init import files as init_files
from matlab_sagemaker.project import fields
from matlab_sagemaker.project.git import Remote, remote

EXAMPLE = KIT / "examples/TrainAndDeployClassificationTree"


@pytest.fixture
def root(tmp_path):
    def write(files):
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path, discover.files(tmp_path, tmp_path / "kit")

    return write


FUNCTIONS = {
    "function f(env, varargin)\nend\n": True,
    "% a comment\n\n  %{\n  function g(x)\n  %}\nfunction f(env, varargin)": True,
    "\ufefffunction model = f( env , varargin )": True,
    "function [a, b] = f(environment, ...\n  varargin)": True,
    "function f(env)\nend\n": False,
    "function f(x, varargin)": False,
    "function f(env, varargin, more)": False,
    "x = 1;\nfunction f(env, varargin)\nend": False,
    "classdef f\nmethods\nfunction f(env, varargin)": False,
    "% function f(env, varargin)\nfunction g()": False,
    "": False,
}


@pytest.mark.parametrize(("text", "is_one"), FUNCTIONS.items())
def test_a_training_function_is_known_by_its_first_line(root, text, is_one):
    folder, names = root({"code/f.m": text, "code/other.txt": "function f(env, varargin)"})
    assert discover.training_functions(folder, names) == (["code/f.m"] if is_one else [])


def test_live_files_are_named_with_what_to_do():
    assert discover.live_files(["a.m", "b.mlx", "c/d.mlx"]).endswith(
        "If it is in b.mlx or c/d.mlx, export it in MATLAB: export('b.mlx', 'b.m')"
    )
    assert discover.live_files(["a.m"]) == ""


CLASSES = {
    "classdef H < sagemaker_inference.DefaultInferenceHandler\nend": True,
    "% c\nclassdef (Sealed) H < handle & sagemaker_inference.DefaultInferenceHandler % x": True,
    "classdef H < sagemaker_inference.TableModelHandler\nend": True,
    "classdef H < sagemaker_inference.DefaultInferenceHandler2": False,
    "classdef H < handle % sagemaker_inference.DefaultInferenceHandler": False,
    "function H\n% classdef H < sagemaker_inference.DefaultInferenceHandler": False,
}


@pytest.mark.parametrize(("text", "is_one"), CLASSES.items())
def test_a_handler_is_known_by_what_it_derives_from(root, text, is_one):
    folder, names = root({"H.m": text})
    assert discover.handlers(folder, names) == (["H.m"] if is_one else [])


SAVES = "function f(env, varargin)\nsave(fullfile(env.ModelFolder, 'model.mat'), 'model');\n"


@pytest.mark.parametrize(
    ("text", "handler"),
    [
        (SAVES, ["sagemaker_inference.DefaultInferenceHandler"]),
        (f"{SAVES}model = fitctree(a, b);", ["sagemaker_inference.TableModelHandler"]),
        (SAVES.replace("model.mat", "net.mat"), []),
    ],
)
def test_the_kits_handler_answers_with_what_it_can_read(root, text, handler):
    folder, _ = root({"f.m": text})
    assert discover.kits_handler(folder / "f.m") == handler


def test_a_model_is_known_by_its_variable_or_its_name(root):
    folder, _ = root({"a.mat": "no MAT-file", "my-model.tar.gz": "", "data.tar.gz": ""})
    (folder / "models").mkdir()
    (folder / "models/pump.mat").write_bytes(mat_file("model", "info"))
    (folder / "models/data.mat").write_bytes(mat_file("x"))
    names = discover.files(folder, folder / "kit")
    assert discover.models(folder, names) == ["models/pump.mat", "my-model.tar.gz"]


CALLS = """function train(env, varargin)
    x = clean(units.si(3)) + own(1); % not plotAll
    y = 'other';
end
"""


def test_shared_code_is_in_folders_whose_functions_are_called(root):
    folder, names = root({
        "code/train.m": CALLS, "code/own.m": "", "copy/own.m": "", "lib/clean.m": "",
        "lib/deep/clean.m": "", "tools/+units/si.m": "", "plots/plotAll.m": "",
        "plots/other.m": "", "tests/clean.m": "", "clean.m": "",
    })  # fmt: skip
    assert discover.shared_folders(folder, names, ["code/train.m"]) == ["lib", "tools"]
    assert discover.shared_folders(folder, names, ["clean.m"]) == []
    both = ["copy/own.m", "code/train.m"]
    assert discover.shared_folders(folder, names, both) == ["lib", "tools"]


def test_what_handler_and_training_call_of_each_other_is_shared(root):
    folder, names = root({
        "m/training/train.m": "x = 1;", "m/training/deep/score.m": "", "m/top.m": "",
        "m/inference/H.m": "score(1)", "m/own/H.m": "top(1)",
    })  # fmt: skip
    train = "m/training/train.m"
    assert discover.shared_folders(folder, names, [train, "m/inference/H.m"]) == ["m/training"]
    assert discover.shared_folders(folder, names, [train]) == []
    assert discover.shared_folders(folder, names, [train, "m/own/H.m"]) == []


def test_hidden_folders_and_the_kits_own_are_not_the_users(root):
    text = "function f(env, varargin)"
    _, names = root({".git/f.m": text, "kit/f.m": text, "node_modules/f.m": text, "a b/é.m": text})
    assert names == ["a b/é.m"]


def test_a_folder_linked_to_itself_ends(root):
    folder, _ = root({"a/f.m": ""})
    (folder / "a/again").symlink_to(folder)
    assert discover.files(folder, folder / "kit") == ["a/f.m"]


DATA = [
    (["data/training/iris.csv", "requests/one.csv"], ["data/training"]),
    (["data/training/x.mat", "data/test/x.mat"], ["data/training"]),
    (["my data/x.CSV", "notes/x.csv"], ["my data"]),
    (["a/x.csv", "b/x.csv"], ["a", "b"]),
    (["code/constants.mat"], []),
    (["x.csv"], ["."]),
    (["x.csv", "request.csv", "expected.csv"], ["."]),
    (["request.csv", "expected.csv"], []),
    (["data/training/service_requests.csv", "requests/one.csv"], ["data/training"]),
    (["data/training/expected_life.csv", "requests/one.csv"], ["data/training"]),
    ([], []),
]


@pytest.mark.parametrize(("names", "folders"), DATA)
def test_data_is_where_tables_lie(names, folders):
    asked = discover.requests(names)
    assert discover.data_folders(names, ["code/train.m", "h/H.m"], asked) == folders


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("request.csv", True),
        ("req/request.json", True),
        ("my-requests/one.csv", True),
        ("threeRequests.csv", True),
        ("requests/expected.csv", False),
        ("requested/x.csv", False),
        ("requests/x.m", False),
        ("data/x.csv", False),
    ],
)
def test_a_request_is_known_by_a_word_of_its_path(name, is_one):
    assert discover.requests([name]) == ([name] if is_one else [])


def test_a_folder_of_requests_counts_more_than_the_name_of_a_file():
    names = ["data/training/service_requests.csv", "requests/one.csv"]
    assert discover.requests(names) == ["requests/one.csv"]


def test_the_answer_lies_beside_the_request():
    names = ["request.csv", "expected.csv", "data/expected.csv"]
    assert discover.expected(names, "request.csv") == ["expected.csv"]


def test_a_folder_of_tests_is_known_by_the_whole_word(root):
    folder, names = root({
        "code/train.m": CALLS, "latest utils/clean.m": "", "unit_tests/own.m": "",
        "myTests/units.m": "",
    })  # fmt: skip
    assert discover.shared_folders(folder, names, ["code/train.m"]) == ["latest utils"]


def test_the_example_shows_all_of_it():
    names = discover.files(EXAMPLE, KIT)
    (function,) = discover.training_functions(EXAMPLE, names)
    (handler,) = discover.handlers(EXAMPLE, names)
    (request,) = discover.requests(names)
    assert function == "code/trainClassificationTree.m"
    assert handler == "inference/ClassificationTreeInferenceHandler.m"
    assert request == "requests/three_flowers.csv"
    assert discover.expected(names, request) == ["requests/expected.csv"]
    assert discover.data_folders(names, [function, handler], [request]) == ["data/training"]


def test_a_printed_number_is_a_metric(root):
    folder, _ = root({"f.m": """
        fprintf('RMSE (mm): %.4f\\n', e);
        fprintf("val loss=%g\\n", loss);
        fprintf('%d rows\\n', n);  fprintf('no number\\n'); % fprintf('never: %f')
        fprintf('done in %s\\n', t);
    """})  # fmt: skip
    found = dict(text.split("=", 1) for text in discover.metrics(folder / "f.m"))
    assert list(found) == ["RMSE", "val_loss"]
    for pattern, line, number in [
        (found["RMSE"], "RMSE (mm): 0.1250", "0.1250"),
        (found["val_loss"], "val loss=1.5e-07", "1.5e-07"),
    ]:
        assert fields._metric_pattern(pattern)
        assert re.search(pattern, line)[1] == number


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("fprintf('epoch %d, loss: %g\\n', k, loss);", ["loss"]),
        ("fprintf('epoch %d/%d, loss %g\\n', k, n, loss);", ["loss"]),
        ("fprintf('train loss: %g, val loss: %g\\n', a, b);", ["train_loss", "val_loss"]),
        ("fprintf('loss %g after %d rows\\n', a, n);", ["loss"]),
        ("fprintf('fold %d\\n', k);", []),
        ("fprintf('Training epoch: %d\\n', k);", []),
        ("fprintf('accuracy (10-fold): %g\\n', a);", ["accuracy_10_fold"]),
        ("fprintf(1, 'train_acc: %.3f\\n', a);", ["train_acc"]),
        ('fprintf( 1,"train_acc: %.3f\\n", a);', ["train_acc"]),
        ("fprintf(file, 'train_acc: %.3f\\n', a);", []),
        ("x = f('50%'); fprintf('a: %g\\n', x); fprintf('b: %g\\n', x);", ["a", "b"]),
        ("x = 1; % fprintf('a: %g\\n', x)", []),
        ("fprintf('\\naccuracy: %5.1f%%\\n', x);", ["accuracy"]),
        ("fprintf('%s: %g\\n', name, x);", []),
    ],
)
def test_of_a_line_each_number_but_the_counters_is_a_metric(root, code, names):
    folder, _ = root({"f.m": code})
    assert [text.partition("=")[0] for text in discover.metrics(folder / "f.m")] == names


def test_a_unit_is_in_parentheses_behind_the_words(root):
    folder, _ = root({"f.m": """
        fprintf('RMSE (mm): %.4f\\n', e);
        fprintf('speed (m/s) = %g\\n', v);
        fprintf('accuracy (10-fold): %.4f\\n', a);
        fprintf('loss (best): %.4f\\n', a);
        fprintf('time (s) left: %.4f\\n', a);
        fprintf('level (m): %.4f\\n', a);
        fprintf('level (dB): %.4f\\n', a);
    """})  # fmt: skip
    found = ["RMSE=mm", "speed=m/s", "level_m=m", "level_dB=dB"]
    assert discover.units(folder / "f.m") == found


@pytest.mark.parametrize(
    ("name", "plain"),
    [("Iris Flowers", "iris-flowers"), ("--Über_Model!!", "uber-model"), ("漢字", ""),
     ("x" * 31 + "-yz", "x" * 31), ("a.b", "a-b")],
)  # fmt: skip
def test_a_repositorys_name_becomes_a_projects(name, plain):
    assert discover.project_name(name) == plain


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://github.com/acme/flowers.git", Remote("github.com", "acme", "flowers")),
        ("https://user:pw@GitHub.com/acme/flowers/", Remote("github.com", "acme", "flowers")),
        ("git@github.com:acme/my.flowers.git", Remote("github.com", "acme", "my.flowers")),
        ("ssh://git@ssh.github.com:443/acme/flowers.git", Remote("github.com", "acme", "flowers")),
        ("https://git.corp.example/acme/flowers", Remote("git.corp.example", "acme", "flowers")),
        ("/srv/git/acme/flowers", None),
        ("https://host.example/group/sub/flowers.git", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_remotes_address_says_whose_it_is(url, found):
    assert remote(url) == found


@pytest.mark.parametrize(
    ("host", "is_one"),
    [("github.com", True), ("acme.ghe.com", True), ("github.com.evil.example", False)],
)
def test_github_is_known_by_its_host(host, is_one):
    assert Remote(host, "a", "b").on_github is is_one


def test_files_are_written_up_to_the_one_that_cannot_be(tmp_path):
    (tmp_path / "old.yml").write_text("old\n")
    (tmp_path / "file").write_text("")
    changes = init_files.compare(tmp_path, {"old.yml": "new\n", "sub/new.yml": "new\n"})
    blocked = init_files.Change("file/x.yml", tmp_path / "file/x.yml", None, "x\n")
    with pytest.raises(InputError, match=r"^file/x.yml cannot be written: "):
        init_files.write([*changes, blocked])
    assert (tmp_path / "old.yml").read_text() == (tmp_path / "sub/new.yml").read_text() == "new\n"


def test_a_file_with_windows_line_ends_and_the_same_words_is_the_same(tmp_path):
    (tmp_path / "a.yml").write_bytes(b"a\r\nb\r\n")
    (change,) = init_files.compare(tmp_path, {"a.yml": "a\nb\n"})
    assert change.state == "same"


def test_nothing_is_written_through_a_link_that_leads_out(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "in").mkdir()
    (tmp_path / "in/.github").symlink_to(outside)
    with pytest.raises(InputError, match="a link leads there"):
        init_files.compare(tmp_path / "in", {".github/workflows/train.yml": "x"})


def test_the_better_direction_is_known_by_a_metrics_name():
    names = ["val_loss=x", "RMSE=x", "accuracy=x", "top_5_score=x", "underscore=x", "n=x"]
    found = ["val_loss=lower", "RMSE=lower", "accuracy=higher", "top_5_score=higher"]
    assert discover.directions(names) == found
