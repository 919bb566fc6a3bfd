"""What is done to each number on its own, or to the numbers of two arrays in pairs."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .arguments import Function, function
from .sizes import Room, broadcast
from .values import as_array, as_floats

Elementwise = Callable[[NDArray[np.float64]], NDArray[np.float64]]


def where(room: Room, condition: object, a: object, b: object) -> object:
    three = [as_array(one, "where", room) for one in (condition, a, b)]
    room.take(broadcast("where", *(one.shape for one in three)), 2)
    return np.where(*three)


def elementwise(name: str, compute: Elementwise, cost: int) -> Function:
    def run(room: Room, x: object) -> object:
        array = as_floats(x, name, room)
        room.take(array.shape, cost)
        return compute(array)

    return function(name, run)


def absolute(room: Room, x: object) -> object:
    if isinstance(x, (int, float)):
        return abs(x)
    array = as_array(x, "abs", room)
    room.take(array.shape)
    return np.abs(array)


def paired(name: str, compute: np.ufunc) -> Function:
    def run(room: Room, a: object, b: object) -> object:
        two = [as_array(one, name, room) for one in (a, b)]
        room.take(broadcast(name, two[0].shape, two[1].shape), 2)
        return compute(*two)

    return function(name, run)


def sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 / (1 + exp(-x)), from exp(-|x|), which cannot overflow."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1.0 + small)
