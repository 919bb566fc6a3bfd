"""Masks and heads: who may see whom, and which features a head takes."""

import numpy as np
import pytest

from app.attention import allowed, causal, merge_heads, padding, repeat_kv, split_heads, window


def test_causal_corners() -> None:
    assert causal(1, 5).sum() == 1
    assert causal(1, 5, offset=4).sum() == 5
    assert not causal(3, 3, offset=-1)[0].any()


def test_one_offset_for_each_sequence() -> None:
    seen = causal(1, 5, np.array([0, 3]))
    assert seen.shape == (2, 1, 1, 5)
    assert seen.sum(axis=-1).ravel().tolist() == [1, 4]


def test_window_counts_pairs() -> None:
    n = 64
    assert (window(n, n, 4, -1) & causal(n, n)).sum() == 310
    assert causal(n, n).sum() == 2080
    assert window(n, n, n, n).all()


def test_padding_hides_the_tail() -> None:
    assert padding([3, 0], 4).tolist() == [[True, True, True, False], [False] * 4]


def test_allowed_joins_them_all() -> None:
    seen = allowed(4, 4, is_causal=True, left=1, lengths=[3, 4])
    assert seen.shape == (2, 1, 4, 4)
    assert seen[0, 0].astype(int).tolist() == [[1, 0, 0, 0], [1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 0]]
    assert allowed(2, 3).all()


def test_heads_take_features_not_positions() -> None:
    x = np.arange(24).reshape(1, 2, 12)
    heads = split_heads(x, 3)
    assert heads[0, 1, 0].tolist() == [4, 5, 6, 7]
    assert np.array_equal(merge_heads(heads), x)


def test_neighbouring_query_heads_share_a_key_head() -> None:
    x = np.arange(2).reshape(1, 2, 1, 1)
    assert repeat_kv(x, 2).ravel().tolist() == [0, 0, 1, 1]


def test_split_refuses_uneven_heads() -> None:
    with pytest.raises(ValueError, match="embed_dim 32 is not divisible by num_heads 5"):
        split_heads(np.zeros((1, 2, 32)), 5)
