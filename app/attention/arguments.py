"""The checks that attention() makes on its arguments before it computes anything."""

import math

import numpy as np

from .arrays import FloatArray, IntArray, MaskArray
from .errors import AttentionError
from .softmax import PRECISIONS

FLOATS = ("float16", "bfloat16", "float32", "float64")


def check_types(query: FloatArray, key: FloatArray, value: FloatArray) -> None:
    for name, x in (("query", query), ("key", key), ("value", value)):
        if x.dtype.name not in FLOATS:
            raise AttentionError("dtype", name, name=name, dtype=x.dtype.name)
    if not query.dtype == key.dtype == value.dtype:
        names = {"query": query.dtype.name, "key": key.dtype.name, "value": value.dtype.name}
        raise AttentionError("dtype-mismatch", "key" if key.dtype != query.dtype else "value", **names)


def check_ranks(query: FloatArray, key: FloatArray, value: FloatArray) -> None:
    if query.ndim not in (3, 4):
        raise AttentionError("rank", "query", name="query", expected="3 or 4", rank=query.ndim)
    if not query.ndim == key.ndim == value.ndim:
        odd = "key" if key.ndim != query.ndim else "value"
        raise AttentionError("rank-mismatch", odd, query=query.ndim, key=key.ndim, value=value.ndim)


def check_numbers(scale: float | None, softcap: float, left: int, right: int, precision: int | None) -> None:
    if scale is not None and not math.isfinite(scale):
        raise AttentionError("scale", "scale", value=str(scale))
    if not (math.isfinite(softcap) and softcap >= 0):
        raise AttentionError("softcap", "softcap", value=str(softcap))
    for name, size in (("left_window_size", left), ("right_window_size", right)):
        if size < -1:
            raise AttentionError("window", name, name=name, value=size)
    if precision is not None and precision not in PRECISIONS:
        raise AttentionError("precision", "softmax_precision", value=precision)


def check_heads(query: FloatArray, key: FloatArray, q_heads: int | None, kv_heads: int | None) -> None:
    """Rank 4 arrays carry their heads in axis 1; a number given as well must agree."""
    for name, given, x in (("q_num_heads", q_heads, query), ("kv_num_heads", kv_heads, key)):
        if given is not None and given != x.shape[1]:
            raise AttentionError("heads-mismatch", name, name=name, heads=given, actual=x.shape[1])


def check_shapes(query: FloatArray, key: FloatArray, value: FloatArray) -> None:  # [B, heads, length, D]
    for name, x in (("query", query), ("key", key), ("value", value)):
        if x.shape[3] == 0 or x.shape[1] == 0:
            raise AttentionError("empty", name, name=name, shape=_text(x.shape))
    _same("key", key, "query", query, (0, 3))
    _same("value", value, "key", key, (0, 1, 2))
    if query.shape[1] % key.shape[1]:
        raise AttentionError("heads-not-divisible", "kv_num_heads", q_heads=query.shape[1], kv_heads=key.shape[1])


def check_past(past_key: FloatArray | None, past_value: FloatArray | None, key: FloatArray, value: FloatArray) -> None:
    if past_key is None and past_value is None:
        return
    if past_key is None or past_value is None:
        missing = "past_key" if past_key is None else "past_value"
        raise AttentionError("past-pair", missing, missing=missing)
    past = past_key.shape[2] if past_key.ndim == 4 else "P"
    for name, x, new in (("past_key", past_key, key), ("past_value", past_value, value)):
        expected = (*new.shape[:2], past, new.shape[3])
        if x.shape != expected:
            shapes = {"expected": _text(expected), "shape": _text(x.shape)}
            raise AttentionError("past-shape", name, name=name, **shapes)
        if x.dtype != key.dtype:
            raise AttentionError("past-dtype", name, name=name, dtype=x.dtype.name, expected=key.dtype.name)


def check_lengths(lengths: IntArray | None, has_past: bool, batch: int, n_k: int) -> None:
    if lengths is None:
        return
    if has_past:
        raise AttentionError("nonpad-with-past", "nonpad_kv_seqlen")
    if lengths.shape not in ((batch,), (batch, 1)) or lengths.dtype.kind not in "iu":
        raise AttentionError("nonpad-shape", "nonpad_kv_seqlen", batch=batch, shape=_text(lengths.shape))
    outside = lengths[(lengths < 0) | (lengths > n_k)]
    if outside.size:
        raise AttentionError("nonpad-range", "nonpad_kv_seqlen", keys=n_k, value=int(outside.flat[0]))


def checked_mask(attn_mask: MaskArray, scores_shape: tuple[int, ...]) -> MaskArray:
    """The last axis may be shorter than the keys; each other axis fits the scores, or is 1, or is absent."""
    mask = np.asarray(attn_mask)
    if mask.dtype.kind != "b" and mask.dtype.name not in FLOATS:
        raise AttentionError("mask-dtype", "attn_mask", dtype=mask.dtype.name)
    fits = 1 <= mask.ndim <= 4 and mask.shape[-1] <= scores_shape[-1]
    outer = zip(mask.shape[-2::-1], scores_shape[-2::-1], strict=False)
    if not (fits and all(size in (1, want) for size, want in outer)):
        raise AttentionError("mask-shape", "attn_mask", shape=_text(mask.shape), expected=_text(scores_shape))
    return mask


def _same(name: str, x: FloatArray, other: str, y: FloatArray, dims: tuple[int, ...]) -> None:
    for dim in dims:
        if x.shape[dim] != y.shape[dim]:
            raise AttentionError(
                "shape-mismatch",
                name,
                name=name,
                shape=_text(x.shape),
                other=other,
                other_shape=_text(y.shape),
                dim=dim,
            )


def _text(shape: tuple[int | str, ...]) -> str:
    return "[" + ", ".join(str(size) for size in shape) + "]"
