"""Where Octave stands in for MATLAB, only what is surely the author's own error is red."""

import shutil

import pytest

from helpers.kit.verb_runs import EXAMPLE, FUNCTION
from matlab_sagemaker.project import content
from matlab_sagemaker.rehearsal import faults, outcome, parts
from matlab_sagemaker.rehearsal.case import Case
from matlab_sagemaker.rehearsal.engine import LocalEngine
from matlab_sagemaker.rehearsal.stage import Rehearsal

NONE = "sagemaker_training:error"  # what the report has if the error has no identifier
COLUMN = "MATLAB:table:UnrecognizedVarName: There is no table variable 'abC'."
BOUNDS = "Octave:index-out-of-bounds: index (8): out of bound 3"
OWN = "my:id: Give 2 rows."
ASSERT = ("assert.m",)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("certain") / "repository")


def explained(root, code, report, below=(), *, line=0, stands_in=True, function="train"):
    """Explain an error on the last line of the code, or on another, with frames below it."""
    lines = code.split("\n")
    (root / FUNCTION).write_text(f"function train(env)\n{code}\nend\n", encoding="utf-8")
    where = f"{function} (trainClassificationTree.m, line {line or len(lines) + 1})"
    stack = "".join(f"\n  at f ({file}, line 1)" for file in below) + f"\n  at {where}"
    fault = outcome.parse_fault(f"{report}\nIn {where}{stack if below else ''}")
    project = content.load(root / "sagemaker.yml")
    training = parts.training_of(project)
    rehearsal = Rehearsal(project=project, training=training, handler=None)
    used = LocalEngine("octave", stands_in=stands_in)
    return faults.explain(Case(fault, training, rehearsal, used, outcome.Outcome(exit_code=1)))


OCTAVES = [
    ('z = sum(T.a, "all");', f"{NONE}: sum: unrecognized type argument 'all'", ()),
    ("z = sum(T.a, 'all');", f"{NONE}: sum: unrecognized type argument 'all'", ()),
    ("z = mean(a, 'omitnan');", "Octave:invalid-fun-call: Invalid call to mean.", ("mean.m",)),
    ("sortrows(T, 'a', 'descend');", "Octave:invalid-fun-call: sortrows: too many inputs", ()),
    ('T(:, ["a" "bC"]);', COLUMN, ("columnIndex.m", "table.m")),
    ('names = ["a" "bC"];\nT(:, names);', COLUMN, ("columnIndex.m", "table.m")),
    ('T.(x + "C");', COLUMN, ("columnIndex.m", "table.m")),
    ("table(1, 2);", "MATLAB:table:IncorrectNumberOfVarNames: 1 for 2", ("table.m",)),
    ("s == 'x';", f"{NONE}: binary operator '==' not implemented for 'cell'", ()),
    ("figure();", f"{NONE}: no graphics toolkits are available!", ("figure.m",)),
    ('if numel("abc") ~= 1\n  x = 1;\nelse\n  error("my:id", "Give 2 rows.");', OWN, ()),
    ("try, f(1)\ncatch err\n  error('my:id', '%s', err.message);", OWN, ()),
    ('assert(strcmp(x, "abc"));', f"{NONE}: assert (strcmp (x, abc)) failed", ASSERT),
    ("try, f(1), catch e, rethrow(e); end", f"{NONE}: no", ()),
    ("if ~isstring(s)\n  error('my:id', 'Give 2 rows.');", OWN, ()),
    ("assert(isdatetime(t), 'A time.');", f"{NONE}: A time.", ASSERT),
    (
        "assert(~any(ismissing(T)), 'none');",
        "Octave:undefined-function: 'ismissing' undefined",
        (),
    ),
    ("if exist('fitrgp') == 0\n  error('my:id', 'Give 2 rows.');", OWN, ()),
    ("a * b;", "Octave:nonconformant-args: operator *", ()),
    ("fitctree(a, b);", "octave_compat:fit:size: 2 for 3", ("trainingData.m", "fitctree.m")),
    ("parse(p);", f"{NONE}: not enough input arguments", ("inputParser.m",)),
    ("x = raedall(1);", "Octave:undefined-function: 'raedall' undefined near line 2", ()),
]


@pytest.mark.parametrize(("code", "report", "below"), OCTAVES)
def test_what_may_be_valid_in_matlab_is_not_judged(root, code, report, below):
    error = explained(root, code, report, below)
    assert error.exit_code == 15
    assert f"{FUNCTION}:{len(code.splitlines()) + 1}: not judged: GNU Octave" in error.what
    assert explained(root, code, report, below, stands_in=False).exit_code == 1


@pytest.mark.parametrize("code", ['T(:, ["a" "bC"]);', 'if s == "x"\n  T(:, names);'])
def test_a_text_that_may_be_the_reason_is_spoken_of(root, code):
    assert 'in "double quotes"' in explained(root, code, COLUMN).why
    assert "double quotes" not in explained(root, code.replace('"', "'"), COLUMN).why


AUTHORS = [
    ("T.abC;", COLUMN, ("columnIndex.m", "table.m")),
    ('names = ["a" "bC"];\nT.abC;', COLUMN, ("columnIndex.m", "table.m")),
    ("x = T.a(end + 5);", BOUNDS, ("table.m",)),
    ("x = a(8);", BOUNDS, ()),
    ("x = T{1, 9};", "MATLAB:table:VarIndexOutOfRange: 9", ("columnIndex.m", "table.m")),
    ("error('my:id', 'Give %d rows.', 2);", OWN, ()),
    ("x = 1; error(struct('identifier', 'my:id', 'message', m));", OWN, ()),
    ('error("my:id", "Give %d rows.", 2);', OWN, ()),
    ('if n < 2\n    fprintf("no");\n    error("my:id", "Give %d rows.", 2);', OWN, ()),
    ("error('Octave:my', ...\n    'Give.');", "Octave:my: Give.", ()),
    ("if x, error('Give %d rows.\\n', 2); end", f"{NONE}: Give 2 rows.", ()),
    ("if ~exist(f, 'file'), error('my:id', 'Give 2 rows.'); end", OWN, ()),
    ("fprintf('a, loss=%g');  % (n=3)\nerror('my:id', 'Give 2 rows.');", OWN, ()),
    ("error(text);", f"{NONE}: Give 2 rows.", ()),
    ("error('my:id', 'The class is missing.');", OWN, ()),
    ("assert(1 == 2);", f"{NONE}: assert (1 == 2) failed", ASSERT),
    ("narginchk(2, 3);", "Octave:invalid-fun-call: not enough input", ("narginchk.m",)),
    ("x;", "sagemaker_training:config:missing: No file.", ()),
]


@pytest.mark.parametrize(("code", "report", "below"), AUTHORS)
def test_the_authors_own_error_is_red(root, code, report, below):
    assert explained(root, code, report, below).exit_code == 1


def test_a_wrong_call_of_the_authors_own_function_is_red(root):
    report = "Octave:invalid-fun-call: train: function called with too many inputs"
    assert explained(root, "x = 1;", report, line=-1).exit_code == 1


@pytest.mark.parametrize("stands_in", [True, False])
def test_an_output_without_a_value_is_red_at_its_function(root, stands_in):
    code = "end\nfunction [y, more] = own(x)\n    z = x;\nend"
    report = "Octave:undefined-function: 'y' undefined near line 3, column 10"
    error = explained(root, code, report, line=5, function="own", stands_in=stands_in)
    assert (error.exit_code, error.place.line) == (1, 3)
    assert "The output 'y' of own is never assigned." in error.what


@pytest.mark.parametrize("stands_in", [True, False])
def test_an_input_that_is_not_given_is_red(root, stands_in):
    code = "end\nfunction y = own(x, n)\n    y = n;\nend"
    report = "Octave:undefined-function: 'n' undefined near line 4, column 9"
    error = explained(root, code, report, line=4, function="own", stands_in=stands_in)
    assert error.exit_code == 1
    assert "own is called without its input 'n'." in error.what


@pytest.mark.parametrize("line", ['x = "a";', "arguments\n x\n n = 2\n end"])
def test_an_input_is_not_judged_where_octave_may_not_have_made_it(root, line):
    code = f"end\nfunction y = own(x, n)\n{line}\ny = n;\nend"
    number = code.splitlines().index("y = n;") + 2
    report = f"Octave:undefined-function: 'n' undefined near line {number}, column 9"
    assert explained(root, code, report, line=number, function="own").exit_code == 15


@pytest.mark.parametrize("stands_in", [True, False])
def test_a_channel_that_does_not_exist_is_red(root, stands_in):
    code = "x = env.ChannelInputFolders.trainng;"
    report = "Octave:invalid-indexing: structure has no member 'trainng'"
    error = explained(root, code, report, stands_in=stands_in)
    assert error.exit_code == 1
    assert "There is no channel 'trainng'; the channels are: training." in error.what
