"""Names and texts that would run as commands if anything treated them as more than text."""

import pytest

import acting

FIND, TRAIN, TRY = "Find the model", "Train on SageMaker", "Try the handler"
PLAN, COMMENT, TOLD = "Plan the merge", "Comment", "Comment on the handler"
BEGIN = "Comment at the start"
TEXT = "$(touch pwned);`touch pwned`\n::error::forged\n::set-output name=verdict::forged"
BRANCH = "$(touch pwned);`touch pwned`"
TITLE = "`touch pwned` $(touch pwned)\n::error::forged\n@team <!-- x -->"
LINES = (
    "::error file=a.m,line=1::forged",
    "::set-output name=job-name::forged",
    "::add-mask::accuracy",
    "::stop-commands::x",
    "##[error]forged",
    "$(touch pwned) `touch pwned`",
)


def test_hostile_names_values_and_log_lines_change_nothing(github, api):
    prints = "".join(f"    fprintf('%s\\n', '{line}');\n" for line in LINES)
    github.edit(acting.FUNCTION, "varargin)\n", f"varargin)\n{prints}")
    values = r'Note: "::set-output name=job-name::forged\n::error::forged\n$(touch pwned)"'
    github.edit("sagemaker.yml", "MinLeafSize: 1", f"MinLeafSize: 1\n    {values}")
    body = (github.user / acting.FUNCTION).read_text()
    github.write(acting.FUNCTION, body.replace("varargin{:}", "'MinLeafSize', 1"))
    github.commit(TITLE)
    run = github.run(
        "train.yml", "pull_request", acting.pull_request(7, branch=BRANCH, title=TITLE)
    )
    assert run.refused == []
    assert run.jobs == dict.fromkeys((FIND, BEGIN, TRAIN, PLAN, TRY, COMMENT, TOLD), "success")
    assert run.annotations == []
    outputs = run.outputs(TRAIN, "train")
    assert outputs["job-name"].startswith(github.name)
    log = run.log(TRAIN)
    assert all(f"  | {line}" in log for line in LINES), "shown, and obeyed by nobody"
    assert not list(github.folder.rglob("pwned"))
    (comment,) = api.comments(7)
    shown = [line for line in comment.body.splitlines() if "forged" in line]
    assert len(shown) == 2, "the hyperparameter: what has changed, and all of them"
    assert all(line.startswith("| Note | ") for line in shown)
    assert "| cross_validated_accuracy ↑ | " in comment.body.replace("<wbr>", "")


@pytest.mark.slow
def test_a_hostile_message_of_an_error_stays_a_message(github, api):
    said = "@acme/admins ``` <!-- --> ::error::forged | <b>bold</b> $(touch pwned)"
    github.write(acting.FUNCTION, acting.BROKEN.replace("There are no rows.", said))
    github.commit("Break it")
    run = github.run("train.yml", "pull_request", acting.pull_request(7))
    told = dict.fromkeys((FIND, BEGIN, PLAN, COMMENT, TOLD), "success")
    assert run.jobs == {**told, TRAIN: "failure", TRY: "failure"}
    (annotation, _) = run.annotations
    assert annotation[1]["file"] == acting.FUNCTION
    (comment,) = api.comments(7)
    assert said in comment.body
    fence = next(line for line in comment.body.splitlines() if line.endswith("text"))
    assert fence.startswith("````"), "a fence that the message cannot end"
    assert not list(github.folder.rglob("pwned"))


@pytest.mark.parametrize(
    ("operation", "inputs"),
    [("delete", {"endpoint-name": TEXT}), ("predict", {"request": TEXT}), (TEXT, {})],
    ids=["endpoint-name", "request", "operation"],
)
def test_what_is_typed_by_hand_is_a_text_that_is_refused(github, operation, inputs):
    call = ".github/workflows/operate.yml"
    role = "      role-to-assume: ${{ vars.AWS_DEPLOY_ROLE }}\n"
    github.edit(call, role, f"{role}      request: ${{{{ inputs.request }}}}\n")
    choice = "type: choice\n        options: [status, predict, rollback, delete]"
    github.edit(call, choice, "type: string")
    github.edit(call, "    inputs:\n", "    inputs:\n      request:\n        type: string\n")
    github.commit("Let them type what they want")
    payload = acting.event("workflow_dispatch", inputs={"operation": operation, **inputs})
    run = github.run("operate.yml", "workflow_dispatch", payload)
    assert list(run.jobs.values()) == ["failure"]
    (annotation,) = run.annotations
    assert annotation[2] != "forged"
    assert "forged" not in {e["arg"] for e in run.events if e.get("command") == "set-output"}
    assert not list(github.folder.rglob("pwned"))
