"""Contact sheets of every page: `python -m tests.browser.contact_sheet http://127.0.0.1:8000 [folder]`."""

import sys
import tempfile
from html import escape
from pathlib import Path

from tests.browser import chromium
from tests.browser.chromium import DESK, PHONE, Browser
from tests.browser.pages import PAGES, opened

THEMES = ("light", "dark")
ACROSS = {PHONE: (360, 6), DESK: (580, 4)}  # width of a picture on the sheet, pictures in a row
SHEET = """<!doctype html><meta charset="utf-8"><style>
body{{margin:16px;background:#777;font:600 15px sans-serif;color:#fff;display:grid;gap:16px;
grid-template-columns:repeat({columns},{width}px)}}
figure{{margin:0}}figcaption{{padding:2px 0 5px}}img{{display:block;width:100%}}h1{{grid-column:1/-1;margin:0}}
</style><h1>{title}</h1>{pictures}"""


def make(browser: Browser, address: str, folder: Path, scratch: Path) -> list[Path]:
    """One sheet for each width and language, day and night side by side."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _sheet(browser, folder / f"{size[0]}-{language}.png", size, _shots(browser, address, language, size, scratch))
        for size in (DESK, PHONE)
        for language in ("en", "zh")
    ]


Shot = tuple[str, Path]


def _shots(browser: Browser, address: str, language: str, size: tuple[int, int], scratch: Path) -> list[Shot]:
    reader = chromium.context(browser, address, language=language, size=size)
    shots = []
    for place in PAGES:
        page = reader.new_page()
        opened(page, address, place, language)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            path = scratch / f"{place.name.replace(' ', '')}-{size[0]}-{language}-{theme}.png"
            page.screenshot(path=path)
            shots.append((f"{place.name}, {theme}", path))
        page.close()
    reader.close()
    return shots


def _sheet(browser: Browser, path: Path, size: tuple[int, int], shots: list[Shot]) -> Path:
    width, columns = ACROSS[size]
    pictures = "".join(
        f'<figure><figcaption>{escape(caption)}</figcaption><img src="{shot.name}"></figure>' for caption, shot in shots
    )
    html = shots[0][1].with_name("sheet.html")
    html.write_text(SHEET.format(columns=columns, width=width, title=path.stem, pictures=pictures), encoding="utf8")
    page = browser.new_page(viewport={"width": 16 + columns * (width + 16), "height": 800})
    page.goto(html.as_uri())
    page.screenshot(path=path, full_page=True)
    page.close()
    return path


def main() -> None:
    address, folder = sys.argv[1], Path(sys.argv[2] if len(sys.argv) > 2 else "build/contact-sheet")
    with chromium.started() as browser, tempfile.TemporaryDirectory() as scratch:
        for sheet in make(browser, address, folder, Path(scratch)):
            print(sheet)


if __name__ == "__main__":
    main()
