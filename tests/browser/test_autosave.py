"""Saving while typing: said when done, tried again when it fails, refused aloud, never in conflict with itself."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser import quiz
from tests.browser.chromium import Locator, Page, Route, expect, listening
from tests.cast import right

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
SAVED = re.compile(r"^saved \d\d:\d\d:\d\d$")
PUT = "**/answers/*"


@pytest.fixture
def word(visit: Visit, data: Path) -> Page:
    """An item that asks for a word, in exam conditions."""
    page = visit("/quizzes")
    address = quiz.begin(page, review="at_end", pace="1")
    return quiz.ask(page, address, quiz.entries(data, address)["fill"])


def field(page: Page) -> Locator:
    return page.locator("form.item input[name=text]")


def status(page: Page) -> Locator:
    return page.locator("[data-status]")


def test_every_type_is_saved_without_pressing_anything(visit: Visit, data: Path) -> None:
    page = visit("/quizzes")
    address = quiz.begin(page, review="at_end")
    for entry in quiz.entries(data, address).values():
        quiz.ask(page, address, entry)
        quiz.fill(page, right(entry))
        expect(status(page)).to_have_text(SAVED)
        page.reload()
        assert quiz.held(page) == right(entry), entry.item.type


def test_moving_a_step_is_saved_too(visit: Visit, data: Path) -> None:
    page = visit("/quizzes")
    address = quiz.begin(page, review="at_end")
    quiz.ask(page, address, quiz.entries(data, address)["order"])
    page.get_by_role("button", name="Move down").first.click()
    expect(page.get_by_role("button", name="Move down").nth(1)).to_be_focused()
    expect(status(page)).to_have_text(SAVED)
    before = quiz.held(page)
    page.reload()
    listening(page)
    assert quiz.held(page) == before and len(before) > 2
    places = [page.locator(".steps select").nth(n).input_value() for n in range(len(before))]
    assert places == sorted(places)


def test_a_flag_and_confidence_are_saved_beside_the_answer(word: Page) -> None:
    word.get_by_label("Flag").check()
    word.get_by_label("rather").check()
    expect(status(word)).to_have_text(SAVED)
    word.reload()
    expect(word.get_by_label("Flag")).to_be_checked()
    expect(word.get_by_label("rather")).to_be_checked()


def test_a_form_sent_during_a_save_is_no_conflict_with_itself(word: Page) -> None:
    late: list[Callable[[], None]] = []

    def hold(route: Route) -> None:
        answer = route.fetch()  # stored, and not heard of yet
        late.append(lambda: route.fulfill(response=answer))

    word.route(PUT, hold)
    field(word).fill("m")
    field(word).press_sequentially("ean")
    with word.expect_navigation():
        word.get_by_role("button", name="Save", exact=True).click()
        late[0]()
    expect(word.get_by_role("alert")).to_have_count(0)
    expect(field(word)).to_have_value("mean")


def test_a_second_tab_is_told_and_shown_both(word: Page) -> None:
    other = word.context.new_page()
    other.goto(word.url)
    listening(other)
    field(word).fill("first")
    expect(status(word)).to_have_text(SAVED)
    field(other).fill("second")
    expect(status(other)).to_contain_text("Another answer was saved here first")
    quiz.press(other, "Save")
    expect(other.get_by_role("alert")).to_be_focused()
    expect(other.locator(".stored input[name=text]")).to_have_value("first")
    expect(other.locator("form.item input[name=text]")).to_have_value("second")
    other.get_by_role("link", name="keep the stored answer").click()
    expect(field(other)).to_have_value("first")
    other.close()


def test_a_server_that_is_gone_is_said_and_tried_again(word: Page) -> None:
    word.route(PUT, lambda route: route.abort())
    field(word).fill("mean")
    expect(status(word)).to_contain_text("Not saved yet: the server does not answer.")
    expect(status(word)).to_have_class(re.compile("is-trouble"))
    word.unroute(PUT)
    expect(status(word)).to_have_text(SAVED)
    word.reload()
    expect(field(word)).to_have_value("mean")


def test_an_acknowledgement_that_is_lost_is_no_conflict(word: Page) -> None:
    lost: list[int] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    word.route(PUT, lose, times=1)
    field(word).fill("mea")
    expect(status(word)).to_contain_text("Not saved yet")
    field(word).press("n")
    expect(status(word)).to_have_text(SAVED)
    assert lost == [200]
    word.reload()
    expect(field(word)).to_have_value("mean")


def test_leaving_with_words_unsaved_asks(word: Page) -> None:
    asked: list[str] = []
    word.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    word.route(PUT, lambda route: route.abort())
    field(word).press_sequentially("mean")
    expect(status(word)).to_contain_text("Not saved yet")
    word.close(run_before_unload=True)
    word.wait_for_timeout(200)
    assert asked == ["beforeunload"] and not word.is_closed()
    word.unroute(PUT)
    expect(status(word)).to_have_text(SAVED)
    word.goto("/quizzes")
    assert asked == ["beforeunload"]


def test_a_quiz_that_is_over_says_so(word: Page) -> None:
    other = word.context.new_page()
    other.goto(f"{word.url.partition('/items')[0]}/map")
    quiz.press(other, "Hand in")
    other.close()
    field(word).fill("too late")
    expect(status(word)).to_have_text("The time is up. What was saved in time counts.")


def test_what_is_refused_says_where_to_see_why(word: Page) -> None:
    field(word).fill("x" * 4001)
    expect(status(word)).to_have_text("This cannot be saved as it stands. Send it to see why.")
    quiz.press(word, "Save")
    expect(field(word)).to_be_focused()
    expect(field(word)).to_have_accessible_description(re.compile("An answer has at most 4000 characters"))
    expect(field(word)).to_have_value("x" * 4001)
