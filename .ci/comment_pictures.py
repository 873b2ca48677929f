"""Take pictures of the comment in all its states, as GitHub renders it: comment_pictures.py FOLDER.

Needs Chromium (Debian: chromium, fonts-noto-color-emoji). The style is our own, after GitHub's; the
Markdown is rendered by markdown-it-py, which knows GitHub's tables. From the checkout's folder:
.venv/dev/bin/python .ci/comment_pictures.py /tmp/pictures
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from markdown_it import MarkdownIt

KIT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(KIT / "scripts"), str(KIT / "tests")]

from helpers.github import comment_states  # noqa: E402
from matlab_sagemaker.github import comment  # noqa: E402

WIDTHS = (400, 900)  # pixels, of a telephone and of a page
MARGIN = 16  # pixels
STYLE = (Path(__file__).parent / "comment.css").read_text(encoding="utf-8")
# Chromium tells how high a page is only by the page itself.
HEIGHT = "<script>document.title = document.documentElement.scrollHeight</script>"


def page(state: str) -> str:
    """Return the comment in a state as a page."""
    told = comment_states.STATES[state]
    facts = {"train": told.train, "handler": told.handler, "plan": told.plan, "base": told.base}
    news = comment.News(title="Training", verdict=told.verdict, body="", facts=facts)
    text = comment.compose("", news, comment_states.WHERE, "")
    html = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(text)
    opened = html.replace("<details>", "<details open>", 1)
    body = f"<body><article>{opened}</article>{HEIGHT}</body>"
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{body}"


def chromium(folder: Path, *options: str) -> str:
    """Run Chromium without a window; return what it writes."""
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    profile = f"--user-data-dir={folder}/profile"
    return subprocess.run(
        [*command, profile, *options], check=True, capture_output=True, text=True
    ).stdout


def take(state: str, width: int, picture: Path) -> None:
    """Write the picture of a comment in a window of so many pixels."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "page.html"
        file.write_text(page(state), encoding="utf-8")
        seen = chromium(folder, f"--window-size={width},100", "--dump-dom", file.as_uri())
        height = int(seen.partition("<title>")[2].partition("</title>")[0])
        chromium(
            folder, f"--window-size={width},{height}", f"--screenshot={picture}", file.as_uri()
        )


def main() -> None:
    """Take all pictures."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for state in comment_states.STATES:
        for width in WIDTHS:
            picture = folder / f"{state}-{width}.png"
            take(state, width, picture)
            print(picture)


if __name__ == "__main__":
    main()
