"""An item's texts with its numbers: `[[d]]`, `[[w|3]]` (three places), `[[K|matrix]]` and `[[A|matrix2]]` (LaTeX)."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache

from markupsafe import Markup

from app.core.i18n import Language
from app.core.markdown import inline, render
from app.items.registry import Json
from app.items.schema import PLACEHOLDER, BothLines, BothTexts

MINUS = "−"


def text(both: BothTexts | BothLines, parameters: Mapping[str, Json], language: Language) -> Markup:
    """HTML of a text that may hold several paragraphs."""
    return block(filled(getattr(both, language), parameters))


def line(both: BothTexts | BothLines, parameters: Mapping[str, Json], language: Language) -> Markup:
    """HTML of a text of one line."""
    return html(filled(getattr(both, language), parameters))


def placeholders(source: str) -> set[str]:
    """The names that a text asks for."""
    return {found[1] for found in PLACEHOLDER.finditer(source)}


def filled(source: str, parameters: Mapping[str, Json]) -> str:
    """The Markdown with its numbers; raises KeyError for a name that is not drawn."""

    def number(found: re.Match[str]) -> str:
        value, form = parameters[found[1]], found[2]
        inside = source[: found.start()].count("$") % 2 == 1  # in a formula a sign is ASCII, and close to its number
        places = int(form[-1]) if form and form[-1].isdigit() else None
        shown = _matrix(value, places) if form and form.startswith("matrix") else _shown(value, places)
        return re.sub(r"-[0-9.e+-]+", r"{\g<0>}", shown) if inside else shown.replace("-", MINUS)

    return PLACEHOLDER.sub(number, source)


@lru_cache(maxsize=4096)
def block(source: str) -> Markup:
    """Markdown of several paragraphs whose numbers are filled in."""
    return render(source)


@lru_cache(maxsize=4096)
def html(source: str) -> Markup:
    """One line of Markdown whose numbers are filled in."""
    return inline(source)


def _shown(value: Json, places: int | None) -> str:
    if isinstance(value, list):
        return f"({', '.join(_shown(part, places) for part in value)})"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return json.dumps(value)
    if places is not None:
        rounded = f"{value:.{places}f}"
        return rounded.removeprefix("-") if float(rounded) == 0 else rounded
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _matrix(value: Json, places: int | None) -> str:
    rows = value if isinstance(value, list) and value and isinstance(value[0], list) else [value]
    cells = [row if isinstance(row, list) else [row] for row in rows]
    inner = r" \\ ".join(" & ".join(_shown(cell, places) for cell in row) for row in cells)
    return rf"\begin{{pmatrix}} {inner} \end{{pmatrix}}"
