"""Every text is readable in both themes, and the style sheets are what they say they are."""

import itertools
import re
from pathlib import Path

import pytest

from app.figures.colours import contrast, heat_css, steps

CSS = Path(__file__).parents[2] / "static" / "css"
SHEETS = sorted(CSS.glob("*.css"))
TOKENS = {
    name: (day, night)
    for name, day, night in re.findall(
        r"--([\w-]+):light-dark\((#\w+),(#\w+)\)", (CSS / "tokens.css").read_text(encoding="utf-8")
    )
}
GROUNDS = ["paper", "sheet", "field"]
READABLE = [
    *itertools.product(["ink", "ink-2", "ink-3", "live", "live-deep", "right", "wrong"], GROUNDS),
    *itertools.product(["ink", "ink-2", "live"], ["live-wash"]),
    *itertools.product(["ink", "ink-2", "right"], ["right-wash"]),
    *itertools.product(["ink", "ink-2", "wrong"], ["wrong-wash"]),
    ("on-live", "live"),
    ("on-live", "live-deep"),
]


def test_the_sheet_of_ramps_is_what_the_code_generates() -> None:
    assert (CSS / "heat.css").read_text(encoding="utf-8") == heat_css()


def test_there_is_a_class_for_every_step() -> None:
    assert set(steps()) == {f"h{i:02d}" for i in range(64)} | {f"d{i:02d}" for i in range(63)}


@pytest.mark.parametrize("theme", ["day", "night"])
def test_a_number_is_readable_on_every_step(theme: str) -> None:
    for step in steps().values():
        fill, ink = (step.day, step.day_ink) if theme == "day" else (step.night, step.night_ink)
        assert contrast(fill, ink) >= 4.5, step


@pytest.mark.parametrize("theme", [0, 1])
def test_more_weight_is_further_from_the_page(theme: int) -> None:
    paper = TOKENS["paper"][theme]
    away = [contrast((s.day, s.night)[theme], paper) for name, s in steps().items() if name[0] == "h"]
    assert away == sorted(away) and away[-1] > 10


@pytest.mark.parametrize(("text", "ground"), READABLE)
def test_text_is_readable_on_its_ground_by_day_and_by_night(text: str, ground: str) -> None:
    for theme in (0, 1):
        assert contrast(TOKENS[text][theme], TOKENS[ground][theme]) >= 4.5


@pytest.mark.parametrize("ground", GROUNDS)
def test_the_edge_of_a_control_can_be_seen(ground: str) -> None:
    assert all(contrast(TOKENS["edge"][theme], TOKENS[ground][theme]) >= 3 for theme in (0, 1))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_a_sheet_lives_in_a_layer_and_asks_nobody_else(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    rest = re.sub(r"@font-face\{[^}]*\}", "", text).strip()
    assert rest.startswith("@layer ") and text.count("{") == text.count("}") and len(text.splitlines()) <= 250
    assert "@import" not in text and "http" not in text
    for address in re.findall(r'url\("?([^")]*)', text):
        assert (sheet.parent / address).is_file()


def test_no_message_is_red() -> None:
    rules = re.findall(r"([^{}]*(?:error|fault|notice|verd)[^{}]*)\{([^}]*)\}", "".join(map(_text, SHEETS)))
    assert rules and not any("--live" in body for _, body in rules)


def _text(sheet: Path) -> str:
    return sheet.read_text(encoding="utf-8")
