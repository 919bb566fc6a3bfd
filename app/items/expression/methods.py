"""The attributes and methods an array has in an expression."""

from collections.abc import Callable

import numpy as np

from .arguments import Function, axis_of, function
from .functions import FUNCTIONS
from .reducing import arg_extreme, reduction
from .shaping import reshape, transpose
from .sizes import Room
from .values import Array, as_array


def swapaxes(room: Room, x: object, axis1: object, axis2: object) -> object:
    array = as_array(x, "swapaxes", room)
    first, second = axis_of(axis1, array.shape), axis_of(axis2, array.shape)
    return array if first is None or second is None else np.swapaxes(array, first, second)


ATTRIBUTES: dict[str, Callable[[Array], object]] = {
    "T": lambda x: x.T,
    "shape": lambda x: x.shape,
    "ndim": lambda x: x.ndim,
    "size": lambda x: x.size,
}
METHODS: dict[str, Function] = {
    "sum": FUNCTIONS["sum"],
    "mean": FUNCTIONS["mean"],
    "max": function("max", reduction("max", np.max, empty=False)),
    "min": function("min", reduction("min", np.min, empty=False)),
    "std": function("std", reduction("std", np.std, empty=False)),
    "var": function("var", reduction("var", np.var, empty=False)),
    "argmax": function("argmax", arg_extreme("argmax", np.argmax)),
    "reshape": function("reshape", reshape),
    "transpose": function("transpose", transpose),
    "swapaxes": function("swapaxes", swapaxes),
}
