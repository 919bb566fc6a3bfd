"""Arguments that do not fit: the sentence, the code and the argument that a caller is told."""

import pickle
import string
from typing import Any

import numpy as np
import pytest

from app.attention import WORDS, AttentionError, attention, projections, rotate, rotate_cached, sinusoidal
from app.attention.case import Case, compute


def zeros(*shape: int, dtype: Any = float) -> Any:
    return np.zeros(shape, dtype)


X = zeros(2, 3, 4, 8)
PAST = zeros(2, 3, 5, 8)
FLAT = zeros(2, 4, 32)


@pytest.mark.parametrize(
    ("arrays", "options", "code", "field", "sentence"),
    [
        (
            [FLAT] * 3,
            {"q_num_heads": 5},
            "not-divisible",
            "q_num_heads",
            "embed_dim 32 is not divisible by q_num_heads 5",
        ),
        (
            [FLAT] * 3,
            {"q_num_heads": 4, "kv_num_heads": 0},
            "not-positive",
            "kv_num_heads",
            "positive integer, but got 0",
        ),
        ([FLAT] * 3, {}, "heads-missing", "q_num_heads", "q_num_heads is needed"),
        ([zeros(4, 8)] * 3, {}, "rank", "query", "query must have 3 or 4 dimensions, but got 2"),
        ([X, FLAT, X], {}, "rank-mismatch", "key", "the same rank, but got 4, 3 and 4"),
        (
            [X, zeros(2, 3, 4, 9), X],
            {},
            "shape-mismatch",
            "key",
            "key of shape [2, 3, 4, 9] does not match query",
        ),
        ([X, zeros(1, 3, 4, 8), X], {}, "shape-mismatch", "key", "[2, 3, 4, 8] at dimension 0"),
        (
            [X, X, zeros(2, 3, 6, 8)],
            {},
            "shape-mismatch",
            "value",
            "does not match key [2, 3, 4, 8] at dimension 2",
        ),
        ([zeros(1, 1, 2, 0)] * 3, {}, "empty", "query", "query of shape [1, 1, 2, 0] has no features"),
        (
            [X, X[:, :2], X[:, :2]],
            {},
            "heads-not-divisible",
            "kv_num_heads",
            "3 is not a multiple of kv_num_heads 2",
        ),
        (
            [X] * 3,
            {"q_num_heads": 4},
            "heads-mismatch",
            "q_num_heads",
            "q_num_heads is 4, but the array has 3 heads",
        ),
        (
            [X] * 3,
            {"attn_mask": zeros(3, 4)},
            "mask-shape",
            "attn_mask",
            "[3, 4] cannot be broadcast to [2, 3, 4, 4]",
        ),
        ([X] * 3, {"attn_mask": zeros(4, 5)}, "mask-shape", "attn_mask", "[4, 5] cannot be broadcast"),
        ([X] * 3, {"attn_mask": zeros(4, 4, dtype=int)}, "mask-dtype", "attn_mask", "has dtype int64"),
        ([X] * 3, {"past_key": PAST}, "past-pair", "past_value", "past_value is missing"),
        ([X] * 3, {"past_value": PAST}, "past-pair", "past_key", "past_key is missing"),
        (
            [X] * 3,
            {"past_key": PAST, "past_value": X},
            "past-shape",
            "past_value",
            "[2, 3, 5, 8], but got [2, 3, 4, 8]",
        ),
        (
            [X] * 3,
            {"past_key": X[0], "past_value": X},
            "past-shape",
            "past_key",
            "must have shape [2, 3, P, 8]",
        ),
        (
            [X] * 3,
            {"past_key": PAST.astype("f4"), "past_value": PAST},
            "past-dtype",
            "past_key",
            "past_key has dtype float32, but key and value have float64",
        ),
        (
            [X] * 3,
            {"past_key": PAST, "past_value": PAST, "nonpad_kv_seqlen": np.array([1, 1])},
            "nonpad-with-past",
            "nonpad_kv_seqlen",
            "cannot be combined with past_key",
        ),
        (
            [X] * 3,
            {"nonpad_kv_seqlen": np.array([1])},
            "nonpad-shape",
            "nonpad_kv_seqlen",
            "must hold 2 integers",
        ),
        (
            [X] * 3,
            {"nonpad_kv_seqlen": np.array([4, 5])},
            "nonpad-range",
            "nonpad_kv_seqlen",
            "0 and 4, but got 5",
        ),
        (
            [X] * 3,
            {"left_window_size": -2},
            "window",
            "left_window_size",
            "left_window_size must be -1 (no limit)",
        ),
        ([X] * 3, {"right_window_size": -9}, "window", "right_window_size", "but got -9"),
        ([X] * 3, {"scale": np.inf}, "scale", "scale", "scale must be a finite number, but got inf"),
        ([X] * 3, {"softcap": -1.0}, "softcap", "softcap", "at least 0, but got -1.0"),
        ([X] * 3, {"softmax_precision": 2}, "precision", "softmax_precision", "but got 2"),
        (
            [X.astype(int), X, X],
            {},
            "dtype",
            "query",
            "query must hold floating-point numbers, but has dtype int64",
        ),
        ([X, X, X.astype("f4")], {}, "dtype-mismatch", "value", "but got float64, float64 and float32"),
    ],
)
def test_attention_says_what_does_not_fit(
    arrays: list[Any], options: dict[str, Any], code: str, field: str, sentence: str
) -> None:
    with pytest.raises(AttentionError) as caught:
        attention(*arrays, **options)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: projections(12, 10), "embed_dim 12 is not divisible by num_heads 10"),
        (lambda: projections(12, 6, 4), "q_num_heads 6 is not a multiple of kv_num_heads 4"),
        (lambda: projections(12, 0), "num_heads must be a positive integer, but got 0"),
        (lambda: rotate(zeros(1, 3), np.arange(1)), "an even number of features, but got 3"),
        (
            lambda: rotate_cached(X, zeros(5, 4), zeros(5, 3)),
            "sin_cache must have 4 values for each position",
        ),
        (lambda: rotate_cached(X, X, X, rotary_embedding_dim=10), "even and at most 8, but got 10"),
        (lambda: rotate_cached(FLAT, X, X, num_heads=5), "embed_dim 32 is not divisible by num_heads 5"),
        (lambda: sinusoidal(2, 0), "embed_dim must be a positive integer, but got 0"),
        (lambda: compute(Case()), "give either tokens, or all of query, key and value"),
        (lambda: compute(Case(tokens=["a"], query=[[1.0]])), "give either tokens"),
        (
            lambda: compute(Case(query=[[1.0], []], key=1.0, value=1.0)),
            "the lists in query must have equal lengths",
        ),
        (
            lambda: compute(Case(tokens=["a"], width=6, num_heads=2, position="rope")),
            "even number of features",
        ),
        (lambda: compute(Case(query=1.0, key=1.0, value=1.0, position="rope")), "position rope needs tokens"),
        (
            lambda: compute(Case(query=1.0, key=1.0, value=1.0)),
            "query must have 3 or 4 dimensions, but got 0",
        ),
        (
            lambda: compute(Case(tokens=["a"], key_padding_mask=[[True, True]])),
            "must have shape [1, 1], but got [1, 2]",
        ),
        (
            lambda: compute(Case(tokens=["a"], attn_mask=[[1.0, 2.0]], position="alibi")),
            "cannot be broadcast",
        ),
    ],
)
def test_other_doors_say_it_too(call: Any, sentence: str) -> None:
    with pytest.raises(AttentionError) as caught:
        call()
    assert sentence in str(caught.value)


def test_numbers_fill_a_translation() -> None:
    error = AttentionError("not-divisible", "num_heads", embed_dim=12, name="num_heads", heads=10)
    assert "{heads} 除不尽 {embed_dim}".format(**error.numbers) == "10 除不尽 12"
    assert error.template == WORDS["not-divisible"]
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize("code", WORDS)
def test_every_sentence_is_a_template_of_named_fields(code: str) -> None:
    fields = [name for _, name, _, _ in string.Formatter().parse(WORDS[code]) if name is not None]
    assert all(name.isidentifier() for name in fields)
