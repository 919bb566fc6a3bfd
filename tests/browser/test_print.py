"""Paper, and readers who want no movement."""

from collections.abc import Callable

import pytest

from tests.browser.chromium import Page, expect
from tests.browser.pages import QUESTION

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
LONGEST = """() => Math.max(...[...document.querySelectorAll("*")].flatMap((one) =>
  [null, "::before", "::after"].flatMap((part) => {
    const style = getComputedStyle(one, part);
    return [...style.transitionDuration.split(","), ...style.animationDuration.split(",")].map(parseFloat);
  })))"""


def test_a_printed_question_is_the_question_and_its_figure(visit: Visit) -> None:
    page = visit(QUESTION, color_scheme="dark")
    page.emulate_media(media="print")
    for part in ["header.mast", "footer.foot", ".go", ".fig-tools", ".think", "nav.turn", ".prefs", "dialog"]:
        expect(page.locator(part).first).to_be_hidden()
    expect(page.locator("#answer")).to_be_visible()
    expect(page.locator("table.mx").first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_nothing_that_only_a_screen_can_do_is_printed(visit: Visit) -> None:
    page = visit(QUESTION)
    page.emulate_media(media="print")
    for control in page.locator("button, summary, input:not([type=text]), textarea").all():
        expect(control).to_be_hidden()


@pytest.mark.parametrize("path", ["/", QUESTION, "/demos/attention"])
def test_nothing_moves_for_those_who_ask(visit: Visit, path: str) -> None:
    assert visit(path, reduced_motion="reduce").evaluate(LONGEST) <= 0.01


def test_there_is_movement_to_reduce(visit: Visit) -> None:
    assert visit("/", reduced_motion="no-preference").evaluate(LONGEST) > 0.01
