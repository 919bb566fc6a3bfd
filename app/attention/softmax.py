"""Softmax, and softmax carried out in a chosen floating-point format."""

import numpy as np

from .arrays import FloatArray
from .errors import AttentionError

# The numbers ONNX gives to the formats that its Attention operator may use for the softmax.
FLOAT32, FLOAT16, DOUBLE, BFLOAT16 = 1, 10, 11, 16
PRECISIONS = (FLOAT32, FLOAT16, DOUBLE, BFLOAT16)


def softmax(x: FloatArray, axis: int = -1) -> FloatArray:  # [...] -> [...]
    """exp(x) / sum(exp(x)) along `axis`, in the dtype of `x`; integers become float64.

    The maximum is subtracted first, so large scores do not overflow. A row of nothing but -inf has no key to
    attend to: it gives all zeros, as in the ONNX Attention operator (opset 23 and later), not NaN.
    """
    x = np.asarray(x)
    if x.dtype.kind in "biu":
        x = x.astype(np.float64)
    zero, one = x.dtype.type(0), x.dtype.type(1)
    peak = x.max(axis=axis, keepdims=True, initial=-np.inf)
    with np.errstate(invalid="ignore", under="ignore"):
        powers = np.exp(x - np.where(np.isneginf(peak), zero, peak))
        total = powers.sum(axis=axis, keepdims=True)
        result: FloatArray = powers / np.where(total == 0, one, total)
    return result


def softmax_in(x: FloatArray, precision: int | None) -> FloatArray:  # [..., S] -> [..., S]
    """Softmax over the last axis in the format with ONNX number `precision`; the result has the dtype of `x`.

    None keeps the dtype of `x`. bfloat16, which NumPy lacks, is float32 with input and result rounded.
    """
    if precision is None:
        return softmax(x)
    if precision == BFLOAT16:
        return _bfloat16(softmax(_bfloat16(x))).astype(x.dtype)
    types = {FLOAT32: np.float32, FLOAT16: np.float16, DOUBLE: np.float64}
    if precision not in types:
        raise AttentionError("precision", "softmax_precision", value=precision)
    with np.errstate(over="ignore", under="ignore"):
        return softmax(x.astype(types[precision])).astype(x.dtype)


def _bfloat16(x: FloatArray) -> FloatArray:
    """Round to the nearest bfloat16 (ties to even): the upper half of a float32."""
    with np.errstate(over="ignore", under="ignore"):
        single = np.ascontiguousarray(x, dtype=np.float32)
    bits = single.view(np.uint32)
    nearest = (bits + np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1))) & np.uint32(0xFFFF0000)
    return np.where(np.isfinite(single), nearest.view(np.float32), single)
