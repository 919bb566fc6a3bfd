"""Heads cut and joined wrongly: functions on arrays [n, d] and [h, n, d/h], without a batch axis."""

import numpy as np

from app.attention.arrays import BoolArray, FloatArray
from app.attention.softmax import softmax

from .kernel import hide
from .registry import mutant


def cut_heads(x: FloatArray, heads: int) -> FloatArray:  # [n, d] -> [h, n, d/h]
    """The right cut: head i holds the i-th block of d/h neighbouring features of every token."""
    return x.reshape(len(x), heads, -1).transpose(1, 0, 2)


@mutant(
    cut_heads,
    "splits the sequence among the heads",
    "Believes that each head works on its own part of the tokens.",
)
def heads_split_on_tokens(x: FloatArray, heads: int) -> FloatArray:  # [n, d] -> [h, n/h, d]
    """Raises ValueError unless h divides n."""
    return x.reshape(heads, -1, x.shape[1])  # right: x.reshape(len(x), heads, -1).transpose(1, 0, 2)


@mutant(
    cut_heads,
    "reshapes to (h, n, d/h) at once, without the transpose",
    "Believes that reshape moves axes, while it only cuts one row of numbers anew.",
)
def reshape_without_transpose(x: FloatArray, heads: int) -> FloatArray:  # [n, d] -> [h, n, d/h]
    return x.reshape(heads, len(x), -1)  # right: x.reshape(len(x), heads, -1).transpose(1, 0, 2)


@mutant(
    cut_heads,
    "leaves the heads behind the tokens, as (n, h, d/h)",
    "Believes that cutting the features is all, and that the head axis need not come first.",
)
def heads_not_first(x: FloatArray, heads: int) -> FloatArray:  # [n, d] -> [n, h, d/h]
    return x.reshape(len(x), heads, -1)  # right: x.reshape(len(x), heads, -1).transpose(1, 0, 2)


@mutant(
    cut_heads,
    "gives head i every h-th feature instead of a block of neighbours",
    "Believes that heads take turns along the features.",
)
def heads_interleaved(x: FloatArray, heads: int) -> FloatArray:  # [n, d] -> [h, n, d/h]
    return x.reshape(len(x), -1, heads).transpose(2, 0, 1)  # right: x.reshape(len(x), heads, -1).transpose(1, 0, 2)


@mutant(
    cut_heads,
    "transposes the whole matrix before cutting it into heads",
    "Believes that any transpose brings the heads to the front.",
)
def transpose_before_reshape(x: FloatArray, heads: int) -> FloatArray:  # [n, d] -> [h, n, d/h]
    return x.T.reshape(heads, len(x), -1)  # right: x.reshape(len(x), heads, -1).transpose(1, 0, 2)


@mutant(
    cut_heads,
    "gives every head all the features",
    "Believes that each head has the full width of the model.",
)
def heads_not_split(x: FloatArray, heads: int) -> FloatArray:  # [n, d] -> [h, n, d]
    return np.broadcast_to(x, (heads, *x.shape))  # right: x.reshape(len(x), heads, -1).transpose(1, 0, 2)


def join_heads(each: FloatArray) -> FloatArray:  # [h, n, d_v] -> [n, h*d_v]
    """The right joint: the heads stand side by side in the row of each token."""
    return each.transpose(1, 0, 2).reshape(each.shape[1], -1)


@mutant(
    join_heads,
    "joins the heads by a reshape alone, without transposing back",
    "Believes that reshape puts the heads of one token side by side.",
)
def merge_without_transpose(each: FloatArray) -> FloatArray:  # [h, n, d_v] -> [n, h*d_v]
    return each.reshape(each.shape[1], -1)  # right: each.transpose(1, 0, 2).reshape(each.shape[1], -1)


def project_heads(each: FloatArray, w_o: FloatArray) -> FloatArray:  # [h, n, d_v], [h*d_v, d] -> [n, d]
    """Concat(H_1 .. H_h) W_O, the right output of multi-head attention (Vaswani et al. 2017, section 3.2.2)."""
    joined: FloatArray = join_heads(each)
    return joined @ w_o


@mutant(
    project_heads,
    "leaves out the output projection",
    "Believes that joining the heads is the last step.",
)
def no_output_projection(each: FloatArray, w_o: FloatArray) -> FloatArray:  # -> [n, h*d_v]
    joined: FloatArray = join_heads(each)
    return joined  # right: joined @ w_o


@mutant(
    project_heads,
    "adds the heads up instead of joining them",
    "Believes that the heads vote, and that their outputs are summed.",
)
def heads_summed(each: FloatArray, w_o: FloatArray) -> FloatArray:  # -> [n, d]
    joined: FloatArray = each.sum(axis=0)  # right: join_heads(each)
    return joined @ w_o[: joined.shape[-1]]  # only as many rows as fit


@mutant(
    project_heads,
    "averages the heads instead of joining them",
    "Believes that multi-head attention is an average over its heads.",
)
def heads_averaged(each: FloatArray, w_o: FloatArray) -> FloatArray:  # -> [n, d]
    joined: FloatArray = each.mean(axis=0)  # right: join_heads(each)
    return joined @ w_o[: joined.shape[-1]]  # only as many rows as fit


@mutant(
    project_heads,
    "joins the heads in reverse order",
    "Believes that the order of the heads does not matter to the output projection.",
)
def heads_reversed(each: FloatArray, w_o: FloatArray) -> FloatArray:  # -> [n, d]
    joined: FloatArray = join_heads(each[::-1])  # right: join_heads(each)
    return joined @ w_o


def multi_head(  # [L, d], [S, d], [S, d], h, [L, S] -> [h, L, S], [L, d]
    query: FloatArray, key: FloatArray, value: FloatArray, heads: int, mask: BoolArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """Attention in each of h heads of d/h features, and the heads joined; projections come before and after."""
    q, k, v = cut_heads(query, heads), cut_heads(key, heads), cut_heads(value, heads)
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(query.shape[-1] / heads)
    weights = softmax(hide(scores, mask), axis=-1)
    return weights, join_heads(weights @ v)


@mutant(
    multi_head,
    "scales each head by the root of d_model instead of d_k",
    "Believes that the scale is that of the whole model, not of one head.",
)
def scale_by_d_model(  # [L, d], [S, d], [S, d], h, [L, S] -> [h, L, S], [L, d]
    query: FloatArray, key: FloatArray, value: FloatArray, heads: int, mask: BoolArray | None = None
) -> tuple[FloatArray, FloatArray]:
    q, k, v = cut_heads(query, heads), cut_heads(key, heads), cut_heads(value, heads)
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(query.shape[-1])  # right: / np.sqrt(query.shape[-1] / heads)
    weights = softmax(hide(scores, mask), axis=-1)
    return weights, join_heads(weights @ v)
