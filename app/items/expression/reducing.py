"""What looks along an axis: softmax, layer norm, sums, means, extremes."""

from collections.abc import Callable

import numpy as np

from app import attention

from .arguments import Function, axes_of, axis_of, function, scalar, switch
from .errors import ExpressionError
from .operators import binary
from .sizes import Room, shape_text
from .values import Array, Number, as_array, as_floats

_EPSILON = 1e-5  # of layer norm
_LARGEST = 2.0**62


def softmax(room: Room, x: object, axis: object = -1) -> object:
    array = as_floats(x, "softmax", room)
    room.take(array.shape, 12)
    number = axis_of(axis, array.shape)
    if number is None:  # over everything
        return attention.softmax(array.ravel()).reshape(array.shape)
    return attention.softmax(array, axis=number)


def layer_norm(room: Room, x: object) -> object:
    """(x - mean) / sqrt(variance + 1e-5) along the last axis, without gain and bias (Ba et al. 2016)."""
    array = filled(as_floats(x, "ln", room), "ln", (-1,))
    room.take(array.shape, 8)
    spread = np.sqrt(array.var(axis=-1, keepdims=True) + _EPSILON)
    return (array - array.mean(axis=-1, keepdims=True)) / spread


def total(room: Room, x: object, axis: object = None, keepdims: object = False) -> object:
    """An array is added up along the axis; a list of arrays or numbers is added up one by one."""
    if isinstance(x, (list, tuple)) and axis is None:
        room.step(len(x))
        added: object = 0
        for one in x:
            added = binary("+", added, one, room)
        return added
    array = as_array(x, "sum", room)
    check_sum(array)
    return reduction("sum", np.add.reduce)(room, array, axis, keepdims)


def check_sum(array: Array) -> None:
    if array.dtype == np.int64 and np.abs(array.astype(np.float64)).sum() >= _LARGEST:
        raise ExpressionError("whole-overflow")


def reduction(name: str, compute: Callable[..., object], empty: bool = True) -> Callable[..., object]:
    """mean, max and the like: over one axis, several, or all; `empty` says whether nothing has a value."""

    def run(room: Room, x: object, axis: object = None, keepdims: object = False) -> object:
        array = as_array(x, name, room)
        axes = axes_of(axis, array.shape)
        room.take(array.shape, 2)
        return compute(array if empty else filled(array, name, axes), axis=axes, keepdims=switch(keepdims, "keepdims"))

    return run


def arg_extreme(name: str, compute: Callable[..., object]) -> Callable[..., object]:
    def run(room: Room, x: object, axis: object = None) -> object:
        array = as_array(x, name, room)
        number = axis_of(axis, array.shape)
        room.take(array.shape, 2)
        return compute(filled(array, name, axes_of(axis, array.shape)), axis=number)

    return run


def extreme(name: str, compute: Callable[..., object], of_numbers: Callable[..., Number]) -> Function:
    """max(x, axis) of an array, or max(a, b, ...) of single numbers."""
    of_array = reduction(name, compute, empty=False)

    def run(room: Room, x: object, *rest: object, axis: object = None, keepdims: object = False) -> object:
        if isinstance(x, (bool, int, float)) and rest:
            if any(isinstance(one, np.ndarray) for one in rest):
                raise ExpressionError("one-array", name=name, other=name + "imum")
            return of_numbers(x, *(scalar(one, name) for one in rest))
        if len(rest) > 2 or (rest and axis is not None) or isinstance(rest[0] if rest else None, np.ndarray):
            raise ExpressionError("one-array", name=name, other=name + "imum")
        given = (*rest, keepdims) if len(rest) == 1 else rest or (axis, keepdims)
        return of_array(room, x, *given)

    return Function(run, f"{name}(x, axis=None)", function(name, run).signature)


def filled(array: Array, name: str, axes: tuple[int, ...]) -> Array:
    if array.ndim and not all(array.shape[axis] for axis in axes):
        raise ExpressionError("nothing", name=name, shape=shape_text(array.shape))
    return array
