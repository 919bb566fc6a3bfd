"""Arrays made, joined and given another shape; how large they become is known before."""

import math
from collections.abc import Callable

import numpy as np

from .arguments import Function, axis_of, function, scalar, shape_of, sides_of
from .errors import ExpressionError
from .sizes import MAX_ARRAY, Room, shape_text
from .values import as_array, whole

_BEYOND = MAX_ARRAY + 1


def concatenate(room: Room, arrays: object, axis: object = -1) -> object:
    """Along the last axis unless told otherwise: heads stand side by side in the features."""
    if not isinstance(arrays, (list, tuple)) or not arrays:
        raise ExpressionError("arguments", name="concat", usage="concat([a, b], axis=-1)")
    room.step(len(arrays))
    parts = [as_array(one, "concat", room) for one in arrays]
    number = axis_of(axis, parts[0].shape)
    if number is None:
        raise ExpressionError("not-whole", name="axis")
    shapes = [list(part.shape) for part in parts]
    for shape in shapes:
        if len(shape) == parts[0].ndim:
            shape[number] = 0
    if any(shape != shapes[0] for shape in shapes):
        texts = ", ".join(shape_text(part.shape) for part in parts[:4])
        raise ExpressionError("join", shapes=texts, axis=number)
    shapes[0][number] = sum(part.shape[number] for part in parts)
    room.take(shapes[0])
    return np.concatenate(parts, axis=number)


def arange(room: Room, start: object, stop: object = None, step: object = 1) -> object:
    first, last, stride = (scalar(one, "arange") for one in ((0, start, step) if stop is None else (start, stop, step)))
    if stride == 0 or not all(math.isfinite(one) for one in (first, last, stride)):
        raise ExpressionError("not-computed", name="arange")
    if all(isinstance(one, int) for one in (first, last, stride)):
        count = len(range(int(first), int(last), int(stride))) if abs(last) + abs(first) < 2**62 else _BEYOND
    else:
        count = int(min(max(math.ceil((last - first) / stride), 0), _BEYOND))
    room.take((count,))
    return np.arange(first, last, stride)


def eye(room: Room, n: object, m: object = None, k: object = 0) -> object:
    rows = _side(n, "eye")
    columns = rows if m is None else _side(m, "eye")
    room.take((rows, columns))
    return np.eye(rows, columns, k=_diagonal(k, "eye"))


def ones(room: Room, shape: object, dtype: object = float) -> object:
    return np.ones(room.take(sides_of(shape, "ones")), _kind(dtype, "ones"))


def zeros(room: Room, shape: object, dtype: object = float) -> object:
    return np.zeros(room.take(sides_of(shape, "zeros")), _kind(dtype, "zeros"))


def reshape(room: Room, x: object, *shape: object) -> object:
    array = as_array(x, "reshape", room)
    sides = shape_of(shape, "reshape")
    room.take([abs(side) for side in sides])
    try:
        return array.reshape(sides)
    except ValueError:
        raise ExpressionError("reshape", a=shape_text(array.shape), b=shape_text(sides)) from None


def transpose(room: Room, x: object, *axes: object) -> object:
    array = as_array(x, "transpose", room)
    order = shape_of(axes, "transpose")
    try:
        return array.transpose(order) if order else array.T
    except ValueError:
        raise ExpressionError("transpose", axes=shape_text(order), shape=shape_text(array.shape)) from None


def triangle(name: str, compute: Callable[..., object]) -> Function:
    def run(room: Room, x: object, k: object = 0) -> object:
        array = as_array(x, name, room)
        if array.ndim < 2:
            raise ExpressionError("dimensions", name=name, expected=2, shape=shape_text(array.shape))
        room.take(array.shape, 3)
        return compute(array, _diagonal(k, name))

    return function(name, run)


def _side(value: object, name: str) -> int:
    return sides_of(value, name)[0]


def _diagonal(value: object, name: str) -> int:
    return max(min(whole(value, name), _BEYOND), -_BEYOND)


def _kind(dtype: object, name: str) -> type:
    if isinstance(dtype, type):
        return dtype
    raise ExpressionError("arguments", name=name, usage=f"{name}((n, m))")
