"""The clock of a quiz: what is left, said quietly at its marks and on request; at zero all is saved and handed in."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser import quiz
from tests.browser.chromium import Page, expect
from tests.cast import right

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
OWN = {"timezone_id": "Asia/Shanghai"}  # a reader of its own: a clock, once set, is that of all its pages


@pytest.fixture
def timed(visit: Visit, data: Path) -> Page:
    """An item that asks for a word, under a time limit and a clock that the test moves."""
    page = visit("/quizzes", **OWN)
    address = quiz.begin(page, review="at_end", pace="1")
    page.clock.install()
    return quiz.ask(page, address, quiz.entries(data, address)["fill"])


def left(page: Page) -> int:
    """Seconds on the clock of the page."""
    minutes, seconds = page.locator(".time-word").inner_text().split(":")
    return 60 * int(minutes) + int(seconds)


def until(page: Page, seconds: int) -> None:
    """Let the time pass until so much is left."""
    page.clock.fast_forward(1000 * (left(page) - seconds))


def test_the_time_left_is_shown_and_said_only_at_its_marks(timed: Page) -> None:
    timed.route("**/clock", lambda route: route.abort())  # the server lives in its own time
    said = timed.locator("[data-announce]")
    expect(said).to_have_attribute("role", "status")
    total = int(str(timed.locator(".time-left").get_attribute("data-total"))) // 1000
    assert total - 30 < left(timed) <= total and total > 601
    until(timed, total // 2 + 20)
    expect(said).to_have_text("")
    until(timed, total // 2 - 2)
    expect(said).to_have_text("Half of the time is left.")
    for mark in (300, 60, 10):
        until(timed, mark + 5)
        before = said.inner_text()
        expect(said).to_have_text(before)
        until(timed, mark - 1)
        expect(said).to_have_text(re.compile(rf"^{(mark - 1) // 60}:\d\d left$"))
        assert said.inner_text() != before


def test_the_time_left_is_said_on_request(timed: Page) -> None:
    timed.get_by_role("button", name="Say the time left").click()
    expect(timed.locator("[data-announce]")).to_have_text(re.compile(r"^\d+:\d\d left$"))


def test_at_zero_what_is_typed_is_saved_and_handed_in(timed: Page, data: Path) -> None:
    address = timed.url.partition("/items")[0]
    entry = quiz.entries(data, address)["fill"]
    timed.route("**/clock", lambda route: route.abort())
    timed.route("**/answers/*", lambda route: route.abort())
    quiz.fill(timed, right(entry))
    expect(timed.locator("[data-status]")).to_contain_text("Not saved yet")
    until(timed, 0)
    expect(timed.locator(".time-word")).to_have_text("0:00")
    assert "/items/" in timed.url  # unsaved words are not thrown away
    timed.unroute("**/answers/*")
    timed.clock.run_for(2000)
    expect(timed).to_have_url(re.compile("/result"))
    expect(timed.locator(f"#item-{quiz.place(entry)}")).not_to_contain_text("not answered")
    assert quiz.entries(data, address)["fill"].response == right(entry)


def test_a_quiz_ended_elsewhere_leads_to_its_result(timed: Page) -> None:
    address = timed.url.partition("/items")[0]
    timed.request.post(f"{address}/submission")
    timed.clock.run_for(11_000)
    expect(timed).to_have_url(re.compile("/result"))


def test_a_computer_that_slept_asks_for_the_time(timed: Page) -> None:
    shown = left(timed)
    timed.route("**/clock", lambda route: route.fulfill(json={"state": "open", "remaining_ms": 60_000, "version": 1}))
    timed.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    timed.clock.run_for(1500)
    expect(timed.locator(".time-word")).to_have_text(re.compile(r"^(1:00|0:5\d)$"))
    assert shown > 61


def test_the_end_is_named_in_the_zone_of_whoever_started(visit: Visit) -> None:
    page = visit("/quizzes/new", **OWN)
    page.get_by_label("How many items").fill("1")
    page.get_by_label("one and a half times").check()
    quiz.press(page, "Start")
    without = page.request.get(page.url).text()
    assert re.search(r"until \d\d:\d\d \(Asia/Shanghai\)", without)
