"""Takes pictures of Markdown as GitHub shows it, with Debian's Chromium.

The style is our own, modelled on GitHub's; markdown-it-py renders the text, with GitHub's tables.
"""

import subprocess
import tempfile
from pathlib import Path

from markdown_it import MarkdownIt

STYLE = (Path(__file__).parent / "github.css").read_text(encoding="utf-8")
# Only the page itself knows its height.
HEIGHT = "<script>document.title = document.documentElement.scrollHeight</script>"


def take(markdown: str, width: int, picture: Path, *, folded: bool = False) -> None:
    """Write a picture of Markdown in a window of so many pixels; its first fold may be open."""
    html = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(markdown)
    opened = html if folded else html.replace("<details>", "<details open>", 1)
    body = f"<body><article>{opened}</article>{HEIGHT}</body>"
    _shoot(f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{body}", width, picture)


def _shoot(page: str, width: int, picture: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "page.html"
        file.write_text(page, encoding="utf-8")
        seen = _chromium(folder, f"--window-size={width},100", "--dump-dom", file.as_uri())
        height = int(seen.partition("<title>")[2].partition("</title>")[0])
        _chromium(
            folder, f"--window-size={width},{height}", f"--screenshot={picture}", file.as_uri()
        )


def _chromium(folder: Path, *options: str) -> str:
    """Run Chromium without a window; return its output."""
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    command += ["--run-all-compositor-stages-before-draw"]  # or the last lines may be missing
    profile = f"--user-data-dir={folder}/profile"
    return subprocess.run(
        [*command, profile, *options], check=True, capture_output=True, text=True
    ).stdout
