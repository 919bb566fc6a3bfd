"""Answering by plain forms: saved, handed back, checked, read-only; nothing typed is lost or becomes part of a page."""

import html
import re

import pytest
from starlette.testclient import TestClient

from app.core.db import Spine
from app.items.registry import MAX_FIELDS, MAX_VALUE
from tests.attempts.bank import REASON
from tests.cast import UNREADABLE, Watch, begin, hand_in, put, right, save, stored


def send(client: TestClient, quiz: str, position: int, then: str, base: int = 0, **form: object) -> str:
    """Send the item's form; where that leads, or the page that is shown instead with its status."""
    answer = client.post(
        f"/quizzes/{quiz}/items/{position}", data={"base": base, "then": then, **form}, follow_redirects=False
    )
    where = answer.headers.get("location", "").removeprefix(f"/quizzes/{quiz}")
    return where if answer.status_code == 303 else f"{answer.status_code} {answer.text}"


@pytest.mark.parametrize(("then", "where"), [("stay", "/items/1"), ("next", "/items/2"), ("map", "/map")])
def test_a_form_saves_and_goes_where_its_button_says(then: str, where: str, ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada, type=["fill", "formula"])
    answer = right(stored(spine, quiz).at(1))
    assert send(ada, quiz, 1, then, **answer) == where
    assert (stored(spine, quiz).at(1).response, stored(spine, quiz).at(1).answer.revision) == (answer, 1)


@pytest.mark.parametrize("then", ["stay", "map", "next"])
def test_an_empty_form_is_no_answer_and_no_fault(then: str, ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada)
    assert send(ada, quiz, 1, then) == {"stay": "/items/1", "map": "/map", "next": "/items/2"}[then]
    assert stored(spine, quiz).at(1).answer.response is None


def test_after_the_last_item_comes_the_map(ada: TestClient) -> None:
    quiz = begin(ada)
    assert send(ada, quiz, 8, "next") == "/items/9"
    assert ada.get(f"/quizzes/{quiz}/items/9").url.path.endswith("/map")


def test_what_cannot_be_read_is_handed_back_kept_and_costs_nothing(ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada, type="formula", review="immediate")
    page = send(ada, quiz, 1, "check", **UNREADABLE)
    assert page.startswith("422") and 'aria-invalid="true"' in page and "softmax(" in page and REASON not in page
    entry = stored(spine, quiz).at(1)
    assert (entry.response, entry.answer.tries, entry.answer.checked_at) == (UNREADABLE, 0, None)
    assert send(ada, quiz, 1, "check", base=1, **right(entry)) == "/items/1"
    assert stored(spine, quiz).at(1).answer.tries == 1


@pytest.mark.parametrize("form", [{"text": "x" * (MAX_VALUE + 1)}, {f"f{n}": "x" for n in range(MAX_FIELDS + 1)}])
def test_too_much_is_handed_back_with_the_limit(form: dict[str, str], ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada, type="fill")
    page = send(ada, quiz, 1, "next", **form)
    assert page.startswith("422") and "An answer has at most" in page
    assert form.get("text", "") in page and stored(spine, quiz).at(1).answer.revision == 0


def test_two_tabs_both_texts_are_shown_and_the_second_can_win(ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada, type="fill")
    send(ada, quiz, 1, "stay", text="from one tab")
    page = send(ada, quiz, 1, "stay", text="from the other")
    assert page.startswith("409") and "from one tab" in page and "from the other" in page
    base = re.search(r'name="base" value="(\d+)"', page)
    assert base and base[1] == "1"
    assert send(ada, quiz, 1, "stay", base=1, text="from the other") == "/items/1"
    assert stored(spine, quiz).at(1).response == {"text": ["from the other"]}


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}"])
def test_nothing_typed_becomes_part_of_a_page(typed: str, ada: TestClient) -> None:
    quiz = begin(ada, type=["fill", "formula"])
    pages = [send(ada, quiz, place, then, text=typed) for place in (1, 2) for then in ("next", "stay")]
    put(ada, quiz, 1, {"text": ["other"]}, base=1)
    pages += [send(ada, quiz, 1, "stay", text=typed), ada.get(f"/quizzes/{quiz}/items/2").text]
    pages.append(hand_in(ada, quiz).text)
    assert not any("<script>alert" in page or "<img src=x" in page for page in pages)
    assert all(typed in html.unescape(page) for page in pages if not page.startswith("/"))


def test_checking_shows_the_mark_and_every_reason_at_once(ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada, type="single", review="immediate")
    before = ada.get(f"/quizzes/{quiz}/items/1").text
    send(ada, quiz, 1, "check", **right(stored(spine, quiz).at(1)))
    after = ada.get(f"/quizzes/{quiz}/items/1").text
    assert (before.count(REASON), after.count(REASON) >= 4, "✓ right" in after) == (0, True, True)
    assert "data-save=" in before and "data-save=" not in after


def test_an_exam_keeps_its_reasons_to_the_end(ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada, type="single")
    send(ada, quiz, 1, "check", **right(stored(spine, quiz).at(1)))
    assert REASON not in ada.get(f"/quizzes/{quiz}/items/1").text
    assert REASON in hand_in(ada, quiz).text


def test_behind_a_barrier_there_is_only_the_map(ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada, review="after_section")
    assert ada.get(f"/quizzes/{quiz}/items/5").url.path.endswith("/map")
    closing = ada.post(f"/quizzes/{quiz}/sections/1/closing", follow_redirects=False)
    assert closing.headers["location"] == f"/quizzes/{quiz}/items/5"
    assert REASON in ada.get(f"/quizzes/{quiz}/items/1").text
    assert ada.get(f"/quizzes/{quiz}/items/5").url.path.endswith("/items/5")


def test_closing_a_section_twice_closes_no_other(ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada, review="after_section")
    for _ in range(3):
        ada.post(f"/quizzes/{quiz}/sections/1/closing")
    assert stored(spine, quiz).attempt.section == 1
    assert [ada.post(f"/quizzes/{quiz}/sections/{number}/closing").status_code for number in (0, 3)] == [404, 404]


def test_a_form_sent_after_the_end_is_refused_and_what_was_typed_is_shown(
    ada: TestClient, spine: Spine, watch: Watch
) -> None:
    quiz = begin(ada, type="fill")
    save(ada, quiz, 1, {"text": ["in time"]})
    watch.pass_by(hours=3)
    page = ada.post(f"/quizzes/{quiz}/items/1", data={"base": 1, "text": "too late", "then": "next"})
    assert page.status_code == 410 and "This was not saved" in page.text
    assert re.search(r'value="too late"[^>]*disabled', page.text) and "in time" in page.text
    assert "The time ran out" in ada.get(f"/quizzes/{quiz}").text
    assert stored(spine, quiz).at(1).response == {"text": ["in time"]}


def test_a_checked_answer_is_not_changed_and_what_was_typed_is_shown(ada: TestClient) -> None:
    quiz = begin(ada, type="fill", review="immediate")
    ada.post(f"/quizzes/{quiz}/items/1", data={"base": "0", "text": "first", "then": "check"})
    page = ada.post(f"/quizzes/{quiz}/items/1", data={"base": "1", "text": "my words", "then": "next"})
    assert page.status_code == 409 and "handed in already" in page.text
    assert re.search(r'value="my words"[^>]*disabled', page.text)


def test_flag_and_confidence_come_back_with_the_page(ada: TestClient) -> None:
    quiz = begin(ada)
    send(ada, quiz, 1, "stay", flagged="1", confidence="mid")
    page = ada.get(f"/quizzes/{quiz}/items/1").text
    assert re.search(r'name="flagged" value="1" checked', page) and re.search(r'value="mid" checked', page)
    assert "unanswered, flagged" in ada.get(f"/quizzes/{quiz}/map").text
    send(ada, quiz, 1, "stay")
    assert "flagged" not in re.sub("<[^>]*>", "", ada.get(f"/quizzes/{quiz}/map").text)


@pytest.mark.parametrize("base", ["", "x", "-1", "9" * 40, "1.5", "٣"])
def test_a_revision_that_is_none_overwrites_nothing(base: str, ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada, type="fill")
    save(ada, quiz, 1, {"text": ["first"]})
    page = ada.post(f"/quizzes/{quiz}/items/1", data={"base": base, "text": "second", "then": "stay"})
    assert page.status_code == 409 and stored(spine, quiz).at(1).response == {"text": ["first"]}
