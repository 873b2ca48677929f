"""Tokens of MATLAB code, from the lexer of miss_hit."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from miss_hit_core.errors import Message_Handler
from miss_hit_core.m_ast import MATLAB_Token
from miss_hit_core.m_language import MATLAB_Latest_Language
from miss_hit_core.m_lexer import MATLAB_Lexer, Token_Generator


@dataclass(frozen=True)
class Token:
    """One token: miss_hit's name for its kind, source text, line from 1, column from 0."""

    kind: str
    text: str
    line: int
    column: int
    starts_line: bool

    @property
    def end(self) -> int:
        """Column after the last character."""
        return self.column + len(self.text)


def tokens_of(text: str, name: str = "snippet.m") -> list[Token]:
    """Tokens of a file's text, without those that the lexer inserts."""
    handler = Message_Handler("debug")
    handler.register_file(name)
    lexer = MATLAB_Lexer(MATLAB_Latest_Language(), handler, text, name)
    return [
        Token(t.kind, t.raw_text, t.location.line, t.location.col_start, t.first_in_line)
        for t in raw_tokens(lexer)
        if not t.anonymous
    ]


def raw_tokens(lexer: Token_Generator) -> Iterator[MATLAB_Token]:
    """All tokens of the lexer."""
    while (token := lexer.token()) is not None:
        yield token


def significant(tokens: list[Token]) -> list[Token]:
    """Tokens without comments, line ends and continuations."""
    return [t for t in tokens if t.kind not in {"COMMENT", "NEWLINE", "CONTINUATION"}]


def calls(tokens: list[Token], name: str) -> Iterator[tuple[Token, list[Token]]]:
    """Each call of a function, and the tokens up to its closing parenthesis."""
    code = significant(tokens)
    for at, (token, following) in enumerate(pairwise(code)):
        is_member = at > 0 and code[at - 1].kind == "SELECTION"
        if (
            token.kind == "IDENTIFIER"
            and token.text == name
            and following.kind == "BRA"
            and not is_member
        ):
            depth = 0
            for end in range(at + 1, len(code)):
                depth += {"BRA": 1, "KET": -1}.get(code[end].kind, 0)
                if depth == 0:
                    yield token, code[at + 2 : end]
                    break
