"""Cutting the feature axis into heads, joining heads again, and sharing key-value heads among query heads."""

import numpy as np

from .arrays import FloatArray
from .errors import AttentionError


def split_heads(  # [B, L, H*D] -> [B, H, L, D]
    x: FloatArray, heads: int, *, field: str = "num_heads"
) -> FloatArray:
    """Head h takes features h*D to (h+1)*D of every position: the features are split, never the sequence.

    `field` is the argument that an AttentionError names: rank, not-positive, not-divisible.
    """
    if x.ndim != 3:
        raise AttentionError("rank", "x", name="x", expected=3, rank=x.ndim)
    if heads < 1:
        raise AttentionError("not-positive", field, name=field, value=heads)
    batch, length, features = x.shape
    if features % heads:
        raise AttentionError("not-divisible", field, embed_dim=features, name=field, heads=heads)
    return x.reshape(batch, length, heads, features // heads).transpose(0, 2, 1, 3)


def merge_heads(x: FloatArray) -> FloatArray:  # [B, H, L, D] -> [B, L, H*D]
    """The inverse of `split_heads`: the heads stand side by side in each position."""
    if x.ndim != 4:
        raise AttentionError("rank", "x", name="x", expected=4, rank=x.ndim)
    batch, heads, length, features = x.shape
    return x.transpose(0, 2, 1, 3).reshape(batch, length, heads * features)


def repeat_kv(x: FloatArray, group: int) -> FloatArray:  # [B, Hkv, S, D] -> [B, Hkv*group, S, D]
    """Give each key-value head to `group` neighbouring query heads: query head h reads head h // group.

    Grouped-query attention (Ainslie et al. 2023); with one key-value head multi-query (Shazeer 2019).
    """
    return x if group == 1 else np.repeat(x, group, axis=1)
