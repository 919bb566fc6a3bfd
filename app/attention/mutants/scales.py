"""Mistakes about the scale as a number: the factor itself, and the spread of a dot product it answers to."""

from math import sqrt

from .registry import mutant


def scale_factor(d: int, h: int) -> float:
    """What Q K^T is multiplied by in a head of d/h features: 1/sqrt(d/h) (Vaswani et al. 2017, section 3.2.1)."""
    return 1 / sqrt(d / h)


@mutant(
    scale_factor,
    "takes the root of d_model instead of the width of one head",
    "Believes that the scale belongs to the whole model.",
)
def factor_of_d_model(d: int, h: int) -> float:
    return 1 / sqrt(d)  # right: 1 / sqrt(d / h)


@mutant(
    scale_factor,
    "takes the root of the number of heads",
    "Believes that the scale makes up for the number of heads.",
)
def factor_of_heads(d: int, h: int) -> float:
    return 1 / sqrt(h)  # right: 1 / sqrt(d / h)


@mutant(
    scale_factor,
    "divides by the width of a head instead of its root",
    "Believes that the factor is one over d_k.",
)
def factor_without_root(d: int, h: int) -> float:
    return 1 / (d / h)  # right: 1 / sqrt(d / h)


@mutant(
    scale_factor,
    "multiplies by the root instead of dividing by it",
    "Believes that scores are made larger before the softmax.",
)
def factor_inverted(d: int, h: int) -> float:
    return sqrt(d / h)  # right: 1 / sqrt(d / h)


def dot_spread(d: int, query_std: float, key_std: float) -> float:
    """Standard deviation of q . k for d independent components with mean 0 (Vaswani et al. 2017, footnote 4)."""
    return sqrt(d) * query_std * key_std


@mutant(
    dot_spread,
    "gives the variance instead of the standard deviation",
    "Believes that the variance and the standard deviation are the same.",
)
def variance_for_spread(d: int, query_std: float, key_std: float) -> float:
    return d * query_std**2 * key_std**2  # right: sqrt(d) * query_std * key_std


@mutant(
    dot_spread,
    "lets the spread grow like d instead of its root",
    "Believes that standard deviations of independent terms add up.",
)
def spread_without_root(d: int, query_std: float, key_std: float) -> float:
    return d * query_std * key_std  # right: sqrt(d) * query_std * key_std


@mutant(
    dot_spread,
    "lets the number of features have no effect on the spread",
    "Believes that a dot product spreads as far as one of its terms.",
)
def spread_of_one_term(d: int, query_std: float, key_std: float) -> float:
    return query_std * key_std  # right: sqrt(d) * query_std * key_std
