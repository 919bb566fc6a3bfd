"""Which query may attend to which key, as boolean arrays: True = may attend."""

from collections.abc import Sequence

import numpy as np

from .arrays import BoolArray, IntArray


def causal(n_q: int, n_k: int, offset: int | IntArray = 0) -> BoolArray:  # -> [n_q, n_k] or [B, 1, n_q, n_k]
    """Query i stands at position i + offset and sees no later key: j <= i + offset.

    offset 0 aligns the upper left corners; n_k - n_q the lower right ones, as needed when n_k - n_q keys are
    cached. An array of B offsets gives a mask for each sequence. A negative offset leaves rows without a key.
    """
    return _distance(n_q, n_k, offset) >= 0


def window(  # -> [n_q, n_k] or [B, 1, n_q, n_k]
    n_q: int, n_k: int, left: int, right: int, offset: int | IntArray = 0
) -> BoolArray:
    """Keys from p - left to p + right for a query at position p = i + offset; -1 sets no limit on that side.

    The query's own position is not counted: left=4 shows four earlier keys and itself. The sliding window of
    Longformer (Beltagy et al. 2020).
    """
    distance = _distance(n_q, n_k, offset)
    seen = np.ones_like(distance, dtype=np.bool_)
    if left >= 0:
        seen &= distance <= left
    if right >= 0:
        seen &= -distance <= right
    return seen


def padding(lengths: Sequence[int] | IntArray, n_k: int) -> BoolArray:  # [B] -> [B, n_k]
    """The first lengths[b] keys of sequence b are real, the rest is padding."""
    return np.arange(n_k) < np.asarray(lengths).reshape(-1, 1)


def allowed(  # -> [n_q, n_k] or [B, 1, n_q, n_k]
    n_q: int,
    n_k: int,
    *,
    is_causal: bool = False,
    left: int = -1,
    right: int = -1,
    offset: int | IntArray = 0,
    lengths: Sequence[int] | IntArray | None = None,
) -> BoolArray:
    """All of the above at once; broadcasts against scores of shape [B, H, n_q, n_k]."""
    seen = window(n_q, n_k, left, right, offset)
    if is_causal:
        seen = seen & causal(n_q, n_k, offset)
    if lengths is not None:
        seen = seen & padding(lengths, n_k)[:, None, None, :]
    return seen


def _distance(n_q: int, n_k: int, offset: int | IntArray) -> IntArray:  # how far key j lies before query i
    start = np.asarray(offset)
    if start.ndim:
        start = start.reshape(-1, 1, 1, 1)
    return start + np.arange(n_q)[:, None] - np.arange(n_k)
