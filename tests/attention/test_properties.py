"""What must hold for any attention: laws that relate one computation to another."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.attention import attention, masked_mass, row_sum_max_err, softmax

quickly = settings(max_examples=15, derandomize=True, deadline=None)
seeds = st.integers(0, 2**32 - 1)


def drawn(seed: int, heads: int = 2, kv_heads: int = 2) -> Any:
    """q [2, H, 4, 3], k [2, Hkv, 6, 3], v [2, Hkv, 6, 5] and a mask in which every query sees a key."""
    rng = np.random.default_rng(seed)
    mask = rng.random((2, 1, 4, 6)) < 0.6
    mask[..., 0] = True
    return *(rng.normal(size=s) for s in ((2, heads, 4, 3), (2, kv_heads, 6, 3), (2, kv_heads, 6, 5))), mask


def close(a: Any, b: Any) -> None:
    np.testing.assert_allclose(a, b, rtol=0, atol=1e-12)


@quickly
@given(seeds, st.booleans(), st.floats(0, 5))
def test_rows_sum_to_one_or_to_nothing(seed: int, is_causal: bool, softcap: float) -> None:
    q, k, v, mask = drawn(seed)
    mask[0, 0, 1] = False
    result = attention(q, k, v, attn_mask=mask, is_causal=is_causal, softcap=softcap)
    assert row_sum_max_err(result.weights, result.allowed) < 1e-12
    assert masked_mass(result.weights, result.allowed) == 0.0
    assert (result.weights >= 0).all()


@quickly
@given(seeds, st.floats(-1e4, 1e4))
def test_a_constant_added_to_a_row_changes_nothing(seed: int, constant: float) -> None:
    q, k, v, mask = drawn(seed)
    bias = np.where(mask, 0.0, -np.inf)
    moved = attention(q, k, v, attn_mask=bias + constant).weights
    np.testing.assert_allclose(moved, attention(q, k, v, attn_mask=bias).weights, rtol=0, atol=1e-9)


@quickly
@given(seeds)
def test_scale_from_uniform_to_one_hot(seed: int) -> None:
    q, k, v, mask = drawn(seed)
    flat = attention(q, k, v, attn_mask=mask, scale=0.0)
    close(flat.weights, np.broadcast_to(mask / mask.sum(-1, keepdims=True), flat.weights.shape))
    sharp = attention(q, k, v, attn_mask=mask, scale=1e6)
    assert np.array_equal(sharp.weights.argmax(-1), sharp.biased.argmax(-1))
    assert np.isfinite(sharp.weights).all()


@quickly
@given(seeds)
def test_the_output_is_a_mixture_of_values(seed: int) -> None:
    q, k, v, mask = drawn(seed)
    result = attention(q, k, v, attn_mask=mask)
    identity = np.broadcast_to(np.eye(6), (2, 2, 6, 6))
    close(attention(q, k, identity, attn_mask=mask).output, result.weights)
    close(attention(q, k, np.full_like(v, 7.0), attn_mask=mask).output, 7.0)
    seen = np.where(result.allowed[..., None], v[:, :, None], np.nan)
    low, high = np.nanmin(seen, axis=3), np.nanmax(seen, axis=3)
    assert ((low - 1e-12 <= result.output) & (result.output <= high + 1e-12)).all()


@quickly
@given(seeds, st.permutations(range(6)), st.permutations(range(4)))
def test_order_matters_only_for_the_queries(seed: int, keys: list[int], queries: list[int]) -> None:
    q, k, v, mask = drawn(seed)
    output = attention(q, k, v, attn_mask=mask).output
    close(attention(q, k[:, :, keys], v[:, :, keys], attn_mask=mask[..., keys]).output, output)
    close(attention(q[:, :, queries], k, v, attn_mask=mask[:, :, queries]).output, output[:, :, queries])


@quickly
@given(seeds, st.integers(1, 5))
def test_an_edit_reaches_no_earlier_output(seed: int, edited: int) -> None:
    x = np.random.default_rng(seed).normal(size=(1, 1, 6, 4))
    y = x.copy()
    y[:, :, edited] += 1
    before, after = (attention(a, a, a, is_causal=True).output for a in (x, y))
    assert np.abs(after - before)[:, :, :edited].sum() == 0.0
    assert np.abs(after - before)[:, :, edited:].sum() > 0


@quickly
@given(seeds, st.sampled_from([np.nan, np.inf, -np.inf, 1e30]))
def test_poison_behind_the_mask_does_not_leak(seed: int, poison: float) -> None:
    q, k, v, mask = drawn(seed)
    mask[..., 4:] = False
    clean = attention(q, k, v, attn_mask=mask).output
    k[:, :, 4:] = v[:, :, 4:] = poison
    close(attention(q, k, v, attn_mask=mask).output, clean)


def test_poison_reaches_those_who_may_see_it() -> None:
    x = np.ones((1, 1, 3, 2))
    x[0, 0, 1] = np.nan
    output = attention(np.ones_like(x), np.ones_like(x), x, is_causal=True).output[0, 0]
    assert np.isfinite(output[0]).all()
    assert np.isnan(output[1:]).all()


@quickly
@given(seeds, st.integers(1, 5))
def test_decoding_with_a_cache_equals_one_causal_pass(seed: int, cut: int) -> None:
    x = np.random.default_rng(seed).normal(size=(2, 2, 6, 4))
    whole = attention(x, x, x, is_causal=True).output
    head, tail = x[:, :, :cut], x[:, :, cut:]
    step = attention(tail, tail, tail, is_causal=True, past_key=head, past_value=head)
    close(step.output, whole[:, :, cut:])
    assert np.array_equal(step.present_key, x)


@quickly
@given(seeds)
def test_doubling_every_key_halves_the_weights(seed: int) -> None:
    q, k, v, mask = drawn(seed)
    once = attention(q, k, v, attn_mask=mask)
    twice = attention(q, *(np.concatenate([x, x], axis=2) for x in (k, v)), attn_mask=np.tile(mask, 2))
    close(twice.output, once.output)
    close(twice.weights[..., :6], once.weights / 2)


@quickly
@given(seeds)
def test_three_dimensions_are_heads_side_by_side(seed: int) -> None:
    q, k, v, _ = drawn(seed, heads=4, kv_heads=2)
    flat = (x.swapaxes(1, 2).reshape(2, x.shape[2], -1) for x in (q, k, v))
    joined = attention(*flat, q_num_heads=4, kv_num_heads=2).output
    close(joined.reshape(2, 4, 4, 5).swapaxes(1, 2), attention(q, k, v).output)


@quickly
@given(seeds)
def test_a_window_as_wide_as_the_text_is_no_window(seed: int) -> None:
    q, k, v, _ = drawn(seed)
    wide = attention(q, k, v, left_window_size=6, right_window_size=6)
    close(wide.output, attention(q, k, v).output)


def test_equal_tokens_without_positions_get_equal_rows() -> None:
    x = np.random.default_rng(0).normal(size=(1, 1, 3, 4))[:, :, [0, 1, 0, 2]]
    weights = attention(x, x, x).weights[0, 0]
    assert np.array_equal(weights[0], weights[2])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_every_stage_keeps_the_dtype(dtype: Any) -> None:
    x = np.random.default_rng(0).normal(size=(1, 1, 3, 32)).astype(dtype)
    result = attention(x, x, x, softcap=2.0, attn_mask=np.zeros((3, 3)), softmax_precision=11)
    assert {stage.dtype for stage in result[:-1]} == {np.dtype(dtype)}


def test_half_precision_does_not_overflow_inside() -> None:
    x = np.full((1, 1, 3, 64), 100, dtype=np.float16)  # products of 640,000: beyond float16
    weights = attention(x, x, x, scale=1e-3).weights
    assert weights.dtype == np.float16
    np.testing.assert_allclose(weights, 1 / 3, rtol=1e-3)


@pytest.mark.parametrize(("precision", "error"), [(1, 1e-6), (10, 1e-2), (16, 3e-2)])
def test_softmax_precision_rounds_as_far_as_it_says(precision: int, error: float) -> None:
    x = np.random.default_rng(0).normal(size=(1, 1, 8, 8))
    gap = np.abs(attention(x, x, x, softmax_precision=precision).weights - attention(x, x, x).weights).max()
    assert error / 1000 < gap < error


def test_softmax_of_awkward_rows() -> None:
    rows = np.array([[1e4, 1e4 - 1], [-np.inf, -np.inf], [-np.inf, 3.0]], dtype=np.float32)
    result = softmax(rows)
    assert result.dtype == np.float32
    np.testing.assert_allclose(result, [[0.731059, 0.268941], [0, 0], [0, 1]], atol=1e-6)
    assert softmax(np.array([[1, 1], [3, 1]]), axis=0)[:, 1].tolist() == [0.5, 0.5]
