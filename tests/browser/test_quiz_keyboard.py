"""A whole quiz without a pointer: answers typed, moved or picked by keys; the focus is always seen and well placed."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from app.attempts.journal import Entry
from app.items import TYPES
from tests.browser import quiz
from tests.browser.chromium import Locator, Page, expect, listening
from tests.cast import right

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
BARE = """() => {
  const here = document.activeElement;
  const drawn = [here, here.nextElementSibling, here.parentElement].some((one) =>
    one && getComputedStyle(one).outlineStyle !== "none");
  return drawn ? "" : here.outerHTML.slice(0, 120);
}"""
IS_FOCUSED = "(one) => one === document.activeElement"


def tab_to(page: Page, target: Locator, most: int = 60) -> None:
    """Press Tab until the target has the focus, which is seen at every stop."""
    for _ in range(most):
        page.keyboard.press("Tab")
        assert page.evaluate(BARE) == ""
        if target.evaluate(IS_FOCUSED):
            return
    raise AssertionError(f"{most} times Tab did not lead to {target}")


def enter(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")
    listening(page)


def answer(page: Page, entry: Entry) -> None:
    """Put the right answer in by keys alone, beginning where the page puts the reader; then send it."""
    given = right(entry)
    for place, handle in enumerate(entry.variant.handles, start=1):
        if handle in given.get("choice", []):
            page.keyboard.press(str(place))
            assert page.evaluate("document.activeElement.value") == handle
    for index, text in enumerate(given.get("text", [])):
        page.keyboard.press("Tab")
        expect(page.locator("form.item input[name=text]").nth(index)).to_be_focused()
        page.keyboard.type(text)
    boxes = {name: values[0] for name, values in given.items() if name.startswith(("place-", "pair-"))}
    for box in page.locator("form.item select").all():
        tab_to(page, box, most=3)
        choose(page, boxes.get(str(box.get_attribute("name")), ""))
    if boxes:
        tab_to(page, page.get_by_role("button", name=re.compile("^Save and")), most=3)
    enter(page)


def choose(page: Page, value: str) -> None:
    for _ in range(10):
        if page.evaluate("document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"the arrow keys did not lead to {value}")


def test_choices_by_keys_start_the_quiz(visit: Visit) -> None:
    page = visit("/quizzes")
    tab_to(page, page.get_by_role("link", name="New quiz"))
    enter(page)
    tab_to(page, page.get_by_label("How many items"))
    page.keyboard.type("3")
    tab_to(page, page.get_by_label("after each answer"), most=1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    tab_to(page, page.get_by_label("untimed"), most=1)
    page.keyboard.press("ArrowDown")
    enter(page)
    expect(page.get_by_role("heading", name="Item 1 of 3")).to_be_visible()
    expect(page.get_by_role("button", name="Check")).to_have_count(0)
    expect(page.locator("[data-module=timer]")).to_be_visible()


def test_every_type_by_keys_from_the_first_item_to_the_result(visit: Visit, data: Path) -> None:
    page = visit("/quizzes")
    address = quiz.begin(page, review="at_end", pace="1")
    asked = quiz.entries(data, address)
    assert set(asked) == {kind.key for kind in TYPES}
    page.goto(address + "#item")
    total = page.locator(".dot").count()
    for place in range(1, total + 1):
        listening(page)
        entry = next((one for one in asked.values() if quiz.place(one) == place), None)
        if entry:
            answer(page, entry)
        elif place < total:
            with page.expect_navigation():
                page.keyboard.press("j")
        else:
            tab_to(page, page.get_by_role("button", name="Save and see the map"))
            enter(page)
    expect(page).to_have_url(re.compile("/map"))
    tab_to(page, page.get_by_role("button", name="Hand in"), most=2 * total + 20)
    with page.expect_navigation():
        page.keyboard.press("Space")
    expect(page.locator(".sum-up")).to_have_text(re.compile(rf"^\s*{len(asked)}\s*of {total}"))


def test_after_a_check_the_focus_is_at_the_mark_and_the_next_item_near(visit: Visit, data: Path) -> None:
    page = visit("/quizzes")
    address = quiz.begin(page)
    entry = quiz.entries(data, address)["true_false"]
    page.goto(f"{address}/items/{quiz.place(entry)}#item")
    listening(page)
    answer(page, entry)
    expect(page.locator(".diag")).to_be_focused()
    expect(page.locator(".diag")).to_be_in_viewport()
    assert page.evaluate(BARE) == ""
    tab_to(page, page.get_by_role("link", name=re.compile("^(Next item|Map and hand in)$")).last, most=3)


@pytest.mark.parametrize("kind", ["single", "multi", "numeric", "order", "match"])
def test_after_an_error_the_focus_is_at_its_field(kind: str, visit: Visit, data: Path) -> None:
    page = visit("/quizzes")
    address = quiz.begin(page)
    page.goto(f"{address}/items/{quiz.place(quiz.entries(data, address)[kind])}#item")
    listening(page)
    tab_to(page, page.get_by_role("button", name="Check"), most=20)
    enter(page)
    expect(page.locator("form.item .fault")).to_contain_text("Not counted.")
    expect(page.locator("form.item :is(input, select)[data-module=focus]").first).to_be_focused()
    assert page.evaluate(BARE) == ""


def test_the_list_of_keys_opens_on_an_item_and_typing_never_does(visit: Visit, data: Path) -> None:
    page = visit("/quizzes")
    address = quiz.begin(page)
    quiz.ask(page, address, quiz.entries(data, address)["formula"])
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_label("Your formula").press_sequentially("1?jk/")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_label("Your formula")).to_have_value("1?jk/")


def test_single_keys_switched_off_pick_nothing(visit: Visit, data: Path) -> None:
    page = visit("/quizzes")
    address = quiz.begin(page)
    quiz.ask(page, address, quiz.entries(data, address)["single"])
    page.evaluate("localStorage.setItem('single-keys', 'off')")
    page.reload()
    listening(page)
    page.keyboard.press("1")
    assert quiz.held(page) == {}
