"""Locations in the user's repository: where an annotation appears, and where a link leads."""

from pathlib import Path

import pytest

from matlab_sagemaker.errors import Place
from matlab_sagemaker.github.repository import Repository, pull_request

URL = "https://github.example/acme/flowers"


def repository(workspace, name="acme/flowers"):
    return Repository(
        name=name,
        server="https://github.example",
        api="",
        workspace=Path(workspace),
        commit="abc",
        run="",
        pull_request=None,
    )


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("checkout", ["", "flowers"])
@pytest.mark.parametrize("project", ["", "models/iris"])
def test_a_place_is_named_from_the_repositorys_top(workspace, checkout, project):
    (workspace / checkout / ".git").mkdir(parents=True)
    place = Place(str(Path(checkout, project, "code/train.m")), 3)
    expected = Path(project, "code/train.m").as_posix()
    found = repository(workspace)
    assert found.properties(place) == {"file": expected, "line": "3"}
    assert found.link(place) == f"[`{expected}:3`]({URL}/blob/abc/{expected}#L3)"


def test_without_a_checkout_the_workspace_is_the_top(workspace):
    assert repository(workspace).properties(Place("code/train.m")) == {"file": "code/train.m"}


def test_a_repository_around_the_workspace_is_another(workspace):
    (workspace / ".git").mkdir()
    (workspace / "work").mkdir()
    found = repository(workspace / "work")
    assert found.properties(Place("work/train.m"))["file"] == "train.m"


def test_a_file_elsewhere_is_named_as_it_is_and_leads_nowhere(workspace):
    found = repository(workspace / "work")
    assert found.properties(Place("/opt/train.m", 3)) == {"file": "/opt/train.m", "line": "3"}
    assert found.link(Place("/opt/train.m", 3)) == "`/opt/train.m:3`"


def test_by_hand_a_place_leads_nowhere(workspace):
    assert repository(workspace, name="").link(Place("train.m", 3)) == "`train.m:3`"
    assert repository(workspace).link(None) == ""


def test_a_hostile_name_cannot_leave_its_link(workspace):
    link = repository(workspace).link(Place("a`](//evil.example) b#.m", 1))
    assert link == (
        f"[``a`](/evil.example) b#.m:1``]({URL}/blob/abc/a%60%5D%28/evil.example%29%20b%23.m#L1)"
    )


def event(full_name, **details):
    repo = {"full_name": full_name} if full_name else None
    return {"pull_request": {"number": 7, "head": {"sha": "abc", "repo": repo}, **details}}


@pytest.mark.parametrize(
    ("source", "is_from_fork"), [("acme/flowers", False), ("Acme/Flowers", False), ("eve/f", True)]
)
def test_a_pull_request_tells_where_it_comes_from(source, is_from_fork):
    found = pull_request(event(source), "acme/flowers")
    assert (found.number, found.commit, found.is_from_fork) == (7, "abc", is_from_fork)


def test_a_pull_request_of_a_deleted_fork_comes_from_a_fork():
    assert pull_request(event(""), "acme/flowers").is_from_fork


def test_a_push_is_no_pull_request():
    assert pull_request({"ref": "refs/heads/main"}, "acme/flowers") is None
