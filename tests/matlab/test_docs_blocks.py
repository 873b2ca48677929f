"""The MATLAB code in the pages parses, on GNU Octave."""

import json
import re
from pathlib import Path

from helpers.kit import pages
from matlab.test_matlab import octave

NAMED = re.compile(r"(?m)^(?:function (?:.+?= *)?|classdef )(\w+)")


def errors(blocks: list[str], folder: Path) -> list[str]:
    """Return what Octave says against blocks of code, each in a file of its own."""
    files = []
    for number, text in enumerate(blocks):
        named = NAMED.match(text)
        file = folder / str(number) / f"{named[1] if named else 'script'}.m"
        file.parent.mkdir()
        file.write_text(text, encoding="utf-8")
        files.append(str(file))
    asked, report = folder / "files.json", folder / "report.json"
    asked.write_text(json.dumps({"files": files, "path": [str(folder)]}))
    octave(f"sagemaker.internal.parse('{asked}', '{report}')")
    return [error["message"] for error in json.loads(report.read_text())["errors"]]


def test_each_block_in_the_pages_parses(tmp_path: Path) -> None:
    blocks = [text for _, text in pages.blocks("matlab")]
    assert len(blocks) > 7
    assert errors(blocks, tmp_path) == []


def test_a_block_that_does_not_parse_is_found(tmp_path: Path) -> None:
    (error,) = errors(["x = 1;\n", "x = (1;\n"], tmp_path)
    assert "parse error" in error
