"""The one drawing of each figure: HTML, SVG, PNG and CSV made from NumPy arrays, colours as classes."""

from app.figures.export import csv_table, png, svg
from app.figures.heatmap import legend, legend_of, masked_key, table
from app.figures.matrix import ENGLISH, Kind, Matrix, Provenance, Words
from app.figures.sketch import badge, interlinear, thumbnail

__all__ = [
    "ENGLISH",
    "Kind",
    "Matrix",
    "Provenance",
    "Words",
    "badge",
    "csv_table",
    "interlinear",
    "legend",
    "legend_of",
    "masked_key",
    "png",
    "svg",
    "table",
    "thumbnail",
]
