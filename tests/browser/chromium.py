"""The real Chromium: where it is, how it starts, and one server for it to visit."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import absent

try:
    from playwright.sync_api import (
        Browser,
        BrowserContext,
        ConsoleMessage,
        Locator,
        Page,
        Route,
        expect,
        sync_playwright,
    )
except ModuleNotFoundError:  # the fixture that starts the browser says so
    Browser = BrowserContext = ConsoleMessage = Locator = Page = Route = expect = sync_playwright = Any

ROOT = Path(__file__).parents[2]
ARGUMENTS = """--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
    --disable-component-update --disable-sync""".split()
DESK, PHONE = (1280, 800), (360, 780)
LISTEN_FOR_VIOLATIONS = """
globalThis.violations = [];
addEventListener("securitypolicyviolation", (event) =>
  violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""
# resolves when every behaviour that the page names has been attached: the modules are the page's own, loaded once
ATTACHED = """() => Promise.all([...document.querySelectorAll("[data-module]")].map((one) =>
  import(new URL(`modules/${one.dataset.module}.js`, document.querySelector("script[type=module]").src))))"""


@contextmanager
def started() -> Iterator[Browser]:
    """A Chromium without a window."""
    path = os.environ.get("VIVA_CHROMIUM") or shutil.which("chromium")
    if sync_playwright is Any or not path:
        absent("Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a server of its own; it must end by SIGTERM, in time and without a trace of trouble."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VIVA_")}
    errors = folder / "server.log"
    with (
        errors.open("w") as log,
        subprocess.Popen(
            [sys.executable, "-m", "app", "serve", "--port", "0"],
            cwd=ROOT,
            env={**environment, "VIVA_DATA": str(folder / "data")},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as server,
    ):
        assert server.stdout
        said = (re.search(r"Viva is at (\S+)", line) for line in server.stdout)
        address = next((found[1] for found in said if found), "")
        try:
            assert address, errors.read_text()
            yield address
        finally:
            server.send_signal(signal.SIGTERM)
            code = server.wait(20)
    trouble = [line for line in errors.read_text().splitlines() if "INFO viva.access" not in line]
    assert (code in (0, -signal.SIGTERM), trouble[-12:]) == (True, [])


def context(
    browser: Browser, address: str, *, language: str = "en", size: tuple[int, int] = DESK, **how: Any
) -> BrowserContext:
    """A fresh reader: no cookies, one language, no movement."""
    width, height = size
    made = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        locale={"en": "en-GB", "zh": "zh-CN"}[language],
        reduced_motion=how.pop("reduced_motion", "reduce"),
        **how,
    )
    made.set_default_timeout(5000)
    made.add_init_script(LISTEN_FOR_VIOLATIONS)
    return made


def arrive(page: Page, path: str) -> Page:
    """Go to a page and wait until its script listens."""
    page.goto(path)
    listening(page)
    return page


def listening(page: Page) -> None:
    """Wait for the script of a page that was just opened; a key pressed earlier is heard by nobody."""
    page.wait_for_load_state("load")
    if page.evaluate("matchMedia('(scripting: enabled)').matches"):
        page.evaluate(ATTACHED)
