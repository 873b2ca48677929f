"""An interactive Octave, which asks before it removes a folder with files."""

from helpers.kit.paths import KIT
from helpers.kit.terminal import terminal


def test_the_copy_of_a_class_is_removed_without_a_question(tmp_path):
    (tmp_path / "AClass.m").write_text("classdef AClass\nend\n")
    folders = f"addpath('{KIT}/docker/octave/compat', '{KIT}/matlab');"
    with terminal(tmp_path, "octave-cli", "--norc", "--no-history", "--quiet") as person:
        person.type(f"warning('off', 'all'); {folders}\n")
        person.type("m = sagemaker.internal.syntaxError('AClass.m'); exit(isempty(m) + 4)\n")
        assert person.end() == 5, person.shown
