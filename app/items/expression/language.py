"""The two dialects of the language: how long a text may be, and which names and attributes it has."""

import math
from dataclasses import dataclass
from enum import Enum

from .arguments import Function
from .author import FUNCTIONS as OF_AUTHORS
from .functions import FUNCTIONS as OF_LEARNERS


@dataclass(frozen=True)
class Bounds:
    """How large an expression may be before anything is computed."""

    characters: int
    parts: int
    depth: int = 60
    brackets: int = 30
    prefixes: int = 8  # of - + ~ not in a row
    branches: int = 20  # of ** and if, which nest to the right
    digits: int = 77  # of a whole number: below 2**256
    name: int = 40


class Dialect(Enum):
    """Who wrote the expression: a learner answering, or the author of an item, who has more names."""

    LEARNER = "learner"
    AUTHOR = "author"

    @property
    def bounds(self) -> Bounds:
        return _BOUNDS[self]

    @property
    def functions(self) -> dict[str, Function]:
        return OF_LEARNERS if self is Dialect.LEARNER else OF_AUTHORS


CONSTANTS: dict[str, float | None] = {"inf": math.inf, "pi": math.pi, "newaxis": None}
TYPES: dict[str, type[bool] | type[int] | type[float]] = {"bool": bool, "int": int, "float": float}
_BOUNDS = {Dialect.LEARNER: Bounds(400, 300), Dialect.AUTHOR: Bounds(2000, 600)}
