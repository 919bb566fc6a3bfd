"""A whole quiz in Chinese, on a phone, at night: every page clean by axe and no wider than the phone."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from app.items import TYPES
from tests.browser import quiz
from tests.browser.chromium import PHONE, Page, arrive, expect
from tests.browser.clean import WIDER, faults
from tests.cast import right

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
NIGHT = {"language": "zh", "size": PHONE, "color_scheme": "dark"}


@pytest.fixture
def clean(axe: str) -> Callable[[Page], None]:
    def check(page: Page) -> None:
        assert "\n".join(faults(page, axe)) == "", page.url
        assert page.evaluate(WIDER) <= 0, page.url
        expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")

    return check


def test_from_the_list_to_the_result(visit: Visit, data: Path, clean: Callable[[Page], None]) -> None:
    page = visit("/quizzes", **NIGHT)
    clean(page)
    clean(arrive(page, "/quizzes/new"))
    address = quiz.begin(page, pace="1")
    asked = quiz.entries(data, address)
    assert set(asked) == {kind.key for kind in TYPES}
    for entry in asked.values():
        quiz.ask(page, address, entry)
        assert page.evaluate(WIDER) <= 0
        quiz.press(page, "核对答案")
        expect(page.locator(".fault")).to_contain_text("未计分")
        clean(page)  # the question, its form and what is wrong with it
        quiz.fill(page, right(entry))
        page.get_by_label("很有把握").check()
        quiz.press(page, "核对答案")
        expect(page.locator(".diag")).to_contain_text(re.compile("正确.*你很有把握", re.DOTALL))
        clean(page)
    clean(arrive(page, f"{address}/map"))
    quiz.press(page, "交卷")
    expect(page.locator(".sum-up")).to_contain_text("交卷时间")
    clean(page)
    clean(arrive(page, "/quizzes"))


def test_sections_and_the_resume_code(visit: Visit, data: Path, clean: Callable[[Page], None]) -> None:
    page = visit("/quizzes", **NIGHT)
    address = quiz.begin(page, review="after_section", pace="1")
    clean(quiz.ask(page, address, quiz.all_entries(data, address)[0]))
    clean(arrive(page, f"{address}/map"))
    clean(arrive(page, "/resume"))
    quiz.press(page, "生成恢复码")
    expect(page.locator("output")).to_be_visible()
    clean(page)


def test_two_answers_side_by_side(visit: Visit, data: Path, clean: Callable[[Page], None]) -> None:
    page = visit("/quizzes", **NIGHT)
    address = quiz.begin(page, review="at_end")
    entry = quiz.entries(data, address)["match"]
    quiz.ask(page, address, entry)
    page.request.put(
        f"{quiz.origin(page)}/api/v1/attempts/{address.rpartition('/')[2]}/answers/{quiz.place(entry)}",
        data={"base": 0, "response": right(entry)},
    )
    page.locator("form.item select").first.select_option(index=1)
    expect(page.locator("[data-status]")).to_contain_text("这里已先保存了另一个答案")
    quiz.press(page, "保存")
    expect(page.get_by_role("alert")).to_be_focused()
    clean(page)
