"""Exact numbers in the place of words: queries, keys and values, or scores and values, as typed into a form."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.core.i18n import mark
from app.demos.matrices import MAX_ROWS, Rows, read_matrix
from app.demos.problems import refuse


@dataclass(frozen=True)
class Given:
    """Matrices as attention takes them. Of `scores`, each key is a unit vector, so that Q K^T repeats the scores.

    `filled`: no values were given, and others stand in for them: the keys, or the keys' numbers 1, 2, 3, ...
    """

    kind: Literal["vectors", "scores"]
    query: Rows  # [L, D]
    key: Rows  # [S, D]
    value: Rows  # [S, D_v]
    filled: bool

    def scale(self, times: float) -> float | None:
        """The factor on Q K^T; None is 1/sqrt(D). Given scores count as scaled already."""
        if self.kind == "scores":
            return times
        return None if times == 1 else float(times / len(self.key[0]) ** 0.5)

    @property
    def notes(self) -> list[str]:
        """What the page says about these numbers, in English."""
        if self.kind == "scores":
            own = mark("The scores were given and count as scaled already.")
            filled = mark("No values were given: the value of each key is its number, 1, 2, 3 and so on.")
        else:
            own = mark("Q and K were given as numbers.")
            filled = mark("No values were given, so the keys serve as values too: V = K.")
        ignored = mark(
            "Width, heads and positions play no part then, and a sentence only names rows or columns, where it has as "
            "many words."
        )
        return [own, ignored, *([filled] if self.filled else [])]


def given(q: str, k: str, v: str, scores: str) -> Given | None:
    """The numbers of four fields, or None if all are empty; refuses what does not fit together."""
    query, key, value = read_matrix("q", q), read_matrix("k", k), read_matrix("v", v)
    table = read_matrix("scores", scores, columns=MAX_ROWS)
    if table and (query or key):
        refuse("scores", "case", mark("give either scores, or queries and keys, not both"))
    if table:
        return _of_scores(table, value)
    if query or key:
        return _of_vectors(query, key, value)
    if value:
        refuse("v", "case", mark("values alone are not enough: give queries and keys, or scores"))
    return None


def labels(words: Sequence[str], letter: str, count: int) -> list[str]:
    """The words, if there are as many, otherwise q1, q2, q3, ..."""
    return list(words) if len(words) == count else [f"{letter}{index}" for index in range(1, count + 1)]


def _of_scores(scores: Rows, value: Rows) -> Given:
    n_k = len(scores[0])
    unit = [[float(i == j) for j in range(n_k)] for i in range(n_k)]
    _refuse_rows(value, n_k)
    numbers = [[float(index)] for index in range(1, n_k + 1)]
    return Given("scores", scores, unit, value or numbers, not value)


def _of_vectors(query: Rows, key: Rows, value: Rows) -> Given:
    if not (query and key):
        missing = "k" if query else "q"
        refuse(missing, "missing", mark("queries and keys are needed both"))
    if len(key[0]) != len(query[0]):
        words = mark("{count} numbers in a row, but a query has {expected}")
        refuse("k", "shape-mismatch", words, count=len(key[0]), expected=len(query[0]))
    _refuse_rows(value, len(key))
    return Given("vectors", query, key, value or key, not value)


def _refuse_rows(value: Rows, n_k: int) -> None:
    if value and len(value) != n_k:
        words = mark("{count} rows, but there are {expected} keys: one value for each key")
        refuse("v", "shape-mismatch", words, count=len(value), expected=n_k)
