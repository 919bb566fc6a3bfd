"""The value of an expression: each part is computed by us, step by step, within the room there is."""

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias, cast

import numpy as np

from app.attention import AttentionError

from .errors import ExpressionError
from .language import CONSTANTS, TYPES
from .library import outside
from .methods import ATTRIBUTES, METHODS
from .operators import SIGNS, binary, truth, unary
from .parse import Expression, unknown_name
from .sizes import Room, indexed, shape_text
from .values import Value, as_array, is_whole, lent, settled

Given: TypeAlias = "Value | Callable[..., object]"


def evaluate(expression: Expression, values: Mapping[str, Given]) -> Value:
    """The value for these values of its names; raises ExpressionError for whatever goes wrong.

    Values may be functions, for names that the expression calls, as phi(Q). Nothing handed in is changed; NaN and
    infinity may come out, complex numbers and texts cannot.
    """
    with np.errstate(all="ignore"):
        try:
            return _Evaluation(expression, values).result()
        except (MemoryError, RecursionError):
            raise ExpressionError("too-much") from None


class _Evaluation:
    """One run over the tree: the room that is left and the values of the names."""

    def __init__(self, expression: Expression, values: Mapping[str, Given]) -> None:
        self._expression = expression
        self._given = values
        self._room = Room()
        self._local: dict[str, object] = {}
        self._lent: dict[str, object] = {}

    def result(self) -> Value:
        value = self._value(self._expression._tree)
        if isinstance(value, (list, tuple)):
            value = as_array(value, "array", self._room)
        if value is None:
            raise ExpressionError("result")
        return cast(Value, np.array(value) if isinstance(value, np.ndarray) else value)

    def _value(self, node: ast.expr) -> object:
        self._room.step()
        try:
            value = self._computed(node)
            return value if isinstance(value, (list, tuple)) else settled(value)  # their parts already are
        except ExpressionError as error:
            if error.column is None:
                error.column = self._expression.column(node)
            raise
        except AttentionError as error:
            column = self._expression.column(node)
            raise ExpressionError(error.code, column, text=error.template, **error.numbers) from None
        except (ValueError, TypeError, ArithmeticError, LookupError, AttributeError, AssertionError):
            name = self._expression.wording(node)
            raise ExpressionError("not-computed", self._expression.column(node), name=name) from None

    def _computed(self, node: ast.expr) -> object:
        match node:
            case ast.Constant(value=value) if value is not Ellipsis:
                return value
            case ast.Name(id=name):
                return self._named(name, node)
            case ast.BinOp(left=left, op=op, right=right):
                return binary(SIGNS[type(op)], self._value(left), self._value(right), self._room)
            case ast.UnaryOp(op=op, operand=operand):
                return unary(SIGNS[type(op)], self._value(operand), self._room)
            case ast.BoolOp(op=op, values=parts):
                return self._joined(SIGNS[type(op)], parts)
            case ast.Compare():
                return self._compared(node)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._value(body if truth(self._value(test), "if") else orelse)
            case _:
                return self._composed(node)

    def _composed(self, node: ast.expr) -> object:
        match node:
            case ast.List(elts=parts):
                return [self._value(part) for part in parts]
            case ast.Tuple(elts=parts):
                return tuple(self._value(part) for part in parts)
            case ast.Attribute(value=owner, attr=attr):
                return ATTRIBUTES[attr](as_array(self._value(owner), "." + attr, self._room))
            case ast.Subscript(value=owner, slice=index):
                return self._indexed(self._value(owner), index)
            case ast.Call():
                return self._called(node)
            case ast.ListComp() | ast.GeneratorExp():
                return list(self._each(node, 0))
            case _:
                raise ExpressionError("part", part=self._expression.wording(node))

    def _named(self, name: str, node: ast.expr) -> object:
        if name in self._local:
            return self._local[name]
        if name not in self._lent:
            if name in self._given and name in self._expression.names:
                value = self._given[name]
                if callable(value):
                    raise ExpressionError("function-name", name=name)
                self._lent[name] = lent(value)
            elif name in CONSTANTS:
                return CONSTANTS[name]
            else:
                known = self._given.keys()
                raise unknown_name(name, self._expression.dialect, known, self._expression.column(node))
        return self._lent[name]

    def _joined(self, sign: str, parts: list[ast.expr]) -> object:
        for part in parts:
            if truth(self._value(part), sign) != (sign == "and"):
                return sign == "or"
        return sign == "and"

    def _compared(self, node: ast.Compare) -> object:
        left = self._value(node.left)
        result: object = True
        for op, comparator in zip(node.ops, node.comparators, strict=True):
            right = self._value(comparator)
            result = settled(binary(SIGNS[type(op)], left, right, self._room))
            if len(node.ops) > 1 and not truth(result, "<"):
                return False
            left = right
        return result

    def _indexed(self, value: object, index: ast.expr) -> object:
        if isinstance(value, (list, tuple)):
            place = self._index(index)
            if isinstance(place, slice) or (isinstance(place, int) and is_whole(place)):
                self._room.take((len(value),))
                return value[place]
            raise ExpressionError("index-kind")
        array = as_array(value, "[ ]", self._room)
        places = tuple(map(self._index, index.elts)) if isinstance(index, ast.Tuple) else (self._index(index),)
        self._room.take(indexed(array.shape, places), 2)
        try:
            return array[places]  # type: ignore[index]
        except IndexError:
            raise ExpressionError("index", shape=shape_text(array.shape)) from None

    def _index(self, node: ast.expr) -> object:
        """A whole number, a slice, None, Ellipsis, or an array of whole or truth values."""
        if isinstance(node, ast.Slice):
            return slice(*(self._bound(part) for part in (node.lower, node.upper, node.step)))
        if isinstance(node, ast.Constant) and node.value is Ellipsis:
            return Ellipsis
        place = self._value(node)
        if isinstance(place, (list, tuple)):
            place = as_array(place, "[ ]", self._room)
        if isinstance(place, np.ndarray) and place.dtype != np.float64:
            return place
        if place is None or is_whole(place):
            return place
        raise ExpressionError("index-kind")

    def _bound(self, node: ast.expr | None) -> object:
        value = None if node is None else self._value(node)
        if value is None or is_whole(value):
            return value
        raise ExpressionError("index-kind")

    def _called(self, node: ast.Call) -> object:
        if isinstance(node.func, ast.Attribute):
            owner = [self._value(node.func.value)]
            name, function = node.func.attr, METHODS[node.func.attr]
        else:
            assert isinstance(node.func, ast.Name)
            owner, name = [], node.func.id
            if name in self._expression.names or name not in self._expression.dialect.functions:
                return self._called_outside(name, node)
            function = self._expression.dialect.functions[name]
        given = owner + [self._argument(part) for part in node.args]
        named = {keyword.arg or "": self._argument(keyword.value) for keyword in node.keywords}
        return function(name, self._room, given, named)

    def _called_outside(self, name: str, node: ast.Call) -> object:
        if name not in self._given:
            known = self._given.keys()
            raise unknown_name(name, self._expression.dialect, known, self._expression.column(node))
        run = self._given[name]
        if not callable(run) or name in self._local:
            raise ExpressionError("not-a-function", name=name)
        given = tuple(self._value(part) for part in node.args)
        if node.keywords or not all(isinstance(one, (np.ndarray, bool, int, float)) for one in given):
            raise ExpressionError("not-number", name=name)
        return outside(run, self._room, tuple(map(lent, given)))

    def _argument(self, node: ast.expr) -> object:
        is_type = isinstance(node, ast.Name) and node.id in TYPES and node.id not in self._expression.names
        return TYPES[node.id] if is_type and isinstance(node, ast.Name) else self._value(node)

    def _each(self, node: ast.ListComp | ast.GeneratorExp, level: int) -> Iterator[object]:
        if level == len(node.generators):
            yield self._value(node.elt)
            return
        part = node.generators[level]
        assert isinstance(part.target, ast.Name)
        name, before = part.target.id, dict(self._local)
        for one in self._items(self._value(part.iter)):
            self._local[name] = one
            if all(truth(self._value(condition), "if") for condition in part.ifs):
                yield from self._each(node, level + 1)
        self._local = before

    def _items(self, value: object) -> list[object]:
        if isinstance(value, (list, tuple)):
            self._room.step(len(value))
            return list(value)
        array = as_array(value, "for", self._room)
        if not array.ndim:
            raise ExpressionError("not-number", name="for")
        self._room.step(len(array))
        return [settled(one) for one in array]
