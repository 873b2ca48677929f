"""The pages that users read, and the blocks of code in them."""

import re
import textwrap

from helpers.kit.paths import KIT

PAGES = sorted([*KIT.glob("*.md"), *KIT.glob("docs/**/*.md"), *KIT.glob("examples/**/*.md")])


def blocks(language, page=""):
    """Return (page, text) of each fenced block in a language, of all pages or of one."""
    fenced = re.compile(rf"(?ms)^ *```{language}\n(.*?)^ *```$")
    return [
        (file.name, textwrap.dedent(text))
        for file in PAGES
        if page in ("", file.name)
        for text in fenced.findall(file.read_text(encoding="utf-8"))
    ]
