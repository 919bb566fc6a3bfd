"""The six stages of scaled dot-product attention, drawn from one run: formula, sentence, matrices, arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from app.attention.case import Case, inputs
from app.attention.dense import Attention
from app.core.i18n import Language, mark, say
from app.core.maths import mathml
from app.demos.shown import Panel, Stage
from app.demos.words import figure_words, language_of
from app.figures import Matrix, Words
from app.figures.ramp import number, signed_number

STAGES = ("project", "score", "scale", "mask", "softmax", "mix")
DIMENSIONS_SHOWN = 8
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Run:
    """One computation to be drawn: which head, which marked cell, and how many times 1/sqrt(d_k) the scale is."""

    case: Case
    result: Attention
    tokens: Sequence[str]
    keys: Sequence[str]
    head: int
    marked: tuple[int, int]
    scale: float


def stages(run: Run, language: Language) -> list[Stage]:
    """Project, score, scale, mask, softmax, mix."""
    return Drawing(run, language).stages()


class Drawing:
    """The six stages of one head of one run, each with its matrices, its sentence and its arithmetic."""

    def __init__(self, run: Run, language: Language) -> None:
        query, key, value = inputs(run.case)
        group = query.shape[1] // key.shape[1]
        self.run, self.result, self.language, self.marked = run, run.result, language, run.marked
        self.tokens, self.keys, self.head = run.tokens, run.keys, run.head
        self.q, self.k, self.v = query[0, run.head], key[0, run.head // group], value[0, run.head // group]
        self.words: Words = figure_words(language)
        self.allowed = run.result.allowed[0, run.head]

    def stages(self) -> list[Stage]:
        return [self._project(), self._score(), self._scale(), self._mask(), self._softmax(), self._mix()]

    def _project(self) -> Stage:
        panels = [
            self._vectors(name, values, rows)
            for name, values, rows in (
                ("Q", self.q, self.tokens),
                ("K", self.k, self.keys),
                ("V", self.v, self.keys),
            )
        ]
        return self._stage(
            "project",
            mark("Project"),
            "Q, K, V",
            r"Q = X W_Q,\quad K = X W_K,\quad V = X W_V",
            mark("Each word becomes a query, a key and a value. Here the projections only choose and turn features."),
            panels,
        )

    def _score(self) -> Stage:
        i, j = self.marked
        products = self.q[i] * self.k[j]
        terms = " ".join(signed_number(float(term), self._decimals(products)) for term in products[:DIMENSIONS_SHOWN])
        more = " …" if len(products) > DIMENSIONS_SHOWN else ""
        total = number(float(products.sum()), self._decimals(products))
        return self._stage(
            "score",
            mark("Score"),
            r"Q K^\top",
            r"S_{ij} = q_i \cdot k_j",
            mark("Every query meets every key: one sum of products for each cell."),
            [self._square("S", self.result.products[0, self.head], "signed", self._decimals(products))],
            f"{terms}{more} = {total}",
        )

    def _scale(self) -> Stage:
        i, j = self.marked
        size = self.q.shape[-1]
        before, scaled = (float(stage[0, self.head, i, j]) for stage in (self.result.products, self.result.scores))
        worked = f"{number(before, 2)} × {self.run.scale:g} ÷ √{size} = {number(scaled, 3)}"
        after = self.result.capped if self.run.case.softcap else self.result.scores
        if self.run.case.softcap:
            capped = number(float(after[0, self.head, i, j]), 3)
            worked += f" → {self.run.case.softcap:g} tanh({number(scaled, 3)} ÷ {self.run.case.softcap:g}) = {capped}"
        return self._stage(
            "scale",
            mark("Scale"),
            r"\div \sqrt{d_k}",
            r"Z_{ij} = \frac{S_{ij}}{\sqrt{d_k}}",
            mark("The spread of a sum of d_k products grows like the root of d_k; dividing by it keeps softmax soft."),
            [self._square("Z", after[0, self.head], "signed", 2)],
            worked,
        )

    def _mask(self) -> Stage:
        i, j = self.marked
        before, after = (float(stage[0, self.head, i, j]) for stage in (self.result.capped, self.result.biased))
        added = "+ 0" if after == before else signed_number(after - before, 3)
        worked = f"{number(before, 3)} {added} = {number(after, 3)}"
        if np.isneginf(after):
            worked = f"{number(before, 3)} − ∞ = −∞"
        return self._stage(
            "mask",
            mark("Mask"),
            r"+\,(0 \text{ or } -\infty)",
            r"B_{ij} = Z_{ij} + M_{ij}",
            mark("A masked key gets minus infinity before softmax, so its weight is exactly zero."),
            [self._square("B", self.result.biased[0, self.head], "signed", 2)],
            worked,
        )

    def _softmax(self) -> Stage:
        i, j = self.marked
        row = self.result.biased[0, self.head, i]
        weight = number(float(self.result.weights[0, self.head, i, j]), 3)
        worked = weight
        if np.isfinite(row[j]) and abs(row).max(where=np.isfinite(row), initial=0) < 30:
            over, under = np.exp(row[j]), np.exp(row[np.isfinite(row)]).sum()
            worked = f"exp({number(float(row[j]), 2)}) ÷ Σ = {over:.3g} ÷ {under:.3g} = {weight}"
        return self._stage(
            "softmax",
            mark("Softmax"),
            mark("each row sums to 1"),
            r"A_{ij} = \frac{e^{B_{ij}}}{\sum_k e^{B_{ik}}}",
            mark("Along the keys, never down the queries: each row is one word's division of its attention."),
            [self._square("A", self.result.weights[0, self.head], "weights", 2, sums=len(self.tokens) <= 16)],
            worked,
        )

    def _mix(self) -> Stage:
        i = self.marked[0]
        weights, column = self.result.weights[0, self.head, i], self.v[:, 0]
        terms = " ".join(
            f"{'−' if v < 0 else '+'} {number(float(w), 2)}{'' if abs(v) == 1 else ' × ' + number(abs(float(v)), 2)}"
            for w, v in list(zip(weights, column, strict=True))[:6]
        )
        more = " …" if len(weights) > 6 else ""
        total = number(float(weights @ column), 3)
        output = self.result.weights[0, self.head] @ np.where(np.isfinite(self.v), self.v, 0)
        return self._stage(
            "mix",
            mark("Mix"),
            "A V",
            r"O = A V",
            mark("Each output is an average of the values, weighted by its row; the first feature is worked here."),
            [
                self._square("A", self.result.weights[0, self.head], "weights", 2),
                self._vectors("V", self.v, self.keys, operator="×", most=4),
                self._vectors("O", output, self.tokens, operator="=", decimals=2, most=4),
            ],
            f"{terms}{more} = {total}".removeprefix("+ "),
        )

    def _stage(
        self, key: str, name: str, short: str, formula: str, text: str, panels: list[Panel], worked: str = ""
    ) -> Stage:
        plain = "\\" not in short
        brief = Markup.escape(say(self.language, short)) if plain else Markup(mathml(short))
        return Stage(
            key,
            say(self.language, name),
            brief,
            Markup(mathml(formula, block=True)),
            say(self.language, text),
            panels,
            worked,
        )

    def _square(self, name: str, values: Floats, kind: str, decimals: int, *, sums: bool = False) -> Panel:
        masked = name in ("B", "A")
        matrix = Matrix(
            values,
            self.tokens,
            self.keys,
            kind="weights" if kind == "weights" else "signed",
            allowed=self.allowed if masked else None,
            decimals=decimals,
            mark=self.marked,
            sums=sums,
            caption=say(self.language, mark("{name}: rows are queries, columns are keys"), name=name),
            row_lang=[language_of(token) for token in self.tokens],
            column_lang=[language_of(token) for token in self.keys],
            words=self.words,
        )
        return Panel(Markup(mathml(name)), matrix, values.shape)

    def _vectors(
        self,
        name: str,
        values: Floats,
        rows: Sequence[str],
        *,
        operator: str = "",
        decimals: int | None = None,
        most: int = DIMENSIONS_SHOWN,
    ) -> Panel:
        shown = values[:, :most]
        columns = [str(index + 1) for index in range(shown.shape[1])]
        words = figure_words(self.language, features=True)
        matrix = Matrix(
            shown,
            rows,
            columns,
            kind="signed",
            decimals=self._decimals(values) if decimals is None else decimals,
            caption=say(self.language, mark("{name}: one row a word, one column a feature"), name=name),
            row_lang=[language_of(token) for token in rows],
            words=words,
        )
        more = say(self.language, mark("first {most} features"), most=most) if values.shape[1] > most else ""
        return Panel(Markup(mathml(name)), matrix, values.shape, operator, more)

    @staticmethod
    def _decimals(values: Floats) -> int:
        return 0 if np.all(values == np.round(values)) else 2
