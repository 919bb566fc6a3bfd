"""Attention in NumPy: the kernel, masks, heads, positions, constructed word vectors, statistics and code."""

from .case import Case, Position, compute
from .code import numpy_code, pytorch_code
from .dense import Attention, attention
from .errors import WORDS, AttentionError
from .heads import merge_heads, repeat_kv, split_heads
from .masks import allowed, causal, padding, window
from .positions import alibi_slopes, rotate, rotate_cached, sinusoidal
from .softmax import softmax
from .stats import (
    effective_keys,
    entropy,
    masked_mass,
    normalised_entropy,
    row_sum_max_err,
    total_variation,
)
from .words import folded, projections, split, vectors

__all__ = [
    "WORDS",
    "Attention",
    "AttentionError",
    "Case",
    "Position",
    "alibi_slopes",
    "allowed",
    "attention",
    "causal",
    "compute",
    "effective_keys",
    "entropy",
    "folded",
    "masked_mass",
    "merge_heads",
    "normalised_entropy",
    "numpy_code",
    "padding",
    "projections",
    "pytorch_code",
    "repeat_kv",
    "rotate",
    "rotate_cached",
    "row_sum_max_err",
    "sinusoidal",
    "softmax",
    "split",
    "split_heads",
    "total_variation",
    "vectors",
    "window",
]
