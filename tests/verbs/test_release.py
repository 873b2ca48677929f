"""A release: made once, complete, with the changelog's text; then the plain tag moves."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from helpers.kit.paths import KIT

# The part of gh that a release uses: tags, releases and commits are in one JSON file.
GH = """#!{python}
import json, os, sys
state = json.load(open(os.environ["GH_STATE"]))
words = sys.argv[1:]
state["calls"].append(words)
fields = dict(w.split("=", 1) for w in words if "=" in w)
if os.environ.get("GH_REFUSES") in words[:2] + [words[-1]]:
    sys.exit("HTTP 403: Resource not accessible by integration")
if words[:2] == ["release", "list"]:
    print("\\n".join(state["releases"]))
elif words[:2] == ["release", "create"]:
    tag = words[2]
    if tag not in state["tags"]:
        sys.exit("tag " + tag + " doesn't exist in the repo")
    if tag in state["releases"]:
        sys.exit("a release with the same tag name already exists: " + tag)
    state["releases"][tag] = words[words.index("--notes") + 1]
    state["files"] = [word for word in words[3:] if "/" in word]
elif "matching-refs" in words[1]:
    asked = words[1].rpartition("/")[2]
    print("\\n".join("refs/tags/" + tag for tag in state["tags"] if tag.startswith(asked)))
elif "/compare/main..." in words[1]:
    print("behind" if words[1].rpartition(".")[2] in state["main"] else "diverged")
elif "/commits/" in words[1]:
    print(state["tags"][words[1].rpartition("/")[2]])
elif "PATCH" in words:
    assert fields["force"] == "true"
    state["tags"][next(w for w in words if "/refs/tags/" in w).rpartition("/")[2]] = fields["sha"]
else:
    state["tags"][fields["ref"].removeprefix("refs/tags/")] = fields["sha"]
json.dump(state, open(os.environ["GH_STATE"], "w"))
"""


class Repository:
    """A tree with a version and a changelog, and its state on GitHub."""

    def __init__(
        self, folder, version="1.4.0", changelog="## 1.4.0\n\n- A thing.\n\n## 1.3.0\n\n- Old.\n"
    ):
        self.folder = folder
        (folder / ".ci").mkdir(parents=True)
        shutil.copy(KIT / ".ci/release.py", folder / ".ci")
        (folder / "pyproject.toml").write_text(f'[project]\nversion = "{version}"\n')
        (folder / "CHANGELOG.md").write_text("# Changelog\n\n" + changelog)
        self.state = folder / "state.json"
        self.has({"v1.4.0": "new", "v1": "old", "v1.3.0": "old"})
        gh = folder / "bin/gh"
        gh.parent.mkdir()
        gh.write_text(GH.format(python=sys.executable))
        gh.chmod(0o755)

    def has(self, tags):
        state = {"tags": tags, "releases": {}, "calls": [], "main": ["old", "new"]}
        self.state.write_text(json.dumps(state))

    @property
    def now(self):
        return json.loads(self.state.read_text())

    def release(self, tag="v1.4.0", task="make", files=(), **variables):
        return subprocess.run(
            [sys.executable, ".ci/release.py", task, tag, *files],
            cwd=self.folder,
            env={
                "PATH": f"{self.folder}/bin:{os.environ['PATH']}",
                "GH_STATE": str(self.state),
                "GITHUB_SHA": "new",
                **variables,
            },
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "kit")


def test_a_tag_becomes_a_release_with_its_words_and_the_plain_tag_follows(repository):
    assert repository.release().returncode == 0
    assert repository.now["releases"] == {"v1.4.0": "- A thing."}
    assert repository.now["tags"] == {"v1.4.0": "new", "v1": "new", "v1.3.0": "old"}


def test_a_release_has_the_files_that_it_is_given(repository):
    assert repository.release(files=["release/kit.tar.gz", "release/kit.json"]).returncode == 0
    assert repository.now["files"] == ["release/kit.tar.gz", "release/kit.json"]


def test_a_check_releases_nothing(repository):
    assert repository.release(task="check").returncode == 0
    assert repository.now["releases"] == {}
    assert repository.now["tags"]["v1"] == "old"


@pytest.mark.parametrize("task", ["check", "make"])
def test_a_commit_that_is_not_on_main_is_no_release(repository, task):
    repository.has({"v1.4.0": "branch", "v1": "old"})
    result = repository.release(task=task, GITHUB_SHA="branch")
    assert result.returncode == 1
    assert "the commit of v1.4.0 is not on main" in result.stderr
    assert repository.now["releases"] == {}
    assert repository.now["tags"]["v1"] == "old"


def test_a_tag_that_has_moved_since_its_commit_was_checked_is_no_release(repository):
    result = repository.release(GITHUB_SHA="old")
    assert result.returncode == 1
    assert "the tag v1.4.0 is at new, but old was checked" in result.stderr
    assert repository.now["releases"] == {}


def test_the_first_release_of_a_number_makes_its_plain_tag(repository):
    repository.has({"v1.4.0": "new", "v10": "other"})
    assert repository.release().returncode == 0
    assert repository.now["tags"] == {"v1.4.0": "new", "v10": "other", "v1": "new"}


@pytest.mark.parametrize(
    ("version", "changelog", "said"),
    [
        ("1.5.0", "## 1.4.0\n\n- A thing.\n", "pyproject.toml says 1.5.0"),
        ("1.4.0", "## Unreleased\n\n- A thing.\n", "CHANGELOG.md says nothing of 1.4.0"),
        ("1.4.0", "## 1.4.0\n\n## 1.3.0\n\n- Old.\n", "CHANGELOG.md says nothing of 1.4.0"),
        ("1.4.0", "## 1.4.01\n\n- Other.\n", "CHANGELOG.md says nothing of 1.4.0"),
    ],
)
def test_what_does_not_fit_together_is_no_release(tmp_path, version, changelog, said):
    repository = Repository(tmp_path / "kit", version, changelog)
    result = repository.release()
    assert result.returncode == 1
    assert said in result.stderr
    assert repository.now["calls"] == []


def test_an_interrupted_release_is_ended_by_the_next_run(repository):
    assert repository.release(GH_REFUSES="force=true").returncode == 1
    released = repository.now["releases"]
    assert repository.now["tags"]["v1"] == "old"
    assert repository.release().returncode == 0
    assert repository.now["releases"] == released
    assert repository.now["tags"]["v1"] == "new"


def test_a_correction_of_an_older_version_does_not_move_the_plain_tag_back(repository):
    repository.has({"v1.4.0": "new", "v1": "newest", "v1.10.0": "newest", "v1.9.0": "newer"})
    assert repository.release().returncode == 0
    assert repository.now["tags"]["v1"] == "newest"


def test_a_missing_right_is_told(repository):
    result = repository.release(GH_REFUSES="create")
    assert result.returncode == 1
    assert "Resource not accessible" in result.stderr
    assert repository.now["tags"]["v1"] == "old"
