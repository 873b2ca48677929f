"""Find code that runs only on MATLAB or only on GNU Octave, by its tokens."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from miss_hit_core.errors import Error

from matlab.mtokens import Token, calls, significant, tokens_of

MAX_FUNCTION_LINES = 40
MAX_FILE_LINES = 200
MAX_LINE_LENGTH = 100

# Words for features that MATLAB or Octave does not have, with what to do instead.
FOREIGN_WORDS = {
    "arguments": "an arguments block; use inputParser and validateattributes",
    "enumeration": "an enumeration block; use a list of texts",
    "events": "an events block; call functions",
    "dictionary": "dictionary; use containers.Map or a struct",
    "datetime": "datetime; use text or datenum",
    "duration": "duration; use seconds as a double",
    "categorical": "categorical; use a cell array of text",
    "strings": "a string array; use a cell array of text",
    "import": "import; write the whole name",
    "MException": "MException; call error with an identifier, and rethrow(err)",
    "getReport": "getReport; write the report from identifier, message and stack",
    "webwrite": "webwrite; Octave sends an empty body",
    "webread": "webread; go through the injected function handle",
    "isvalid": "isvalid; Octave handles have none",
    "printf": "printf; use fprintf",
    "puts": "puts; use fprintf",
    "endif": "endif; use end",
    "endwhile": "endwhile; use end",
    "endfor": "endfor; use end",
    "endfunction": "endfunction; use end",
    "end_try_catch": "end_try_catch; use end",
    "unwind_protect": "unwind_protect; use onCleanup",
    "until": "do ... until; use while",
}
CLASS_ATTRIBUTES = {"Abstract", "Sealed"}
COMPOUND_ASSIGNMENT = re.compile(r"[-+*/^|&]=")
IDENTIFIER = re.compile(r"'\w+(:\w+)+'")


@dataclass(frozen=True)
class Finding:
    """A line and what is wrong in it."""

    line: int
    text: str


Rule = Callable[[list[Token]], Iterator[Finding]]


def foreign_words(tokens: list[Token]) -> Iterator[Finding]:
    """Names and keywords that only one engine has; fields and methods may have any name."""
    code = significant(tokens)
    for before, token in zip([None, *code], code, strict=False):
        is_member = before is not None and before.kind == "SELECTION"
        if (
            token.kind in {"IDENTIFIER", "KEYWORD"}
            and token.text in FOREIGN_WORDS
            and not is_member
        ):
            yield Finding(token.line, f"uses {FOREIGN_WORDS[token.text]}")
        if token.kind == "IDENTIFIER" and token.text in CLASS_ATTRIBUTES:
            yield Finding(
                token.line, f"uses the class attribute {token.text}; throw in the base method"
            )


def double_quotes(tokens: list[Token]) -> Iterator[Finding]:
    """String literals: a string in MATLAB, but char with escape sequences in Octave."""
    for token in tokens:
        if token.kind == "STRING":
            yield Finding(token.line, f"has the string {token.text}; use single quotes")


def octave_operators(tokens: list[Token]) -> Iterator[Finding]:
    """Operators and comments that MATLAB does not have."""
    for before, token in pairwise(tokens):
        pair = (
            before.text + token.text
            if before.end == token.column and before.line == token.line
            else ""
        )
        if COMPOUND_ASSIGNMENT.fullmatch(pair):
            yield Finding(token.line, f"uses {pair}; write the sum out")
    for token in tokens:
        if token.kind == "BANG" or token.text.startswith("!"):
            yield Finding(token.line, "uses !; write ~")
        if token.kind == "CARRAY" and COMPOUND_ASSIGNMENT.fullmatch(token.text):
            # miss_hit reads `x += 1` as the command x with the arguments '+=' and '1'.
            yield Finding(token.line, f"uses {token.text}; write the sum out")


def call_results(tokens: list[Token]) -> Iterator[Finding]:
    """f(x)(y) and f(x){y}, which are errors in MATLAB."""
    for before, token in pairwise(tokens):
        is_index = token.kind in {"BRA", "C_BRA"} and before.kind == "KET"
        if is_index and before.end == token.column and before.line == token.line:
            yield Finding(token.line, "indexes the result of a call; assign it first")


def named_arguments(tokens: list[Token]) -> Iterator[Finding]:
    """f(x, Name=value), which Octave passes as a positional value."""
    depth = 0
    is_block = False
    for token in significant(tokens):
        if token.kind == "KEYWORD":
            is_block = token.text in {"properties", "methods", "classdef"}
        depth += {"BRA": 1, "KET": -1}.get(token.kind, 0)
        if token.kind == "ASSIGNMENT" and depth > 0 and not is_block:
            yield Finding(token.line, "passes Name=value; write 'Name', value")


def errors_without_identifier(tokens: list[Token]) -> Iterator[Finding]:
    """error('text'): without an identifier, callers cannot tell errors apart."""
    for token, inside in calls(tokens, "error"):
        if len(inside) < 3 or not IDENTIFIER.fullmatch(inside[0].text) or inside[1].kind != "COMMA":
            yield Finding(token.line, "raises an error without identifier and text")


def saves_without_version(tokens: list[Token]) -> Iterator[Finding]:
    """save(...) without '-v7': Octave then writes a text file."""
    for token, inside in calls(tokens, "save"):
        if not any(t.text == "'-v7'" for t in inside):
            yield Finding(token.line, "saves without '-v7'")


def blocking_reads(tokens: list[Token]) -> Iterator[Finding]:
    """fgetl(stdin), which waits forever on an open pipe."""
    for name in ("fgetl", "fgets"):
        for token, inside in calls(tokens, name):
            if inside and inside[0].text == "stdin":
                yield Finding(token.line, f"reads {name}(stdin); use fread(stdin, n)")


def long_functions(tokens: list[Token]) -> Iterator[Finding]:
    """Functions with more than MAX_FUNCTION_LINES lines, not counting comment lines."""
    keywords = [t for t in tokens if t.kind == "KEYWORD" and t.starts_line]
    starts = [t for t in keywords if t.text in {"function", "methods", "properties"}]
    ends = [t for t in keywords if t.text == "end"]
    helps = {t.line for t in tokens if t.kind == "COMMENT" and t.starts_line}
    for start in starts:
        closing = next((e for e in ends if e.line > start.line and e.column == start.column), None)
        if start.text == "function" and closing is None:
            yield Finding(start.line, "has a function without its own end")
        elif start.text == "function" and closing is not None:
            lines = set(range(start.line, closing.line + 1)) - helps
            if len(lines) > MAX_FUNCTION_LINES:
                yield Finding(start.line, f"has a function of {len(lines)} lines")


PORTABLE_RULES: list[Rule] = [
    foreign_words,
    double_quotes,
    octave_operators,
    call_results,
    named_arguments,
    errors_without_identifier,
    saves_without_version,
    blocking_reads,
]


def layout(text: str) -> Iterator[Finding]:
    """Rules for the whole text: length of lines and file, and a line end at the end."""
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_LINE_LENGTH and "https://" not in line:
            yield Finding(number, f"has a line of {len(line)} characters")
    if len(lines) - 1 > MAX_FILE_LINES:
        yield Finding(len(lines), f"has {len(lines) - 1} lines")
    if not text.endswith("\n"):
        yield Finding(len(lines), "does not end with a line end")


def findings(text: str, rules: list[Rule]) -> list[Finding]:
    """All findings in a file's text: of the rules, the layout and the length of functions."""
    try:
        tokens = tokens_of(text)
    except Error as problem:
        return [Finding(problem.location.line, f"is no MATLAB: {problem}")]
    found = [finding for rule in [*rules, long_functions] for finding in rule(tokens)]
    return [*found, *layout(text)]


def described(file: Path, rules: list[Rule]) -> list[str]:
    """Findings in a file, as lines of text."""
    return [f"{file.name}:{f.line}: {f.text}" for f in findings(file.read_text(), rules)]
