"""What + - * / // % ** @, comparisons and truth operators do to values, within the room that is left."""

import ast
import operator
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .errors import ExpressionError
from .sizes import MAX_BITS, Room, broadcast, product
from .values import Array, as_array

SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.MatMult: "@", ast.BitAnd: "&", ast.BitOr: "|", ast.USub: "-", ast.UAdd: "+", ast.Invert: "~", ast.Not: "not",
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.And: "and", ast.Or: "or",
}  # fmt: skip
_BINARY: dict[str, Callable[..., object]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod, "&": operator.and_, "|": operator.or_, "==": operator.eq, "!=": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "**": operator.pow,
}  # fmt: skip
_GROWING = {"+", "-", "*", "**"}
_DIVIDING = {"/", "//", "%"}
_TRUTH = {"&", "|"}
_DEAR = {"**": 12, "%": 60, "//": 60}  # counted several times; a remainder takes a step for each bit
_LARGEST = 2.0**62


def binary(sign: str, left: object, right: object, room: Room) -> object:
    """left sign right, for numbers as Python does it and for arrays as NumPy does it."""
    if not isinstance(left, np.ndarray) and not isinstance(right, np.ndarray):
        if sign == "@" and isinstance(left, (list, tuple)):
            raise ExpressionError("list", operator=sign)
        return _numbers(sign, left, right)
    a, b = as_array(left, sign, room), as_array(right, sign, room)
    if sign == "@":
        return _matmul(a, b, room)
    room.take(broadcast(sign, a.shape, b.shape), _DEAR.get(sign, 1))
    if sign in _TRUTH and not (a.dtype == np.bool_ and b.dtype == np.bool_):
        raise ExpressionError("truth-only", operator=sign)
    if a.dtype == np.float64 or b.dtype == np.float64:
        return _BINARY[sign](a.astype(np.float64, copy=False), b.astype(np.float64, copy=False))
    if sign == "-" and a.dtype == np.bool_ and b.dtype == np.bool_:
        raise ExpressionError("truth-arithmetic", operator=sign)
    return _wholes(sign, a, b)


def unary(sign: str, value: object, room: Room) -> object:
    if sign == "not":
        return not truth(value, sign)
    if isinstance(value, (list, tuple)):
        raise ExpressionError("list", operator=sign)
    array = as_array(value, sign, room)
    room.take(array.shape)
    is_truth = array.dtype == np.bool_
    if sign == "~":
        if not is_truth:
            raise ExpressionError("truth-only", operator=sign)
        return np.logical_not(array)
    if is_truth and array.ndim:
        raise ExpressionError("truth-arithmetic", operator=sign)
    if not isinstance(value, np.ndarray):
        return -value if sign == "-" else +value  # type: ignore[operator]  # a Python number, kept exact
    return np.negative(array) if sign == "-" else array


def truth(value: object, sign: str) -> bool:
    """The truth of one number; an array has many."""
    if isinstance(value, (bool, int, float)):
        return bool(value)
    raise ExpressionError("truth-single", operator=sign)


def _numbers(sign: str, left: object, right: object) -> object:
    """Python numbers: whole ones stay exact, and their size is bounded before it is computed."""
    for value in (left, right):
        if isinstance(value, (list, tuple)):
            raise ExpressionError("list", operator=sign)
        if not isinstance(value, (bool, int, float)):
            raise ExpressionError("not-number", name=sign)
    assert isinstance(left, (int, float)) and isinstance(right, (int, float))
    if sign == "@":
        raise ExpressionError("matmul-number")
    if sign in _TRUTH and not (isinstance(left, bool) and isinstance(right, bool)):
        raise ExpressionError("truth-only", operator=sign)
    if sign in _DIVIDING and right == 0:
        raise ExpressionError("zero-division")
    if sign == "**":
        return _power(left, right)
    if sign == "*" and isinstance(left, int) and isinstance(right, int):
        _check_bits(left.bit_length() + right.bit_length())
    result = _BINARY[sign](left, right)
    if isinstance(result, int):
        _check_bits(result.bit_length())
    return result


def _power(base: float, exponent: float) -> object:
    if not isinstance(base, int) or not isinstance(exponent, int) or exponent < 0:
        if base == 0 and exponent < 0:
            raise ExpressionError("zero-division")
        return float(np.power(np.float64(base), np.float64(exponent)))
    if abs(base) > 1:
        _check_bits((abs(base).bit_length() - 1) * exponent)
    return base**exponent if abs(base) > 1 else base ** (exponent % 2 + 2 if exponent else 0)


def _check_bits(bits: int) -> None:
    if bits > MAX_BITS:
        raise ExpressionError("whole-overflow")


def _wholes(sign: str, a: Array, b: Array) -> object:
    """Arrays of whole numbers: what would wrap around in 64 bits is refused."""
    if sign in _DIVIDING and sign != "/" and not b.all():
        raise ExpressionError("zero-division")
    if sign == "**":
        if (b < 0).any():
            return np.power(a.astype(np.float64), b.astype(np.float64))
        a, b = a.astype(np.int64), b.astype(np.int64)
    if sign in _GROWING:
        rough = np.abs(np.asarray(_BINARY[sign](a.astype(np.float64), b.astype(np.float64))))
        if not (rough < _LARGEST).all():
            raise ExpressionError("whole-overflow")
    return _BINARY[sign](a, b)


def _matmul(a: Array, b: Array, room: Room) -> object:
    shape, products = product(a.shape, b.shape)
    room.take(shape)
    for each in (a, b):
        room.take(each.shape, 1 if each.dtype == np.float64 else 12)  # whole numbers become decimals and back
    room.multiply(products)
    result = _multiplied(a, b)
    if a.dtype == np.float64 or b.dtype == np.float64:
        return result
    if a.dtype == np.bool_ and b.dtype == np.bool_:
        return result > 0
    # Whole numbers are exact in float64 up to 2**53, and much faster there.
    room.multiply(products)
    if not (_multiplied(np.abs(a), np.abs(b)) < 2.0**53).all():
        raise ExpressionError("whole-overflow")
    return result.astype(np.int64)


def _multiplied(a: Array, b: Array) -> NDArray[np.float64]:
    """a @ b in one thread: the threads of a BLAS cost more than they gain here, and much more on a busy machine."""
    left = a[None] if a.ndim == 1 else a
    right = b[:, None] if b.ndim == 1 else b
    result = np.einsum("...ij,...jk->...ik", left, right, dtype=np.float64, casting="safe")
    result = result[..., 0] if b.ndim == 1 else result
    return np.asarray(result[..., 0] if a.ndim == b.ndim == 1 else result[..., 0, :] if a.ndim == 1 else result)
