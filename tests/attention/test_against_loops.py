"""The kernel against a slow, obvious second implementation: three loops, one number at a time."""

import math
from typing import Any

import numpy as np
import pytest

from app.attention import attention

MINUS_INFINITY = -math.inf


def looped(q: Any, k: Any, v: Any, may: Any, bias: Any, scale: float, softcap: float) -> Any:
    """Output [B, H, L, D_v], where may(b, h, i, j) says whether i sees j and bias(b, h, i, j) is added."""
    batch, heads, n_q, size = q.shape
    group = heads // k.shape[1]
    output = np.zeros((batch, heads, n_q, v.shape[3]))
    for b, h, i in np.ndindex(batch, heads, n_q):
        scores = []
        for j in range(k.shape[2]):
            score = scale * sum(float(q[b, h, i, d]) * float(k[b, h // group, j, d]) for d in range(size))
            score = softcap * math.tanh(score / softcap) if softcap else score
            scores.append(score + bias(b, h, i, j) if may(b, h, i, j) else MINUS_INFINITY)
        top = max(scores)
        if top == MINUS_INFINITY:
            continue
        powers = [math.exp(score - top) for score in scores]
        for j, power in enumerate(powers):
            output[b, h, i] += power / sum(powers) * v[b, h // group, j]
    return output


def drawn(rng: Any, b: int, h: int, kv: int, n_q: int, n_k: int) -> Any:
    return rng.normal(size=(b, h, n_q, 4)), rng.normal(size=(b, kv, n_k, 4)), rng.normal(size=(b, kv, n_k, 3))


def nothing(*_: int) -> float:
    return 0.0


def always(*_: int) -> bool:
    return True


@pytest.mark.parametrize("seed", range(6))
def test_grouped_heads_softcap_and_scale(seed: int) -> None:
    rng = np.random.default_rng(seed)
    kv, group, n_q, n_k = rng.integers(1, 4, size=4)
    q, k, v = drawn(rng, 3, kv * group, kv, n_q, n_k)
    ours = attention(q, k, v, scale=0.7, softcap=1.5).output
    np.testing.assert_allclose(ours, looped(q, k, v, always, nothing, 0.7, 1.5), atol=1e-12)


@pytest.mark.parametrize(("left", "right", "is_causal"), [(1, -1, False), (0, 2, False), (2, -1, True)])
def test_past_and_windows(left: int, right: int, is_causal: bool) -> None:
    q, k, v = drawn(np.random.default_rng(1), 3, 4, 2, 3, 6)
    windows = {"left_window_size": left, "right_window_size": right, "is_causal": is_causal}
    past = {"past_key": k[:, :, :2], "past_value": v[:, :, :2]}
    ours = attention(q, k[:, :, 2:], v[:, :, 2:], **windows, **past).output

    def may(b: int, h: int, i: int, j: int) -> bool:
        near = (left < 0 or i + 2 - j <= left) and (right < 0 or j - i - 2 <= right)
        return near and (not is_causal or j <= i + 2)

    np.testing.assert_allclose(ours, looped(q, k, v, may, nothing, 0.5, 0), atol=1e-12)


def test_lengths_count_from_the_last_real_key() -> None:
    q, k, v = drawn(np.random.default_rng(2), 3, 2, 2, 2, 5)
    lengths = np.array([5, 1, 3])
    ours = attention(q, k, v, nonpad_kv_seqlen=lengths, is_causal=True)
    theirs = looped(q, k, v, lambda b, h, i, j: j <= i + lengths[b] - 2, nothing, 0.5, 0)
    np.testing.assert_allclose(ours.output, theirs, atol=1e-12)
    assert not ours.weights[1, :, 0].any()  # the sequence of one key has none for the first of two queries


@pytest.mark.parametrize("shape", [(4, 5), (1, 5), (2, 4, 5), (3, 1, 4, 5), (1, 2, 1, 5), (5,)])
def test_float_masks_of_every_rank(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(3)
    q, k, v = drawn(rng, 3, 2, 1, 4, 5)
    mask = np.where(rng.random(shape) < 0.3, MINUS_INFINITY, rng.normal(size=shape))
    full = np.broadcast_to(mask, (3, 2, 4, 5))
    theirs = looped(q, k, v, always, lambda *at: full[at], 0.5, 0)
    np.testing.assert_allclose(attention(q, k, v, attn_mask=mask).output, theirs, atol=1e-12)


@pytest.mark.parametrize("kind", [bool, float])
def test_a_short_mask_hides_the_keys_it_does_not_reach(kind: type) -> None:
    q, k, v = drawn(np.random.default_rng(4), 3, 2, 2, 2, 5)
    mask = np.ones((2, 3), bool) if kind is bool else np.zeros((2, 3))
    theirs = looped(q, k, v, lambda b, h, i, j: j < 3, nothing, 0.5, 0)
    np.testing.assert_allclose(attention(q, k, v, attn_mask=mask).output, theirs, atol=1e-12)
