"""Contact sheets of every page: `python -m tests.browser.contact_sheet http://127.0.0.1:8000 [folder]`."""

import sys
import tempfile
from html import escape
from itertools import product
from pathlib import Path

from tests.browser import chromium
from tests.browser.chromium import DESK, PHONE, Browser
from tests.browser.pages import PAGES, Address, opened

LANGUAGES, SIZES, THEMES = ("en", "zh"), (DESK, PHONE), ("light", "dark")
ACROSS = {DESK: (580, 4), PHONE: (360, 6)}  # width of a picture on the sheet, pictures in a row
SHEET = """<!doctype html><meta charset="utf-8"><style>
body{{margin:16px;background:#777;font:600 15px sans-serif;color:#fff;display:grid;gap:16px;
grid-template-columns:repeat({columns},{width}px)}}
figure{{margin:0}}figcaption{{padding:2px 0 5px}}img{{display:block;width:100%}}
</style>{pictures}"""


def make(browser: Browser, address: str, folder: Path) -> list[Path]:
    """A sheet for each width, language and theme."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for language in LANGUAGES:
            _photograph(browser, address, language, Path(scratch))
        return [
            _sheet(browser, folder / f"{name}.png", size, Path(scratch) / name)
            for name, size in ((_name(*which), which[1]) for which in product(LANGUAGES, SIZES, THEMES))
        ]


def _name(language: str, size: tuple[int, int], theme: str) -> str:
    return f"{size[0]}-{language}-{theme}"


def _photograph(browser: Browser, address: str, language: str, scratch: Path) -> None:
    """The first screen of every page; each page is opened once."""
    reader = chromium.context(browser, address, language=language)
    for place in PAGES:
        page = reader.new_page()
        opened(page, address, place, language)
        for size, theme in product(SIZES, THEMES):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            page.emulate_media(color_scheme=theme)
            page.screenshot(path=_shot(scratch / _name(language, size, theme), place), type="jpeg", quality=90)
        page.close()
    reader.close()


def _shot(folder: Path, place: Address) -> Path:
    return folder / f"{PAGES.index(place)}.jpeg"


def _sheet(browser: Browser, path: Path, size: tuple[int, int], shots: Path) -> Path:
    width, columns = ACROSS[size]
    pictures = "".join(
        f'<figure><figcaption>{escape(place.name)}</figcaption><img src="{_shot(shots, place).as_uri()}"></figure>'
        for place in PAGES
    )
    html = shots / "sheet.html"
    html.write_text(SHEET.format(columns=columns, width=width, pictures=pictures), encoding="utf8")
    page = browser.new_page(viewport={"width": 16 + columns * (width + 16), "height": 800})
    page.goto(html.as_uri())
    page.screenshot(path=path, full_page=True)
    page.close()
    return path


def main() -> None:
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else "build/contact-sheet")
    with chromium.started() as browser:
        for sheet in make(browser, sys.argv[1], folder):
            print(sheet)


if __name__ == "__main__":
    main()
