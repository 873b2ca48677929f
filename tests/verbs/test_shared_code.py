"""Code in several folders, a sub-folder and a package: in the training and in the handler."""

import pytest

from helpers.kit.verb_runs import HANDLER, write_function

FUNCTIONS = {
    "shared/kind.m": "name = ['set', rest()];",
    "shared/deep/rest.m": "name = ['o', flora.ending()];",
    "shared/+flora/ending.m": "name = 'sa';",
}


@pytest.mark.slow
def test_shared_code_is_found_by_the_training_and_by_the_handler(ready):
    for file, body in FUNCTIONS.items():
        (ready.root / file).parent.mkdir(parents=True, exist_ok=True)
        name = file.rpartition("/")[2].removesuffix(".m")
        ready.write(file, f"function name = {name}()\n    {body}\nend\n")
    for folder in ("code", "inference"):
        ready.edit("sagemaker.yml", f"  code: {folder}\n", f"  code: [{folder}, shared]\n")
    printed = "printf('resubstitution accuracy: 1, cross-validated accuracy: 1, %s\\n', model);"
    saved = "save(fullfile(env.ModelFolder, 'model.mat'), 'model', '-v7');"
    write_function(ready, "model = kind();", printed, saved)
    ready.write(
        HANDLER,
        "classdef ClassificationTreeInferenceHandler < "
        "sagemaker_inference.DefaultInferenceHandler\n"
        "    methods\n"
        "        function out = predict(obj, data, model)\n"
        "            assert(strcmp(model, kind()));\n"
        "            kinds = repmat({kind()}, height(data), 1);\n"
        "            out = table(kinds, 'VariableNames', {'species'});\n"
        "        end\n"
        "    end\n"
        "end\n",
    )
    tried = ready.succeed("rehearse", "--request", "requests/three_flowers.csv")
    assert tried.outputs["prediction"].split() == ["species", "setosa", "setosa", "setosa"]
    assert "accuracy: 1, setosa" in ready.succeed("train").stdout
    ready.succeed("compile-handler")
    ready.succeed("deploy")
    answer = ready.succeed("predict", "--request", "requests/three_flowers.csv")
    assert answer.outputs["prediction"].split() == ["species", "setosa", "setosa", "setosa"]
    write_function(ready, "error('flora:none', kind());")
    ready.edit("shared/deep/rest.m", "name = ['o'", "error('flora:none', 'None.'); x = ['o'")
    for verb in ("rehearse", "train"):
        assert "file=shared/deep/rest.m,line=2::" in ready.run(verb).annotations[0]
