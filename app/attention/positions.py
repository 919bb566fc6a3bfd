"""Where a token stands: sinusoids added to vectors, rotated queries and keys, slopes over distance."""

import numpy as np
from numpy.typing import NDArray

from .arrays import FloatArray, IntArray
from .errors import AttentionError


def sinusoidal(n: int, width: int, base: float = 10000.0) -> NDArray[np.float64]:  # -> [n, width]
    """PE[p, 2i] = sin(p / base^(2i/width)) and PE[p, 2i+1] = cos of the same (Vaswani et al. 2017, 3.5).

    Angles are in radians. With an odd width the last cosine is left out.
    """
    if width < 1:
        raise AttentionError("not-positive", "embed_dim", name="embed_dim", value=width)
    angles = _angles(np.arange(n), width + width % 2, base, over=width)
    waves = np.stack([np.sin(angles), np.cos(angles)], axis=-1)
    return waves.reshape(n, -1)[:, :width]


def rotate(  # [..., n, D], [n] -> [..., n, D]
    x: FloatArray, positions: IntArray, base: float = 10000.0, interleaved: bool = False
) -> FloatArray:
    """RoPE (Su et al. 2021): turn pair i of each query or key by position / base^(2i/D) radians.

    A pair is (i, i + D/2), or (2i, 2i+1) when interleaved. Norms stay, and the product of a rotated query and
    key depends only on the distance of their positions. D must be even (rotary-odd). Keeps the dtype of `x`.
    """
    features = x.shape[-1]
    if features % 2:
        raise AttentionError("rotary-odd", "x", features=features)
    angles = _angles(np.asarray(positions), features, base, over=features)
    return _turned(x, np.cos(angles).astype(x.dtype), np.sin(angles).astype(x.dtype), interleaved)


def rotate_cached(  # [B, H, L, D] or [B, L, H*D] -> the same
    x: FloatArray,
    cos_cache: FloatArray,  # [P, R/2] with position_ids, else [B, L, R/2]
    sin_cache: FloatArray,
    position_ids: IntArray | None = None,  # [B, L]
    *,
    interleaved: bool = False,
    rotary_embedding_dim: int = 0,
    num_heads: int = 0,
) -> FloatArray:
    """RoPE with ready cosines and sines, as the ONNX RotaryEmbedding operator (opset 23) defines it.

    Only the first R = rotary_embedding_dim features of each head are turned; 0 means all of them.
    """
    if x.ndim == 3:
        if num_heads < 1 or x.shape[2] % num_heads:
            raise AttentionError("not-divisible", "num_heads", embed_dim=x.shape[2], name="num_heads", heads=num_heads)
        split = x.reshape(*x.shape[:2], num_heads, -1).swapaxes(1, 2)
        turned = rotate_cached(
            split,
            cos_cache,
            sin_cache,
            position_ids,
            interleaved=interleaved,
            rotary_embedding_dim=rotary_embedding_dim,
        )
        return turned.swapaxes(1, 2).reshape(x.shape)
    size = rotary_embedding_dim or x.shape[-1]
    _check_rotary(size, x, cos_cache, sin_cache)
    if position_ids is not None:
        cos_cache, sin_cache = cos_cache[position_ids], sin_cache[position_ids]
    turned = _turned(x[..., :size], cos_cache[:, None], sin_cache[:, None], bool(interleaved))
    return np.concatenate([turned, x[..., size:]], axis=-1)


def alibi_slopes(heads: int) -> NDArray[np.float64]:  # -> [heads]
    """Slopes 2^(-8h/H) for h = 1..H; head h adds -slope * (i - j) to the score (ALiBi, Press et al. 2021).

    For a number of heads that is no power of two the paper's code interpolates; this is the plain formula.
    """
    if heads < 1:
        raise AttentionError("not-positive", "num_heads", name="num_heads", value=heads)
    return 2.0 ** (-8.0 * np.arange(1, heads + 1) / heads)


def _angles(  # [n] -> [n, size/2]
    positions: IntArray, size: int, base: float, over: int
) -> NDArray[np.float64]:
    frequencies = base ** (-np.arange(0, size, 2) / over)
    return np.multiply.outer(positions.astype(np.float64), frequencies)


def _turned(x: FloatArray, cos: FloatArray, sin: FloatArray, interleaved: bool) -> FloatArray:
    half = x.shape[-1] // 2
    first, second = (x[..., 0::2], x[..., 1::2]) if interleaved else (x[..., :half], x[..., half:])
    pair = (first * cos - second * sin, first * sin + second * cos)
    if interleaved:
        return np.stack(pair, axis=-1).reshape(x.shape)
    return np.concatenate(pair, axis=-1)


def _check_rotary(size: int, x: FloatArray, cos: FloatArray, sin: FloatArray) -> None:
    if x.ndim != 4:
        raise AttentionError("rank", "x", name="x", expected="3 or 4", rank=x.ndim)
    if size % 2 or not 0 < size <= x.shape[-1]:
        raise AttentionError("rotary-dim", "rotary_embedding_dim", features=x.shape[-1], dim=size)
    for name, cache in (("cos_cache", cos), ("sin_cache", sin)):
        if cache.shape[-1] != size // 2:
            raise AttentionError("rotary-cache", name, name=name, expected=size // 2, size=cache.shape[-1])
