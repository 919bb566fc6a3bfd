"""Sinusoids, rotations and slopes, against the papers' numbers and laws."""

import numpy as np
import pytest

from app.attention import alibi_slopes, attention, rotate, sinusoidal


def test_the_paper_s_first_step() -> None:
    assert sinusoidal(2, 4)[1] == pytest.approx([0.8415, 0.5403, 0.01, 1.0], abs=1e-4)


def test_sinusoids_agree_by_distance_alone() -> None:
    waves = sinusoidal(32, 16)
    products = waves @ waves.T
    assert np.diag(products) == pytest.approx(8.0)
    np.testing.assert_allclose(products[1:, 1:], products[:-1, :-1], atol=1e-12)


def test_odd_width_leaves_out_the_last_cosine() -> None:
    assert sinusoidal(3, 5).shape == (3, 5)
    assert sinusoidal(3, 1)[:, 0] == pytest.approx(np.sin([0, 1, 2]))


@pytest.mark.parametrize("interleaved", [False, True])
def test_rotated_scores_know_only_the_distance(interleaved: bool) -> None:
    q, k = np.random.default_rng(0).normal(size=(2, 3, 8))  # the same vectors at positions 5, 50, 500
    q, k = np.tile(q[0], (3, 1)), np.tile(k[0], (3, 1))
    far = np.array([5, 50, 500])
    turned = rotate(q, far, interleaved=interleaved) * rotate(k, far - 5, interleaved=interleaved)
    assert turned.sum(axis=-1) == pytest.approx(np.full(3, turned[0].sum()), abs=1e-12)
    assert turned[0].sum() != pytest.approx((q * k)[0].sum())


def test_rotation_keeps_norm_and_dtype() -> None:
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 6)).astype(np.float32)
    turned = rotate(x, np.arange(4))
    assert turned.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(turned, axis=-1), np.linalg.norm(x, axis=-1), rtol=1e-6)


def test_a_quarter_turn_by_hand() -> None:
    x = np.array([[1.0, 0.0]])
    assert rotate(x, np.array([np.pi / 2]))[0] == pytest.approx([0.0, 1.0])


def test_alibi_slopes_of_eight_heads() -> None:
    assert alibi_slopes(8).tolist() == [1 / 2**h for h in range(1, 9)]


def test_alibi_draws_weight_to_near_keys() -> None:
    n = 16
    bias = -alibi_slopes(8)[:, None, None] * (np.arange(n)[:, None] - np.arange(n))
    zeros = np.zeros((1, 8, n, 4))
    near = attention(zeros, zeros, zeros, attn_mask=bias, is_causal=True).weights[0, 0, -1, -4:].sum()
    assert near > 0.85
