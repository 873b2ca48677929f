"""Makes the release of a pushed tag vX.Y.Z, and moves the plain tag vX to it.

The commit is GITHUB_SHA, which has passed the checks: the tag must still point to it, and it must
be on main. `release.py check TAG` checks both, `release.py make TAG FILE …` releases with FILEs.

The release is published complete and never edited: with GitHub's immutable releases, its tag cannot
be moved or deleted. The plain tag has no release, so it may move. Both use gh with GH_TOKEN.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPOSITORY = "repos/{owner}/{repo}"  # gh fills in the names


def main(task: str, tag: str, *files: str) -> None:
    """Check that the tag is this tree's version and its commit on main; then release it."""
    commit = os.environ["GITHUB_SHA"]
    notes = checked_notes(tag)
    require_on_main(tag, commit)
    if task == "check":
        return
    # gh makes a draft, adds the files, and then publishes it: a leftover draft was interrupted.
    listing = ("--exclude-drafts", "--limit", "1000", "--json", "tagName", "--jq", ".[].tagName")
    if tag not in gh("release", "list", *listing).splitlines():
        gh("release", "create", tag, *files, "--verify-tag", "--title", tag, "--notes", notes)
    plain = tag.partition(".")[0]
    tags = tags_like(plain)
    if tag == max((name for name in tags if name.startswith(f"{plain}.")), key=numbers):
        move(plain, commit, exists=plain in tags)


def checked_notes(tag: str) -> str:
    """Return CHANGELOG.md's section of the version; stop if tag, version and changelog differ."""
    version = tag.removeprefix("v")
    declared = re.findall(
        r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE
    )
    if declared != [version]:
        says = " ".join(declared)
        sys.exit(f"error: the tag is {tag}, but pyproject.toml says {says}. Correct either.")
    section = rf"^## \[?{re.escape(version)}(?![\w.])[^\n]*\n(.*?)(?=^## |\Z)"
    found = re.search(section, (ROOT / "CHANGELOG.md").read_text(), re.DOTALL | re.MULTILINE)
    if not found or not found[1].strip():
        sys.exit(f"error: CHANGELOG.md says nothing of {version}. Add the section '## {version}'.")
    return found[1].strip()


def require_on_main(tag: str, commit: str) -> None:
    """Stop if the tag has moved since it was pushed, or its commit is not on main."""
    now = commit_of(tag)
    if now != commit:
        sys.exit(
            f"error: the tag {tag} is at {now}, but {commit} was checked. Someone has moved it: "
            "find out who, then release a new version."
        )
    compared = gh("api", f"{REPOSITORY}/compare/main...{commit}", "--jq", ".status")
    if compared not in ("identical", "behind"):
        sys.exit(
            f"error: the commit of {tag} is not on main, so nobody has reviewed it. Merge it, "
            "then tag the merged commit with a new version."
        )


def commit_of(tag: str) -> str:
    """Return the tag's commit on GitHub, whether the tag is annotated or not."""
    return gh("api", f"{REPOSITORY}/commits/{tag}", "--jq", ".sha")


def tags_like(plain: str) -> list[str]:
    """Return the tags that start with `plain`."""
    found = gh("api", f"{REPOSITORY}/git/matching-refs/tags/{plain}", "--jq", ".[].ref")
    return [line.removeprefix("refs/tags/") for line in found.splitlines()]


def numbers(tag: str) -> list[int]:
    """Return the numbers of a version, which sort as versions should: 1.10 after 1.9."""
    return [int(number) for number in re.findall(r"\d+", tag)]


def move(plain: str, commit: str, *, exists: bool) -> None:
    """Make the tag `plain` point to `commit`.

    A workflow's token may not do that if the workflows of that commit differ from the branch's:
    then somebody with the right pushes the tag.
    """
    sys.stdout.write(f"If GitHub refuses: git push --force origin {commit}:refs/tags/{plain}\n")
    if exists:
        place = f"{REPOSITORY}/git/refs/tags/{plain}"
        gh("api", "-X", "PATCH", place, "-f", f"sha={commit}", "-F", "force=true")
    else:
        place = f"{REPOSITORY}/git/refs"
        gh("api", place, "-f", f"ref=refs/tags/{plain}", "-f", f"sha={commit}")


def gh(*words: str) -> str:
    """Run GitHub's gh, which prints its own errors; return its output."""
    done = subprocess.run(["gh", *words], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"error: gh {' '.join(words[:2])} failed (see above); running it again is safe.")
    return done.stdout.strip()


if __name__ == "__main__":
    main(*sys.argv[1:])
