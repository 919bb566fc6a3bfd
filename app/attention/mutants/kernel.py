"""Scaled dot-product attention, and the same five lines with one of them wrong: the scale, or the normalisation.

Every function takes query [..., L, D], key [..., S, D], value [..., S, D_v] and perhaps a mask [L, S] in which
True means "may attend", and gives the weights [..., L, S] and the output [..., L, D_v]. The line that differs
names the right one.
"""

from collections.abc import Callable

import numpy as np

from app.attention.arrays import BoolArray, FloatArray
from app.attention.softmax import softmax

from .registry import mutant

Kernel = Callable[[FloatArray, FloatArray, FloatArray, BoolArray | None], tuple[FloatArray, FloatArray]]


def scaled_dot_product(
    query: FloatArray, key: FloatArray, value: FloatArray, mask: BoolArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """softmax(Q K^T / sqrt(d_k), masked) V, the right computation (Vaswani et al. 2017, equation 1)."""
    scores: FloatArray = query @ key.swapaxes(-1, -2)
    scores = scores / np.sqrt(query.shape[-1])
    scores = hide(scores, mask)
    weights = softmax(scores, axis=-1)
    return weights, weights @ value


def hide(scores: FloatArray, mask: BoolArray | None) -> FloatArray:
    """Minus infinity where the mask is False; without a mask nothing is hidden."""
    return scores if mask is None else np.where(mask, scores, -np.inf)


@mutant(
    scaled_dot_product,
    "leaves the scores unscaled",
    "Believes that the dot products can go into the softmax as they are.",
)
def no_scale(
    query: FloatArray, key: FloatArray, value: FloatArray, mask: BoolArray | None = None
) -> tuple[FloatArray, FloatArray]:
    scores: FloatArray = query @ key.swapaxes(-1, -2)
    # right: scores = scores / np.sqrt(query.shape[-1])
    scores = hide(scores, mask)
    weights = softmax(scores, axis=-1)
    return weights, weights @ value


@mutant(
    scaled_dot_product,
    "divides the scores by d_k instead of its root",
    "Believes that the scores are divided by the number of features itself.",
)
def scale_by_d_k(
    query: FloatArray, key: FloatArray, value: FloatArray, mask: BoolArray | None = None
) -> tuple[FloatArray, FloatArray]:
    scores: FloatArray = query @ key.swapaxes(-1, -2)
    scores = scores / query.shape[-1]  # right: scores / np.sqrt(query.shape[-1])
    scores = hide(scores, mask)
    weights = softmax(scores, axis=-1)
    return weights, weights @ value


@mutant(
    scaled_dot_product,
    "divides the scores by the root of the number of keys",
    "Believes that the scale depends on the length of the sequence, not on the number of features.",
)
def scale_by_sqrt_n(
    query: FloatArray, key: FloatArray, value: FloatArray, mask: BoolArray | None = None
) -> tuple[FloatArray, FloatArray]:
    scores: FloatArray = query @ key.swapaxes(-1, -2)
    scores = scores / np.sqrt(key.shape[-2])  # right: scores / np.sqrt(query.shape[-1])
    scores = hide(scores, mask)
    weights = softmax(scores, axis=-1)
    return weights, weights @ value


@mutant(
    scaled_dot_product,
    "divides the scores by half of d_k instead of its root",
    "Believes that the root of d_k is half of d_k, which holds for d_k = 4 only.",
)
def scale_half_d_k(
    query: FloatArray, key: FloatArray, value: FloatArray, mask: BoolArray | None = None
) -> tuple[FloatArray, FloatArray]:
    scores: FloatArray = query @ key.swapaxes(-1, -2)
    scores = scores / (query.shape[-1] / 2)  # right: scores / np.sqrt(query.shape[-1])
    scores = hide(scores, mask)
    weights = softmax(scores, axis=-1)
    return weights, weights @ value


@mutant(
    scaled_dot_product,
    "applies the scale to the weights, after the softmax",
    "Believes that it does not matter whether one scales before or after the softmax.",
)
def scale_after_softmax(
    query: FloatArray, key: FloatArray, value: FloatArray, mask: BoolArray | None = None
) -> tuple[FloatArray, FloatArray]:
    scores: FloatArray = query @ key.swapaxes(-1, -2)
    scores = hide(scores, mask)
    weights = softmax(scores, axis=-1) / np.sqrt(query.shape[-1])  # right: the scores are divided, two lines earlier
    return weights, weights @ value


@mutant(
    scaled_dot_product,
    "multiplies the queries by the keys without transposing these",
    "Believes that Q K is the table of dot products of queries and keys.",
)
def k_not_transposed(
    query: FloatArray, key: FloatArray, value: FloatArray, mask: BoolArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """Raises ValueError unless there are as many keys as features, S = D."""
    scores: FloatArray = query @ key  # right: query @ key.swapaxes(-1, -2)
    scores = scores / np.sqrt(query.shape[-1])
    scores = hide(scores, mask)
    weights = softmax(scores, axis=-1)
    return weights, weights @ value


@mutant(
    scaled_dot_product,
    "normalises over the queries instead of the keys",
    "Believes that each key divides its attention among the queries.",
)
def softmax_over_queries(
    query: FloatArray, key: FloatArray, value: FloatArray, mask: BoolArray | None = None
) -> tuple[FloatArray, FloatArray]:
    scores: FloatArray = query @ key.swapaxes(-1, -2)
    scores = scores / np.sqrt(query.shape[-1])
    scores = hide(scores, mask)
    weights = softmax(scores, axis=-2)  # right: softmax(scores, axis=-1)
    return weights, weights @ value


@mutant(
    scaled_dot_product,
    "normalises over the whole matrix, so that all weights together sum to 1",
    "Believes that all queries share one unit of attention.",
)
def softmax_over_all(
    query: FloatArray, key: FloatArray, value: FloatArray, mask: BoolArray | None = None
) -> tuple[FloatArray, FloatArray]:
    scores: FloatArray = query @ key.swapaxes(-1, -2)
    scores = scores / np.sqrt(query.shape[-1])
    scores = hide(scores, mask)
    weights = softmax(scores.reshape(*scores.shape[:-2], -1)).reshape(scores.shape)  # right: softmax(scores, axis=-1)
    return weights, weights @ value
