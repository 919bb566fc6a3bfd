"""Counting mistakes: parameters, multiply-adds, pairs in a window, rows that change; whole numbers, computed wrongly.

n tokens, width d, h heads of d/h features each, a window of w tokens to either side.
"""

from math import sqrt

from .registry import Number, mutant


def attention_parameters(d: int, h: int) -> int:
    """Entries of W_Q, W_K, W_V of all heads and of W_O, without biases: 4 d^2, whatever h is."""
    return h * 3 * d * (d // h) + d * d


@mutant(
    attention_parameters,
    "multiplies the parameters by the number of heads",
    "Believes that every head owns four complete d × d matrices.",
)
def parameters_times_heads(d: int, h: int) -> int:
    return h * (3 * d * d + d * d)  # right: h * 3 * d * (d // h) + d * d


@mutant(
    attention_parameters,
    "counts each head's projections at full width",
    "Believes that each head projects to d features, not to d / h.",
)
def parameters_of_full_heads(d: int, h: int) -> int:
    return h * 3 * d * d + d * d  # right: h * 3 * d * (d // h) + d * d


@mutant(
    attention_parameters,
    "forgets the output projection in the count",
    "Believes that multi-head attention has three matrices, W_Q, W_K and W_V.",
)
def parameters_without_output(d: int, h: int) -> int:
    return h * 3 * d * (d // h)  # right: h * 3 * d * (d // h) + d * d


@mutant(
    attention_parameters,
    "counts one head only",
    "Believes that the heads share one set of projections.",
)
def parameters_of_one_head(d: int, h: int) -> int:
    return 3 * d * (d // h) + d * d  # right: h * 3 * d * (d // h) + d * d


def score_products(n: int, d: int, h: int) -> Number:
    """Multiply-adds of Q K^T in all heads: h n^2 (d / h) = n^2 d."""
    return h * n * n * (d // h)


@mutant(
    score_products,
    "multiplies the cost of the scores by the number of heads",
    "Believes that h heads cost h times as much as one head of full width.",
)
def cost_times_heads(n: int, d: int, h: int) -> Number:
    return h * n * n * d  # right: h * n * n * (d // h)


@mutant(
    score_products,
    "divides the cost of the scores by the number of heads",
    "Believes that heads make attention cheaper because each of them is narrower.",
)
def cost_over_heads(n: int, d: int, h: int) -> Number:
    return n * n * (d // h)  # right: h * n * n * (d // h)


@mutant(
    score_products,
    "lets the scale lower the cost to n² times the root of d",
    "Believes that dividing the scores by the root of d_k saves multiplications.",
)
def cost_over_root(n: int, d: int, h: int) -> Number:
    return n * n * sqrt(d)  # right: h * n * n * (d // h)


def window_pairs(n: int, w: int) -> int:
    """Pairs of a query and a key at most w < n apart, the windows being cut at the ends of the sequence."""
    return n * (2 * w + 1) - w * (w + 1)


@mutant(
    window_pairs,
    "stops the window one token too early",
    "Believes that the token at distance w lies outside the window.",
)
def window_off_by_one(n: int, w: int) -> int:
    return window_pairs(n, w - 1)  # right: window_pairs(n, w)


@mutant(
    window_pairs,
    "does not cut the window at the ends of the sequence",
    "Believes that the first and the last tokens have a full window too.",
)
def window_not_cut(n: int, w: int) -> int:
    return n * (2 * w + 1)  # right: n * (2 * w + 1) - w * (w + 1)


@mutant(
    window_pairs,
    "forgets that a token lies in its own window",
    "Believes that a token does not attend to itself.",
)
def window_without_self(n: int, w: int) -> int:
    return n * (2 * w) - w * (w + 1)  # right: n * (2 * w + 1) - w * (w + 1)


@mutant(
    window_pairs,
    "looks to one side only",
    "Believes that a window reaches back and never forward.",
)
def window_one_sided(n: int, w: int) -> int:
    return n * (w + 1) - w * (w + 1) // 2  # right: n * (2 * w + 1) - w * (w + 1)


@mutant(
    window_pairs,
    "counts all pairs, as if there were no window",
    "Believes that a window changes the weights but not the number of pairs.",
)
def window_ignored(n: int, w: int) -> int:
    return n * n  # right: n * (2 * w + 1) - w * (w + 1)


def rows_of_a_piece(n: int, h: int) -> int:
    """How many outputs a token can change if the sequence is cut into h pieces that never meet: n / h."""
    return n // h


@mutant(
    rows_of_a_piece,
    "lets a token reach every output, as if the sequence had not been cut",
    "Believes that pieces of a sequence still attend to each other.",
)
def pieces_still_meet(n: int, h: int) -> int:
    return n  # right: n // h


@mutant(
    rows_of_a_piece,
    "lets a token change its own output only",
    "Believes that a token's vector enters no other output than its own.",
)
def only_its_own_row(n: int, h: int) -> int:
    return 1  # right: n // h
