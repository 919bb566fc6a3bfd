"""Linear attention and its usual slips: functions on features phi(Q) [L, r], phi(K) [S, r] and values [S, d_v]."""

from app.attention.arrays import FloatArray
from app.attention.softmax import softmax

from .registry import mutant


def linear_attention(query: FloatArray, key: FloatArray, value: FloatArray) -> FloatArray:  # -> [L, d_v]
    """phi(Q) (phi(K)^T V), each row over phi(q) . sum of phi(k) (Katharopoulos et al. 2020, not causal)."""
    mixed: FloatArray = query @ (key.T @ value)
    totals: FloatArray = query @ key.sum(axis=0)
    return mixed / totals[:, None]


@mutant(
    linear_attention,
    "leaves out the normaliser of linear attention",
    "Believes that products of features are already weights that sum to 1.",
)
def linear_without_normaliser(query: FloatArray, key: FloatArray, value: FloatArray) -> FloatArray:  # -> [L, d_v]
    mixed: FloatArray = query @ (key.T @ value)
    return mixed  # right: mixed / totals[:, None]


@mutant(
    linear_attention,
    "puts a softmax back over the products of features",
    "Believes that linear attention keeps the softmax and only swaps its input.",
)
def linear_with_softmax(query: FloatArray, key: FloatArray, value: FloatArray) -> FloatArray:  # -> [L, d_v]
    mixed: FloatArray = softmax(query @ key.T) @ value  # right: query @ (key.T @ value)
    return mixed


@mutant(
    linear_attention,
    "divides by the sum over the queries instead of the keys",
    "Believes that the normaliser adds up the features of the queries.",
)
def linear_normalised_over_queries(  # -> [L, d_v]
    query: FloatArray, key: FloatArray, value: FloatArray
) -> FloatArray:
    mixed: FloatArray = query @ (key.T @ value)
    totals: FloatArray = query @ query.sum(axis=0)  # right: query @ key.sum(axis=0)
    return mixed / totals[:, None]
