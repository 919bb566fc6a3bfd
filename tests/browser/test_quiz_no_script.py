"""A quiz with JavaScript off: start to result, what cannot be read, two tabs, the barrier of a section."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from app.items import TYPES
from tests.browser import quiz
from tests.browser.chromium import Page, expect
from tests.cast import right

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
OFF = {"java_script_enabled": False}


def test_a_whole_quiz_from_the_question_to_the_result(visit: Visit, data: Path) -> None:
    page = visit("/questions", **OFF)
    address = quiz.begin(page, review="at_end", pace="1")
    asked = quiz.entries(data, address)
    assert set(asked) == {kind.key for kind in TYPES}
    for entry in asked.values():
        quiz.ask(page, address, entry)
        quiz.fill(page, right(entry))
        quiz.press(page, "Save")
        expect(page.locator(".saved")).to_have_text(re.compile(r"^saved \d\d:\d\d:\d\d$"))
        assert quiz.held(page) == right(entry)
    expect(page.locator(".time-word")).to_have_text(re.compile(r"^until \d\d:\d\d \(UTC\)$"))
    page.get_by_role("link", name="Map and hand in").first.click()
    expect(page.locator(".map-cell.is-answered")).to_have_count(len(asked))
    quiz.press(page, "Hand in")
    expect(page.locator(".sum-up")).to_have_text(re.compile(rf"^\s*{len(asked)}\s*of "))
    expect(page.locator("details.result-item:not([open])")).to_have_count(len(asked))


def test_the_form_of_a_new_quiz_works(visit: Visit) -> None:
    page = visit("/quizzes/new", **OFF)
    page.get_by_label("How many items").fill("3")
    quiz.press(page, "Start")
    expect(page.get_by_role("heading", name="Item 1 of 3")).to_be_visible()
    quiz.press(page, "Later")
    expect(page.get_by_role("heading", name="Item 2 of 3")).to_be_visible()
    page.goto("/quizzes")
    expect(page.locator(".runs")).to_contain_text("0 of 3 answered")
    page.locator(".runs a").click()
    expect(page.get_by_role("heading", name="Item 1 of 3")).to_be_visible()


def test_what_cannot_be_read_stands_as_typed_beside_its_message(visit: Visit, data: Path) -> None:
    page = visit("/quizzes", **OFF)
    address = quiz.begin(page)
    quiz.ask(page, address, quiz.entries(data, address)["formula"])
    page.get_by_label("Your formula").fill("softmax(Q @ ")
    quiz.press(page, "Check")
    field = page.get_by_label("Your formula")
    expect(field).to_have_value("softmax(Q @ ")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("^✗ Not counted|^Not counted"))
    expect(page.locator(".answered-item")).to_have_count(0)


def test_two_tabs_show_both_answers_and_the_later_may_win(visit: Visit, data: Path) -> None:
    page = visit("/quizzes", **OFF)
    address = quiz.begin(page, review="at_end")
    entry = quiz.entries(data, address)["fill"]
    other = page.context.new_page()
    for tab, word in ((page, "first"), (other, "second")):
        tab.goto(f"{address}/items/{quiz.place(entry)}")
        tab.get_by_label("The missing word").fill(word)
    page.goto(f"{address}/items/{quiz.place(entry)}")
    page.get_by_label("The missing word").fill("first")
    quiz.press(page, "Save")
    with other.expect_response(lambda answer: answer.request.method == "POST") as posted:
        quiz.press(other, "Save")
    assert posted.value.status == 409
    expect(other.get_by_role("alert")).to_contain_text("Another answer was saved here first")
    expect(other.locator(".stored input[name=text]")).to_have_value("first")
    expect(other.locator("form.item input[name=text]")).to_have_value("second")
    quiz.press(other, "Save")
    expect(other.get_by_role("alert")).to_have_count(0)
    page.reload()
    expect(page.get_by_label("The missing word")).to_have_value("second")
    other.close()


def test_a_section_that_is_closed_shows_its_reasons_and_opens_the_next(visit: Visit, data: Path) -> None:
    page = visit("/quizzes", **OFF)
    address = quiz.begin(page, review="after_section")
    page.goto(f"{address}/items/5")
    expect(page.locator(".dot.is-barred").first).to_have_text(re.compile("6.*not open yet"))
    quiz.press(page, "Save and see the map")
    expect(page.locator("a.map-cell")).to_have_count(5)
    quiz.press(page, "Close section 1 and go on")
    expect(page).to_have_url(re.compile("/items/6#item$"))
    page.get_by_role("link", name="← Item 5").click()
    expect(page.locator(".answered-item")).to_contain_text("not answered")
    expect(page.locator("form.item")).to_have_count(0)
    page.get_by_role("link", name="Map and hand in").first.click()
    expect(page.get_by_role("heading", name="Section 1")).to_contain_text("closed, read-only")
