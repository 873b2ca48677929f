"""buildfile.m and matlab.yml, which only MATLAB runs: what they name exists."""

import re

from helpers.kit.paths import KIT
from helpers.kit.workflow_files import WORKFLOWS, texts

BUILD = (KIT / "buildfile.m").read_text()
FLOW = WORKFLOWS["matlab.yml"]
TOKEN = "secrets.MATLAB_BATCH_TOKEN"
LEFT_OUT = {"tests"}  # and what begins with a dot


def packaged():
    """Return the folders and files of the toolbox."""
    (listed,) = re.findall(r"parts = \[(.*?)\];", BUILD, re.DOTALL)
    return set(re.findall(r'"([^"]+)"', listed))


def test_the_workflow_asks_for_tasks_that_there_are():
    step = FLOW["jobs"]["matlab"]["steps"][-1]
    assert step["with"]["tasks"].split() == ["check", "test"]
    for task in ("check", "test", "package"):
        assert f"function {task}Task(context)" in BUILD


def test_matlab_runs_only_where_a_licence_is_and_its_token_reaches_one_step():
    job = FLOW["jobs"]["matlab"]
    assert job["if"] == "needs.licence.outputs.found == 'true'"
    assert [text for text in texts(job) if TOKEN in text] == [f"${{{{ {TOKEN} }}}}"]
    assert job["steps"][-1]["env"] == {"MLM_LICENSE_TOKEN": f"${{{{ {TOKEN} }}}}"}
    assert not [text for text in texts(FLOW["jobs"]["licence"]) if f"{TOKEN} }}}}" in text]


def test_the_toolbox_has_every_folder_of_the_kit_but_its_tests():
    folders = {each.name for each in KIT.iterdir() if each.is_dir() and each.name[0] not in "._"}
    assert folders - LEFT_OUT == {part for part in packaged() if (KIT / part).is_dir()}
    assert all((KIT / part).exists() for part in packaged())
