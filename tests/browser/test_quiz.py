"""A whole quiz by mouse: choices, an item of every type, reasons at once, the map, the result, the misses again."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from app.attempts.show import demo_of
from app.items import TYPES
from tests.browser import quiz
from tests.browser.chromium import PHONE, Page, expect
from tests.cast import right

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


def test_the_choices_of_the_form_are_what_is_asked(visit: Visit, data: Path) -> None:
    page = visit("/quizzes")
    page.get_by_role("link", name="New quiz").click()
    page.get_by_label("match").check()
    page.get_by_label("put in order").check()
    page.get_by_label("How many items").fill("2")
    page.get_by_label("twice the standard time").check()
    quiz.press(page, "Start")
    expect(page).to_have_url(re.compile(r"/quizzes/\w+/items/1#item$"))
    expect(page.get_by_role("heading", name="Item 1 of 2")).to_be_visible()
    expect(page.locator(".time-word")).to_have_text(re.compile(r"^\d+:\d\d$"))
    assert set(quiz.entries(data, page.url.rpartition("/items")[0])) <= {"match", "order"}


def test_a_wish_that_cannot_be_met_is_named_and_keeps_the_rest(visit: Visit) -> None:
    page = visit("/quizzes/new")
    page.locator("form.choices").evaluate("(form) => { form.noValidate = true; }")
    page.get_by_label("How many items").fill("0")
    page.get_by_label("put in order").check()
    quiz.press(page, "Start")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("How many items")).to_have_value("0")
    expect(page.get_by_label("put in order")).to_be_checked()


def test_every_type_is_answered_checked_and_explained(visit: Visit, data: Path) -> None:
    page = visit("/quizzes")
    address = quiz.begin(page)
    asked = quiz.entries(data, address)
    assert set(asked) == {kind.key for kind in TYPES}
    for entry in asked.values():
        quiz.ask(page, address, entry)
        quiz.fill(page, right(entry))
        quiz.press(page, "Check")
        expect(page.locator(".diag .verd")).to_have_text("✓ right")
        expect(page.locator(".answered-item .verd.wrong")).to_have_count(0)
        expect(page.locator(".why .because, .reason").first).to_be_visible()
        expect(page.locator(f".dot.is-right >> text='{quiz.place(entry)}'")).to_be_visible()
    page.get_by_role("link", name="Next item").click()
    expect(page).to_have_url(re.compile(rf"/items/{quiz.place(entry) + 1}#item$"))


def test_wrong_answers_confidence_flags_and_the_misses_again(visit: Visit, data: Path) -> None:
    page = visit("/quizzes")
    address = quiz.begin(page)
    asked = quiz.entries(data, address)
    entry = asked["numeric"]
    quiz.ask(page, address, entry)
    page.locator("input[name=text]").fill("-123456")
    page.get_by_label("very", exact=True).check()
    page.get_by_label("Flag").check()
    quiz.press(page, "Check")
    expect(page.locator(".diag")).to_contain_text("You were very sure. It goes on your “sure and wrong” list.")
    expect(page.locator("dd").first).to_have_text(re.compile("^-123456.*✗wrong"))
    page.get_by_role("link", name="Map and hand in").first.click()
    expect(page.locator(f".map-cell >> nth={quiz.place(entry) - 1}")).to_have_text(re.compile("✗ wrong, flagged"))
    total = page.locator(".map-cell").count()
    expect(page.locator(".barrier")).to_contain_text(f"{total - 1} items are unanswered")
    quiz.press(page, "Hand in")
    expect(page.locator(".sum-up")).to_contain_text(f"of {total}")
    page.locator("#calibration").get_by_role("link", name=f"Item {quiz.place(entry)}").click()
    expect(page.locator(f"#item-{quiz.place(entry)} .diag")).to_be_in_viewport()
    quiz.press(page, f"Redo my {total} misses, with fresh numbers")
    expect(page.get_by_role("heading", name=f"Item 1 of {total}")).to_be_visible()
    assert page.url.partition("/items")[0] != address


def test_show_me_opens_the_demo_on_the_numbers_that_were_asked(visit: Visit, data: Path) -> None:
    page = visit("/quizzes")
    address = quiz.begin(page, questions="how-attention-works")
    numbers = [entry for entry in quiz.all_entries(data, address) if entry.item.show and entry.variant.parameters]
    assert numbers
    entry = numbers[0]
    quiz.ask(page, address, entry)
    quiz.fill(page, right(entry))
    quiz.press(page, "Check")
    page.get_by_role("link", name="Show me, on these numbers").click()
    expect(page).to_have_url(f"{quiz.origin(page)}{demo_of(entry.item, entry.variant)}")
    expect(page.locator(".stage table.mx").first).to_be_visible()


def test_the_result_is_a_short_list_whose_misses_stand_open(visit: Visit, data: Path) -> None:
    page = visit("/quizzes")
    address = quiz.begin(page)
    entry = quiz.entries(data, address)["fill"]
    quiz.ask(page, address, entry)
    quiz.fill(page, right(entry))
    quiz.press(page, "Check")
    page.goto(f"{address}/map")
    quiz.press(page, "Hand in")
    folded = page.locator("details.result-item:not([open])")
    expect(folded).to_have_count(1)
    expect(folded.locator("summary")).to_contain_text(f"{quiz.place(entry)} ✓ right")
    page.locator(".dots a.is-right").click()
    expect(page.locator(f"#item-{quiz.place(entry)} .answered-item")).to_be_visible()


def test_a_printed_result_has_every_reason_and_nothing_to_press(visit: Visit, data: Path) -> None:
    page = visit("/quizzes")
    address = quiz.begin(page)
    entry = quiz.entries(data, address)["fill"]
    quiz.ask(page, address, entry)
    quiz.fill(page, right(entry))
    quiz.press(page, "Check")
    page.goto(f"{address}/map")
    quiz.press(page, "Hand in")
    page.emulate_media(media="print")
    expect(page.locator(f"#item-{quiz.place(entry)} .reason, #item-{quiz.place(entry)} dd").first).to_be_visible()
    for control in page.locator("button, .btn").all():
        expect(control).to_be_hidden()


def test_the_row_of_a_long_quiz_makes_way_for_the_item_on_a_phone(visit: Visit) -> None:
    page = visit("/quizzes", size=PHONE)
    page.goto(f"{quiz.begin(page, questions='', count=17)}/items/1")
    expect(page.locator(".dots")).to_be_hidden()
    expect(page.get_by_role("link", name="Map and hand in").first).to_be_visible()
    page.goto(f"{quiz.begin(page, questions='', count=16)}/items/1")
    expect(page.locator(".dots")).to_be_visible()
