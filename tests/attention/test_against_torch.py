"""PyTorch's scaled_dot_product_attention and MultiheadAttention as judges, in float64."""

import math
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.attention import attention, causal

pytestmark = pytest.mark.oracle
Judge = Any


@pytest.fixture
def torch(oracle: Callable[[str], ModuleType]) -> Judge:
    return oracle("torch")


@pytest.fixture
def sdpa(torch: Judge) -> Callable[..., Any]:
    function = torch.nn.functional.scaled_dot_product_attention

    def call(*arrays: Any, attn_mask: Any = None, **options: Any) -> Any:
        mask = attn_mask if attn_mask is None or torch.is_tensor(attn_mask) else torch.tensor(attn_mask)
        return function(*(torch.tensor(x) for x in arrays), attn_mask=mask, **options).numpy()

    return call


def drawn(b: int = 2, h: int = 4, kv: int = 4, n_q: int = 3, n_k: int = 5, d: int = 8, seed: int = 0) -> Any:
    rng = np.random.default_rng(seed)
    return tuple(rng.normal(size=s) for s in ((b, h, n_q, d), (b, kv, n_k, d), (b, kv, n_k, d)))


def close(ours: Any, theirs: Any) -> None:
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10)


def test_random_shapes(sdpa: Callable[..., Any]) -> None:
    size = st.integers(1, 6)

    @settings(max_examples=40, derandomize=True, deadline=None)
    @given(size, st.integers(1, 3), st.integers(1, 3), size, size, size, st.integers(0, 99), st.booleans())
    def check(b: int, kv: int, g: int, n_q: int, n_k: int, d: int, seed: int, masked: bool) -> None:
        q, k, v = drawn(b, kv * g, kv, n_q, n_k, d, seed)
        mask = np.random.default_rng(seed).random((b, 1, n_q, n_k)) < 0.7 if masked else None
        close(attention(q, k, v, attn_mask=mask).output, sdpa(q, k, v, attn_mask=mask, enable_gqa=True))

    check()


def test_float_mask_and_scale(sdpa: Callable[..., Any]) -> None:
    q, k, v = drawn()
    mask = np.random.default_rng(1).normal(size=(3, 5))
    mask[0, 2:] = -np.inf
    close(attention(q, k, v, attn_mask=mask, scale=0.3).output, sdpa(q, k, v, attn_mask=mask, scale=0.3))


def test_causal_is_aligned_to_the_upper_left(sdpa: Callable[..., Any]) -> None:
    q, k, v = drawn()
    ours = attention(q, k, v, is_causal=True)
    assert np.array_equal(ours.allowed[0, 0], np.tril(np.ones((3, 5), bool)))
    close(ours.output, sdpa(q, k, v, is_causal=True))


def test_causal_lower_right(oracle: Callable[[str], ModuleType], sdpa: Callable[..., Any]) -> None:
    q, k, v = drawn()
    mask = oracle("torch.nn.attention.bias").causal_lower_right(3, 5)
    close(attention(q, k, v, attn_mask=causal(3, 5, 2)).output, sdpa(q, k, v, attn_mask=mask))


def test_cached_keys_see_the_same_as_lower_right(oracle: Callable[[str], ModuleType], sdpa: Callable[..., Any]) -> None:
    q, k, v = drawn()
    mask = oracle("torch.nn.attention.bias").causal_lower_right(3, 5)
    past = {"past_key": k[:, :, :2], "past_value": v[:, :, :2]}
    ours = attention(q, k[:, :, 2:], v[:, :, 2:], is_causal=True, **past)
    close(ours.output, sdpa(q, k, v, attn_mask=mask))


@pytest.mark.parametrize("kind", [bool, float])
def test_fully_masked_row_is_zero(kind: type, sdpa: Callable[..., Any]) -> None:
    q, k, v = drawn()
    mask = np.ones((3, 5), bool)
    mask[1] = False
    given_mask = mask if kind is bool else np.where(mask, 0.0, -np.inf)
    ours = attention(q, k, v, attn_mask=given_mask).output
    assert not ours[:, :, 1].any()
    close(ours, sdpa(q, k, v, attn_mask=given_mask))


def test_grouped_heads_are_interleaved(torch: Judge, sdpa: Callable[..., Any]) -> None:
    q, k, v = drawn(kv=2)
    repeated = (np.repeat(x, 2, axis=1) for x in (k, v))
    ours = attention(q, k, v).output
    close(ours, sdpa(q, *repeated))
    close(ours, sdpa(q, k, v, enable_gqa=True))


def test_heads_that_do_not_divide_are_refused_by_both(sdpa: Callable[..., Any]) -> None:
    q, k, v = drawn(h=4, kv=3)
    with pytest.raises(ValueError, match="q_num_heads 4 is not a multiple of kv_num_heads 3"):
        attention(q, k, v)
    with pytest.raises(RuntimeError):
        sdpa(q, k, v, enable_gqa=True)


def test_weights_of_multihead_attention(torch: Judge) -> None:
    module = torch.nn.MultiheadAttention(8, 2, bias=False, batch_first=True, dtype=torch.float64)
    x = torch.tensor(np.random.default_rng(2).normal(size=(2, 4, 8)))
    ignore = torch.tensor([[False] * 4, [False, False, True, True]])
    with torch.no_grad():
        _, theirs = module(x, x, x, key_padding_mask=ignore, average_attn_weights=False)
        q, k, v = (x @ w.T for w in module.in_proj_weight.chunk(3))  # rows are [q; k; v]
    ours = attention(*(t.numpy() for t in (q, k, v)), q_num_heads=2, nonpad_kv_seqlen=np.array([4, 2]))
    close(ours.weights, theirs.numpy())


def test_all_padded_is_nan_there_and_zero_here(torch: Judge) -> None:
    module = torch.nn.MultiheadAttention(4, 1, batch_first=True, dtype=torch.float64)
    x = torch.ones(1, 2, 4, dtype=torch.float64)
    theirs, _ = module(x, x, x, key_padding_mask=torch.tensor([[True, True]]))
    ours = attention(*[x[:, None].numpy()] * 3, nonpad_kv_seqlen=np.array([0]))
    assert bool(theirs.isnan().all())
    assert not ours.output.any()


def test_float32_stays_close(sdpa: Callable[..., Any]) -> None:
    q, k, v = (x.astype(np.float32) for x in drawn(d=32))
    ours = attention(q, k, v)
    assert {getattr(ours, stage).dtype for stage in ours._fields[:-1]} == {np.dtype(np.float32)}
    np.testing.assert_allclose(ours.output, sdpa(q, k, v, scale=1 / math.sqrt(32)), atol=1e-6)
