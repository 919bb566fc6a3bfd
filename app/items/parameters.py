"""Parameters of a variant: drawn from their grids, derived by `let`, redrawn until every guard holds."""

import math
from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np

from app.items.draw import Dice, DrawError
from app.items.expression import Dialect, Expression, Value, evaluate, parse
from app.items.registry import Json
from app.items.schema import ItemDocument, Nested, Param

TRIES = 400
Scope = dict[str, Value]
Guard = Callable[[Scope], bool]


def drawn(item: ItemDocument, dice: Dice, keep: Guard | None = None) -> Scope:
    """Parameters and lets by name, with every guard of the item true, and `keep` too; raises DrawError.

    A vector or matrix is a NumPy array in the scope, so that expressions can calculate with it.
    """
    for attempt in range(TRIES):
        stream = dice.child(str(attempt))
        scope: Scope = {name: _value(param, stream.child(name)) for name, param in item.params.items()}
        for name, formula in item.let.items():
            scope[name] = computed(formula, scope)
        if all(holds(guard, scope) for guard in item.guards) and (keep is None or keep(scope)):
            return scope
        if not item.params:
            break
    raise DrawError(f"no draw in {TRIES} satisfied the guards")


def computed(formula: str, scope: Mapping[str, Value]) -> Value:
    """The value of an author's expression; raises ExpressionError."""
    return evaluate(expression(formula), scope)


def number(formula: str, scope: Mapping[str, Value]) -> int | float:
    """The value of an expression that must be one finite number; raises DrawError if it is not."""
    value = computed(formula, scope)
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.item()
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise DrawError(f"`{formula}` is not one finite number")
    return value


def holds(guard: str, scope: Mapping[str, Value]) -> bool:
    """Whether a guard is true of these values."""
    value = computed(guard, scope)
    if isinstance(value, np.ndarray) and value.size != 1:
        raise DrawError(f"the guard `{guard}` is not one truth value")
    return bool(value)


def plain(scope: Mapping[str, Value]) -> dict[str, Json]:
    """A scope as JSON: what is stored and what texts show."""
    return {name: as_json(value) for name, value in scope.items()}


def arrays(parameters: Mapping[str, Json]) -> Scope:
    """Stored parameters as expressions calculate with them."""
    return {name: np.array(value) if isinstance(value, list) else _scalar(value) for name, value in parameters.items()}


def as_json(value: object) -> Json:
    """A value of an expression as JSON; floats keep 12 significant digits."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [as_json(part) for part in value]
    if isinstance(value, float):
        return float(f"{value:.12g}")
    assert value is None or isinstance(value, bool | int | str)
    return value


@lru_cache(maxsize=2048)
def expression(formula: str) -> Expression:
    """An author's expression, parsed once."""
    return parse(formula, Dialect.AUTHOR)


def _scalar(value: Json) -> Value:
    assert isinstance(value, bool | int | float)
    return value


def _value(param: Param, dice: Dice) -> Value:
    if param.shape is None:
        value = _one(param, dice)
        return np.array(value) if isinstance(value, list) else value
    count = math.prod(param.shape)
    entries: list[Nested] = []
    for _ in range(count * 50):
        if len(entries) == count:
            break
        entry = _one(param, dice)
        if not (param.distinct and entry in entries):
            entries.append(entry)
    if len(entries) < count:
        raise DrawError("the grid is too small for so many distinct entries")
    return np.array(entries).reshape(param.shape)


def _one(param: Param, dice: Dice) -> Nested:
    if param.one_of is not None:
        return dice.pick(param.one_of)
    assert param.grid is not None
    low, high, step = (*param.grid, 1)[:3]
    steps = round((high - low) / step)
    value = low + step * dice.below(steps + 1)
    return value if isinstance(value, int) else float(f"{value:.10g}")
