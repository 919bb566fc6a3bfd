"""The general demo: scaled dot-product attention on typed tokens, one stage at a time."""

from dataclasses import replace
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from app.attention.case import Case, compute
from app.attention.code import numpy_code, pytorch_code
from app.core.i18n import Language, mark, say
from app.core.limits import MAX_TEXT, MAX_TOKENS
from app.demos.beside import beside
from app.demos.given import Given, given, labels
from app.demos.given_stages import given_stages
from app.demos.matrices import MAX_MATRIX
from app.demos.problems import refuse
from app.demos.registry import demo
from app.demos.shown import Shown
from app.demos.stages import STAGES, Floats, Run, stages
from app.demos.tokens import token_list

HASHED = mark(
    "Word vectors come from a hash of the word, so the same word always gets the same vector. They carry no meaning; "
    "the arithmetic is what this figure shows."
)
Bug = Literal[
    "",
    "no_scale",
    "scale_by_d_k",
    "scale_by_sqrt_n",
    "scale_half_d_k",
    "scale_after_softmax",
    "k_not_transposed",
    "softmax_over_queries",
    "softmax_over_all",
    "no_softmax",
    "l2_rows",
    "hard_attention",
    "uniform_weights",
    "mask_ignored",
    "mask_after_softmax",
    "mask_with_zero",
    "mask_inverted",
]


class Inputs(BaseModel):
    """The controls of the general demo; every one has a default, so `{}` is a valid request."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    tokens: str = Field("the cat sat on the mat", min_length=1, max_length=MAX_TEXT, title=mark("Sentence"))
    memory_tokens: str = Field("", max_length=MAX_TEXT, title=mark("Second sentence, for keys and values"))
    embed_dim: int = Field(8, ge=1, le=64, title=mark("Width d"), json_schema_extra={"stops": [4, 8, 16, 32, 64]})
    num_heads: int = Field(1, ge=1, le=12, title=mark("Heads h"), json_schema_extra={"stops": [1, 2, 4, 8]})
    kv_num_heads: int | None = Field(None, ge=1, le=12, title=mark("Key and value heads"))
    head: int = Field(1, ge=1, le=12, title=mark("Head shown"))
    scale: float = Field(1.0, ge=0, le=4, title=mark("Scale"), json_schema_extra={"step": 0.05, "unit": "× 1/√d"})
    softcap: float = Field(0.0, ge=0, le=50, title=mark("Soft cap"), json_schema_extra={"step": 0.5})
    mask: Literal["none", "causal", "window"] = Field("none", title=mark("Mask"))
    left: int = Field(2, ge=0, le=64, title=mark("Window to the left"))
    right: int = Field(2, ge=0, le=64, title=mark("Window to the right"))
    padding: int = Field(0, ge=0, le=63, title=mark("Padding at the end"))
    position: Literal["none", "sinusoidal", "rope", "alibi"] = Field("none", title=mark("Positions"))
    stage: Literal["project", "score", "scale", "mask", "softmax", "mix"] = Field("softmax", title=mark("Stage"))
    q: str = Field("", max_length=MAX_MATRIX, title=mark("Queries Q"), json_schema_extra={"matrix": "row"})
    k: str = Field("", max_length=MAX_MATRIX, title=mark("Keys K"), json_schema_extra={"matrix": "row"})
    v: str = Field("", max_length=MAX_MATRIX, title=mark("Values V"), json_schema_extra={"matrix": "column"})
    scores: str = Field("", max_length=MAX_MATRIX, title=mark("or scores S"), json_schema_extra={"matrix": "row"})
    beside: Bug = Field("", title=mark("Beside it, a bug"))
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
    numbers = given(asked.q, asked.k, asked.v, asked.scores)
    tokens, keys = _names(asked, numbers)
    case = _case(asked, numbers, tokens, keys)
    if numbers is None and asked.head > asked.num_heads:
        refuse("head", "head-range", mark("there are {heads} heads; choose one of them"), heads=asked.num_heads)
    result, head = compute(case), 0 if numbers else asked.head - 1
    marked = _marked(asked, result.weights[0, head], len(tokens), len(keys))
    run = Run(case, result, tokens, keys, head, marked, asked.scale)
    of_scores = numbers is not None and numbers.kind == "scores"
    return Shown(
        tokens=tokens,
        memory_tokens=keys if keys != tokens or _crossed(asked) else [],
        attn_weights=result.weights[0],
        allowed=result.allowed[0],
        attn_output=result.output[0],
        stages=given_stages(run, numbers, language) if numbers else stages(run, language),
        current=STAGES.index(asked.stage),
        marked=marked,
        head=head,
        provenance="given" if numbers else "constructed",
        numpy_code=numpy_code(case),
        pytorch_code=pytorch_code(case),
        notes=[say(language, note) for note in (numbers.notes if numbers else [HASHED])],
        beside=beside(asked.beside, run, language, given_scores=of_scores) if asked.beside else None,
    )


def _names(asked: Inputs, numbers: Given | None) -> tuple[list[str], list[str]]:
    """The words of the queries and of the keys; given numbers without a sentence of their size are q1, k1, ..."""
    tokens, memory = token_list("tokens", asked.tokens), token_list("memory_tokens", asked.memory_tokens)
    if not tokens:
        refuse("tokens", "empty", mark("type at least one word"))
    if numbers is None:
        return tokens, memory or tokens
    own = [] if asked.tokens == Inputs.model_fields["tokens"].default else tokens
    return labels(own, "q", len(numbers.query)), labels(memory or own, "k", len(numbers.key))


def _case(asked: Inputs, numbers: Given | None, tokens: list[str], keys: list[str]) -> Case:
    """The controls as one case of the library; the scale counts in units of 1/sqrt(d_k)."""
    if numbers:
        case = Case(
            query=[[numbers.query]],
            key=[[numbers.key]],
            value=[[numbers.value]],
            num_heads=1,
            scale=numbers.scale(asked.scale),
        )
    else:
        case = Case(
            tokens=tokens,
            memory_tokens=keys if _crossed(asked) else None,
            width=asked.embed_dim,
            num_heads=asked.num_heads,
            kv_num_heads=asked.kv_num_heads,
            position=asked.position,
            scale=None if asked.scale == 1 else asked.scale / (asked.embed_dim / asked.num_heads) ** 0.5,
        )
    return replace(
        case,
        softcap=asked.softcap,
        is_causal=asked.mask == "causal",
        key_padding_mask=_padding(asked, len(keys)),
        left_window_size=asked.left if asked.mask == "window" else -1,
        right_window_size=asked.right if asked.mask == "window" else -1,
    )


def _crossed(asked: Inputs) -> bool:
    return bool(asked.memory_tokens.strip())


def _padding(asked: Inputs, keys: int) -> list[list[bool]] | None:
    if asked.padding >= keys:
        refuse("padding", "padding-range", mark("leave at least one of the {keys} keys in sight"), keys=keys)
    return [[index >= keys - asked.padding for index in range(keys)]] if asked.padding else None


def _marked(asked: Inputs, weights: Floats, n_q: int, n_k: int) -> tuple[int, int]:
    """The cell whose arithmetic is shown: the one asked for, kept inside the matrix, else the last row's largest."""
    row = min(asked.query or n_q, n_q) - 1
    return row, min(asked.key, n_k) - 1 if asked.key else int(np.argmax(weights[row]))
