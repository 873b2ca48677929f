"""Takes pictures of the comment in all its states, as GitHub renders it.

Needs Chromium (Debian: chromium, fonts-noto-color-emoji). Run it in the checkout's folder:
.venv/dev/bin/python .ci/comment_pictures.py /tmp/pictures
"""

import sys
from collections.abc import Mapping
from pathlib import Path

KIT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(KIT / "scripts"), str(KIT / "tests")]

import screenshots  # noqa: E402

from helpers.github import comment_states  # noqa: E402
from matlab_sagemaker.github import comment  # noqa: E402
from matlab_sagemaker.github.facts import Facts  # noqa: E402

WIDTHS = (400, 900)  # pixels, of a telephone and of a page


def markdown(state: str) -> str:
    """Compose the comment in one of its states."""
    told = comment_states.STATES[state]
    facts = {"train": told.train, "handler": told.handler, "plan": told.plan, "base": told.base}
    return composed(told.verdict, facts)


def composed(verdict: str, facts: Mapping[str, Facts]) -> str:
    """Compose the comment of the steps' facts."""
    news = comment.CommentContent(title="flowers", verdict=verdict, body="", facts=facts)
    return comment.compose("", news, comment_states.WHERE, "")


def main() -> None:
    """Take all pictures."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for state in comment_states.STATES:
        for width in WIDTHS:
            picture = folder / f"{state}-{width}.png"
            screenshots.take(markdown(state), width, picture)
            print(picture)


if __name__ == "__main__":
    main()
