"""Nested lists of a JSON document as arrays: shape, finiteness and size checked, each fault with its pointer."""

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.core.errors import Invalid, Wrong
from app.core.i18n import mark
from app.core.limits import MAX_MAGNITUDE

Floats: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = "NDArray[np.float64] | NDArray[np.bool_]"
MAX_ENTRIES = 65_536


def tensor(name: str, nested: object, ranks: tuple[int, ...]) -> Floats:
    """A tensor of one of these ranks; raises Invalid with the pointer of the first entry that is wrong."""
    shape = _shape(name, nested, ranks)
    flat = [_number(pointer, value) for pointer, value in _leaves(f"/{name}", nested, shape)]
    return np.array(flat, dtype=np.float64).reshape(shape)


def mask(name: str, nested: object, ranks: tuple[int, ...]) -> Mask:
    """Booleans (True = may attend), or numbers to add in which null is minus infinity; not a mixture."""
    shape = _shape(name, nested, ranks)
    leaves = list(_leaves(f"/{name}", nested, shape))
    if leaves and all(isinstance(value, bool) for _, value in leaves):
        return np.array([value for _, value in leaves], dtype=np.bool_).reshape(shape)
    flat = [-np.inf if value is None else _number(pointer, value) for pointer, value in leaves]
    return np.array(flat, dtype=np.float64).reshape(shape)


def _shape(name: str, nested: object, ranks: tuple[int, ...]) -> tuple[int, ...]:
    """The shape along the first entries; ragged lists are found where their leaves are walked."""
    shape: list[int] = []
    inner = nested
    while isinstance(inner, list) and len(shape) <= max(ranks):
        shape.append(len(inner))
        inner = inner[0] if inner else None
    if len(shape) not in ranks or 0 in shape:
        expected = " or ".join(str(rank) for rank in ranks)
        text = mark("must be a list nested {expected} deep, with no empty list in it")
        raise Invalid(wrongs=[Wrong(f"/{name}", "rank", text, {"expected": expected})])
    if int(np.prod(shape)) > MAX_ENTRIES:
        text = mark("holds more than {limit} numbers")
        raise Invalid(wrongs=[Wrong(f"/{name}", "too-many", text, {"limit": MAX_ENTRIES})])
    return tuple(shape)


def _leaves(pointer: str, nested: object, shape: tuple[int, ...]) -> Iterator[tuple[str, object]]:
    if not shape:
        yield pointer, nested
        return
    if not isinstance(nested, list) or len(nested) != shape[0]:
        text = mark("must be a list of {length}, like the others beside it")
        raise Invalid(wrongs=[Wrong(pointer, "ragged", text, {"length": shape[0]})])
    for index, inner in enumerate(nested):
        yield from _leaves(f"{pointer}/{index}", inner, shape[1:])


def _number(pointer: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Invalid(wrongs=[Wrong(pointer, "float-type", mark("must be a number"))])
    if not abs(value) <= MAX_MAGNITUDE:  # also false for NaN
        text = mark("must be a finite number between -{limit} and {limit}")
        raise Invalid(wrongs=[Wrong(pointer, "out-of-range", text, {"limit": f"{MAX_MAGNITUDE:g}"})])
    return float(value)
