"""Tokens, their vectors of +1 and -1, and the projections made by hand."""

import hashlib
from typing import Any

import numpy as np
import pytest

from app.attention import folded, projections, repeat_kv, split, split_heads, vectors

SENTENCES = [
    "The animal did not cross the street because it was too tired.",
    "time flies like an arrow ; fruit flies like a banana",
    "猫坐在垫子上。因为它累了。",
]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("The cat sat.", ["The", "cat", "sat", "."]),
        ("don't stop... at 3.14 (yes)", ["don't", "stop", "...", "at", "3.14", "(", "yes", ")"]),
        ("猫坐在mat上。", ["猫", "坐", "在", "mat", "上", "。"]),
        ("カタ カナ\u3000한국어", ["カ", "タ", "カ", "ナ", "한국어"]),
        ("[CLS] the [MASK], end[SEP]", ["[CLS]", "the", "[MASK]", ",", "end", "[SEP]"]),
        ("e\u0301te\u0301", ["\u00e9t\u00e9"]),
        ("  \n ", []),
    ],
)
def test_split(text: str, tokens: list[str]) -> None:
    assert split(text) == tokens


def test_spellings_of_one_token_share_a_vector() -> None:
    wide = "\uff23\uff21\uff34"  # CAT in full-width letters
    assert folded(wide) == folded("Cat") == "cat"
    assert split(wide) == [wide]
    assert len(np.unique(vectors(["Cat", "cat", wide], 16), axis=0)) == 1


def test_vectors_are_the_bits_of_sha256() -> None:
    first, second = (hashlib.sha256(f"{block}|cat".encode()).digest() for block in (0, 1))
    bits = "".join(f"{byte:08b}" for byte in first + second)
    assert vectors(["cat"], 300)[0].tolist() == [2.0 * int(bit) - 1 for bit in bits[:300]]


def test_only_equal_tokens_match() -> None:
    x = vectors([f"word{i}" for i in range(200)], 64)
    products = x @ x.T
    others = products[~np.eye(200, dtype=bool)]
    assert set(np.diag(products)) == {64.0}
    assert abs(others.mean()) < 0.5
    assert others.std() == pytest.approx(8.0, abs=0.5)


def test_no_tokens_no_rows() -> None:
    assert vectors([], 8).shape == (0, 8)


def scores(text: str, width: int, heads: int, kv_heads: int | None = None) -> Any:  # [H, n, n]
    x = vectors(split(text), width)
    w_q, w_k, _ = projections(width, heads, kv_heads)
    kv = kv_heads or heads
    q, k = split_heads((x @ w_q)[None], heads), split_heads((x @ w_k)[None], kv)
    return (q @ repeat_kv(k, heads // kv).swapaxes(-1, -2))[0]


@pytest.mark.parametrize(("width", "heads"), [(32, 4), (16, 4), (64, 4), (12, 1), (8, 4), (15, 5)])
def test_projections_are_signed_permutations(width: int, heads: int) -> None:
    for w in projections(width, heads):
        assert set(w.ravel()) <= {-1.0, 0.0, 1.0}
        assert np.array_equal(w.T @ w, np.eye(width))
    assert set(np.abs(vectors(["cat"], width) @ projections(width, heads)[0]).ravel()) == {1.0}


@pytest.mark.parametrize("text", SENTENCES)
@pytest.mark.parametrize(
    ("width", "heads", "kv"), [(32, 4, None), (32, 8, None), (64, 2, None), (32, 4, 2), (64, 8, 1)]
)
def test_a_token_recognises_itself_though_scores_are_not_symmetric(
    text: str, width: int, heads: int, kv: int | None
) -> None:
    products = scores(text, width, heads, kv)
    own = np.eye(products.shape[1], dtype=bool)
    assert products[:, own].mean() > products[:, ~own].mean() + width / heads / 3
    mean = products.mean(axis=0)
    assert (mean.argmax(axis=-1) == np.arange(len(mean))).mean() >= 0.5
    assert all(not np.array_equal(head, head.T) for head in products)
    assert np.array_equal(products, products.round())


def test_three_quarters_of_a_head_are_the_same_for_query_and_key() -> None:
    w_q, w_k, _ = projections(32, 4)
    same = (w_q == w_k).all(axis=0).reshape(4, 8)
    assert same.tolist() == [[True, True, True, False] * 2] * 4


def test_a_head_narrower_than_four_stays_symmetric() -> None:
    w_q, w_k, _ = projections(12, 4)
    assert np.array_equal(w_q, w_k)


def test_query_heads_of_one_group_differ() -> None:
    w_q, w_k, w_v = projections(32, 4, 1)
    assert w_k.shape == w_v.shape == (32, 8)
    assert len({w_q[:, h * 8 : h * 8 + 8].tobytes() for h in range(4)}) == 4
