"""The heat-map: a matrix as an HTML table whose cells carry ramp classes, with its legend."""

from collections.abc import Sequence
from math import nan

from markupsafe import Markup

from app.figures.escape import escape
from app.figures.matrix import (
    ENGLISH,
    LABELLED,
    Extent,
    Kind,
    Matrix,
    Words,
    cell_class,
    fitting_decimals,
    format_value,
    label_width,
    ramp_span,
)
from app.figures.ramp import number

__all__ = ["Matrix", "Words", "legend", "legend_of", "masked_key", "table"]

_SIZES = ((6, "xl"), (9, "l"), (16, "m"), (24, "s"))
_USUAL_DECIMALS = 2
_SHORT = 4.0  # widest column head in em that stands level over a narrow column
_NARROW = 3.2  # widest row head in em for the usual width of row heads
_FEW = 6  # so many columns are wide enough for any head
_SWATCHES = 32
_TIMES = "\N{MULTIPLICATION SIGN}"
_ROW_SUM_TOLERANCE = 5e-3


def table(matrix: Matrix, *, labels_only: bool = False) -> Markup:
    """The matrix in its own scrolling region. `labels_only` keeps heads and colours and prints no numbers."""
    words = matrix.words
    label = escape(matrix.caption or words.matrix)
    body = "".join(_row(matrix, i, labels_only) for i in range(len(matrix.rows)))
    return Markup(
        f'<div class="mx-wrap" role="group" tabindex="0" aria-label="{label}">'
        f'<table class="{_table_classes(matrix, labels_only)}">{_caption(matrix)}{_head(matrix)}'
        f"<tbody>{body}</tbody>{_foot(matrix)}</table></div>"
    )


def legend(
    lo: float,
    hi: float,
    kind: Kind = "weights",
    words: Words = ENGLISH,
    *,
    decimals: int = 2,
    scale: Extent | None = None,
) -> Markup:
    """The part of the ramp from lo to hi, the true extent of the data, with both ends in numbers."""
    span = scale or ramp_span(lo, hi, kind)
    steps = (lo + (hi - lo) * i / (_SWATCHES - 1) for i in range(_SWATCHES))
    swatches = "".join(
        f'<rect class="k {cell_class(v, span, kind)}" x="{10 * i}" width="10.5" height="20"/>'
        for i, v in enumerate(steps)
    )
    name = escape(words.value if kind == "signed" else words.weight)
    ends = [format_value(v, kind, decimals) for v in (lo, hi)]
    return Markup(
        f'<div class="legend"><svg viewBox="0 0 {10 * _SWATCHES} 20" preserveAspectRatio="none" '
        f'aria-hidden="true">{swatches}</svg><span>{ends[0]} {name}</span><span>{ends[1]}</span></div>'
    )


def legend_of(matrix: Matrix) -> Markup:
    """The legend of this matrix, and the masked swatch if any of its cells is masked."""
    ramp = legend(*matrix.extent, matrix.kind, matrix.words, decimals=matrix.decimals, scale=matrix.span)
    return ramp if matrix.unmasked.all() else ramp + masked_key(matrix.words)


def masked_key(words: Words = ENGLISH) -> Markup:
    swatch = '<span class="swatch-masked"></span>'
    return Markup(f'<span class="legend-masked">{swatch}{escape(words.masked)}</span>')


def _table_classes(matrix: Matrix, labels_only: bool) -> str:
    rows, columns = matrix.values.shape
    across = columns if matrix.numbered else max(rows, columns)
    size = next((name for most, name in _SIZES if across <= most), "t")
    traits = {
        f"mx-c{columns}": columns <= LABELLED,  # a known number of columns has a known least width
        "mx-upright": columns > (_FEW if label_width(matrix.columns) > _SHORT else LABELLED),
        "mx-wide": label_width(matrix.rows) > _NARROW,
        "mx-signed": matrix.kind == "signed",
        "mx-long": matrix.decimals > _USUAL_DECIMALS,
        "mx-bare": labels_only or not matrix.numbered,
    }
    return " ".join(["mx", f"mx-{size}", *(name for name, has in traits.items() if has)])


def _caption(matrix: Matrix) -> str:
    rows, columns = matrix.values.shape
    hidden = "" if matrix.show_caption else ' class="vh"'
    return (
        f"<caption{hidden}>{escape(matrix.caption or matrix.words.matrix)} "
        f'<span class="shape">{rows} {_TIMES} {columns}</span> '
        f'<span class="vh">{escape(matrix.words.orientation)}</span></caption>'
    )


def _head(matrix: Matrix) -> str:
    words = matrix.words
    lit = matrix.mark[1] if matrix.mark else None
    heads = "".join(
        f'<th scope="col"{_lang(matrix.column_lang, j)}{_lit(j == lit)}>{escape(name)}</th>'
        for j, name in enumerate(matrix.columns)
    )
    sums = f'<th scope="col" class="sum">{_spoken("Σ", words.row_sum)}</th>' if matrix.sums else ""
    corner = f'<td class="mx-corner">{escape(words.query)} ↓<br>{escape(words.key)} →</td>'
    return f"<thead><tr>{corner}{heads}{sums}</tr></thead>"


def _row(matrix: Matrix, i: int, labels_only: bool) -> str:
    lit = matrix.mark is not None and matrix.mark[0] == i
    cells = "".join(_cell(matrix, i, j, labels_only) for j in range(len(matrix.columns)))
    head = f'<th scope="row"{_lang(matrix.row_lang, i)}>{escape(matrix.rows[i])}</th>'
    return f"<tr{_lit(lit)}>{head}{cells}{_row_sum(matrix, i) if matrix.sums else ''}</tr>"


def _cell(matrix: Matrix, i: int, j: int, labels_only: bool) -> str:
    tab = 0 if (i, j) == (matrix.mark or (0, 0)) else -1
    reach = f'data-say="{escape(matrix.sentence(i, j))}" tabindex="{tab}"'
    mark = " mark" if (i, j) == matrix.mark else ""
    if not matrix.shown[i, j]:
        return f'<td class="masked{mark}" {reach}><span>{escape(matrix.text(i, j, 0))}</span></td>'
    v = float(matrix.values[i, j])
    classes = f"k {cell_class(v, matrix.span, matrix.kind)}{mark}"
    if matrix.numbered and not labels_only:
        text = format_value(v, matrix.kind, fitting_decimals(v, matrix.decimals))
        return f'<td class="{classes}" {reach}>{text}</td>'
    text = format_value(v, matrix.kind, max(3, matrix.decimals))
    return f'<td class="{classes}" {reach} aria-label="{text}"></td>'


def _row_sum(matrix: Matrix, i: int) -> str:
    seen = matrix.unmasked[i]
    if not matrix.shown[i][seen].all():
        return f'<td class="sum off">{_spoken(number(nan), matrix.words.undefined)}</td>'
    total = float(matrix.values[i][seen].sum())
    off = matrix.kind == "weights" and bool(seen.any()) and abs(total - 1) > _ROW_SUM_TOLERANCE
    return f'<td class="sum{" off" if off else ""}">{format_value(total, matrix.kind, 2)}</td>'


def _foot(matrix: Matrix) -> str:
    if not matrix.column_sums:
        return ""
    totals = matrix.values.sum(axis=0, where=matrix.shown)
    cells = "".join(f"<td>{format_value(float(total), matrix.kind, 2)}</td>" for total in totals)
    corner = "<td></td>" if matrix.sums else ""
    return f'<tfoot><tr><th scope="row">{_spoken("Σ", matrix.words.column_sum)}</th>{cells}{corner}</tr></tfoot>'


def _spoken(sign: str, name: str) -> str:
    """A sign for the eye, its name for the ear."""
    return f'<span aria-hidden="true">{sign}</span><span class="vh">{escape(name)}</span>'


def _lang(languages: Sequence[str | None] | None, i: int) -> str:
    code = languages[i] if languages else None
    return f' lang="{escape(code)}"' if code else ""


def _lit(lit: bool) -> str:
    return ' class="lit"' if lit else ""
