"""What a formula is tried on: sizes that differ from each other, random arrays, given functions; and the comparison."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from app.items.draw import Dice, DrawError
from app.items.expression import Dialect, Expression, ExpressionError, Value, evaluate, parse
from app.items.parameters import computed
from app.items.schema import Document, Formula, Name

DRAWS = 5
WIDE = 5.0  # the last draw's normal numbers are this much larger, so that -20 does not pass for minus infinity
RTOL, ATOL = 1e-6, 1e-9
SMALLEST, LARGEST = 3, 9  # of a size that is drawn
MOST = 64  # of any size
_TRIES = 200

Kind: TypeAlias = Literal["normal", "positive", "causal", "permutation", "rows", "columns"]
Size: TypeAlias = int | list[int] | Formula
Given: TypeAlias = Callable[[NDArray[np.float64]], NDArray[np.float64]]
Values: TypeAlias = dict[str, "Value | Given"]


class Variable(Document):
    """An array that the formula may use; its shape names sizes, or calculates with them."""

    shape: list[int | Formula] = Field(default_factory=list, max_length=4, description="none for a single number")
    kind: Kind = "normal"


class Recipe(Document):
    """All that a formula may name: sizes, arrays of these sizes, and functions of FUNCTIONS."""

    sizes: dict[Name, Size]
    variables: dict[Name, Variable]
    functions: dict[Name, str]

    @property
    def names(self) -> frozenset[str]:
        return frozenset([*self.sizes, *self.variables, *self.functions])


@dataclass(frozen=True)
class Draw:
    """One set of values: what every name stands for, and the sizes alone."""

    values: Values
    sizes: dict[str, int]


Result: TypeAlias = NDArray[np.float64] | ExpressionError
"""What a formula gives on one draw: numbers, or the error with which it stops."""


def elu1(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """elu(x) + 1, positive everywhere: the feature map of linear attention (Katharopoulos et al. 2020)."""
    return np.where(x > 0, x + 1, np.exp(np.minimum(x, 0)))


FUNCTIONS: dict[str, Given] = {"elu1": elu1}
"""Functions that an item may give under a name of its own."""


@lru_cache(maxsize=1024)
def draw(recipe: str, seed: str, wide: bool) -> Draw:
    """The values of a recipe (its JSON): the same seed gives the same ones. Raises DrawError."""
    made, dice = Recipe.model_validate_json(recipe), Dice(seed)
    sizes = drawn_sizes(made.sizes, dice.child("sizes"))
    values: Values = dict(sizes)
    for name, variable in made.variables.items():
        shape = tuple(_size(size, sizes) for size in variable.shape)
        if math.prod(shape) > MOST**2:
            raise DrawError(f"“{name}” has more than {MOST**2} numbers")
        values[name] = _array(variable.kind, shape, dice.child(name), WIDE if wide else 1.0)
    return Draw({**values, **{name: FUNCTIONS[key] for name, key in made.functions.items()}}, sizes)


@lru_cache(maxsize=8192)
def known(formula: str, recipe: str, seed: str, wide: bool) -> Result:
    """The result of an author's formula on one draw; raises ExpressionError where it cannot be read."""
    return attempted(authors(formula, recipe), draw(recipe, seed, wide))


@lru_cache(maxsize=1024)
def authors(formula: str, recipe: str) -> Expression:
    """An author's formula in the language of learners: whoever is asked for it must be able to type it."""
    return parse(formula, Dialect.LEARNER, Recipe.model_validate_json(recipe).names)


def drawn_sizes(sizes: Mapping[str, Size], dice: Dice) -> dict[str, int]:
    """The sizes in their order; those that are drawn differ from each other and from all the rest."""
    free = [name for name, size in sizes.items() if size == "draw"]
    for attempt in range(_TRIES):
        found: dict[str, int] = {}
        for name, size in sizes.items():
            stream = dice.child(f"{name}/{attempt}")
            if size == "draw":
                found[name] = SMALLEST + stream.below(LARGEST - SMALLEST + 1)
            else:
                found[name] = stream.pick(size) if isinstance(size, list) else _size(size, found)
        if all(list(found.values()).count(found[name]) == 1 for name in free):
            return found
    raise DrawError("the sizes that are drawn cannot all differ: use fewer of them")


def named(shape: tuple[int, ...], sizes: Mapping[str, int]) -> str:
    """A shape in the names of the sizes, where exactly one size has that value: (n, d)."""
    owners = {size: [name for name, value in sizes.items() if value == size] for size in shape}
    parts = [owners[size][0] if len(owners[size]) == 1 else str(size) for size in shape]
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"


def attempted(expression: Expression, on: Draw) -> Result:
    """The value of a formula on one draw, as an array of decimals."""
    try:
        return np.asarray(evaluate(expression, on.values), dtype=np.float64)
    except ExpressionError as error:
        return error


def equal(one: Result, other: Result) -> bool:
    """Whether two results have one shape and the same numbers up to rounding; NaN equals NaN, an error nothing."""
    if isinstance(one, ExpressionError) or isinstance(other, ExpressionError):
        return False
    return one.shape == other.shape and bool(np.allclose(one, other, rtol=RTOL, atol=ATOL, equal_nan=True))


def _size(size: int | str, known: Mapping[str, int]) -> int:
    value = known.get(size) or computed(size, known) if isinstance(size, str) else size
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST:
        raise DrawError(f"the size `{size}` is not a whole number from 1 to {MOST}")
    return value


def _array(kind: Kind, shape: tuple[int, ...], dice: Dice, scale: float) -> Value:
    if kind == "normal":
        return _plain(dice.normal(*shape) * scale)
    if kind == "positive":
        entries = [round(0.5 + 2 * dice.uniform(), 4) for _ in range(math.prod(shape))]
        return _plain(np.array(entries).reshape(shape))
    if not 1 <= len(shape) <= 2:
        raise DrawError(f"a {kind} has one or two sizes")
    rows, columns = shape[0], shape[-1]
    if kind == "causal":
        return np.tril(np.ones((rows, columns), dtype=np.bool_))
    if kind == "permutation":
        return _permutation(rows, dice)
    across, down = np.meshgrid(np.arange(columns, dtype=np.float64), np.arange(rows, dtype=np.float64))
    return down if kind == "rows" else across


def _permutation(size: int, dice: Dice) -> NDArray[np.float64]:
    """A matrix that differs from its transpose, so that a permutation is not taken for its inverse."""
    for attempt in range(_TRIES):
        matrix = np.eye(size)[dice.child(str(attempt)).shuffled(range(size))]
        if not np.array_equal(matrix, matrix.T):
            return matrix
    raise DrawError("a permutation of fewer than 3 is its own inverse")


def _plain(array: NDArray[np.float64]) -> Value:
    return float(array) if array.ndim == 0 else array
