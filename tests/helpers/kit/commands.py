"""The kit's commands in the pages: in shell blocks, and within the text."""

import re
import shlex

from helpers.kit.pages import PAGES

_BLOCK = re.compile(r"(?ms)^ *```(?:sh)?\n(.*?)^ *```$|((?:^    \S.*\n)+)")
_COMMAND = re.compile(r"(?m)(?:^ *|/)scripts/run ([^`\n]+)$")
_WITHIN = re.compile(r"`(?:[\w/]+/)?scripts/run ([a-z][^`>]*?)(?: > [^`]*)?`")


def in_pages():
    """Yield (page, words) of each command in a block: the verb and what follows it."""
    for page, text in _texts():
        for fenced, indented in _BLOCK.findall(text):
            for line in _COMMAND.findall((fenced or indented).replace("\\\n", " ")):
                yield page, shlex.split(line, comments=True)


def within_texts():
    """Yield (page, words) of each command within the text."""
    for page, text in _texts():
        for line in _WITHIN.findall(re.sub(r"<[^>\n]*>", "WORD", text)):
            yield page, shlex.split(line)


def _texts():
    return [(page.name, page.read_text(encoding="utf-8")) for page in PAGES]
