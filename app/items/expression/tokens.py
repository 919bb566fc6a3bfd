"""A look at the words and signs before Python's parser sees them: what it would choke on is refused here."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from .errors import ExpressionError
from .language import Bounds
from .reading import Reading

_PATTERN = re.compile(
    r" +|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<word>[A-Za-z_]\w*)"
    r"|(?P<sign>\.\.\.|\*\*|//|<<|>>|<=|>=|==|!=|:=|[-+*/%@()\[\],.:<>=~&|^])|(?P<other>.)",
    re.ASCII,
)
_PAIRS = {")": "(", "]": "["}
_WORDS_OF_THE_LANGUAGE = {"if", "else", "not", "and", "or", "for", "in", "True", "False", "None"}
_WORDS_OF_PYTHON = set(
    "as assert async await break class continue def del elif except finally from global import is lambda "
    "nonlocal pass raise return try while with yield".split()
)
_CONNECTING = {"if", "else", "not", "and", "or", "for", "in"}
_PREFIXES = {"-", "+", "~", "not"}


class Token(NamedTuple):
    kind: str  # number, word or sign
    text: str
    offset: int


def checked_text(reading: Reading, bounds: Bounds) -> str:
    """The text for Python's parser, `np.` blanked out; raises ExpressionError for what it should not see."""
    tokens = list(_tokens(reading, bounds))
    if not tokens:
        raise ExpressionError("empty")
    _check_brackets(tokens, reading, bounds)
    _check_neighbours(tokens, reading)
    _check_nesting(tokens, reading, bounds)
    text = reading.text
    for token, dot in pairwise(tokens):
        if token.text in ("np", "numpy") and dot.text == ".":
            end = dot.offset + 1
            text = text[: token.offset] + " " * (end - token.offset) + text[end:]
    return text


def _tokens(reading: Reading, bounds: Bounds) -> Iterator[Token]:
    for match in _PATTERN.finditer(reading.text):
        kind, text, column = match.lastgroup, match.group(), reading.column(match.start())
        if kind is None:
            continue
        if kind == "other":
            raise _refused(text, column)
        if kind == "word":
            _check_word(text, column, bounds)
        elif kind == "number" and text.isdigit() and len(text) > bounds.digits:
            raise ExpressionError("number-large", column, digits=bounds.digits)
        elif text == "^":
            raise ExpressionError("power", column)
        elif text in ("<<", ">>", ":="):
            raise ExpressionError("operator", column, operator=text)
        yield Token(kind, text, match.start())


def _refused(char: str, column: int) -> ExpressionError:
    if char in "\"'`":
        return ExpressionError("quotes", column)
    if char in "\\$":
        return ExpressionError("latex", column)
    if char in "{}":
        return ExpressionError("curly", column, char=char)
    return ExpressionError("character", column, char=char)


def _check_word(word: str, column: int, bounds: Bounds) -> None:
    if len(word) > bounds.name:
        raise ExpressionError("name-long", column, limit=bounds.name)
    if word in _WORDS_OF_PYTHON:
        raise ExpressionError("keyword", column, word=word)


def _check_brackets(tokens: list[Token], reading: Reading, bounds: Bounds) -> None:
    opened: list[Token] = []
    for token in tokens:
        column = reading.column(token.offset)
        if token.text in ("(", "["):
            opened.append(token)
            if len(opened) > bounds.brackets:
                raise ExpressionError("too-deep", column)
        elif token.text in _PAIRS:
            if not opened:
                raise ExpressionError("not-opened", column, bracket=token.text)
            last = opened.pop()
            if last.text != _PAIRS[token.text]:
                raise ExpressionError("bracket-mismatch", column, opened=last.text, closed=token.text)
        elif token.text == "=" and (not opened or opened[-1].text == "["):
            raise ExpressionError("assignment", column)
    if opened:
        raise ExpressionError("not-closed", reading.column(opened[-1].offset), bracket=opened[-1].text)


def _check_neighbours(tokens: list[Token], reading: Reading) -> None:
    """Two values side by side: mathematics multiplies them, code does not."""
    for left, right in pairwise(tokens):
        glued = left.kind == "number" and right.kind == "word" and left.offset + len(left.text) == right.offset
        if glued or (_ends_value(left) and _is_value(right)):
            column = reading.column(right.offset)
            raise ExpressionError("operator-missing", column, left=left.text, right=right.text)
    last = tokens[-1]
    if last.text in _CONNECTING or (last.kind == "sign" and last.text not in (")", "]", "...")):
        raise ExpressionError("unfinished", reading.column(last.offset), last=last.text)


def _is_value(token: Token) -> bool:
    return token.kind == "number" or (token.kind == "word" and token.text not in _CONNECTING)


def _ends_value(token: Token) -> bool:
    return _is_value(token) or token.text in (")", "]")


def _check_nesting(tokens: list[Token], reading: Reading, bounds: Bounds) -> None:
    """What nests without brackets: rows of prefixes, towers of powers, chains of conditions."""
    row = branches = 0
    for token in tokens:
        row = row + 1 if token.text in _PREFIXES else 0
        branches += token.text in ("**", "if", "for")
        if row > bounds.prefixes or branches > bounds.branches:
            raise ExpressionError("too-deep", reading.column(token.offset))
