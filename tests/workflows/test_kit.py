"""Where the workflows find their kit: in a repository that may be private."""

import pytest

import acting

TOKEN = "kit-reader"


def look(github):
    payload = acting.event("workflow_dispatch", inputs={"operation": "status"})
    return github.run("operate.yml", "workflow_dispatch", payload)


@pytest.mark.slow
def test_a_private_kit_is_read_with_the_token_that_is_let_in_and_with_no_other(github):
    github.readers[acting.KIT_NAME.partition("/")[0]] = {TOKEN}
    closed = look(github)
    assert closed.jobs == {"status": "failure"}
    assert "/your-org/matlab-sagemaker/' not found" in closed.log()

    github.secrets["KIT_TOKEN"] = TOKEN
    opened = look(github)
    assert opened.outputs("status", "status")["endpoint-status"] == "missing", "the kit has run"
