"""Makes the release of a tag vX.Y.Z that is pushed already, and moves the plain tag vX to it.

The release is whole at once and never edited: with GitHub's immutable releases switched on, its tag
can neither move nor go. The plain tag has no release, so it may move. Both by gh, as GH_TOKEN.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPOSITORY = "repos/{owner}/{repo}"  # gh itself puts the names in


def main(tag: str) -> None:
    """Check that the tag is this tree's version, then release it."""
    notes = checked_notes(tag)
    if (
        tag
        not in gh(
            "release", "list", "--limit", "1000", "--json", "tagName", "--jq", ".[].tagName"
        ).splitlines()
    ):
        gh("release", "create", tag, "--verify-tag", "--title", tag, "--notes", notes)
    plain = tag.partition(".")[0]
    tags = tags_like(plain)
    if tag == max((name for name in tags if name.startswith(f"{plain}.")), key=numbers):
        move(plain, commit_of(tag), exists=plain in tags)


def checked_notes(tag: str) -> str:
    """Return what CHANGELOG.md says of the version; stop where tag, version and text differ."""
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


def commit_of(tag: str) -> str:
    """Return the commit that GitHub has for the tag, annotated or not."""
    return gh("api", f"{REPOSITORY}/commits/{tag}", "--jq", ".sha")


def tags_like(plain: str) -> list[str]:
    """Return the tags that begin with `plain`."""
    found = gh("api", f"{REPOSITORY}/git/matching-refs/tags/{plain}", "--jq", ".[].ref")
    return [line.removeprefix("refs/tags/") for line in found.splitlines()]


def numbers(tag: str) -> list[int]:
    """Return the numbers of a version, which sort as versions do: 1.10 is after 1.9."""
    return [int(number) for number in re.findall(r"\d+", tag)]


def move(plain: str, commit: str, *, exists: bool) -> None:
    """Make the tag `plain` point to `commit`.

    The token of a workflow may not, where the workflows of that commit are not those of the branch:
    then somebody who may pushes the tag.
    """
    sys.stdout.write(f"If GitHub refuses: git push --force origin {commit}:refs/tags/{plain}\n")
    if exists:
        place = f"{REPOSITORY}/git/refs/tags/{plain}"
        gh("api", "-X", "PATCH", place, "-f", f"sha={commit}", "-F", "force=true")
    else:
        place = f"{REPOSITORY}/git/refs"
        gh("api", place, "-f", f"ref=refs/tags/{plain}", "-f", f"sha={commit}")


def gh(*words: str) -> str:
    """Run GitHub's own command, which says itself what is wrong; return what it printed."""
    done = subprocess.run(["gh", *words], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"error: gh {' '.join(words[:2])} failed (see above); running it again is safe.")
    return done.stdout.strip()


if __name__ == "__main__":
    main(*sys.argv[1:])
