"""A matrix with everything its drawing needs, and the few words the drawing says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal
from unicodedata import east_asian_width

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.figures.ramp import number, sequential, signed, signed_number

Kind = Literal["weights", "signed"]
Provenance = Literal["constructed", "trained", "pretrained", "similarity"]
Extent = tuple[float, float]
LABELLED = 12  # rows and columns up to which every cell prints its number
_LATIN_EM = 0.6


@dataclass(frozen=True, slots=True)
class Words:
    """What a drawing says, in English; a caller passes another language or other axes."""

    query: str = "query"
    key: str = "key"
    cell: str = "{query} “{row}” → {key} “{column}”: {value}"
    masked: str = "masked"
    undefined: str = "undefined"
    weight: str = "weight"
    value: str = "value"
    row_sum: str = "sum of the row"
    column_sum: str = "sum of the column"
    orientation: str = "Rows are queries, columns are keys."
    matrix: str = "matrix"
    constructed: str = "constructed"
    trained: str = "trained here"
    pretrained: str = "pretrained"
    similarity: str = "similarity"


ENGLISH = Words()


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """values [R, C]; allowed [R, C] is False where masked.

    `scale` is the range that the ramp spans, for matrices drawn beside each other on one scale; left out,
    weights span 0 to their maximum and signed values plus and minus their largest magnitude.
    Raises ValueError if a shape does not fit or the matrix is empty.
    """

    values: NDArray[np.float64]
    rows: Sequence[str]
    columns: Sequence[str]
    kind: Kind = "weights"
    allowed: NDArray[np.bool_] | None = None
    decimals: int = 2
    caption: str = ""
    mark: tuple[int, int] | None = None
    row_lang: Sequence[str | None] | None = None
    column_lang: Sequence[str | None] | None = None
    sums: bool = False
    column_sums: bool = False
    show_caption: bool = False
    scale: Extent | None = None
    words: Words = ENGLISH

    unmasked: NDArray[np.bool_] = field(init=False, repr=False)
    shown: NDArray[np.bool_] = field(init=False, repr=False)  # where there is a finite value to draw
    extent: Extent = field(init=False)  # smallest and largest value shown; (0, 0) if none is
    span: Extent = field(init=False)  # the values at the two ends of the ramp

    def __post_init__(self) -> None:
        values = np.asarray(self.values, dtype=np.float64)
        if values.ndim != 2 or values.size == 0:
            raise ValueError(f"a matrix has rows and columns, this has shape {values.shape}")
        if values.shape != (len(self.rows), len(self.columns)):
            raise ValueError(f"{values.shape} values, {len(self.rows)} rows, {len(self.columns)} columns")
        if self.allowed is not None and np.shape(self.allowed) != values.shape:
            raise ValueError(f"the mask has shape {np.shape(self.allowed)}, the values {values.shape}")
        if self.mark and not all(0 <= at < n for at, n in zip(self.mark, values.shape, strict=True)):
            raise ValueError(f"no cell {self.mark} in a matrix of shape {values.shape}")
        open_cells = unmasked(values, self.allowed)
        ends = extent(values, self.allowed)
        for name, derived in (
            ("values", values),
            ("unmasked", open_cells),
            ("shown", open_cells & np.isfinite(values)),
            ("extent", ends),
            ("span", self.scale or ramp_span(*ends, self.kind)),
        ):
            object.__setattr__(self, name, derived)

    @property
    def numbered(self) -> bool:
        return len(self.rows) <= LABELLED and len(self.columns) <= LABELLED

    def text(self, i: int, j: int, decimals: int) -> str:
        """The value of a cell as it is read, or the word that stands for it, unescaped."""
        if not self.unmasked[i, j]:
            return self.words.masked
        if not self.shown[i, j]:
            return self.words.undefined
        return format_value(float(self.values[i, j]), self.kind, decimals)

    def sentence(self, i: int, j: int) -> str:
        """The sentence of a cell, unescaped: query “it” → key “animal”: 0.677."""
        return self.words.cell.format(
            query=self.words.query,
            key=self.words.key,
            row=self.rows[i],
            column=self.columns[j],
            value=self.text(i, j, max(3, self.decimals)),
        )


def format_value(v: float, kind: Kind, decimals: int) -> str:
    """Signed values always show their sign."""
    return signed_number(v, decimals) if kind == "signed" else number(v, decimals)


def cell_class(v: float, span: Extent, kind: Kind) -> str:
    """The ramp class of a value; a signed ramp keeps zero in its middle whatever the span."""
    return signed(v, max(abs(span[0]), abs(span[1]))) if kind == "signed" else sequential(v, *span)


def fitting_decimals(v: float, wanted: int) -> int:
    """Fewer decimals for large numbers, so that they stay inside their cell."""
    return max(0, wanted - max(0, len(f"{abs(v):.0f}") - 2))


def label_width(labels: Sequence[str], longest: int = 24) -> float:
    """Width in em of the widest label cut to `longest` letters: an estimate, Chinese ones being square."""
    return max(
        sum(1.0 if east_asian_width(letter) in "WF" else _LATIN_EM for letter in label[:longest]) for label in labels
    )


def unmasked(values: NDArray[np.float64], allowed: ArrayLike | None = None) -> NDArray[np.bool_]:
    """[R, C], False where the mask forbids the cell or minus infinity has already been written there."""
    seen = ~np.isneginf(values)
    return seen if allowed is None else seen & np.asarray(allowed, dtype=np.bool_)


def extent(values: ArrayLike, allowed: ArrayLike | None = None) -> Extent:
    """Smallest and largest of the finite, unmasked values; (0, 0) if there are none."""
    array = np.asarray(values, dtype=np.float64)
    shown = array[unmasked(array, allowed) & np.isfinite(array)]
    return (float(shown.min()), float(shown.max())) if shown.size else (0.0, 0.0)


def ramp_span(lo: float, hi: float, kind: Kind) -> Extent:
    """Zero is the page: weights start at zero, signed values reach equally far to both sides."""
    if kind == "signed":
        reach = max(abs(lo), abs(hi))
        return (-reach, reach)
    return (min(0.0, lo), hi)
