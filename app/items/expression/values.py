"""The values an expression computes with: whole and decimal numbers, truth values, arrays of these, lists."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .errors import ExpressionError
from .sizes import Room

Array: TypeAlias = NDArray[np.bool_] | NDArray[np.int64] | NDArray[np.float64]
Number: TypeAlias = bool | int | float
Value: TypeAlias = "Number | Array | list[Value] | tuple[Value, ...]"

_LARGEST = 2**63 - 1


def settled(value: object) -> object:
    """One kind for each kind of number: Python's own where there is one, bool, int64 or float64 in arrays."""
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        value = value.item()
    elif isinstance(value, np.ndarray):
        return _settled_array(value)
    if isinstance(value, (list, tuple)):
        return type(value)(settled(part) for part in value)
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    raise ExpressionError("result")


def lent(value: object) -> object:
    """A value from outside that the expression may read and nobody may write to."""
    value = settled(value)
    if isinstance(value, np.ndarray):
        value = value.view()
        value.flags.writeable = False
    return value


def as_array(value: object, name: str, room: Room) -> Array:
    """A number, an array or a list of these as an array; whole numbers beyond 64 bits become decimals."""
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, (list, tuple)):
        return _stacked(value, name, room)
    return np.asarray(_narrow(value, name))


def as_floats(value: object, name: str, room: Room) -> NDArray[np.float64]:
    return as_array(value, name, room).astype(np.float64, copy=False)


def is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def whole(value: object, name: str) -> int:
    """A size, an axis or a count."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ExpressionError("not-whole", name=name)
    return value


def _settled_array(value: NDArray[np.generic]) -> Array:
    if value.dtype == np.float64 or value.dtype == np.int64 or value.dtype == np.bool_:
        return value  # type: ignore[return-value]
    if value.dtype.kind == "f":
        return np.array(value, np.float64)
    if value.dtype.kind in "iu" and (value.size == 0 or int(value.max()) <= _LARGEST):
        return value.astype(np.int64)
    raise ExpressionError("result")


def _stacked(value: list[object] | tuple[object, ...], name: str, room: Room) -> Array:
    if not value:
        return np.zeros(0)
    room.step(1 + len(value) // 8)
    if not any(isinstance(part, (list, tuple, np.ndarray)) for part in value):
        room.take((len(value),))
        return np.array([_narrow(part, name) for part in value])
    parts = [as_array(part, name, room) for part in value]
    if len({part.shape for part in parts}) > 1:
        raise ExpressionError("ragged")
    room.take((len(parts), *parts[0].shape))
    return _settled_array(np.stack(parts))


def _narrow(value: object, name: str) -> Number:
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) <= _LARGEST else float(value)
    if isinstance(value, (bool, float)):
        return value
    raise ExpressionError("not-number", name=name)
