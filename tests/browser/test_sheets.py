"""What is only reported: the time from an edit to the new picture, and the contact sheet of every page."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.chromium import ROOT, Browser, Page
from tests.browser.contact_sheet import make

pytestmark = pytest.mark.browser
# milliseconds from an edit until the frame that shows its answer, one edit after the other
EDITS = """async () => {
  const form = document.querySelector("[data-module=figure]"), field = form.elements.tokens, took = [];
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  for (let edit = 0; edit < 20; edit++) {
    const fresh = new Promise((done) => new MutationObserver((_, watch) => (watch.disconnect(), done()))
      .observe(form, { childList: true, subtree: true }));
    const began = performance.now();
    field.value = `the cat sat on the mat ${edit}`;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await fresh;
    await frame();
    took.push(performance.now() - began);
  }
  return took.sort((a, b) => a - b);
}"""


@pytest.mark.parametrize("path", ["/", "/demos/attention"])
def test_latency(visit: Callable[..., Page], capsys: pytest.CaptureFixture[str], path: str) -> None:
    took = visit(path).evaluate(EDITS)
    with capsys.disabled():
        print(f"\nedit -> repaint on {path}: median {took[9]:.0f} ms, p95 {took[18]:.0f} ms, of {len(took)} edits")
    assert len(took) == 20


def test_contact_sheet(browser: Browser, address: str, album: Path) -> None:
    sheets = make(browser, address, album, ROOT / "build" / "contact-sheet")
    assert len(sheets) == 8 and all(sheet.stat().st_size > 100_000 for sheet in sheets)
