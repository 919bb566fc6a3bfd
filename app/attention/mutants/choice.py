"""Attention with something else in the place of softmax, or with its mask in the wrong place.

Arguments and results are those of `scaled_dot_product`.
"""

import numpy as np

from app.attention.arrays import BoolArray, FloatArray
from app.attention.softmax import softmax

from .kernel import hide, scaled_dot_product
from .registry import mutant


@mutant(
    scaled_dot_product,
    "mixes the values by the raw scores, without any softmax",
    "Believes that the scores are already weights.",
)
def no_softmax(
    query: FloatArray, key: FloatArray, value: FloatArray, mask: BoolArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """A masked key has weight 0 here, since minus infinity times a value is no number."""
    scores: FloatArray = query @ key.swapaxes(-1, -2)
    scores = scores / np.sqrt(query.shape[-1])
    scores = hide(scores, mask)
    weights = _finite(scores)  # right: softmax(scores, axis=-1)
    return weights, weights @ value


@mutant(
    scaled_dot_product,
    "divides each row of scores by its Euclidean norm",
    "Believes that a row of weights must have length 1, rather than sum 1.",
)
def l2_rows(
    query: FloatArray, key: FloatArray, value: FloatArray, mask: BoolArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """A row of nothing but zeros stays one; a masked key has weight 0."""
    scores: FloatArray = query @ key.swapaxes(-1, -2)
    scores = scores / np.sqrt(query.shape[-1])
    scores = hide(scores, mask)
    weights = _unit(_finite(scores))  # right: softmax(scores, axis=-1)
    return weights, weights @ value


@mutant(
    scaled_dot_product,
    "takes the value of the best key alone",
    "Believes that attention looks up the one key with the highest score.",
)
def hard_attention(
    query: FloatArray, key: FloatArray, value: FloatArray, mask: BoolArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """Of several best keys the first; a query without any allowed key gets zeros."""
    scores: FloatArray = query @ key.swapaxes(-1, -2)
    scores = scores / np.sqrt(query.shape[-1])
    scores = hide(scores, mask)
    weights = _best(scores)  # right: softmax(scores, axis=-1)
    return weights, weights @ value


@mutant(
    scaled_dot_product,
    "weights every key alike, whatever its score",
    "Believes that attention is the mean of the values.",
)
def uniform_weights(
    query: FloatArray, key: FloatArray, value: FloatArray, mask: BoolArray | None = None
) -> tuple[FloatArray, FloatArray]:
    scores: FloatArray = query @ key.swapaxes(-1, -2)
    scores = np.zeros_like(scores)  # right: scores / np.sqrt(query.shape[-1])
    scores = hide(scores, mask)
    weights = softmax(scores, axis=-1)
    return weights, weights @ value


@mutant(
    scaled_dot_product,
    "ignores the mask",
    "Believes that every query may attend to every key.",
)
def mask_ignored(
    query: FloatArray, key: FloatArray, value: FloatArray, mask: BoolArray | None = None
) -> tuple[FloatArray, FloatArray]:
    scores: FloatArray = query @ key.swapaxes(-1, -2)
    scores = scores / np.sqrt(query.shape[-1])
    # right: scores = hide(scores, mask)
    weights = softmax(scores, axis=-1)
    return weights, weights @ value


@mutant(
    scaled_dot_product,
    "masks the weights after the softmax",
    "Believes that a masked weight can be struck out once the row has been normalised.",
)
def mask_after_softmax(
    query: FloatArray, key: FloatArray, value: FloatArray, mask: BoolArray | None = None
) -> tuple[FloatArray, FloatArray]:
    scores: FloatArray = query @ key.swapaxes(-1, -2)
    scores = scores / np.sqrt(query.shape[-1])
    weights = softmax(scores, axis=-1)
    weights = weights if mask is None else np.where(mask, weights, 0.0)  # right: scores = hide(scores, mask), before
    return weights, weights @ value


@mutant(
    scaled_dot_product,
    "gives masked scores the value 0 instead of minus infinity",
    "Believes that a score of 0 means no attention.",
)
def mask_with_zero(
    query: FloatArray, key: FloatArray, value: FloatArray, mask: BoolArray | None = None
) -> tuple[FloatArray, FloatArray]:
    scores: FloatArray = query @ key.swapaxes(-1, -2)
    scores = scores / np.sqrt(query.shape[-1])
    scores = scores if mask is None else np.where(mask, scores, 0.0)  # right: hide(scores, mask)
    weights = softmax(scores, axis=-1)
    return weights, weights @ value


@mutant(
    scaled_dot_product,
    "hides the keys that may be seen and shows the masked ones",
    "Believes that True in this mask means hidden.",
)
def mask_inverted(
    query: FloatArray, key: FloatArray, value: FloatArray, mask: BoolArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """A query that may see every key sees none here: its weights and its output are 0."""
    scores: FloatArray = query @ key.swapaxes(-1, -2)
    scores = scores / np.sqrt(query.shape[-1])
    scores = hide(scores, None if mask is None else np.logical_not(mask))  # right: hide(scores, mask)
    weights = softmax(scores, axis=-1)
    return weights, weights @ value


def _finite(scores: FloatArray) -> FloatArray:
    return np.where(np.isneginf(scores), 0.0, scores)


def _unit(rows: FloatArray) -> FloatArray:
    norms = np.sqrt((rows * rows).sum(axis=-1, keepdims=True))
    unit: FloatArray = rows / np.where(norms == 0, 1.0, norms)
    return unit


def _best(scores: FloatArray) -> FloatArray:
    chosen: BoolArray = np.arange(scores.shape[-1]) == scores.argmax(axis=-1)[..., None]
    return np.where(chosen & ~np.isneginf(scores), 1.0, 0.0)
