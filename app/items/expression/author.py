"""The functions an author may call besides: more NumPy, the attention library, and every named bug."""

import math

import numpy as np

from .arguments import Function, Run, axes_of, axis_of, function, scalar, sides_of, switch
from .elementwise import elementwise
from .errors import ExpressionError
from .functions import FUNCTIONS as LEARNER
from .library import LIBRARY
from .reducing import arg_extreme, check_sum, reduction
from .sizes import MAX_ARRAY, Room, broadcast, shape_text
from .values import as_array, as_floats, whole

_MOST_DIGITS = 15  # a float64 has no more


def _array(room: Room, x: object) -> object:
    return as_array(x, "array", room)


def _round(room: Room, x: object, digits: object = 0) -> object:
    """Half to even, as Python and NumPy do; a single number without digits becomes whole."""
    places = max(min(whole(digits, "round"), _MOST_DIGITS), -_MOST_DIGITS)
    if isinstance(x, (int, float)):
        return round(x, places) if places else _int(room, round(_finite(x, "round")))
    array = as_array(x, "round", room)
    room.take(array.shape, 3)
    return np.round(array, places)


def _int(room: Room, x: object) -> object:
    return int(_finite(scalar(x, "int"), "int"))


def _float(room: Room, x: object) -> object:
    return float(scalar(x, "float"))


def _bool(room: Room, x: object) -> object:
    return bool(scalar(x, "bool"))


def _finite(x: float, name: str) -> float:
    if not math.isfinite(x) or abs(x) >= 2.0**255:
        raise ExpressionError("not-computed", name=name)
    return x


def _len(room: Room, x: object) -> object:
    if isinstance(x, (list, tuple)):
        return len(x)
    array = as_array(x, "len", room)
    if not array.ndim:
        raise ExpressionError("not-number", name="len")
    return len(array)


def _range(room: Room, start: object, stop: object = None, step: object = 1) -> object:
    first, last = (0, whole(start, "range")) if stop is None else (whole(start, "range"), whole(stop, "range"))
    stride = whole(step, "range")
    if stride == 0:
        raise ExpressionError("not-computed", name="range")
    numbers = range(first, last, stride)
    room.take((min(max(0, -(-(last - first) // stride)), MAX_ARRAY + 1),), 4)
    return list(numbers)


def _outer(room: Room, a: object, b: object) -> object:
    left, right = as_floats(a, "outer", room), as_floats(b, "outer", room)
    room.take((left.size, right.size))
    return np.outer(left, right)


def _full(room: Room, shape: object, value: object) -> object:
    return np.full(room.take(sides_of(shape, "full")), as_array(scalar(value, "full"), "full", room))


def _stack(room: Room, arrays: object) -> object:
    if not isinstance(arrays, (list, tuple)):
        raise ExpressionError("arguments", name="stack", usage="stack([a, b])")
    return as_array(arrays, "stack", room)


def _diag(room: Room, x: object) -> object:
    array = as_array(x, "diag", room)
    if array.ndim not in (1, 2):
        raise ExpressionError("dimensions", name="diag", expected=1, shape=shape_text(array.shape))
    room.take(array.shape * 2 if array.ndim == 1 else array.shape)
    return np.diag(array)


def _cumsum(room: Room, x: object, axis: object = None) -> object:
    array = as_array(x, "cumsum", room)
    check_sum(array)
    room.take(array.shape, 2)
    return np.cumsum(array, axis=axis_of(axis, array.shape))


def _prod(room: Room, x: object, axis: object = None, keepdims: object = False) -> object:
    array = as_array(x, "prod", room)
    axes = axes_of(axis, array.shape)
    room.take(array.shape, 2)
    result = np.prod(array.astype(np.float64), axis=axes, keepdims=switch(keepdims, "keepdims"))
    if array.dtype == np.float64:
        return result
    if not (np.abs(np.asarray(result)) < 2.0**53).all():
        raise ExpressionError("whole-overflow")
    return np.asarray(result).astype(np.int64)


def _sort(room: Room, x: object, axis: object = -1) -> object:
    array = as_array(x, "sort", room)
    room.take(array.shape, 12)
    return np.sort(array, axis=axis_of(axis, array.shape))


def _argsort(room: Room, x: object, axis: object = -1) -> object:
    array = as_array(x, "argsort", room)
    room.take(array.shape, 16)
    return np.argsort(array, axis=axis_of(axis, array.shape), kind="stable")


def _norm(room: Room, x: object, axis: object = None, keepdims: object = False) -> object:
    """The root of the sum of squares."""
    array = as_floats(x, "norm", room)
    axes = axes_of(axis, array.shape)
    room.take(array.shape, 4)
    return np.sqrt((array * array).sum(axis=axes, keepdims=switch(keepdims, "keepdims")))


def _isclose(room: Room, a: object, b: object, rtol: object = 1e-5, atol: object = 1e-8) -> object:
    left, right = as_floats(a, "isclose", room), as_floats(b, "isclose", room)
    room.take(broadcast("isclose", left.shape, right.shape), 6)
    return np.isclose(left, right, rtol=scalar(rtol, "isclose"), atol=scalar(atol, "isclose"))


def _allclose(room: Room, a: object, b: object, rtol: object = 1e-5, atol: object = 1e-8) -> object:
    return np.all(np.asarray(_isclose(room, a, b, rtol, atol)))


def _argmin(room: Room, x: object, axis: object = None) -> object:
    return arg_extreme("argmin", np.argmin)(room, x, axis)


_MORE: dict[str, Run] = {
    "array": _array, "round": _round, "int": _int, "float": _float, "bool": _bool, "len": _len, "range": _range,
    "outer": _outer, "full": _full, "stack": _stack, "diag": _diag, "cumsum": _cumsum, "prod": _prod,
    "sort": _sort, "argsort": _argsort, "norm": _norm, "isclose": _isclose, "allclose": _allclose,
    "argmax": arg_extreme("argmax", np.argmax), "argmin": _argmin,
    "std": reduction("std", np.std, empty=False), "var": reduction("var", np.var, empty=False),
    "any": reduction("any", np.any), "all": reduction("all", np.all),
}  # fmt: skip
FUNCTIONS: dict[str, Function] = {
    **LEARNER,
    **{name: function(name, run) for name, run in _MORE.items()},
    "floor": elementwise("floor", np.floor, 1),
    "ceil": elementwise("ceil", np.ceil, 1),
    "isfinite": elementwise("isfinite", np.isfinite, 1),
    **LIBRARY,
}
