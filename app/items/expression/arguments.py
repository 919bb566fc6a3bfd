"""How a function of the language is written down, called, and its arguments checked."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .errors import ExpressionError
from .sizes import Room, Shape, shape_text
from .values import is_whole, whole

# The first argument is the room that is left; the others come from the expression.
Run = Callable[..., object]


@dataclass(frozen=True)
class Function:
    """A function of the language: what runs, and how it is written, such as softmax(x, axis=-1)."""

    run: Run
    usage: str
    signature: inspect.Signature

    def __call__(self, name: str, room: Room, given: Sequence[object], named: Mapping[str, object]) -> object:
        try:
            self.signature.bind(room, *given, **named)
        except TypeError:
            raise ExpressionError("arguments", name=name, usage=self.usage) from None
        return self.run(room, *given, **named)


def function(name: str, run: Run) -> Function:
    signature = inspect.signature(run)
    rest = [one.replace(annotation=inspect.Parameter.empty) for one in list(signature.parameters.values())[1:]]
    return Function(run, f"{name}{inspect.Signature(rest)}", signature)


def axis_of(axis: object, shape: Shape) -> int | None:
    """An axis that the shape has, or None."""
    if axis is None:
        return None
    number = whole(axis, "axis")
    if not -len(shape) <= number < len(shape):
        raise ExpressionError("axis", axis=number, shape=shape_text(shape))
    return number


def axes_of(axis: object, shape: Shape) -> tuple[int, ...]:
    """The axes to reduce over: one, several, or all for None."""
    if axis is None:
        return tuple(range(len(shape)))
    several = axis if isinstance(axis, (tuple, list)) else (axis,)
    axes = tuple(whole(one, "axis") for one in several)
    for one in axes:
        axis_of(one, shape)
    if len({one % len(shape) for one in axes}) < len(axes):
        raise ExpressionError("axis", axis=shape_text(axes), shape=shape_text(shape))
    return axes


def shape_of(sizes: object, name: str) -> Shape:
    """A shape from (n, m), [n, m] or n; -1 stays for reshape to fill in."""
    several = sizes if isinstance(sizes, (tuple, list)) else (sizes,)
    if len(several) == 1 and isinstance(several[0], (tuple, list)):
        several = several[0]
    return tuple(whole(size, name) for size in several)


def sides_of(sizes: object, name: str) -> Shape:
    shape = shape_of(sizes, name)
    if any(side < 0 for side in shape):
        raise ExpressionError("not-whole", name=name)
    return shape


def switch(value: object, name: str) -> bool:
    """True or False of an argument such as keepdims."""
    if isinstance(value, bool) or (is_whole(value) and value in (0, 1)):
        return bool(value)
    raise ExpressionError("not-number", name=name)


def scalar(value: object, name: str) -> int | float:
    if isinstance(value, (bool, int, float)):
        return value
    raise ExpressionError("not-number", name=name)
