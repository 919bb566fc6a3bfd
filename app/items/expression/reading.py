"""From what was typed to plain ASCII: signs that mean one thing only are read kindly, the rest is refused."""

import unicodedata
from dataclasses import dataclass

from .errors import ExpressionError

# Signs of mathematics and of Chinese keyboards, and what they mean. Nothing else is normalised: Python's own
# parser would fold look-alike letters into names (NFKC), so no letter beyond ASCII ever reaches it.
_MEANT = {
    "×": "*", "·": "*", "⋅": "*", "∙": "*", "∗": "*", "−": "-", "–": "-", "÷": "/", "∕": "/",
    "≤": "<=", "≥": ">=", "≠": "!=", "∞": "inf", "π": "pi", "ᵀ": ".T", "²": "**2", "³": "**3", "…": "...",
    "\u3000": " ", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\t": " ", "\n": " ", "\r": " ",
}  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """The text in ASCII, and for each of its characters the column (from 1) it was typed in."""

    text: str
    columns: tuple[int, ...]

    def column(self, offset: int) -> int:
        if 0 <= offset < len(self.columns):
            return self.columns[offset]
        return self.columns[-1] if self.columns and offset > 0 else 1


def read(source: str, limit: int) -> Reading:
    if len(source) > limit:
        raise ExpressionError("too-long", length=len(source), limit=limit)
    pieces: list[str] = []
    columns: list[int] = []
    for column, char in enumerate(source, 1):
        meant = _meant(char, source[column : column + 1], column)
        pieces.append(meant)
        columns += [column] * len(meant)
    return Reading("".join(pieces), tuple(columns))


def shown(char: str) -> str:
    """The character, or its number where it could not be seen."""
    return char if char.isprintable() and not unicodedata.combining(char) else f"U+{ord(char):04X}"


def _meant(char: str, following: str, column: int) -> str:
    if char in _MEANT:
        return _MEANT[char]
    if " " <= char <= "~":
        return char
    if char == "√":
        if following in ("(", "（"):
            return "sqrt"
        raise ExpressionError("root", column)
    if "！" <= char <= "～":  # the full-width forms of "!" to "~"
        plain = chr(ord(char) - 0xFEE0)
        if not plain.isalpha():
            return plain
    raise ExpressionError("letter" if char.isalpha() else "character", column, char=shown(char))
