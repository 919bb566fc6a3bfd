"""What a demo gives back: the weights, the stages on the way to them, and where the numbers come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

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
class Beside:
    """A bug computed on the same numbers: weights [heads, queries, keys], less the right ones, and its output.

    `panels` are the bug's weights, the right ones and the difference, for one head, with `legends` of both ramps.
    """

    key: str
    title: str
    belief: str
    remark: str  # why there is no difference, where there can be none
    attn_weights: NDArray[np.float64]
    difference: NDArray[np.float64]
    attn_output: NDArray[np.float64]
    panels: tuple[Matrix, Matrix, Matrix]
    legends: Markup
    readout: str


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
    provenance: Provenance | Literal["given"]
    numpy_code: str
    pytorch_code: str
    notes: Sequence[str] = ()  # where the numbers come from
    beside: Beside | None = None

    @property
    def stage(self) -> Stage:
        return self.stages[self.current]

    @property
    def keys(self) -> Sequence[str]:
        return self.memory_tokens or self.tokens
