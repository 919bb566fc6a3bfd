"""What a template needs to draw a figure: each drawing of `figures` with the reader's words already in it."""

from collections.abc import Callable, Sequence

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from app.core.i18n import Language
from app.demos.words import figure_words, language_of
from app.figures import Matrix, Provenance, badge, interlinear, legend_of, table, thumbnail

Drawing = Callable[..., Markup]


def drawings(language: Language) -> dict[str, Drawing]:
    """thumb, draw, legend, badge and hears, for `{**drawings(language)}` in a page's values."""
    words = figure_words(language)

    def thumb(matrix: Matrix, size: int = 60) -> Markup:
        return thumbnail(matrix.values, matrix.kind, matrix.allowed, size)

    def mark(provenance: Provenance) -> Markup:
        return badge(provenance, words, href="#provenance")

    def hears(tokens: Sequence[str], weights: NDArray[np.float64], allowed: NDArray[np.bool_]) -> Markup:
        shown = np.where(allowed, weights, np.nan)
        return interlinear(tokens, shown, languages=[language_of(token) for token in tokens], labels=words)

    return {"thumb": thumb, "draw": table, "legend": legend_of, "badge": mark, "hears": hears}
