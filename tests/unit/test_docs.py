"""The pages that people read: links lead somewhere, README is short; plain English everywhere."""

import re
from collections import Counter
from pathlib import Path

import pytest

from helpers.kit.pages import PAGES
from helpers.kit.paths import KIT
from helpers.kit.texts import prose, texts

FENCED = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
NAMED = re.compile(r"(?<![\w/.-])docs/[\w/-]+\.md")
TEXTS = ("py", "m", "yml", "json")  # files that may name a page

GAP = r"""(?:[\s#%.]|["']\s*f?["'])+"""  # between two words, also of a comment or a string

# What readers stumbled over, each a regular expression of a word's beginning in small
# letters, with what to write instead. Add to it.
PHRASES = {
    r"by hand it is (?!the same)": "You can … by hand",
    r"asks? aws first\b": "first checks whether AWS already has",
    r"(it|that) takes an aws account\b": "You need an AWS account",
    r"may make roles\b": "can create IAM roles",
    r"have the kit on github\b": "put a copy of the kit on GitHub",
    r"for your workflows call it\b": "your workflows call it",
    r"for knowing\b": "A role ARN is not a secret",
    r"for who\b": "for those who",
    r"but for\b": "except for",
    r"knows? no\b": "does not have",
    r"keeps no merge back\b": "does not block older merges",
    r"(serves?|serving) just that\b": "serves exactly this configuration",
    r"is not known, so that\b": "Cannot tell which …",
    r"is not to be used\b": "Cannot use …",
    r"what we would have seen\b": "No permission to check this",
    r"deafness\b": "token that re-enables workflow commands",
    r"as the steps need (it|them)\b": "found a problem",
    r"(octave|matlab|windows|it|they) lacks?\b": "does not have",
    r"alone\b": "only",
    r"stands?\b(?!-in| in (for|place))": "is",
    r"(is|are|was|were|be) told\b": "says, shows",
    r"(is|are|was|were) looked (at|over)\b|look it over\b": "is checked; Check …",
    r"of today\b": "current",
    r"anew\b": "again",
    r"mend(s|ed|ing)?\b": "fix",
}
_OR = "|".join(f"(?P<at{number}>{phrase})" for number, phrase in enumerate(PHRASES))
EVERY = re.compile(rf"\b(?:{_OR})".replace(" ", GAP))


def stumbled_over(text):
    """Return what PHRASES finds outside of code, with its line."""
    text = FENCED.sub(lambda block: "\n" * block[0].count("\n"), text)
    text = re.sub(r"`[^`\n]*`", "", text).lower()
    better = list(PHRASES.values())
    return [
        f"{text.count(chr(10), 0, m.start()) + 1}: {' '.join(m[0].split())}: "
        + better[int(m.lastgroup.removeprefix("at"))]
        for m in EVERY.finditer(text)
    ]


def anchors(text):
    """Yield the anchors of a page's headings, as GitHub makes them.

    Source: Section links in
    https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax
    """
    seen = Counter()
    for heading in re.findall(r"(?m)^#+ +(.+)$", FENCED.sub("", text)):
        plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")
        yield f"{slug}-{seen[slug]}" if seen[slug] else slug
        seen[slug] += 1


def broken(page):
    """Return the relative links of a page that lead nowhere."""
    text = re.sub(r"`[^`\n]*`", "", FENCED.sub("", page.read_text(encoding="utf-8")))
    return [link for link in LINK.findall(text) if "://" not in link and not leads(page, link)]


def leads(page, link):
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page
    return target.exists() and (not anchor or anchor in anchors(target.read_text(encoding="utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(KIT)))
def test_every_relative_link_leads_somewhere(page):
    assert broken(page) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# A `page`, of two.words\n## Again\n## Again\n```sh\n# no heading [x](no-link)\n```\n"
        "[a](#a-page-of-twowords) [b](#again-1) [c](page.md#again) `[x](no-link)`\n"
        "[d](#again-2) [e](#no-heading) [f](absent.md) [g](https://example.com/h)\n"
    )
    assert broken(page) == ["#again-2", "#no-heading", "absent.md"]


def test_readme_is_short_and_links_every_page():
    text = (KIT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 150
    assert {f"docs/{page.name}" for page in KIT.glob("docs/*.md")} <= set(LINK.findall(text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(KIT)))
def test_pages_are_in_plain_english(page):
    assert stumbled_over(page.read_text(encoding="utf-8")) == []


def test_comments_messages_and_descriptions_are_in_plain_english():
    here = Path(__file__).relative_to(KIT).as_posix()  # it quotes the phrases
    read = {file: text for file, text in texts() if file != here}
    assert {"Makefile", "scripts/train.py", "docker/octave/run"} <= set(read)
    assert [f"{file}:{line}" for file in read for line in stumbled_over(read[file])] == []


def test_a_phrase_is_found_across_lines_and_not_in_code():
    assert stumbled_over("It is `alone`.\n```sh\nstands\n```\n") == []
    assert stumbled_over("\nThis is not\nto be used.") == ["2: is not to be used: Cannot use …"]
    assert stumbled_over("Octave stands in for MATLAB.") == []
    code = 'alone = f("alone", f"{alone} x")\n# it is\n# told\nf("it is"\n  f" told {alone}")\n'
    assert [found[:2] for found in stumbled_over(prose(code))] == ["2:", "4:"]


def test_the_pages_that_messages_name_exist():
    folders = [
        KIT / name for name in ("scripts", "action", "docker", "matlab", "examples", ".github")
    ]
    files = [file for folder in folders for kind in TEXTS for file in folder.glob(f"**/*.{kind}")]
    named = {name for file in files for name in NAMED.findall(file.read_text(encoding="utf-8"))}
    assert {"docs/aws-permissions.md", "docs/troubleshooting.md"} <= named
    assert [name for name in sorted(named) if not (KIT / name).exists()] == []
