"""One server and one Chromium for the tests of this folder; a fresh reader for each test."""

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import chromium
from tests.browser.chromium import Browser, BrowserContext, Page
from tests.conftest import absent


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Closed with this folder's last test: a playwright that runs keeps other tests from running a loop."""
    with chromium.started() as started:
        yield started


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="package")
def data(folder: Path) -> Path:
    """Where the server keeps its database."""
    return folder / "data"


@pytest.fixture(scope="package")
def address(browser: Browser, folder: Path) -> Iterator[str]:
    with chromium.serving(folder) as found:
        yield found


@pytest.fixture(scope="package")
def axe() -> str:
    """The script of axe-core, as a test package carries it."""
    found = importlib.util.find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        absent("axe-core")
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf8")


@pytest.fixture(scope="package")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures for the contact sheet gather while pages are open anyway."""
    return tmp_path_factory.mktemp("album")


@pytest.fixture(scope="package")
def readers(browser: Browser, address: str) -> Iterator[Callable[..., BrowserContext]]:
    """Readers by how they read: style sheets and fonts are fetched once each."""
    known: dict[str, BrowserContext] = {}

    def reader(**how: Any) -> BrowserContext:
        key = repr(sorted(how.items()))
        if key not in known:
            known[key] = chromium.context(browser, address, **how)
        return known[key]

    yield reader
    for context in known.values():
        context.close()


@pytest.fixture
def visit(readers: Callable[..., BrowserContext]) -> Iterator[Callable[..., Page]]:
    """visit("/demos", language="zh", size=PHONE, color_scheme="dark"): a reader who was never here before."""
    pages: list[Page] = []

    def come(path: str, **how: Any) -> Page:
        pages.append(readers(**how).new_page())
        return chromium.arrive(pages[-1], path)

    yield come
    for page in pages:
        page.evaluate("localStorage.clear()")
        page.context.clear_cookies()
        page.close()
