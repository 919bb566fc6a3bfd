"""What a named bug is, and the register that every bug enters where it is written."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from app.attention.arrays import FloatArray

Number = int | float
Result = FloatArray | Number | tuple[FloatArray, FloatArray]
Computation = Callable[..., Result]
Written = TypeVar("Written", bound=Computation)


@dataclass(frozen=True)
class Mutant:
    """A right computation with one line changed: what the code does wrong, and what its writer believes."""

    key: str
    title: str  # English; follows "Your answer" or "This code", so it begins with a verb
    belief: str  # one English sentence, "Believes that ..."
    run: Computation
    right: Computation


MUTANTS: dict[str, Mutant] = {}


def mutant(right: Computation, title: str, belief: str) -> Callable[[Written], Written]:
    """Register a function under its own name as a mutation of `right`; a name taken twice is an error."""

    def register(function: Written) -> Written:
        key = function.__name__
        if key in MUTANTS:
            raise ValueError(f"there are two mutants called {key}")
        MUTANTS[key] = Mutant(key, title, belief, function, right)
        return function

    return register
