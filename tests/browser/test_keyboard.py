"""Without a pointer: the skip link, the tab order, the walk through a matrix, the single keys and their switch."""

import re
from collections.abc import Callable

import pytest

from tests.browser.chromium import Page, expect, listening
from tests.browser.pages import QUESTION

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
HERE = "document.activeElement"
# what a pointer can work and the eye can see; of a group of radio buttons the tab key stops at one
MARK_REACHABLE = """() => {
  const all = "a[href], button, input:not([type=hidden]), textarea, select, summary, [tabindex]";
  const seen = [...document.querySelectorAll(all)].filter((one) =>
    one.tabIndex >= 0 && one.checkVisibility() && !(one.type === "radio" && !one.checked));
  seen.forEach((one) => one.dataset.reach = "waiting");
  return seen.length;
}"""
STEP = """() => {
  const here = document.activeElement;
  const again = here === document.body || here.dataset.reach === "reached";
  here.dataset.reach = "reached";
  return again;
}"""
LEFT = "[...document.querySelectorAll('[data-reach=waiting]')].map((one) => one.outerHTML.slice(0, 120))"


def test_skip_link_comes_first_and_leads_to_the_content(visit: Visit) -> None:
    page = visit(QUESTION)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("path", ["/", "/questions", QUESTION, "/demos/attention", "/api"])
def test_tab_reaches_everything_there_is(visit: Visit, path: str) -> None:
    page = visit(path)
    steps = page.evaluate(MARK_REACHABLE)
    for _ in range(2 * steps + 20):
        page.keyboard.press("Tab")
        if page.evaluate(STEP):
            break
    assert page.evaluate(LEFT) == []


@pytest.mark.parametrize("path", ["/questions", "/demos/attention"])
def test_focus_is_always_drawn(visit: Visit, path: str) -> None:
    page, bare = visit(path), []
    for _ in range(25):
        page.keyboard.press("Tab")
        bare += page.evaluate(
            """() => {
              const here = document.activeElement;
              const drawn = [here, here.nextElementSibling, here.parentElement].some((one) =>
                one && getComputedStyle(one).outlineStyle !== "none");
              return drawn ? [] : [here.outerHTML.slice(0, 100)];
            }"""
        )
    assert bare == []


def test_arrows_walk_the_matrix_and_the_read_out_follows(visit: Visit) -> None:
    page = visit("/demos/attention?tokens=a+b+c&query=2&key=2")
    page.locator(".stage .mx-wrap").focus()
    page.keyboard.press("Tab")
    for key, row, column in [
        ("ArrowLeft", "b", "a"),
        ("ArrowUp", "a", "a"),
        ("End", "a", "c"),
        ("ArrowDown", "b", "c"),
        ("Home", "b", "a"),
        ("ArrowLeft", "b", "a"),
        ("ArrowRight", "b", "b"),
    ]:
        page.keyboard.press(key)
        said = f"query “{row}” → key “{column}”: "
        assert str(page.evaluate(f"{HERE}.dataset.say")).startswith(said), key
        expect(page.locator("[data-readout]")).to_have_text(re.compile(re.escape(said)))
    page.keyboard.press("Tab")
    assert page.evaluate(f"{HERE}.tagName") == "A"


def test_the_read_out_is_spoken_politely(visit: Visit) -> None:
    page = visit("/demos/attention")
    expect(page.locator("[data-readout]")).to_have_attribute("aria-live", "polite")
    page.get_by_label("Sentence", exact=True).fill("left right")
    expect(page).to_have_url(re.compile("left"))
    expect(page.locator("[data-readout]")).to_have_attribute("aria-live", "polite")


def test_question_mark_lists_the_keys_and_escape_closes(visit: Visit) -> None:
    page = visit("/demos")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_button_in_the_footer_opens_the_list(visit: Visit) -> None:
    page = visit("/about")
    page.get_by_role("button", name="shortcuts").press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="Close").press("Enter")
    expect(page.get_by_role("button", name="shortcuts")).to_be_focused()


def test_slash_goes_to_the_search(visit: Visit) -> None:
    page = visit("/questions")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    assert page.get_by_role("searchbox").input_value() == ""
    elsewhere = visit("/about")
    elsewhere.keyboard.press("/")
    expect(elsewhere).to_have_url(re.compile("/questions"))
    expect(elsewhere.get_by_role("searchbox")).to_be_focused()


def test_j_and_k_turn_the_page(visit: Visit) -> None:
    page = visit(QUESTION)
    page.keyboard.press("j")
    expect(page).to_have_url(re.compile("/questions/5-"))
    listening(page)
    page.keyboard.press("k")
    expect(page).to_have_url(re.compile("/questions/4-"))


def test_single_keys_can_be_switched_off_for_good(visit: Visit) -> None:
    page = visit(QUESTION)
    page.keyboard.press("?")
    page.get_by_label("Single-key shortcuts on").press("Space")
    page.keyboard.press("Escape")
    page.reload()
    listening(page)
    for key in "?/jknp":
        page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page).to_have_url(re.compile(QUESTION))
    page.get_by_role("button", name="shortcuts").click()
    expect(page.get_by_label("Single-key shortcuts on")).not_to_be_checked()


def test_keys_typed_into_a_field_are_only_text(visit: Visit) -> None:
    page = visit(QUESTION)
    page.get_by_label("Your answer, for yourself").press_sequentially("?jk/np")
    page.locator("input[name=tokens]").fill("")
    page.locator("input[name=tokens]").press_sequentially("jk?")
    expect(page).to_have_url(re.compile(QUESTION))
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.get_by_label("Your answer, for yourself").input_value() == "?jk/np"


def test_notes_to_oneself_survive_a_reload_in_this_tab_only(visit: Visit) -> None:
    page = visit(QUESTION)
    page.get_by_label("Your answer, for yourself").fill("heads are subspaces")
    page.reload()
    expect(page.get_by_label("Your answer, for yourself")).to_have_value("heads are subspaces")
    expect(visit(QUESTION).get_by_label("Your answer, for yourself")).to_have_value("")
