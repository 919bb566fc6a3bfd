"""Scaled dot-product attention with every stage kept, after the definition of the ONNX Attention operator."""

import math
from typing import NamedTuple

import numpy as np

from .arguments import (
    check_heads,
    check_lengths,
    check_numbers,
    check_past,
    check_ranks,
    check_shapes,
    check_types,
    checked_mask,
)
from .arrays import BoolArray, FloatArray, IntArray, MaskArray
from .errors import AttentionError
from .heads import merge_heads, repeat_kv, split_heads
from .masks import allowed
from .softmax import softmax_in

Shape = tuple[int, int, int, int]  # [B, H, L, S]


class Attention(NamedTuple):
    """The stages of one attention in formula order: B sequences, H query heads, L queries, S keys."""

    products: FloatArray  # [B, H, L, S]  Q K^T
    scores: FloatArray  # [B, H, L, S]  times scale (ONNX qk_matmul_output_mode 0)
    capped: FloatArray  # [B, H, L, S]  softcap * tanh(scores / softcap) (mode 1)
    biased: FloatArray  # [B, H, L, S]  plus the mask, -inf where a key may not be seen (mode 2)
    weights: FloatArray  # [B, H, L, S]  softmax of each row (mode 3)
    output: FloatArray  # [B, H, L, D_v], or [B, L, H*D_v] for three-dimensional input
    present_key: FloatArray  # [B, Hkv, S, D]  past and new keys
    present_value: FloatArray  # [B, Hkv, S, D_v]
    allowed: BoolArray  # [B, H, L, S]  True = may attend (read-only)


def attention(  # [B, H, L, D], [B, Hkv, S, D], [B, Hkv, S, D_v] -> [B, H, L, D_v]
    query: FloatArray,
    key: FloatArray,
    value: FloatArray,
    *,
    attn_mask: MaskArray | None = None,
    is_causal: bool = False,
    scale: float | None = None,
    softcap: float = 0.0,
    q_num_heads: int | None = None,
    kv_num_heads: int | None = None,
    past_key: FloatArray | None = None,
    past_value: FloatArray | None = None,
    nonpad_kv_seqlen: IntArray | None = None,
    left_window_size: int = -1,
    right_window_size: int = -1,
    softmax_precision: int | None = None,
) -> Attention:
    """softmax(Q K^T * scale + mask) V (Vaswani et al. 2017), as opset 25 of ONNX defines it.

    Input of shape [B, L, heads*D] is split by `q_num_heads` and `kv_num_heads` (unless given, the same).
    `scale` is 1/sqrt(D) unless given. `attn_mask` is boolean (True = may attend) or added to the scores; it
    broadcasts to [B, H, L, S] from the right, but if its last axis is shorter than S, the keys left over are
    masked. A query stands at its index plus the length of the past, or plus nonpad_kv_seqlen - L; `is_causal`
    and windows count from there. They, the mask and the lengths all apply together. A query without
    any allowed key gets zero weights and a zero output. What stands in a masked key or value, even NaN, does
    not reach the output. float16 and bfloat16 are computed in float32; every result has the dtype of the
    query. `softmax_precision` is an ONNX type number. Raises AttentionError.
    """
    check_numbers(scale, softcap, left_window_size, right_window_size, softmax_precision)
    q, k, v = _split(np.asarray(query), np.asarray(key), np.asarray(value), q_num_heads, kv_num_heads)
    keys, values, past = _join(k, v, past_key, past_value)
    shape = (*q.shape[:3], keys.shape[2])  # of the scores
    lengths = None if nonpad_kv_seqlen is None else np.asarray(nonpad_kv_seqlen)
    check_lengths(lengths, past_key is not None, shape[0], shape[3])
    mask = None if attn_mask is None else _padded(checked_mask(attn_mask, shape), shape)
    seen = _seen(shape, past, lengths, bool(is_causal), left_window_size, right_window_size)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):  # of masked garbage, which is dropped
        stages = _stages(q, keys, values, mask, seen, scale, softcap, softmax_precision)
    return stages if np.ndim(query) == 4 else stages._replace(output=merge_heads(stages.output))


def _split(
    query: FloatArray, key: FloatArray, value: FloatArray, q_heads: int | None, kv_heads: int | None
) -> tuple[FloatArray, FloatArray, FloatArray]:  # -> [B, H, L, D], [B, Hkv, S, D], [B, Hkv, S, D_v]
    check_types(query, key, value)
    check_ranks(query, key, value)
    if query.ndim == 3:
        if q_heads is None:
            raise AttentionError("heads-missing", "q_num_heads")
        kv_heads = q_heads if kv_heads is None else kv_heads
        query = split_heads(query, q_heads, field="q_num_heads")
        key, value = (split_heads(x, kv_heads, field="kv_num_heads") for x in (key, value))
    else:
        check_heads(query, key, q_heads, kv_heads)
    check_shapes(query, key, value)
    return query, key, value


def _join(
    key: FloatArray, value: FloatArray, past_key: FloatArray | None, past_value: FloatArray | None
) -> tuple[FloatArray, FloatArray, int]:
    """The cached keys and values stand before the new ones; also how many there are."""
    check_past(past_key, past_value, key, value)
    if past_key is None or past_value is None:
        return key, value, 0
    joined = (np.concatenate(pair, axis=2) for pair in ((past_key, key), (past_value, value)))
    return *joined, past_key.shape[2]


def _seen(
    shape: Shape, past: int, lengths: IntArray | None, is_causal: bool, left: int, right: int
) -> BoolArray | None:  # [L, S] or [B, 1, L, S]; None where every key may be seen
    if not is_causal and left < 0 and right < 0 and lengths is None:
        return None
    n_q, n_k = shape[2:]
    offset = past if lengths is None else lengths.reshape(-1) - n_q
    return allowed(n_q, n_k, is_causal=is_causal, left=left, right=right, offset=offset, lengths=lengths)


def _padded(mask: MaskArray, shape: Shape) -> MaskArray:  # last axis -> S
    short = shape[3] - mask.shape[-1]
    if not short:
        return mask
    fill = False if mask.dtype.kind == "b" else -np.inf
    rest = np.full((*mask.shape[:-1], short), fill, dtype=mask.dtype)
    return np.concatenate([mask, rest], axis=-1)


def _stages(
    query: FloatArray,  # [B, H, L, D]
    key: FloatArray,  # [B, Hkv, S, D]
    value: FloatArray,  # [B, Hkv, S, D_v]
    mask: MaskArray | None,
    seen: BoolArray | None,
    scale: float | None,
    softcap: float,
    precision: int | None,
) -> Attention:
    dtype = query.dtype
    working = np.dtype(np.float32) if dtype.itemsize < 4 else dtype
    q, k, v = (x.astype(working, copy=False) for x in (query, key, value))
    group = query.shape[1] // key.shape[1]
    factor = 1 / math.sqrt(query.shape[3]) if scale is None else scale

    products = q @ repeat_kv(k, group).swapaxes(-1, -2)
    scores = products * working.type(factor)  # a bare np.sqrt would promote float32 to float64
    capped = _capped(scores, softcap)
    biased, seen = _biased(capped, mask, seen)
    weights = softmax_in(biased, precision)
    output = _mix(weights, repeat_kv(v, group), seen)

    return Attention(
        products.astype(dtype, copy=False),
        scores.astype(dtype, copy=False),
        capped.astype(dtype, copy=False),
        biased.astype(dtype, copy=False),
        weights.astype(dtype, copy=False),
        output.astype(dtype, copy=False),
        present_key=key,
        present_value=value,
        allowed=np.broadcast_to(np.True_ if seen is None else seen, products.shape),
    )


def _capped(scores: FloatArray, softcap: float) -> FloatArray:  # before the mask, so that -inf stays -inf
    if softcap == 0:
        return scores
    cap = scores.dtype.type(softcap)
    return cap * np.tanh(scores / cap)


def _biased(
    scores: FloatArray, mask: MaskArray | None, seen: BoolArray | None
) -> tuple[FloatArray, BoolArray | None]:  # [B, H, L, S] and what may be seen after all
    if mask is not None:
        if mask.dtype.kind == "b":
            open_to: BoolArray = mask.astype(np.bool_, copy=False)
        else:
            bias = mask.astype(scores.dtype, copy=False)
            scores = scores + bias
            open_to = ~np.isneginf(bias)
        seen = open_to if seen is None else seen & open_to
    if seen is None:
        return scores, None
    # Chosen, not added: a masked score may be NaN or inf, and NaN - inf is NaN.
    return np.where(seen, scores, scores.dtype.type(-np.inf)), seen


def _mix(weights: FloatArray, value: FloatArray, seen: BoolArray | None) -> FloatArray:  # -> [B, H, L, D_v]
    """weights @ value, where a value that a query may not see counts as 0: 0 * NaN would be NaN."""
    if seen is None or np.isfinite(value).all():
        return weights @ value
    broken = ~np.isfinite(value)
    seen = np.broadcast_to(seen, weights.shape)
    met = seen.astype(weights.dtype) @ broken.astype(weights.dtype) > 0
    return np.where(met, weights @ value, weights @ np.where(broken, value.dtype.type(0), value))
