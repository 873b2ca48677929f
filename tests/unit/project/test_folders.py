"""Folders of code in sagemaker.yml: several together, functions that hide others, links."""

import re

import pytest

from helpers.kit.project_files import GOOD, changed, load, problems
from matlab_sagemaker import digest


def put(repository, *files):
    for file in files:
        (repository / file).parent.mkdir(parents=True, exist_ok=True)
        (repository / file).write_text(f"% {file}")


def test_code_in_several_folders_is_that_of_one_folder_with_all_their_files(repository):
    put(repository, "lib/deep/helper.m", "lib/+pkg/more.m")
    project = load(repository, changed("training.code", ["lib", "code"]))
    assert sorted(project.training_code) == [
        "+pkg/inner.m", "+pkg/more.m", "deep/helper.m", "trainModel.m",
    ]  # fmt: skip
    for name, file in project.training_code.items():
        put(repository, f"both/{name}")
        (repository / "both" / name).write_bytes(file.read_bytes())
    together = load(repository, changed("training.code", "both"))
    assert digest.bundle(project.training_code) == digest.bundle(together.training_code)
    one, listed = (load(repository, changed("training.code", c)) for c in ("code", ["code"]))
    assert digest.bundle(one.training_code) == digest.bundle(listed.training_code)


def test_a_file_that_two_folders_have_is_named_with_both_paths(repository):
    put(repository, "lib/+pkg/inner.m")
    text = problems(repository, changed("training.code", ["code", "lib"]))
    line = (repository / "sagemaker.yml").read_text().splitlines().index("  - lib") + 1
    both = rf"{repository}/code/\+pkg/inner\.m and {repository}/lib/\+pkg/inner\.m"
    cure = "have the same path in the job: rename or remove one"
    assert re.search(
        rf"sagemaker\.yml:{line}: the 2nd folder of training\.code: {both} {cure}", text
    )


@pytest.mark.parametrize(
    ("code", "place", "said"),
    [
        (["code", "code/a"], "2nd", "code/a is inside code and is on the path already: remove it"),
        (["code/a", "code"], "1st", "code/a is inside code and is on the path already: remove it"),
        ([".", "code"], "2nd", "code is inside . and is on the path already: remove it"),
        (["code", "./code/"], "2nd", "code is listed twice; remove one"),
    ],
)
def test_a_folder_that_is_listed_already_is_refused(repository, code, place, said):
    put(repository, "code/a/f.m")
    text = problems(repository, changed("training.code", code))
    assert f": the {place} folder of training.code: {said}" in text


@pytest.mark.parametrize("inner", ["private", "+pkg", "@Class", "resources", "a/private"])
def test_a_folder_inside_another_that_is_not_on_the_path_may_be_listed(repository, inner):
    put(repository, f"code/{inner}/f.m")
    assert load(repository, changed("training.code", ["code", f"code/{inner}"]))


def test_folders_whose_names_begin_alike_are_two(repository):
    put(repository, "code-2/f.m")
    assert load(repository, changed("training.code", ["code", "code-2"]))


def test_a_function_that_no_folder_has_is_named_with_all_of_them(repository):
    put(repository, "lib/helper.m")
    text = problems(repository, {**changed("training.code", ["code", "lib"]), "inference": {
        "handler": "Handlr", "code": ["inference", "lib"]}})  # fmt: skip
    assert "there is no inference/Handlr.m or lib/Handlr.m; " in text
    assert "did you mean 'Handler'?" in text


def test_sagemaker_yml_and_the_workflows_are_no_code_and_no_data(repository):
    put(repository, "trainModel.m", ".github/workflows/train.yml", "code/sagemaker.yml")
    (repository / "leads-out.csv").unlink()
    document = changed("training.code", ".")
    document["training"]["channels"] = {"training": "./"}
    project = load(repository, document)
    for files in (project.training_code, project.folders.files["./"]):
        assert "trainModel.m" in files
        assert "code/sagemaker.yml" in files
        assert "sagemaker.yml" not in files
        assert not any(name.startswith(".github") for name in files)


@pytest.mark.parametrize(
    ("files", "hidden"),
    [
        (["a/f.m", "f.m"], "code/f.m hides code/a/f.m"),
        (["b/f.m", "a/z/f.m"], "code/a/z/f.m hides code/b/f.m"),
        (["a/trainModel.m"], "code/trainModel.m hides code/a/trainModel.m"),
        (["a/f.m", "+p/f.m", "@c/f.m", "private/f.m", "resources/f.m", "a/private/f.m"], ""),
        (["Contents.m", "a/Contents.m", "data.csv", "a/data.csv"], ""),
    ],
)
def test_a_function_that_hides_another_is_warned_of(repository, files, hidden):
    put(repository, *(f"code/{file}" for file in files))
    told = [text.replace(f"{repository}/", "") for text in load(repository, GOOD).folders.hidden]
    assert [text.partition(":")[0] for text in told] == ([hidden] if hidden else [])


def test_a_function_that_training_and_inference_share_is_warned_of_once(repository):
    put(repository, "lib/f.m", "lib/a/f.m")
    document = changed("training.code", ["code", "lib"])
    document["inference"] = {"handler": "Handler", "code": ["inference", "lib"]}
    assert len(load(repository, document).folders.hidden) == 1


def test_a_function_in_a_subfolder_is_named_with_it(repository):
    put(repository, "code/sub/inSub.m", "code/sub/private/hidden.m", "code/private/hidden.m")
    text = problems(repository, changed("training.function", "inSub"))
    assert "there is no code/inSub.m; " in text
    assert "; it is in code/sub: write code: code/sub" in text
    assert "it is in" not in problems(repository, changed("training.function", "hidden"))


def test_a_function_in_a_subfolder_of_a_listed_folder_is_listed_instead(repository):
    put(repository, "lib/deep/inDeep.m")
    document = changed("training.code", ["code", "lib"])
    document["training"]["function"] = "inDeep"
    text = problems(repository, document)
    assert "; it is in lib/deep: list lib/deep instead of lib" in text


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("TableModelHandler", "TableModelHandler"),
        ("sagemaker_inference.TableModelHandlr", "TableModelHandler"),
        ("sagemakerinference.DefaultInferenceHandler", "DefaultInferenceHandler"),
    ],
)
def test_a_misspelt_handler_of_the_kit_is_answered_with_its_name(repository, written, meant):
    text = problems(repository, {**GOOD, "inference": {"handler": written}})
    assert (
        f"inference.handler: found '{written}'; did you mean sagemaker_inference.{meant}?" in text
    )
    assert "A handler of your own needs inference.code" in text


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
