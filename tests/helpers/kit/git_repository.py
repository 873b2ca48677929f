"""Git repositories for tests, with an author of their own."""

import os
import shutil
import subprocess

from helpers.kit.paths import KIT

AUTHOR = {
    "GIT_AUTHOR_NAME": "A User",
    "GIT_AUTHOR_EMAIL": "user@example.com",
    "GIT_COMMITTER_NAME": "A User",
    "GIT_COMMITTER_EMAIL": "user@example.com",
    "GIT_CONFIG_NOSYSTEM": "1",
}


def git(folder, *words):
    """Run git in `folder`; give what it printed."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **AUTHOR}
    done = subprocess.run(
        ["git", "-C", folder, *words], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"git {words}: {done.stderr}"
    return done.stdout.strip()


def repository(folder, files):
    """Make a repository of `files` (path -> source) whose commits can all be fetched."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "config", "uploadpack.allowAnySHA1InWant", "true")
    git(folder, "config", "uploadpack.allowFilter", "true")
    for name, source in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    return commit(folder, "First")


def commit(folder, message):
    """Commit all there is; give the commit."""
    git(folder, "add", "--all")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD")


def kit_files():
    """Give the files of this kit, as they are now."""
    listed = git(KIT, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    return {name: KIT / name for name in listed.split("\0") if (KIT / name).is_file()}
