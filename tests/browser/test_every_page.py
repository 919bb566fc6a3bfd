"""Every page in both languages: its policy, its origin, its width, and axe in both themes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.chromium import DESK, PHONE, BrowserContext
from tests.browser.clean import WIDER, faults
from tests.browser.contact_sheet import photograph
from tests.browser.pages import PAGES, Opened, opened

pytestmark = pytest.mark.browser
Reader = Callable[..., BrowserContext]
EVERY = [(address, language) for address in PAGES for language in ("en", "zh")]


@pytest.fixture(scope="module", params=EVERY, ids=lambda found: f"{found[0].name}-{found[1]}")
def read(request: pytest.FixtureRequest, readers: Reader, address: str, album: Path) -> Iterator[Opened]:
    """A page in a language, opened once for all the checks of this file and for the contact sheet."""
    place, language = request.param
    reader = readers(language=language, size=DESK)
    found = opened(reader.new_page(), address, place, language)
    assert found.status == place.status
    yield found
    photograph(found.page, place, language, album)
    found.page.close()
    reader.clear_cookies()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_never_scrolls_sideways(read: Opened, size: tuple[int, int]) -> None:
    read.page.set_viewport_size({"width": size[0], "height": size[1]})
    assert read.page.evaluate(WIDER) <= 0


@pytest.mark.parametrize("view", [("light", DESK), ("dark", DESK), ("light", PHONE)], ids="light dark phone".split())
def test_axe_finds_nothing(read: Opened, axe: str, view: tuple[str, tuple[int, int]]) -> None:
    theme, (width, height) = view
    read.page.emulate_media(color_scheme=theme)
    read.page.set_viewport_size({"width": width, "height": height})
    assert faults(read.page, axe) == []


def test_keeps_to_its_policy(read: Opened) -> None:
    assert "default-src 'none'" in read.headers["content-security-policy"]
    assert not read.violations and not read.complaints


def test_asks_nobody_else(read: Opened, address: str) -> None:
    assert len(read.asked) > 2
    assert read.hosts == {address.removeprefix("http://")}
