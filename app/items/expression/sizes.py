"""What an evaluation may use up, and the shapes of results, known before anything is computed."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from .errors import ExpressionError

MAX_ARRAY: Final = 100_000  # numbers in one array
MAX_TOTAL: Final = 2_000_000  # numbers computed, dear functions counted several times
MAX_PRODUCTS: Final = 10_000_000  # multiplications of all matrix products
MAX_STEPS: Final = 2_500  # parts evaluated; only comprehensions evaluate a part more than once
MAX_AXES: Final = 8
MAX_BITS: Final = 256  # of a whole number

Shape = tuple[int, ...]


class Room:
    """Counts down while an expression is evaluated; each operation asks for its share before it starts."""

    def __init__(self) -> None:
        self._steps = MAX_STEPS
        self._total = MAX_TOTAL
        self._products = MAX_PRODUCTS

    def step(self, count: int = 1) -> None:
        self._steps -= count
        if self._steps < 0:
            raise ExpressionError("too-much")

    def take(self, shape: Sequence[int], cost: int = 1) -> Shape:
        """Room for an array of this shape; an empty axis counts as one, since a sum over it brings the rest back."""
        size = math.prod(max(side, 1) for side in shape)
        if size > MAX_ARRAY or len(shape) > MAX_AXES:
            raise ExpressionError("too-large", shape=shape_text(shape), limit=MAX_ARRAY)
        self._total -= size * cost
        if self._total < 0:
            raise ExpressionError("too-much")
        return tuple(shape)

    def multiply(self, products: int) -> None:
        self._products -= products
        if self._products < 0:
            raise ExpressionError("too-much")


def shape_text(shape: Sequence[int]) -> str:
    """(5, 4); huge sizes are cut short so that they can be read."""
    sides = [str(side) if abs(side) < 10**15 else f"{float(side):.0e}" for side in shape[:9]]
    return f"({', '.join(sides)}{',' if len(sides) == 1 else ''})"


def broadcast(operator: str, *shapes: Shape) -> Shape:
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        a, b = _clash(shapes)
        raise ExpressionError("broadcast", a=shape_text(a), b=shape_text(b), operator=operator) from None


def product(a: Shape, b: Shape) -> tuple[Shape, int]:
    """The shape of a @ b and how many multiplications it takes."""
    if not a or not b:
        raise ExpressionError("matmul-number")
    inner = b[0] if len(b) == 1 else b[-2]
    if a[-1] != inner:
        raise ExpressionError("inner-sizes", a=shape_text(a), b=shape_text(b), p=a[-1], q=inner)
    batch = broadcast("@", a[:-2], b[:-2])
    shape = (*batch, *(a[-2:-1] if len(a) > 1 else ()), *(b[-1:] if len(b) > 1 else ()))
    return shape, math.prod(max(side, 1) for side in shape) * max(inner, 1)


def indexed(shape: Shape, index: tuple[object, ...]) -> Shape:
    """An upper bound of the shape of x[index]: the kept axes, and the broadcast of the index arrays."""
    kept: list[int] = []
    chosen: list[Shape] = []
    axes = list(shape)
    wanted = sum(_consumed(entry) for entry in index)
    if wanted > len(axes) or sum(entry is Ellipsis for entry in index) > 1:
        raise ExpressionError("index", shape=shape_text(shape))
    for entry in index:
        if entry is None:
            kept.append(1)
        elif entry is Ellipsis:
            kept += [axes.pop(0) for _ in range(len(shape) - wanted)]
        elif isinstance(entry, slice):
            kept.append(len(range(*entry.indices(axes.pop(0)))))
        elif isinstance(entry, np.ndarray):
            chosen.append((int(entry.sum()),) if entry.dtype == np.bool_ else entry.shape)
            del axes[: _consumed(entry)]
        else:
            axes.pop(0)
    try:
        return (*np.broadcast_shapes(*chosen), *kept, *axes)
    except ValueError:
        raise ExpressionError("index", shape=shape_text(shape)) from None


def _consumed(entry: object) -> int:
    if entry is None or entry is Ellipsis:
        return 0
    return entry.ndim if isinstance(entry, np.ndarray) and entry.dtype == np.bool_ else 1


def _clash(shapes: tuple[Shape, ...]) -> tuple[Shape, Shape]:
    """The first two shapes that do not fit."""
    for first in shapes:
        for second in shapes:
            try:
                np.broadcast_shapes(first, second)
            except ValueError:
                return first, second
    return shapes[0], shapes[-1]
