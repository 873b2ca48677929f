"""Each verb's own parser: what a command line has to pass before the verb begins."""

import importlib
import io
from contextlib import redirect_stderr, redirect_stdout

import pytest
import yaml

from helpers.kit.paths import KIT
from matlab_sagemaker.github import inputs
from matlab_sagemaker.init import prompt

DECLARED = {
    **{file.parent.name: file for file in KIT.glob("action/*/action.yml")},
    **{file.stem: file for file in KIT.glob("scripts/*.yml")},
}
PROGRAMS = {  # verbs that are not declared, with what makes their parser
    "demo": lambda: importlib.import_module("demo.__main__")._parser(),
    "emulator": lambda: importlib.import_module("emulator.__main__")._parser(),
    "init": lambda: prompt.parser("init", ""),
    "schema": lambda: importlib.import_module("schema").parser(),
}


def declaration(verb):
    """Return what declares a verb's inputs."""
    return yaml.safe_load(DECLARED[verb].read_text(encoding="utf-8"))


def refusal(verb, words):
    """Return what a verb's parser says against a command line; nothing if it takes it."""
    try:
        if verb in PROGRAMS:
            return _refusal(PROGRAMS[verb](), verb, words)
        kind = importlib.import_module(verb.replace("-", "_")).Inputs
        inputs.read(kind, verb, declaration(verb), {}, words)
    except (inputs.InputError, KeyError) as error:
        return str(error)
    return ""


def _refusal(parser, verb, words):
    said = io.StringIO()
    with redirect_stderr(said):
        try:
            options = parser.parse_args(words)
        except SystemExit:
            return said.getvalue()
    if verb == "init":
        options.workflows = False  # or it reads sagemaker.yml
        prompt.given(options)
    return ""


def usage(verb):
    """Return the text of --help."""
    if verb in DECLARED:
        return inputs.usage(verb, declaration(verb), {})
    said = io.StringIO()
    with redirect_stdout(said), pytest.raises(SystemExit):
        PROGRAMS[verb]().parse_args(["--help"])
    return said.getvalue()
