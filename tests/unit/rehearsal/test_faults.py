"""What an engine's error means, in MATLAB's and in Octave's words."""

import shutil
from pathlib import Path

import pytest

from helpers.kit.mat_files import mat_file
from helpers.kit.verb_runs import EXAMPLE, FUNCTION, HANDLER
from matlab_sagemaker.errors import NotJudgedError
from matlab_sagemaker.project import content, request
from matlab_sagemaker.rehearsal import faults, outcome, parts
from matlab_sagemaker.rehearsal.case import Case
from matlab_sagemaker.rehearsal.engine import LocalEngine
from matlab_sagemaker.rehearsal.stage import Rehearsal

MATLAB, OCTAVE = LocalEngine("matlab"), LocalEngine("octave")
STANDS_IN = LocalEngine("octave", stands_in=True)
TRAINS = "In trainClassificationTree (trainClassificationTree.m, line 7)"
PREDICTS = "In predict (ClassificationTreeInferenceHandler.m, line 10)"
UNKNOWN = "MATLAB:UndefinedFunction: Unrecognized function or variable 'fitcsvm'."
UNDEFINED = "Octave:undefined-function: 'fitcsvm' undefined"
SIMILAR = "Octave:undefined-function: 'trainClassificationTre' undefined"
ASKED = f"Octave:undefined-function: 'predict' undefined near line 10\n{PREDICTS}"
GIVEN = "name: pump\nmatlab: {engine: octave}\ninference: {}\nmodel: pump.mat\n"
TOOLBOX = "MATLAB:any: 'fitcsvm' requires Statistics and Machine Learning Toolbox."


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("faults") / "repository")


def explained(root, engine, text, **known):
    sent = request.read(root / "requests/three_flowers.csv", "", "")
    project = content.load(root / "sagemaker.yml")
    training, handler = parts.training_of(project), parts.handler_of(project)
    rehearsal = Rehearsal(project=project, training=training, handler=handler, request=sent)
    part = handler if "Handler" in text else training
    ended = outcome.Outcome(exit_code=1, **known)
    fault = outcome.parse_fault(text)
    return faults.explain(Case(fault, part, rehearsal, engine, ended))


@pytest.mark.parametrize(
    ("engine", "text", "code", "place", "said"),
    [
        (MATLAB, f"{UNKNOWN}\n{TRAINS}", 1, (FUNCTION, 7), "uses 'fitcsvm', which is not defined"),
        (OCTAVE, f"{UNDEFINED}\n{TRAINS}", 1, (FUNCTION, 7), "set matlab.engine to matlab"),
        (STANDS_IN, f"{UNDEFINED}\n{TRAINS}", 15, (FUNCTION, 7), "does not have 'fitcsvm'"),
        (STANDS_IN, f"{UNDEFINED}\n{PREDICTS}", 15, (HANDLER, 10), "in place of MATLAB"),
        (STANDS_IN, f"{SIMILAR}\n{TRAINS}", 15, (FUNCTION, 7), "did you mean 'trainClass"),
        (OCTAVE, f"{SIMILAR}\n{TRAINS}", 1, (FUNCTION, 7), "did you mean 'trainClass"),
        (
            OCTAVE,
            "sagemaker_inference:handler:class: It is not derived. (Handler)",
            1,
            (HANDLER, 1),
            "Start it with: classdef ClassificationTreeInferenceHandler < ",
        ),
        (
            MATLAB,
            f"{TOOLBOX}\n{TRAINS}",
            15,
            (FUNCTION, 7),
            "needs Statistics and Machine Learning Toolbox, which this MATLAB does not have",
        ),
        (
            MATLAB,
            f"MATLAB:m_illegal_character: File: x.m Line: 7 Column: 5 Invalid use.\n{TRAINS}",
            1,
            (FUNCTION, 7),
            "The training's code cannot be parsed",
        ),
        (
            OCTAVE,
            "Octave:invalid-fun-call: predict: function called with too many inputs\n"
            "In predict (ClassificationTreeInferenceHandler.m, line -1)",
            1,
            (HANDLER, 8),
            "Start it with: function prediction = predict(obj, inputData, model)",
        ),
        (
            OCTAVE,
            "Octave:invalid-fun-call: called with too many inputs\n"
            "In trainClassificationTree (trainClassificationTree.m, line -1)",
            1,
            (FUNCTION, 1),
            "Start it with: function trainClassificationTree(env, varargin)",
        ),
        (
            OCTAVE,
            f"my:own: MinLeafSize must be a number.\n{TRAINS}",
            1,
            (FUNCTION, 7),
            "at that line, or training.hyperparameters: MinLeafSize = 1 at ",
        ),
        (OCTAVE, f"my:own: No more.\n{TRAINS}", 1, (FUNCTION, 7), "The training failed (my:own)."),
        (
            OCTAVE,
            "sagemaker_inference:decode:body: Row 2 has 3 values. (Handler)",
            1,
            ("requests/three_flowers.csv", 1),
            "The handler refuses the request",
        ),
        (
            OCTAVE,
            "sagemaker_inference:model:missing: It holds no model, only: x. (Handler)",
            1,
            (FUNCTION, 1),
            "The handler cannot find a model",
        ),
    ],
)
def test_an_error_is_explained(root, engine, text, code, place, said):
    error = explained(root, engine, text)
    assert error.exit_code == code
    assert (error.place.file, error.place.line) == (str(root / place[0]), place[1])
    assert said in str(error)


INSIDE = "\n  at error (inputParser.m, line 615)\n  at fitctree (fitctree.m, line 19)\n  at "


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"octave_compat:nameValue: No.\n{TRAINS}", 15),
        (f"octave_compat:fitcdiscr:option: No.\n{TRAINS}", 15),
        (f"octave_compat:fit:predictors: No.\n{TRAINS}", 15),
        (f"octave_compat:object:property: No.\n{TRAINS}", 15),
        (f"octave_compat:fit:size: No.\n{TRAINS}", 15),
        (f"any:id: No.\n{TRAINS}{INSIDE}{TRAINS[3:]}\n  at f (g.m, line 1)", 15),
        (f"octave_compat:fit:noData: No.\n{TRAINS}{INSIDE}{TRAINS[3:]}", 15),
        (f"MATLAB:table:UnrecognizedVarName: No 'x'.\n{TRAINS}{INSIDE}{TRAINS[3:]}", 1),
        (f"any:id: The code's own error.\n{TRAINS}\n  at f (fitctree.m, line 1)", 1),
    ],
)
def test_only_what_matlab_may_accept_is_not_judged_where_octave_stands_in(root, text, code):
    error = explained(root, STANDS_IN, text)
    assert error.exit_code == code
    assert (error.place.file, error.place.line) == (str(root / FUNCTION), 7)
    assert explained(root, OCTAVE, text).exit_code == 1


LACKS = 'sagemaker_inference:decode:body: The request does not have the columns "height".'


@pytest.mark.parametrize("text", [f"{LACKS} (Handler)", f"{LACKS}\n{PREDICTS}"])
def test_a_request_that_is_refused_for_a_predictor_shows_its_columns(root, text):
    known = {"predictors": ("height", "weight"), "columns": ("hieght", "weight")}
    error = explained(root, OCTAVE, text, **known)
    assert Path(error.place.file).name == "three_flowers.csv"
    assert "does not have height, which the model needs; did you mean 'hieght'?" in error.what


def test_a_column_is_named_as_the_data_names_it(tmp_path):
    root = shutil.copytree(EXAMPLE, tmp_path / "repository")
    (root / "data/training/iris.csv").write_text("petal height,width,species\n1,2,a\n")
    known = {"predictors": ("petalHeight", "width"), "columns": ("petal hieght", "width")}
    error = explained(root, OCTAVE, LACKS.replace("height", "petalHeight") + " (Handler)", **known)
    assert "does not have the column 'petal height' (petalHeight in the model)" in error.what
    assert "did you mean 'petal hieght'?" in error.what


def test_a_request_that_is_separated_by_semicolons_is_told_so(tmp_path):
    root = shutil.copytree(EXAMPLE, tmp_path / "repository")
    (root / "requests/three_flowers.csv").write_text("height;width\n1;2\n")
    known = {"predictors": ("height", "width"), "columns": ("height;width",)}
    error = explained(root, OCTAVE, f"{LACKS} (Handler)", **known)
    assert "separated by semicolons, but the endpoint reads only commas" in error.what
    assert error.place.line == 1


def test_a_name_that_is_hardly_alike_is_not_suggested(root):
    error = explained(
        root, OCTAVE, UNDEFINED.replace("fitcsvm", "trainRegressionTree") + f"\n{TRAINS}"
    )
    assert "did you mean" not in str(error)


@pytest.mark.parametrize(
    ("file", "by", "said"),
    [
        ("lib/deep/own.m", TRAINS, "lib/deep/own.m has it: add lib/deep to training.code"),
        ("code/own.m", PREDICTS, "code/own.m has it: add code to inference.code"),
        ("own.m", TRAINS, "own.m has it: move it into code"),
        ("code/+feat/+more/own.m", TRAINS, "did you mean feat.more.own?"),
        ("code/a/private/own.m", TRAINS, "code/a/private/own.m can be called only from code/a"),
        ("code/own.m", TRAINS, ""),
        (".old/own.m", TRAINS, ""),
        ("lib/private/own.m", TRAINS, ""),
    ],
)
@pytest.mark.parametrize("engine", [MATLAB, OCTAVE, STANDS_IN])
def test_a_function_that_is_not_on_the_path_is_found(tmp_path, engine, file, by, said):
    root = shutil.copytree(EXAMPLE, tmp_path / "repository")
    (root / file).parent.mkdir(parents=True, exist_ok=True)
    (root / file).write_text("function own\nend\n")
    error = explained(root, engine, f"Octave:undefined-function: 'own' undefined\n{by}")
    assert said in error.what
    assert ("has it" in error.what or "did you mean" in error.what) <= bool(said)
    assert ("set matlab.engine" in error.do) == (engine == OCTAVE and not said)
    assert ("orrect this" in error.do) == bool(said)


@pytest.mark.parametrize(
    ("only", "cure"),
    [("mdl", "save it: model = mdl; save(fullf"), ("a, b", "save it: save(fullf")],
)
def test_a_model_in_one_other_variable_is_renamed_first(root, only, cure):
    text = f"sagemaker_inference:model:missing: model.mat has no variable named model, only: {only}"
    assert cure in explained(root, OCTAVE, f"{text}. Save the model. (Handler)").do


@pytest.mark.parametrize(
    "parsed",
    [
        f"parse error near line 7 of file {Path(FUNCTION).name} syntax error >>> x = ; ^",
        "parse error: syntax error >>> x = ; ^",
        "parse error: syntax error >>> x = ;",
    ],
)
@pytest.mark.parametrize("engine", [OCTAVE, STANDS_IN])
def test_of_a_syntax_error_the_reason_and_the_code_are_shown(root, parsed, engine):
    error = explained(root, engine, f"sagemaker_training:error: {parsed}\n{TRAINS}")
    assert error.why == "syntax error: x = ;"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("No /base/input/data/train/e.csv to read.", "No data/x/e.csv (channel train) to read."),
        ("No '/base/input/data/train/e.csv'.", "No 'data/x/e.csv (channel train)'."),
        ("No /base/input/data/train/my e.csv.", "No data/x/my e.csv."),
        ("In /base/input/data/train: no.", "In data/x (channel train): no."),
        ("No /base/input/data/training/e.csv.", "No /base/input/data/training/e.csv."),
        ("No /base/input/data/train.v2/e.csv.", "No data/y/e.csv (channel train.v2)."),
        ("In /base/input/data/train.v2: no.", "In data/y (channel train.v2): no."),
        ("In /base/input/data/train.", "In data/x (channel train)."),
        ("In /base/code/f.m.", "In f.m."),
    ],
)
def test_files_are_named_as_in_the_repository(said, shown):
    channels = {"train": Path("data/x"), "train.v2": Path("data/y")}
    copies = outcome.Copies(Path("/base"), channels)
    assert copies.named(said) == shown


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"my:bug: Wrong size.\n{PREDICTS}", "The handler failed (my:bug)"),
        ("sagemaker_inference:encode:prediction: (Handler)", "prediction cannot be sent"),
        (f"{LACKS.replace('height', 'a')}\n{PREDICTS}", "The handler refuses the request"),
    ],
)
def test_a_handler_that_computes_predictors_is_to_blame_for_its_own_errors(root, text, said):
    error = explained(root, OCTAVE, text, predictors=("ratio",), columns=("a", "b"))
    assert said in error.what


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("'sim' requires Simulink.", 15),
        ("'x' requires Simulink 3D Animation.", 15),
        ("'x' requires Fixed-Point Designer.", 15),
        ("'x' requires a license for RF Blockset.", 15),
        ("'x' requires Some Future Toolbox.", 15),
        ("'x' requires Simulinks.", 1),
        ("'x' requires MATLAB R2026b or later.", 1),
    ],
)
def test_a_product_that_this_matlab_lacks_is_not_judged(root, message, code):
    error = explained(root, MATLAB, f"MATLAB:any: {message}\n{TRAINS}")
    assert error.exit_code == code
    product = message.partition("requires ")[2].removeprefix("a license for ").rstrip(".")
    assert (f"needs {product}, which this MATLAB does not have" in error.what) == (code == 15)


@pytest.mark.parametrize(
    "text",
    [
        "my:own: No more.",
        "sagemaker_inference:encode:accept: Nothing can be sent. (Handler)",
        "MATLAB:table:UnrecognizedVarName: No 'x'.",
        "Octave:undefined-function: parse error: x",
    ],
)
def test_no_line_is_spoken_of_where_none_is_known(root, text):
    assert "that line" not in str(explained(root, OCTAVE, text))
    assert "that line" not in str(explained(root, STANDS_IN, text))


def test_what_the_endpoint_cannot_send_is_asked_for_by_an_option(root):
    said = explained(root, OCTAVE, "sagemaker_inference:encode:accept: No. (Handler)")
    assert "Leave --accept out" in str(said)


@pytest.mark.parametrize(
    ("engine", "known", "code", "said"),
    [
        (MATLAB, {"model_class": "double"}, 1, "it is a double, which has no predict"),
        (MATLAB, {"model_class": "double"}, 1, "a function handle, or a struct"),
        (OCTAVE, {"model_class": "double"}, 1, "GNU Octave can save neither function handles"),
        (STANDS_IN, {"model_class": "double"}, 1, "it is a double, which has no predict"),
        (STANDS_IN, {"model_class": "net"}, 15, "in place of MATLAB"),
        (OCTAVE, {"model_class": "Tree", "has_predict": True}, 1, "uses 'predict', which is not"),
        (OCTAVE, {"load_error": "load: no"}, 1, "uses 'predict', which is not"),
    ],
)
def test_a_model_without_predict_is_to_blame_where_its_class_is_known(
    root, engine, known, code, said
):
    error = explained(root, engine, ASKED, **known)
    assert error.exit_code == code
    assert said in str(error)


def test_a_model_that_the_kits_handler_cannot_call_is_refused_without_a_request(root):
    text = f"sagemaker_inference:model:predict: It cannot predict with a struct.\n{PREDICTS}"
    error = explained(root, STANDS_IN, text, model_class="struct")
    assert error.exit_code == 1
    assert "it is a struct, which has no predict" in str(error)


def given(tmp_path, model):
    """A rehearsal of an existing model: one that sagemaker.yml names, and another."""
    (tmp_path / "pump.mat").write_bytes(mat_file("model"))
    (tmp_path / "sagemaker.yml").write_text(GIVEN)
    project = content.load(tmp_path / "sagemaker.yml")
    return Rehearsal(
        project=project, training=None, handler=parts.handler_of(project), model=tmp_path / model
    )


@pytest.mark.parametrize(
    ("model", "place", "cure"),
    [("pump.mat", ("sagemaker.yml", 4), "Set `model` to"), ("x.mat", ("x.mat", None), "--model")],
)
@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("sagemaker_inference:model:missing: No.", {}),
        ("any:id: load: no", {"load_error": "load: no"}),
    ],
)
def test_of_a_model_that_exists_no_training_is_spoken(tmp_path, model, place, cure, text, known):
    rehearsal = given(tmp_path, model)
    ended = outcome.Outcome(exit_code=1, **known)
    fault = outcome.parse_fault(text)
    case = Case(fault, rehearsal.handler, rehearsal, OCTAVE, ended)
    error = faults.explain(case)
    assert (error.place.file, error.place.line) == (str(tmp_path / place[0]), place[1])
    assert cure in str(error)
    assert "training" not in str(error)


def test_a_model_in_s3_can_be_given_as_a_file(tmp_path):
    (tmp_path / "sagemaker.yml").write_text(GIVEN.replace("pump.mat", "s3://bucket-1/p.tar.gz"))
    project = content.load(tmp_path / "sagemaker.yml")
    rehearsal = Rehearsal(project=project, training=None, handler=parts.handler_of(project))
    with pytest.raises(NotJudgedError, match=r"--model FILE") as caught:
        rehearsal.require_data()
    assert "training" not in str(caught.value)


def test_what_the_kits_handler_answers_is_the_models_and_has_no_line_in_the_kit(tmp_path):
    rehearsal = given(tmp_path, "pump.mat")
    fault = outcome.parse_fault("sagemaker_inference:encode:prediction: It has a struct.")
    ended = outcome.Outcome(exit_code=1)
    error = faults.explain(Case(fault, rehearsal.handler, rehearsal, OCTAVE, ended))
    assert (error.place.file, error.place.line) == (str(tmp_path / "sagemaker.yml"), 4)
    assert "Let the model return a table" in str(error)


def test_a_model_that_a_training_has_made_before_is_put_down_to_that(root):
    project = content.load(root / "sagemaker.yml")
    training, handler = parts.training_of(project), parts.handler_of(project)
    tried = Rehearsal(project=project, training=None, handler=handler, maker=training)
    fault = outcome.parse_fault("sagemaker_inference:model:missing: There is no model.mat.")
    case = Case(fault, handler, tried, OCTAVE, outcome.Outcome(exit_code=0))
    error = faults.explain(case)
    assert Path(error.place.file) == root / FUNCTION
    assert "Let the training save it" in error.do
