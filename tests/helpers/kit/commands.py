"""The kit's commands in the pages' shell blocks."""

import re
import shlex

from helpers.kit.paths import KIT

_BLOCK = re.compile(r"(?ms)^ *```(?:sh)?\n(.*?)^ *```$|((?:^    \S.*\n)+)")
_COMMAND = re.compile(r"(?m)(?:^ *|/)scripts/run ([^`\n]+)$")


def in_pages():
    """Yield (page, words) of each command: the verb and what follows it."""
    for page in [KIT / "README.md", *KIT.glob("docs/*.md"), *KIT.glob("examples/**/*.md")]:
        text = page.read_text(encoding="utf-8")
        for fenced, indented in _BLOCK.findall(text):
            for line in _COMMAND.findall((fenced or indented).replace("\\\n", " ")):
                yield page.name, shlex.split(line, comments=True)
