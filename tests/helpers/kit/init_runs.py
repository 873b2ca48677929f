"""A user's repository before init, and init's changes to it."""

import shutil

import yaml

from helpers.kit.git_repository import git
from helpers.kit.verb_runs import EXAMPLE, Project

WRITTEN = [
    "sagemaker.yml",
    ".github/workflows/train.yml",
    ".github/workflows/deploy.yml",
    ".github/workflows/operate.yml",
]
GIVEN = ("--kit", "your-org/matlab-sagemaker", "--engine", "octave")


def present(root):
    """Return every file below `root` with its bytes and its modification time."""
    return {
        path: (path.read_bytes(), path.stat().st_mtime_ns)
        for path in root.rglob("*")
        if path.is_file() and ".git/" not in str(path)
    }


def workflow(project, verb):
    text = (project.root / f".github/workflows/{verb}.yml").read_text()
    (job,) = yaml.safe_load(text)["jobs"].values()
    return job


def bare(root, url):
    """Copy the example to `root` without what init writes, into a git repository on GitHub."""
    left_out = shutil.ignore_patterns(".github", "sagemaker.yml")
    shutil.copytree(EXAMPLE, root, ignore=left_out)
    git(root, "init", "-q", "-b", "trunk")
    git(root, "remote", "add", "origin", "git@github.com:acme/My_Flowers.git")
    return Project(root, url)
