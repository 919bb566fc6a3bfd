"""A matrix as a file to take away: a stand-alone SVG, a PNG of one pixel a cell, a CSV table."""

import csv
import io
import struct
import zlib

import numpy as np

from app.figures.colours import MASKED, channels, rgb, steps
from app.figures.escape import escape
from app.figures.matrix import Matrix, cell_class, fitting_decimals, format_value, label_width

_CELL = 44  # side of a numbered cell in user units
_BARE = 14  # side of a cell without a number
_LABEL = 13  # font size of the labels
_LONGEST = 24  # letters of a label that are drawn
_GAP = 8
_INK, _PAPER, _EDGE, _LIVE = "#17191d", "#fcfbf8", "#85878c", "#c1260b"
_HATCH = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><path d="M0 0V6" stroke="#85878c" stroke-width="1"/></pattern></defs>'
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def svg(matrix: Matrix, *, title: str = "", description: str = "") -> str:
    """A drawing with its own light colours and no outside reference; each cell keeps its exact value."""
    side = _CELL if matrix.numbered else _BARE
    rows, columns = matrix.values.shape
    row_width, column_width = (_LABEL * label_width(names, _LONGEST) for names in (matrix.rows, matrix.columns))
    left = row_width + 2 * _GAP
    turned = column_width > side
    top = (column_width if turned else _LABEL) + 2 * _GAP
    width, height = left + side * columns + _GAP, top + side * rows + _GAP
    cells = "".join(_cell(matrix, i, j, left, top, side) for i in range(rows) for j in range(columns))
    row_labels = "".join(
        f'<text class="row" text-anchor="end" dy=".35em" x="{left - _GAP:.1f}" '
        f'y="{top + side * (i + 0.5):.1f}">{_short(name)}</text>'
        for i, name in enumerate(matrix.rows)
    )
    column_labels = "".join(
        _column_label(name, left + side * (j + 0.5), top - _GAP, turned) for j, name in enumerate(matrix.columns)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img" font-family="sans-serif" font-size="{_LABEL}" '
        f'fill="{_INK}" text-anchor="middle">'
        f"<title>{escape(title or matrix.caption or matrix.words.matrix)}</title>"
        f"<desc>{escape(description or matrix.words.orientation)}</desc>"
        f"{_HATCH}"
        f'<rect class="page" fill="{_PAPER}" width="{width:.0f}" height="{height:.0f}"/>'
        f"{column_labels}{row_labels}{cells}</svg>\n"
    )


def png(matrix: Matrix) -> bytes:
    """One pixel a cell on the light ramp, masked cells grey; 8-bit RGB."""
    rows, columns = matrix.values.shape
    pixels = np.empty((rows, columns, 3), dtype=np.uint8)
    pixels[:] = channels(MASKED)
    for i, j in np.argwhere(matrix.shown):
        pixels[i, j] = rgb(cell_class(float(matrix.values[i, j]), matrix.span, matrix.kind))
    unfiltered = np.zeros((rows, 1 + 3 * columns), dtype=np.uint8)  # each line begins with filter type 0
    unfiltered[:, 1:] = pixels.reshape(rows, -1)
    header = struct.pack(">IIBBBBB", columns, rows, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(unfiltered.tobytes(), 9))
        + _chunk(b"IEND", b"")
    )


def csv_table(matrix: Matrix) -> str:
    """RFC 4180 with a header and row labels; numbers in full precision, masked cells empty.

    Labels that a spreadsheet would run as a formula get a leading apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["", *map(_no_formula, matrix.columns)])
    for i, name in enumerate(matrix.rows):
        shown = zip(matrix.values[i], matrix.shown[i], strict=True)
        writer.writerow([_no_formula(name), *(repr(float(v)) if seen else "" for v, seen in shown)])
    return out.getvalue()


def _cell(matrix: Matrix, i: int, j: int, left: float, top: float, side: int) -> str:
    x, y = left + side * j, top + side * i
    box = f'x="{x:.1f}" y="{y:.1f}" width="{side - 1}" height="{side - 1}"'
    says = f"<title>{escape(matrix.sentence(i, j))}</title>"
    centre = f'x="{x + (side - 1) / 2:.1f}" y="{y + (side - 1) / 2:.1f}"'
    mark = f'<rect class="mark" fill="none" stroke="{_LIVE}" stroke-width="3" {box}/>' if (i, j) == matrix.mark else ""
    if not matrix.shown[i, j]:
        word = (
            f'<text class="word" font-size="10" dy=".35em" {centre}>{escape(matrix.text(i, j, 0))}</text>'
            if matrix.numbered
            else ""
        )
        hatched = f'class="masked" fill="url(#hatch)" stroke="{_EDGE}" stroke-width=".5"'
        return f"<rect {hatched} {box}>{says}</rect>{word}{mark}"
    v = float(matrix.values[i, j])
    step = cell_class(v, matrix.span, matrix.kind)
    text = format_value(v, matrix.kind, fitting_decimals(v, matrix.decimals))
    paint = steps()[step]
    number = (
        f'<text class="t-{step}" fill="{paint.day_ink}" dy=".35em" {centre}>{text}</text>' if matrix.numbered else ""
    )
    return f'<rect class="{step}" fill="{paint.day}" {box} data-value="{v!r}">{says}</rect>{number}{mark}'


def _column_label(name: str, x: float, y: float, turned: bool) -> str:
    turn = f' class="turned" text-anchor="start" dy=".35em" transform="rotate(-90 {x:.1f} {y:.1f})"' if turned else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{turn}>{_short(name)}</text>'


def _short(name: str) -> str:
    return escape(name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "\N{HORIZONTAL ELLIPSIS}")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _no_formula(label: str) -> str:
    return "'" + label if label.startswith(_FORMULA_STARTS) else label
