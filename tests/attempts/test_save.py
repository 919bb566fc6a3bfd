"""Saving: durable before it is acknowledged, once however often it is sent, by the server's clock alone."""

import pytest
from fastapi import FastAPI
from sqlmodel import Session
from starlette.testclient import TestClient

from app.core.db import Spine
from app.items.registry import MAX_FIELDS, MAX_VALUE, MAX_VALUES
from tests.cast import Watch, address, at_once, begin, hand_in, put, right, save, stored

HELLO, WORLD = {"text": ["hello"]}, {"text": ["world"]}


def at(spine: Spine, quiz: str, position: int = 1) -> tuple[int, dict[str, list[str]], int]:
    """Revision, answer and lateness as the database has them."""
    entry = stored(spine, quiz).at(position)
    return entry.answer.revision, entry.response, entry.answer.late_ms


def test_each_new_answer_raises_the_revision_and_says_when(ada: TestClient, spine: Spine, watch: Watch) -> None:
    quiz = begin(ada)
    watch.pass_by(seconds=7)
    answer = put(ada, quiz, 1, HELLO)
    assert (answer.status_code, answer.json()["revision"]) == (200, 1)
    assert answer.json()["saved_at"] == watch.now.isoformat().replace("+00:00", "Z")
    allowed = stored(spine, quiz).plan.seconds or 0
    assert answer.json()["remaining_ms"] == 1000 * (allowed - 7)
    assert (save(ada, quiz, 1, WORLD, base=1), at(spine, quiz)) == (200, (2, WORLD, 0))


def test_a_repeat_changes_nothing_and_succeeds(ada: TestClient, spine: Spine, watch: Watch) -> None:
    quiz = begin(ada)
    first = put(ada, quiz, 1, HELLO).json()
    watch.pass_by(seconds=5)
    again = put(ada, quiz, 1, HELLO).json()  # the first answer was lost on its way: base is still 0
    assert (again["revision"], again["saved_at"]) == (1, first["saved_at"])
    assert at(spine, quiz) == (1, HELLO, 0)


def test_of_twenty_different_answers_at_once_one_is_kept_and_the_others_are_told(
    app: FastAPI, ada: TestClient, spine: Spine
) -> None:
    quiz = begin(ada)
    sent = [{"base": 0, "response": {"text": [f"answer {n}"]}} for n in range(20)]
    answers = at_once(app, ada, *(("PUT", address(quiz, 1), {"json": one}) for one in sent))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 19
    kept = next(one["response"] for one, answer in zip(sent, answers, strict=True) if answer.status_code == 200)
    assert {repr(answer.json()["response"]) for answer in answers if answer.status_code == 409} == {repr(kept)}
    assert at(spine, quiz) == (1, kept, 0)


def test_twenty_times_the_same_at_once_is_one_save(app: FastAPI, ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada)
    sent = {"json": {"base": 0, "response": HELLO, "confidence": "mid"}}
    answers = at_once(app, ada, *[("PUT", address(quiz, 1), sent)] * 20)
    assert [(answer.status_code, answer.json()["revision"]) for answer in answers] == [(200, 1)] * 20
    assert at(spine, quiz) == (1, HELLO, 0)


def test_an_answer_based_on_an_older_one_is_a_conflict_that_holds_the_stored_text(
    ada: TestClient, spine: Spine
) -> None:
    quiz = begin(ada)
    save(ada, quiz, 1, HELLO)
    refused = put(ada, quiz, 1, WORLD)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/conflict")
    assert (refused.json()["revision"], refused.json()["response"]) == (1, HELLO)
    assert "perhaps in another tab" in refused.json()["detail"]
    assert at(spine, quiz) == (1, HELLO, 0)


@pytest.mark.parametrize(
    ("seconds", "status", "late"),
    [(-1, 200, 0), (0, 200, 0), (0.25, 200, 250), (29, 200, 29_000), (30, 200, 30_000), (31, 410, 0), (9e6, 410, 0)],
)
def test_half_a_minute_after_the_deadline_is_kept_and_recorded(
    seconds: float, status: int, late: int, ada: TestClient, spine: Spine, watch: Watch
) -> None:
    quiz = begin(ada)
    watch.now = stored(spine, quiz).attempt.deadline or watch.now
    watch.pass_by(seconds=seconds)
    answer = put(ada, quiz, 1, HELLO)
    assert (answer.status_code, at(spine, quiz)) == (status, (1, HELLO, late) if status == 200 else (0, {}, 0))
    if status == 200:
        assert answer.json()["remaining_ms"] == max(0, -1000 * seconds)


@pytest.mark.parametrize("more", [{}, {"base": 5}, {"flagged": True}, {"confidence": "low"}])
def test_when_it_is_over_nothing_is_taken_whatever_is_sent(
    more: dict[str, object], ada: TestClient, spine: Spine
) -> None:
    quiz = begin(ada, pace="untimed")
    save(ada, quiz, 1, HELLO)
    hand_in(ada, quiz)
    sent = {"base": 1, "response": WORLD, **more}
    headers = {"date": "Thu, 01 Jan 1970 00:00:00 GMT"}
    assert ada.put(address(quiz, 1), json=sent, headers=headers).status_code == 410
    assert at(spine, quiz) == (1, HELLO, 0)


def test_without_a_limit_there_is_no_end(ada: TestClient, spine: Spine, watch: Watch) -> None:
    quiz = begin(ada, pace="untimed")
    watch.pass_by(days=300)
    answer = put(ada, quiz, 1, HELLO)
    assert (answer.status_code, answer.json()["remaining_ms"]) == (200, None)


def test_a_save_whose_commit_fails_is_not_acknowledged(
    ada: TestClient, spine: Spine, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiz = begin(ada)

    def fail(db: Session) -> None:
        db.flush()
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(Session, "commit", fail)
        assert save(ada, quiz, 1, HELLO) == 500
    assert at(spine, quiz) == (0, {}, 0)
    assert save(ada, quiz, 1, HELLO) == 200


def test_flag_and_confidence_are_saved_beside_the_answer(ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada)

    def beside(**more: object) -> tuple[bool, str | None, int]:
        assert save(ada, quiz, 1, HELLO, **more) == 200
        answer = stored(spine, quiz).at(1).answer
        return answer.flagged, answer.confidence, answer.revision

    assert beside() == (False, None, 1)
    assert beside(flagged=True) == (True, None, 1)  # no other tab is disturbed by a flag
    assert beside(confidence="low") == (True, "low", 1)
    assert beside(flagged=False, confidence="high") == (False, "high", 1)
    assert beside() == (False, "high", 1)
    assert beside(confidence="") == (False, None, 1)


def test_an_answer_taken_back_is_no_answer(ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada)
    save(ada, quiz, 1, HELLO)
    assert save(ada, quiz, 1, {"text": ["  "], "other": []}, base=1) == 200
    assert at(spine, quiz) == (2, {}, 0) and stored(spine, quiz).at(1).answer.response is None


@pytest.mark.parametrize("text", ["<b>&amp;</b>", "1 + + 1", "七\U0001f600", "a\x00b", " two\nlines ", "x" * MAX_VALUE])
def test_whatever_is_typed_is_kept_to_the_letter(text: str, ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada)
    assert save(ada, quiz, 1, {"text": [text]}) == 200
    assert at(spine, quiz) == (1, {"text": [text]}, 0)


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"base": 0}, "/response"),
        ({"response": HELLO}, "/base"),
        ({"base": -1, "response": HELLO}, "/base"),
        ({"base": 10**30, "response": HELLO}, "/base"),
        ({"base": "0", "response": HELLO}, "/base"),
        ({"base": None, "response": HELLO}, "/base"),
        ({"base": 0, "response": None}, "/response"),
        ({"base": 0, "response": {"text": None}}, "/response/text"),
        ({"base": 0, "response": {"text": [None]}}, "/response/text/0"),
        ({"base": 0, "response": {"text": [1]}}, "/response/text/0"),
        ({"base": 0, "response": {"text": ["x" * (MAX_VALUE + 1)]}}, "/response/text/0"),
        ({"base": 0, "response": {"text": ["x"] * (MAX_VALUES + 1)}}, "/response/text"),
        ({"base": 0, "response": {f"f{n}": ["x"] for n in range(MAX_FIELDS + 1)}}, "/response"),
        ({"base": 0, "response": HELLO, "confidence": "certain"}, "/confidence"),
        ({"base": 0, "response": HELLO, "flagged": "yes"}, "/flagged"),
        ({"base": 0, "response": HELLO, "score": 1}, "/score"),
    ],
)
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_what_cannot_be_taken_is_named(sent: dict[str, object], pointer: str, ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada)
    refused = ada.put(address(quiz, 1), json=sent)
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
    assert at(spine, quiz) == (0, {}, 0)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"x"',
        b'{"base":0,"response":{"text":["\\ud800"]}}',
        b"\xff",
        b'{"base":0,"response":{"\\ud800":["x"]}}',
    ],
)
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_what_is_no_request_at_all_is_refused(body: bytes, ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada)
    refused = ada.put(address(quiz, 1), content=body, headers={"content-type": "application/json"})
    assert refused.status_code in (400, 422) and refused.json()["status"] == refused.status_code
    assert at(spine, quiz) == (0, {}, 0)


def test_a_section_that_is_closed_is_read_only_and_the_next_one_waits(ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada, review="after_section")
    first, second = (stored(spine, quiz).plan.positions(section)[0] for section in (0, 1))
    assert (save(ada, quiz, first, HELLO), save(ada, quiz, second, HELLO)) == (200, 409)
    ada.post(f"/quizzes/{quiz}/sections/1/closing")
    assert (save(ada, quiz, first, WORLD, base=1), save(ada, quiz, second, HELLO)) == (409, 200)
    assert "section is closed" in put(ada, quiz, first, WORLD, base=1).json()["detail"]
    assert (at(spine, quiz, first)[1], at(spine, quiz, second)[1]) == (HELLO, HELLO)


def test_a_checked_answer_cannot_be_changed(ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada, review="immediate", type="fill")
    answer = right(stored(spine, quiz).at(1))
    assert ada.post(f"/quizzes/{quiz}/items/1", data={"base": 0, "then": "check", **answer}).status_code == 200
    refused = put(ada, quiz, 1, WORLD, base=1)
    assert refused.status_code == 409 and "handed in already" in refused.json()["detail"]
    assert save(ada, quiz, 1, answer, base=1, confidence="high") == 409  # not after the mark was seen
    assert at(spine, quiz) == (1, answer, 0) and stored(spine, quiz).at(1).answer.confidence is None


def test_a_second_click_on_check_is_harmless(app: FastAPI, ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada, review="immediate", type="fill")
    form = {"data": {"base": 0, "then": "check", **right(stored(spine, quiz).at(1))}}
    answers = at_once(app, ada, *[("POST", f"/quizzes/{quiz}/items/1", form)] * 5)
    assert {answer.status_code for answer in answers} == {303}
    assert stored(spine, quiz).at(1).answer.tries == 1


def test_a_place_that_is_not_there_is_not_found(ada: TestClient) -> None:
    quiz = begin(ada, count=2)
    assert [save(ada, quiz, position, HELLO) for position in (3, 1000)] == [404, 404]
    assert [save(ada, quiz, position, HELLO) for position in (0, 1001)] == [422, 422]
