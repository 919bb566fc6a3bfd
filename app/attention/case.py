"""One computation of attention as plain data: tokens or arrays and every setting, and its result."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from .arguments import checked_mask
from .arrays import FloatArray, MaskArray
from .dense import Attention, attention
from .errors import AttentionError
from .heads import split_heads
from .positions import alibi_slopes, rotate, sinusoidal
from .words import projections, vectors

Nested: TypeAlias = "float | bool | Sequence[Nested] | None"
Position = Literal["none", "sinusoidal", "rope", "alibi"]


@dataclass(frozen=True)
class Case:
    """Either `tokens`, from which vectors and projections are constructed, or `query`, `key` and `value`.

    Everything is computed in float64. `attn_mask`: True = may attend, or numbers to add, with None for minus
    infinity. `key_padding_mask` [B, S]: True = padding, not to be seen, as in PyTorch's MultiheadAttention.
    Arrays of three dimensions are split into `num_heads` and `kv_num_heads`; those of four have theirs.
    """

    tokens: Sequence[str] | None = None
    memory_tokens: Sequence[str] | None = None  # keys and values come from these: cross-attention
    width: int = 32
    num_heads: int = 4
    kv_num_heads: int | None = None
    position: Position = "none"
    query: Nested = None
    key: Nested = None
    value: Nested = None
    scale: float | None = None
    softcap: float = 0.0
    is_causal: bool = False
    attn_mask: Nested = None
    key_padding_mask: Nested = None
    past_key: Nested = None
    past_value: Nested = None
    nonpad_kv_seqlen: Sequence[int] | None = None
    left_window_size: int = -1
    right_window_size: int = -1


def compute(case: Case) -> Attention:
    """Carry the case out with `attention`; the result is batched, [B, H, L, S], also for tokens (B = 1)."""
    query, key, value = inputs(case)
    past = array(case.past_key, "past_key")
    past_value = array(case.past_value, "past_value")
    lengths = None if case.nonpad_kv_seqlen is None else np.array(case.nonpad_kv_seqlen)
    n_past = 0 if past is None or past.ndim != 4 else past.shape[2]
    return attention(
        query,
        key,
        value,
        attn_mask=_bias(case, (*query.shape[:3], key.shape[2] + n_past), n_past),
        is_causal=case.is_causal,
        scale=case.scale,
        softcap=case.softcap,
        past_key=past,
        past_value=past_value,
        nonpad_kv_seqlen=lengths,
        left_window_size=case.left_window_size,
        right_window_size=case.right_window_size,
    )


def inputs(case: Case) -> tuple[FloatArray, FloatArray, FloatArray]:  # [B, H, L, D], [B, Hkv, S, D] twice
    """Query, key and value of a case, split into heads and, where the case says so, with positions."""
    if case.position not in get_args(Position):
        raise AttentionError("position", "position", value=str(case.position))
    query, key, value = (array(x, n) for x, n in _named(case))
    if case.tokens is not None and query is None and key is None and value is None:
        return _from_tokens(case, case.tokens)
    if case.tokens is not None or query is None or key is None or value is None:
        raise AttentionError("case", "tokens")
    if case.position != "none":
        raise AttentionError("position-raw", "position", value=case.position)
    return _from_arrays(case, query, key, value)


def array(nested: Nested, name: str) -> NDArray[np.float64] | None:
    """None stays None; rows of unequal length raise AttentionError."""
    if nested is None:
        return None
    try:
        return np.array(nested, dtype=np.float64)
    except ValueError:
        raise AttentionError("ragged", name, name=name) from None


def mask_array(nested: Nested, name: str = "attn_mask") -> MaskArray:
    """Booleans stay booleans; in a mask of numbers None is minus infinity."""
    try:
        filled = np.array(_filled(nested))
    except ValueError:
        raise AttentionError("ragged", name, name=name) from None
    return filled if filled.dtype == np.bool_ else filled.astype(np.float64)


def _named(case: Case) -> list[tuple[Nested, str]]:
    return [(case.query, "query"), (case.key, "key"), (case.value, "value")]


def _from_arrays(
    case: Case, query: FloatArray, key: FloatArray, value: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    if query.ndim == key.ndim == value.ndim == 3:
        kv_heads = case.num_heads if case.kv_num_heads is None else case.kv_num_heads
        query = split_heads(query, case.num_heads)
        key, value = (split_heads(x, kv_heads, field="kv_num_heads") for x in (key, value))
    for name, x in (("query", query), ("key", key), ("value", value)):
        if x.ndim != 4:
            raise AttentionError("rank", name, name=name, expected="3 or 4", rank=x.ndim)
    return query, key, value


def _from_tokens(case: Case, tokens: Sequence[str]) -> tuple[FloatArray, FloatArray, FloatArray]:
    past = array(case.past_key, "past_key")
    start = 0 if past is None or past.ndim != 4 else past.shape[2]
    memory = tokens if case.memory_tokens is None else case.memory_tokens
    shift = start if case.memory_tokens is None else 0
    w_q, w_k, w_v = projections(case.width, case.num_heads, case.kv_num_heads)
    x, m = vectors(tokens, case.width), vectors(memory, case.width)
    if case.position == "sinusoidal":
        x = x + sinusoidal(start + len(x), case.width)[start:]
        m = m + sinusoidal(shift + len(m), case.width)[shift:]
    kv_heads = case.num_heads if case.kv_num_heads is None else case.kv_num_heads
    query = split_heads((x @ w_q)[None], case.num_heads)
    key, value = (split_heads((m @ w)[None], kv_heads) for w in (w_k, w_v))
    if case.position == "rope":
        query = rotate(query, start + np.arange(len(x)))
        key = rotate(key, shift + np.arange(len(m)))
    return query, key, value


def _bias(case: Case, shape: tuple[int, ...], past: int) -> MaskArray | None:
    """attn_mask, key_padding_mask and ALiBi as one mask for `attention`."""
    batch, _, n_q, n_k = shape
    mask = None if case.attn_mask is None else checked_mask(mask_array(case.attn_mask), shape)
    if case.key_padding_mask is None and case.position != "alibi":
        return mask
    bias = np.zeros((1, 1, 1, n_k))
    if mask is not None:
        bias = bias + _additive(mask, n_k)
    if case.key_padding_mask is not None:
        padded = mask_array(case.key_padding_mask, "key_padding_mask").astype(np.bool_)
        if padded.shape != (batch, n_k):
            shapes = {"expected": str([batch, n_k]), "shape": str(list(padded.shape))}
            raise AttentionError("padding-shape", "key_padding_mask", **shapes)
        bias = np.where(padded[:, None, None, :], -np.inf, bias)
    if case.position == "alibi":
        distance = past + np.arange(n_q)[:, None] - np.arange(n_k)
        bias = bias - alibi_slopes(case.num_heads)[:, None, None] * np.abs(distance)
    return bias


def _additive(mask: MaskArray, n_k: int) -> NDArray[np.float64]:
    bias = np.where(mask, 0.0, -np.inf) if mask.dtype == np.bool_ else mask.astype(np.float64)
    missing = [(0, 0)] * (bias.ndim - 1) + [(0, n_k - bias.shape[-1])]
    return np.pad(bias, missing, constant_values=-np.inf)


def _filled(nested: Nested) -> Nested:
    if isinstance(nested, Sequence):
        return [_filled(x) for x in nested]
    return -np.inf if nested is None else nested
