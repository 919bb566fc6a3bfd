"""Small drawings beside a figure: thumbnail, sentence with weights beneath its words, provenance badge."""

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup
from numpy.typing import ArrayLike, NDArray

from app.figures.escape import escape
from app.figures.matrix import (
    ENGLISH,
    Extent,
    Kind,
    Provenance,
    Words,
    cell_class,
    extent,
    ramp_span,
    unmasked,
)
from app.figures.ramp import number, sequential

_THUMBNAIL_CELLS = 16
_CELL = 10
_BAR_HEIGHT = 20
_SQUARE = '<rect x="1" y="1" width="8" height="8" fill="none" stroke="currentColor" stroke-width="1.6"/>'
_SIGNS: dict[Provenance, str] = {
    "constructed": _SQUARE,
    "trained": _SQUARE + '<path d="M1 9V1l8 8z" fill="currentColor"/>',
    "pretrained": '<rect width="10" height="10" fill="currentColor"/>',
    "similarity": '<path d="M0 3.5q2.5-3 5 0t5 0M0 7.5q2.5-3 5 0t5 0" fill="none" stroke="currentColor" '
    'stroke-width="1.5"/>',
}


def thumbnail(
    values: ArrayLike,
    kind: Kind = "weights",
    allowed: ArrayLike | None = None,
    size: int = 60,
    *,
    scale: Extent | None = None,
    title: str = "",
) -> Markup:
    """values [R, C] as an SVG whose longer side is `size` pixels; above 16 x 16 neighbours are averaged.

    Without a title the drawing is decoration, hidden from screen readers.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 2 or array.size == 0:
        raise ValueError(f"a thumbnail needs rows and columns, this has shape {array.shape}")
    small = _pool(np.where(unmasked(array, allowed) & np.isfinite(array), array, np.nan))
    span = scale or ramp_span(*extent(small), kind)
    cells = "".join(
        _rect(i, j, f"k {cell_class(float(v), span, kind)}" if np.isfinite(v) else "hatched")
        for (i, j), v in np.ndenumerate(small)
    )
    height, width = (_CELL * n - 1 for n in small.shape)
    zoom = size / max(height, width)
    name = f'role="img" aria-label="{escape(title)}"' if title else 'aria-hidden="true"'
    return Markup(
        f'<svg class="mini" viewBox="0 0 {width} {height}" width="{width * zoom:.0f}" '
        f'height="{height * zoom:.0f}" {name}>{cells}</svg>'
    )


def interlinear(
    words: Sequence[str],
    weights: ArrayLike,
    query_index: int | None = None,
    *,
    decimals: int = 3,
    languages: Sequence[str | None] | None = None,
    labels: Words = ENGLISH,
) -> Markup:
    """A sentence with the weight of each word beneath it as a bar and a number; not finite means masked.

    Raises ValueError unless there is one weight per word.
    """
    array = np.asarray(weights, dtype=np.float64)
    if array.shape != (len(words),):
        raise ValueError(f"{len(words)} words, weights of shape {array.shape}")
    top = max(extent(array)[1], 0.0)
    codes = languages or [None] * len(words)
    items = (
        _word(word, float(v), top, code, i == query_index, decimals, labels)
        for i, (word, v, code) in enumerate(zip(words, array, codes, strict=True))
    )
    return Markup(f'<ol class="inter">{"".join(items)}</ol>')


def badge(provenance: Provenance, words: Words = ENGLISH, *, href: str = "") -> Markup:
    """Where the numbers of a figure come from: a mark and a word, a link if an address is given."""
    names = {
        "constructed": words.constructed,
        "trained": words.trained,
        "pretrained": words.pretrained,
        "similarity": words.similarity,
    }
    sign = f'<svg viewBox="0 0 10 10" aria-hidden="true">{_SIGNS[provenance]}</svg>'
    content = f"{sign}{escape(names[provenance])}"
    if href:
        return Markup(f'<a class="badge" href="{escape(href)}">{content}</a>')
    return Markup(f'<span class="badge">{content}</span>')


def _pool(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Means over blocks of at most 16 x 16; NaN stands for masked and stays only where a whole block is."""
    seen = np.isfinite(values)
    totals, counts = _blocks(np.where(seen, values, 0.0)), _blocks(seen.astype(np.float64))
    return np.divide(totals, counts, out=np.full_like(totals, np.nan), where=counts > 0)


def _blocks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    for axis, length in enumerate(values.shape):
        steps = min(length, _THUMBNAIL_CELLS)
        starts = np.arange(steps) * length // steps
        values = np.add.reduceat(values, starts, axis=axis)
    return values


def _rect(i: int, j: int, classes: str) -> str:
    side = _CELL - 1
    return f'<rect class="{classes}" x="{_CELL * j}" y="{_CELL * i}" width="{side}" height="{side}"/>'


def _word(word: str, v: float, top: float, code: str | None, is_query: bool, decimals: int, labels: Words) -> str:
    shown = bool(np.isfinite(v))
    height = _BAR_HEIGHT * max(0.0, v) / top if shown and top > 0 else 0.0
    step = sequential(v if shown else 0.0, 0.0, top)
    query = ' class="q"' if is_query else ""
    lang = f' lang="{escape(code)}"' if code else ""
    bar = f'<rect class="k {step}" width="60" height="{height:.1f}"/>'
    text = number(v, decimals) if shown else escape(labels.masked)
    return (
        f'<li{query}><span class="w"{lang}>{escape(word)}</span>'
        f'<svg viewBox="0 0 60 {_BAR_HEIGHT}" preserveAspectRatio="none" aria-hidden="true">{bar}</svg>'
        f'<span class="v">{text}</span></li>'
    )
