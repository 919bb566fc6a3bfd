"""The general demo: scaled dot-product attention on typed tokens, one stage at a time."""

from typing import Literal

import numpy as np
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field

from app.attention import split
from app.attention.case import Case, compute, inputs
from app.attention.code import numpy_code, pytorch_code
from app.attention.dense import Attention
from app.core.i18n import Language, mark, say
from app.core.limits import MAX_TEXT, MAX_TOKEN, MAX_TOKENS
from app.core.maths import mathml
from app.demos.problems import refuse
from app.demos.registry import demo
from app.demos.shown import Panel, Shown, Stage
from app.demos.words import figure_words, language_of
from app.figures import Matrix, Words
from app.figures.ramp import number, signed_number

STAGES = ("project", "score", "scale", "mask", "softmax", "mix")
DIMENSIONS_SHOWN = 8


class Inputs(BaseModel):
    """The controls of the general demo; every one has a default, so `{}` is a valid request."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    tokens: str = Field("the cat sat on the mat", min_length=1, max_length=MAX_TEXT, title=mark("Sentence"))
    memory_tokens: str = Field("", max_length=MAX_TEXT, title=mark("Second sentence, for keys and values"))
    embed_dim: int = Field(
        8, ge=1, le=64, title=mark("Width d"), json_schema_extra={"stops": [4, 8, 16, 32, 64]}
    )
    num_heads: int = Field(1, ge=1, le=12, title=mark("Heads h"), json_schema_extra={"stops": [1, 2, 4, 8]})
    kv_num_heads: int | None = Field(None, ge=1, le=12, title=mark("Key and value heads"))
    head: int = Field(1, ge=1, le=12, title=mark("Head shown"))
    scale: float = Field(
        1.0, ge=0, le=4, title=mark("Scale"), json_schema_extra={"step": 0.05, "unit": "× 1/√d"}
    )
    softcap: float = Field(0.0, ge=0, le=50, title=mark("Soft cap"), json_schema_extra={"step": 0.5})
    mask: Literal["none", "causal", "window"] = Field("none", title=mark("Mask"))
    left: int = Field(2, ge=0, le=64, title=mark("Window to the left"))
    right: int = Field(2, ge=0, le=64, title=mark("Window to the right"))
    padding: int = Field(0, ge=0, le=63, title=mark("Padding at the end"))
    position: Literal["none", "sinusoidal", "rope", "alibi"] = Field("none", title=mark("Positions"))
    stage: Literal["project", "score", "scale", "mask", "softmax", "mix"] = Field(
        "softmax", title=mark("Stage")
    )
    query: int | None = Field(None, ge=1, le=MAX_TOKENS, title=mark("Marked query"))
    key: int | None = Field(None, ge=1, le=MAX_TOKENS, title=mark("Marked key"))


@demo(
    "attention",
    en="Attention, one step at a time",
    zh="注意力，一步一步来",
    about_en="Words go in, new vectors come out. Every number is computed from what you type, and every step can be "
    "checked with a pencil.",
    about_zh="输入词语，输出新的向量。每个数字都由你输入的内容算出，每一步都可以用纸笔验算。",
)
def attention(asked: Inputs, language: Language) -> Shown:
    case = case_of(asked)
    tokens, memory = list(case.tokens or ()), list(case.memory_tokens or ())
    if asked.head > asked.num_heads:
        refuse(
            "head", "head-range", mark("there are {heads} heads; choose one of them"), heads=asked.num_heads
        )
    result, head = compute(case), asked.head - 1
    marked = _marked(asked, result.weights[0, head], len(tokens), len(memory or tokens))
    stages = _Drawn(asked, case, result, tokens, memory or tokens, marked, language).stages()
    return Shown(
        tokens=tokens,
        memory_tokens=memory,
        attn_weights=result.weights[0],
        allowed=result.allowed[0],
        attn_output=result.output[0],
        stages=stages,
        current=STAGES.index(asked.stage),
        marked=marked,
        head=head,
        provenance="constructed",
        numpy_code=numpy_code(case),
        pytorch_code=pytorch_code(case),
    )


def case_of(asked: Inputs) -> Case:
    """The controls as one case of the library; the scale slider counts in units of 1/sqrt(d_k)."""
    tokens, memory = token_list("tokens", asked.tokens), token_list("memory_tokens", asked.memory_tokens)
    if not tokens:
        refuse("tokens", "empty", mark("type at least one word"))
    keys = len(memory or tokens)
    if asked.padding >= keys:
        refuse("padding", "padding-range", mark("leave at least one of the {keys} keys in sight"), keys=keys)
    hidden = [[index >= keys - asked.padding for index in range(keys)]] if asked.padding else None
    return Case(
        tokens=tokens,
        memory_tokens=memory or None,
        width=asked.embed_dim,
        num_heads=asked.num_heads,
        kv_num_heads=asked.kv_num_heads,
        position=asked.position,
        scale=None if asked.scale == 1 else asked.scale / (asked.embed_dim / asked.num_heads) ** 0.5,
        softcap=asked.softcap,
        is_causal=asked.mask == "causal",
        key_padding_mask=hidden,
        left_window_size=asked.left if asked.mask == "window" else -1,
        right_window_size=asked.right if asked.mask == "window" else -1,
    )


def token_list(field: str, text: str) -> list[str]:
    """The tokens of a text; refuses too many and too long ones instead of cutting them."""
    tokens = split(text)
    if len(tokens) > MAX_TOKENS:
        refuse(
            field,
            "too-many-tokens",
            mark("{count} tokens; {limit} are allowed"),
            count=len(tokens),
            limit=MAX_TOKENS,
        )
    for token in tokens:
        if len(token) > MAX_TOKEN:
            refuse(
                field,
                "token-too-long",
                mark("a token of {length} characters; {limit} are allowed"),
                length=len(token),
                limit=MAX_TOKEN,
            )
    return tokens


def _marked(asked: Inputs, weights: np.ndarray, n_q: int, n_k: int) -> tuple[int, int]:  # type: ignore[type-arg]
    """The cell whose arithmetic is shown: the one asked for, kept inside the matrix, else the last row's largest."""
    row = min(asked.query or n_q, n_q) - 1
    return row, min(asked.key, n_k) - 1 if asked.key else int(np.argmax(weights[row]))


class _Drawn:
    """The six stages of one head of one run."""

    def __init__(
        self,
        asked: Inputs,
        case: Case,
        result: Attention,
        tokens: list[str],
        keys: list[str],
        marked: tuple[int, int],
        language: Language,
    ) -> None:
        self.asked, self.result, self.language, self.marked = asked, result, language, marked
        self.tokens, self.keys, self.head = tokens, keys, asked.head - 1
        query, key, value = inputs(case)
        group = asked.num_heads // key.shape[1]
        self.q, self.k, self.v = query[0, self.head], key[0, self.head // group], value[0, self.head // group]
        self.words: Words = figure_words(language)
        self.allowed = result.allowed[0, self.head]

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
            mark(
                "Each word becomes a query, a key and a value. Here the projections only choose and turn features."
            ),
            panels,
        )

    def _score(self) -> Stage:
        i, j = self.marked
        products = self.q[i] * self.k[j]
        terms = " ".join(
            signed_number(float(term), self._decimals(products)) for term in products[:DIMENSIONS_SHOWN]
        )
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
        before, scaled = (
            float(stage[0, self.head, i, j]) for stage in (self.result.products, self.result.scores)
        )
        worked = f"{number(before, 2)} × {self.asked.scale:g} ÷ √{size} = {number(scaled, 3)}"
        after = self.result.capped if self.asked.softcap else self.result.scores
        if self.asked.softcap:
            capped = number(float(after[0, self.head, i, j]), 3)
            worked += (
                f" → {self.asked.softcap:g} tanh({number(scaled, 3)} ÷ {self.asked.softcap:g}) = {capped}"
            )
        return self._stage(
            "scale",
            mark("Scale"),
            r"\div \sqrt{d_k}",
            r"Z_{ij} = \frac{S_{ij}}{\sqrt{d_k}}",
            mark(
                "The spread of a sum of d_k products grows like the root of d_k; dividing by it keeps softmax soft."
            ),
            [self._square("Z", after[0, self.head], "signed", 2)],
            worked,
        )

    def _mask(self) -> Stage:
        i, j = self.marked
        before, after = (
            float(stage[0, self.head, i, j]) for stage in (self.result.capped, self.result.biased)
        )
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
            [self._square("A", self.result.weights[0, self.head], "weights", 2, sums=True)],
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
            mark(
                "Each output is an average of the values, weighted by its row; the first feature is worked here."
            ),
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
        plain = short in ("Q, K, V", "A V") or " " in short and "\\" not in short
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

    def _square(
        self, name: str, values: np.ndarray, kind: str, decimals: int, *, sums: bool = False
    ) -> Panel:  # type: ignore[type-arg]
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
        values: np.ndarray,
        rows: list[str],
        *,
        operator: str = "",
        decimals: int | None = None,  # type: ignore[type-arg]
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
    def _decimals(values: np.ndarray) -> int:  # type: ignore[type-arg]
        return 0 if np.all(values == np.round(values)) else 2
