"""What a demo gives back: the weights, the stages on the way to them, and where the numbers come from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from app.figures import Matrix, Provenance


@dataclass(frozen=True)
class Panel:
    """One named matrix of a stage, such as Q with its shape [6, 4]."""

    name: Markup
    matrix: Matrix
    shape: tuple[int, ...]
    operator: str = ""  # drawn before the panel: × or =
    note: str = ""  # what of it is shown, where not all is


@dataclass(frozen=True)
class Stage:
    """One step: its formula, what to see in it, its matrices, the arithmetic of the marked cell."""

    key: str
    name: str
    short: Markup
    formula: Markup
    text: str
    panels: Sequence[Panel]
    worked: str = ""

    @property
    def main(self) -> Matrix:
        """The matrix that is exported: the result of the step."""
        return self.panels[-1].matrix


@dataclass(frozen=True)
class Shown:
    """One run of a demo. Weights are [heads, queries, keys]; `allowed` is False where masked."""

    tokens: Sequence[str]
    memory_tokens: Sequence[str]
    attn_weights: NDArray[np.float64]
    allowed: NDArray[np.bool_]
    attn_output: NDArray[np.float64]
    stages: Sequence[Stage]
    current: int
    marked: tuple[int, int]
    head: int
    provenance: Provenance
    numpy_code: str
    pytorch_code: str

    @property
    def stage(self) -> Stage:
        return self.stages[self.current]

    @property
    def keys(self) -> Sequence[str]:
        return self.memory_tokens or self.tokens
