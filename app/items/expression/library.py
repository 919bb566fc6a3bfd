"""The attention library and the named bugs as functions of an expression: one array or number comes back."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from app import attention
from app.attention.arrays import MaskArray
from app.attention.mutants import EXPRESSION_NAMES

from .arguments import Function, axis_of, function, scalar, sides_of
from .errors import ExpressionError
from .sizes import MAX_ARRAY, Room, product, shape_text
from .values import Array, as_array, as_floats, settled, whole

_SIDE = 64
_ONE_THREAD = _SIDE**3  # multiplications of one product; beyond, a BLAS starts threads


def outside(run: Callable[..., object], room: Room, given: tuple[object, ...]) -> object:
    """A function that knows nothing of the room: what it may use up follows from the sizes of its arguments."""
    arrays = [value for value in given if isinstance(value, np.ndarray)]
    side = max((max(array.shape, default=1) for array in arrays), default=1)
    batch = 1
    for array in arrays:
        batch *= max(int(np.prod(array.shape[:-2])), 1)
    parts = min(max((value for value in given if isinstance(value, int)), default=1), side)  # heads, perhaps
    work = batch * max(parts, 1) * side * side
    if work * side > _ONE_THREAD:
        raise ExpressionError("too-large", shape=shape_text((side, side)), limit=_SIDE**2)
    room.take((work,), 16)
    room.multiply(work * side)
    result = run(*given)
    if isinstance(result, np.ndarray):
        room.take(result.shape)
    elif not isinstance(result, (bool, int, float, np.generic)):
        raise ExpressionError("result")
    return settled(result)


def _attention(
    room: Room, query: object, key: object, value: object, mask: object = None, scale: object = None
) -> object:
    """softmax(Q K^T * scale, masked) V of matrices; scale is 1/sqrt(d_k) unless given, mask True = may attend."""
    return _stages(room, query, key, value, mask, scale).output[0, 0]


def _weights(room: Room, query: object, key: object, mask: object = None, scale: object = None) -> object:
    return _stages(room, query, key, key, mask, scale).weights[0, 0]


def _stages(room: Room, query: object, key: object, value: object, mask: object, scale: object) -> attention.Attention:
    q, k, v = (_matrix(one, room) for one in (query, key, value))
    shape, products = product(q.shape, k.T.shape)
    room.take(shape, 16)
    room.take((shape[0], v.shape[1]))
    products = max(products, shape[0] * shape[1] * v.shape[1])
    if products > _ONE_THREAD:
        raise ExpressionError("too-large", shape=shape_text(shape), limit=_SIDE**2)
    room.multiply(2 * products)
    allowed = None if mask is None else _mask(as_array(mask, "attention", room))
    factor = None if scale is None else float(scalar(scale, "attention"))
    return attention.attention(q[None, None], k[None, None], v[None, None], attn_mask=allowed, scale=factor)


def _mask(mask: Array) -> MaskArray:
    """Whole numbers say yes or no; decimals are added to the scores."""
    return mask != 0 if mask.dtype == np.int64 else np.asarray(mask, dtype=mask.dtype)


def _matrix(value: object, room: Room) -> NDArray[np.float64]:
    array = as_floats(value, "attention", room)
    if array.ndim != 2:
        raise ExpressionError("dimensions", name="attention", expected=2, shape=shape_text(array.shape))
    return array


def _entropy(room: Room, weights: object) -> object:
    array = as_floats(weights, "entropy", room)
    axis_of(-1, array.shape)
    room.take(array.shape, 8)
    return attention.entropy(array)


def _causal(room: Room, n_q: object, n_k: object = None, offset: object = 0) -> object:
    rows, keys = room.take(sides_of((n_q, n_q if n_k is None else n_k), "causal"), 4)
    return attention.causal(rows, keys, _place(offset, "causal"))


def _window(room: Room, n_q: object, n_k: object, left: object, right: object, offset: object = 0) -> object:
    rows, keys = room.take(sides_of((n_q, n_k), "window"), 6)
    return attention.window(rows, keys, *(_place(one, "window") for one in (left, right, offset)))


def _split_heads(room: Room, x: object, heads: object) -> object:
    """[n, h*d] -> [h, n, d]; with a batch axis before both."""
    array = as_floats(x, "split_heads", room)
    room.take(array.shape)
    split = attention.split_heads(array if array.ndim == 3 else array[None], whole(heads, "split_heads"))
    return split if array.ndim == 3 else split[0]


def _merge_heads(room: Room, x: object) -> object:
    """[h, n, d] -> [n, h*d]; with a batch axis before both."""
    array = as_floats(x, "merge_heads", room)
    room.take(array.shape)
    return attention.merge_heads(array) if array.ndim == 4 else attention.merge_heads(array[None])[0]


def _place(value: object, name: str) -> int:
    return max(min(whole(value, name), MAX_ARRAY), -MAX_ARRAY)


def _named_bug(name: str, run: Callable[..., object]) -> Function:
    def called(room: Room, *given: object) -> object:
        return outside(run, room, tuple(_plain(one, name, room) for one in given))

    return function(name, called)


def _plain(value: object, name: str, room: Room) -> object:
    return as_array(value, name, room) if isinstance(value, (list, tuple)) else value


LIBRARY: dict[str, Function] = {
    "attention": function("attention", _attention),
    "weights": function("weights", _weights),
    "entropy": function("entropy", _entropy),
    "causal": function("causal", _causal),
    "window": function("window", _window),
    "split_heads": function("split_heads", _split_heads),
    "merge_heads": function("merge_heads", _merge_heads),
    **{name: _named_bug(name, run) for name, run in EXPRESSION_NAMES.items()},
}
