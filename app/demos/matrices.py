"""A matrix as one line of text, `1 0; 0 1; 1 1`: read from a field, and written for an address."""

import re
from collections.abc import Sequence

from app.core.i18n import mark
from app.core.limits import MAX_MAGNITUDE
from app.demos.problems import refuse

MAX_ROWS = 16
MAX_COLUMNS = 8
MAX_MATRIX = 1200  # characters
Rows = list[list[float]]

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", re.ASCII | re.IGNORECASE)
_KINDLY = str.maketrans({"−": "-", "，": ",", "；": ";", "。": "."})  # as other keyboards write them


def read_matrix(field: str, text: str, columns: int = MAX_COLUMNS) -> Rows:
    """Rows are set apart by `;`, numbers by spaces or commas; an empty text has no rows. Refuses the field."""
    rows = [part for part in text.translate(_KINDLY).strip().removesuffix(";").split(";")] if text.strip() else []
    if len(rows) > MAX_ROWS:
        refuse(field, "too-many-rows", mark("{count} rows; {limit} are allowed"), count=len(rows), limit=MAX_ROWS)
    found = [[_number(field, word) for word in row.replace(",", " ").split()] for row in rows]
    for index, row in enumerate(found, 1):
        if len(row) != len(found[0]) or not row:
            words = mark("row {row} has {count} numbers and the first row {expected}: all rows need the same number")
            refuse(field, "ragged", words, row=index, count=len(row), expected=len(found[0]))
    if found and len(found[0]) > columns:
        words = mark("{count} numbers in a row; {limit} are allowed")
        refuse(field, "too-many-columns", words, count=len(found[0]), limit=columns)
    return found


def matrix_text(rows: Sequence[Sequence[float]]) -> str:
    """The shortest text that reads back as these rows, to twelve digits."""
    return "; ".join(" ".join(f"{value:.12g}" for value in row) for row in rows)


def _number(field: str, word: str) -> float:
    if not _NUMBER.fullmatch(word):
        refuse(field, "float-type", mark("“{word}” is not a number"), word=word[:20])
    value = float(word)
    if not abs(value) <= MAX_MAGNITUDE:
        words = mark("must be a finite number between -{limit} and {limit}")
        refuse(field, "out-of-range", words, limit=f"{MAX_MAGNITUDE:g}")
    return value
