"""Contact sheets of every page: `python -m tests.browser.contact_sheet http://127.0.0.1:8000 [folder]`."""

import sys
import tempfile
from html import escape
from itertools import product
from pathlib import Path

from tests.browser import chromium
from tests.browser.chromium import DESK, PHONE, Browser, Page
from tests.browser.pages import PAGES, Address, opened

LANGUAGES, SIZES, THEMES = ("en", "zh"), (DESK, PHONE), ("light", "dark")
ACROSS = {DESK: (580, 4), PHONE: (360, 6)}  # width of a picture on the sheet, pictures in a row
SHEET = """<!doctype html><meta charset="utf-8"><style>
body{{margin:16px;background:#777;font:600 15px sans-serif;color:#fff;display:grid;gap:16px;
grid-template-columns:repeat({columns},{width}px)}}
figure{{margin:0}}figcaption{{padding:2px 0 5px}}img{{display:block;width:100%}}
</style>{pictures}"""


def make(browser: Browser, address: str, album: Path, folder: Path) -> list[Path]:
    """A sheet for each width, language and theme; pages that are in the album already are not opened again."""
    folder.mkdir(parents=True, exist_ok=True)
    for language, place in product(LANGUAGES, PAGES):
        if not _shot(album, place, language, DESK, "light").exists():
            reader = chromium.context(browser, address, language=language)
            photograph(opened(reader.new_page(), address, place, language).page, place, language, album)
            reader.close()
    return [_sheet(browser, album, folder, *which) for which in product(LANGUAGES, SIZES, THEMES)]


def photograph(page: Page, place: Address, language: str, album: Path) -> None:
    """The first screen of a page that is open, by day and night, at a desk and on a phone."""
    page.evaluate("scrollTo(0, 0)")
    for size, theme in product(SIZES, THEMES):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme=theme)
        page.screenshot(path=_shot(album, place, language, size, theme), type="jpeg", quality=90)


def _shot(album: Path, place: Address, language: str, size: tuple[int, int], theme: str) -> Path:
    return album / f"{PAGES.index(place)}-{size[0]}-{language}-{theme}.jpeg"


def _sheet(browser: Browser, album: Path, folder: Path, language: str, size: tuple[int, int], theme: str) -> Path:
    width, columns = ACROSS[size]
    pictures = "".join(
        f"<figure><figcaption>{escape(place.name)}</figcaption>"
        f'<img src="{_shot(album, place, language, size, theme).name}"></figure>'
        for place in PAGES
    )
    html, path = album / "sheet.html", folder / f"{size[0]}-{language}-{theme}.png"
    html.write_text(SHEET.format(columns=columns, width=width, pictures=pictures), encoding="utf8")
    page = browser.new_page(viewport={"width": 16 + columns * (width + 16), "height": 800})
    page.goto(html.as_uri())
    page.screenshot(path=path, full_page=True)
    page.close()
    return path


def main() -> None:
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else "build/contact-sheet")
    with chromium.started() as browser, tempfile.TemporaryDirectory() as album:
        for sheet in make(browser, sys.argv[1], Path(album), folder):
            print(sheet)


if __name__ == "__main__":
    main()
