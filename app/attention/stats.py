"""What a matrix of weights does: how spread each row is, whether it adds up, how far two rows differ."""

import numpy as np

from .arrays import BoolArray, FloatArray


def entropy(weights: FloatArray) -> FloatArray:  # [..., S] -> [...]
    """-sum w ln w of each row, in nats, with 0 ln 0 = 0: 0 for a single key, ln S for S equal weights."""
    logs = np.log(weights, where=weights > 0, out=np.zeros_like(weights))
    result: FloatArray = -(weights * logs).sum(axis=-1) + 0.0  # + 0.0 so that no row reads -0.0
    return result


def effective_keys(weights: FloatArray) -> FloatArray:  # [..., S] -> [...]
    """exp(entropy): how many keys a row spreads over, from 1 to S; 0 for a row without any weight."""
    some = weights.sum(axis=-1) > 0
    return np.where(some, np.exp(entropy(weights)), 0.0)


def normalised_entropy(  # [..., S] -> [...]
    weights: FloatArray, allowed: BoolArray | None = None
) -> FloatArray:
    """Entropy divided by ln(number of allowed keys): 1 is uniform. 0 where one key or none is allowed."""
    seen = np.broadcast_to(np.True_ if allowed is None else allowed, weights.shape)
    keys = seen.sum(axis=-1)
    return np.where(keys > 1, entropy(weights) / np.log(np.maximum(keys, 2)), 0.0)


def row_sum_max_err(weights: FloatArray, allowed: BoolArray | None = None) -> float:  # [..., S]
    """The largest distance of a row sum from 1, or from 0 where no key is allowed.

    Without `allowed`, a row of nothing but zeros counts as one without an allowed key.
    """
    seen = weights != 0 if allowed is None else np.broadcast_to(allowed, weights.shape)
    return float(np.abs(weights.sum(axis=-1) - seen.any(axis=-1)).max(initial=0.0))


def masked_mass(weights: FloatArray, allowed: BoolArray) -> float:  # [..., S]
    """The total weight on keys that may not be seen; exactly 0.0 where the mask works."""
    return float(np.abs(np.where(allowed, 0.0, weights)).sum())


def total_variation(a: FloatArray, b: FloatArray) -> FloatArray:  # [..., S], [..., S] -> [...]
    """Half the sum of |a - b| of each row: 0 for equal rows, 1 for rows without a common key."""
    result: FloatArray = np.abs(a - b).sum(axis=-1) / 2
    return result
