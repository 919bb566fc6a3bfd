"""A quiz that is begun in one browser and continued in another by its resume code."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser import quiz
from tests.browser.chromium import PHONE, Page, expect
from tests.cast import right

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


def test_the_code_brings_the_same_answers_to_another_browser(visit: Visit, data: Path) -> None:
    desk, phone = visit("/quizzes"), visit("/quizzes", size=PHONE)
    address = quiz.begin(desk, review="at_end", pace="2")
    asked = quiz.entries(data, address)
    for kind in ("order", "fill"):
        quiz.ask(desk, address, asked[kind])
        quiz.fill(desk, right(asked[kind]))
        quiz.press(desk, "Save")
    desk.goto("/resume")
    quiz.press(desk, "Make a code")
    code = desk.locator("output").inner_text()
    phone.get_by_role("link", name="I have a resume code from another browser").click()
    phone.get_by_label("Your code").fill(code.lower().replace("-", " "))
    quiz.press(phone, "Carry on here")
    expect(phone.locator(".runs")).to_contain_text(re.compile(r"2 of \d+ answered, ends at"))
    phone.locator(".runs a").click()
    expect(phone).to_have_url(re.compile(f"{address}/items/"))
    for kind in ("order", "fill"):
        quiz.ask(phone, address, asked[kind])
        assert quiz.held(phone) == right(asked[kind])
    quiz.ask(desk, address, asked["order"])
    assert quiz.held(desk) == right(asked["order"])


def test_a_code_with_a_slip_is_kept_and_named(visit: Visit) -> None:
    page = visit("/resume")
    page.get_by_label("Your code").fill("not a code")
    quiz.press(page, "Carry on here")
    expect(page.get_by_label("Your code")).to_be_focused()
    expect(page.get_by_label("Your code")).to_have_value("not a code")
    expect(page.get_by_label("Your code")).to_have_accessible_description(re.compile("A code has 16 letters"))
