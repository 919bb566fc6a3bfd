"""The end: once, whoever brings it about; everything acknowledged counts; what crashed in between is finished."""

import asyncio
import random

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.attempts import queries, settle
from app.attempts.journal import Entry
from app.core.db import Spine
from app.items import Verdict
from tests.attempts.bank import REASON
from tests.cast import UNREADABLE, Watch, address, at_once, begin, hand_in, put, right, save, stored, wrong


def answer_all(ada: TestClient, spine: Spine, quiz: str) -> int:
    """Everything right; how many that is."""
    entries = stored(spine, quiz).entries
    for entry in entries:
        assert save(ada, quiz, entry.answer.position, right(entry)) == 200
    return len(entries)


def ended(spine: Spine, quiz: str) -> tuple[str, int, float | None, float | None]:
    """State, version and marks of an attempt."""
    attempt = stored(spine, quiz).attempt
    return attempt.state, attempt.version, attempt.score, attempt.max_score


def sweep(spine: Spine, watch: Watch) -> int:
    return asyncio.run(settle.sweep(spine, watch.now))


def test_twenty_hand_ins_at_once_are_one_result(app: FastAPI, ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada)
    all_right = answer_all(ada, spine, quiz)
    answers = at_once(app, ada, *[("POST", f"/quizzes/{quiz}/submission", {"follow_redirects": True})] * 20)
    assert all(answer.status_code == 200 and REASON in answer.text for answer in answers)
    assert ended(spine, quiz) == ("handed_in", 2, all_right, all_right)


def test_handing_in_again_changes_nothing(ada: TestClient, spine: Spine, watch: Watch) -> None:
    quiz = begin(ada)
    hand_in(ada, quiz)
    before = stored(spine, quiz)
    watch.pass_by(days=1)
    assert hand_in(ada, quiz).status_code == 200
    assert stored(spine, quiz) == before


@pytest.mark.parametrize("page", ["", "/items/2", "/map", "/result"])
def test_any_page_ends_an_attempt_whose_time_is_up(page: str, ada: TestClient, spine: Spine, watch: Watch) -> None:
    quiz = begin(ada)
    save(ada, quiz, 2, right(stored(spine, quiz).at(2)))
    watch.pass_by(hours=2)
    assert ada.get(f"/quizzes/{quiz}{page}").status_code == 200
    assert ended(spine, quiz) == ("expired", 2, 1.0, len(stored(spine, quiz).entries))


def test_the_clock_ends_it_too(ada: TestClient, spine: Spine, watch: Watch) -> None:
    quiz = begin(ada)
    watch.pass_by(hours=2)
    told = ada.get(f"/api/v1/attempts/{quiz}/clock").json()
    assert told == {"state": "expired", "remaining_ms": 0, "version": 2}
    assert ended(spine, quiz)[0] == "expired"


def test_handing_in_after_the_end_is_no_hand_in(ada: TestClient, spine: Spine, watch: Watch) -> None:
    quiz = begin(ada)
    watch.pass_by(hours=2)
    assert "The time ran out" in hand_in(ada, quiz).text
    assert ended(spine, quiz)[0] == "expired"


def test_a_tab_that_is_closed_still_ends(ada: TestClient, bo: TestClient, spine: Spine, watch: Watch) -> None:
    quiz, endless, other = begin(ada), begin(ada, pace="untimed"), begin(bo, pace="2")
    all_right = answer_all(ada, spine, quiz)
    watch.now = stored(spine, quiz).attempt.deadline or watch.now
    watch.pass_by(seconds=30)
    assert sweep(spine, watch) == 0  # what is saved now is still taken
    watch.pass_by(seconds=1)
    assert sweep(spine, watch) == 1
    assert ended(spine, quiz) == ("expired", 2, all_right, all_right)
    assert [ended(spine, one)[:2] for one in (endless, other)] == [("open", 1)] * 2
    assert sweep(spine, watch) == 0


@pytest.mark.parametrize("by", ["the next read", "the sweep"])
def test_a_crash_between_the_end_and_the_marks_is_finished(
    by: str, ada: TestClient, spine: Spine, watch: Watch
) -> None:
    quiz = begin(ada)
    all_right = answer_all(ada, spine, quiz)
    close(spine, quiz, watch)
    assert ended(spine, quiz) == ("handed_in", 2, None, None)
    if by == "the sweep":
        assert sweep(spine, watch) == 1
    else:
        assert REASON in ada.get(f"/quizzes/{quiz}/result").text
    assert ended(spine, quiz) == ("handed_in", 2, all_right, all_right)


def test_marks_of_a_single_answer_do_not_pass_for_the_whole(ada: TestClient, spine: Spine, watch: Watch) -> None:
    quiz = begin(ada, review="immediate")
    all_right = answer_all(ada, spine, quiz)
    form = {"base": 1, "then": "check", **right(stored(spine, quiz).at(1))}
    ada.post(f"/quizzes/{quiz}/items/1", data=form, follow_redirects=False)
    early = settle.mark_all(stored(spine, quiz))  # somebody marks the one that is checked ...
    close(spine, quiz, watch)  # ... and is overtaken by the hand-in
    with spine.session(writing=True) as db:
        settle._store(db, early[0].entry.answer.attempt_id, early, watch.now)
        db.commit()
    assert len(early) == 1 and ended(spine, quiz)[2] is None
    ada.get(f"/quizzes/{quiz}/result")
    assert ended(spine, quiz) == ("handed_in", 2, all_right, all_right)


def test_what_was_marked_once_is_never_marked_again(ada: TestClient, spine: Spine, watch: Watch) -> None:
    quiz = begin(ada)
    answer_all(ada, spine, quiz)
    hand_in(ada, quiz)
    before = stored(spine, quiz)
    with spine.session(writing=True) as db:
        worse = [settle.Mark(entry, Verdict(0.0)) for entry in before.entries]
        settle._store(db, before.entries[0].answer.attempt_id, worse, watch.now)
        db.commit()
    assert stored(spine, quiz) == before


def test_an_answer_nobody_can_read_earns_nothing_and_says_why(ada: TestClient, spine: Spine, watch: Watch) -> None:
    quiz = begin(ada, type="formula")
    save(ada, quiz, 1, UNREADABLE)
    watch.pass_by(hours=1)
    page = ada.get(f"/quizzes/{quiz}/result").text
    assert "It could not be read:" in page and UNREADABLE["text"][0] in page
    assert ended(spine, quiz)[2:] == (0.0, 1.0)


def test_right_wrong_and_unanswered_are_told_apart(ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada)
    entries = stored(spine, quiz).entries
    save(ada, quiz, 1, right(entries[0]))
    save(ada, quiz, 2, wrong(entries[1]))
    hand_in(ada, quiz)
    assert [entry.answer.score for entry in stored(spine, quiz).entries] == [1.0, *[0.0] * (len(entries) - 1)]


def test_one_attempt_that_cannot_be_marked_keeps_no_other_waiting(
    ada: TestClient, spine: Spine, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = begin(ada, type="fill"), begin(ada, type="single")
    mark = settle.verdict

    def fail_at_fill(entry: Entry) -> Verdict:
        if entry.item.type == "fill":
            raise ZeroDivisionError
        return mark(entry)

    monkeypatch.setattr(settle, "verdict", fail_at_fill)
    watch.pass_by(hours=1)
    assert sweep(spine, watch) == 2
    assert (ended(spine, bad)[2], ended(spine, good)[2]) == (None, 0.0)
    monkeypatch.undo()
    sweep(spine, watch)
    assert ended(spine, bad)[2] == 0.0


def test_no_acknowledged_save_is_missing_from_the_marks(app: FastAPI, ada: TestClient, spine: Spine) -> None:
    dice, outcomes = random.Random(7), set()
    for _ in range(12):
        quiz = begin(ada)
        entries = stored(spine, quiz).entries
        race = [
            ("PUT", address(quiz, entry.answer.position), {"json": {"base": 0, "response": right(entry)}})
            for entry in entries
        ]
        race.insert(dice.randrange(len(race)), ("POST", f"/quizzes/{quiz}/submission", {"follow_redirects": True}))
        answers = at_once(app, ada, *race)
        kept = [answer.status_code for answer, (method, *_) in zip(answers, race, strict=True) if method == "PUT"]
        outcomes |= set(kept)
        assert [entry.answer.score for entry in stored(spine, quiz).entries] == [float(code == 200) for code in kept]
    assert outcomes == {200, 410}


def test_a_conflict_is_no_end(ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada)
    save(ada, quiz, 1, UNREADABLE)
    assert put(ada, quiz, 1, {"text": ["x"]}).status_code == 409
    assert ended(spine, quiz)[:2] == ("open", 1)


def close(spine: Spine, quiz: str, watch: Watch) -> None:
    """The first half of a hand-in: closed, and then the power is cut."""
    attempt = stored(spine, quiz).attempt
    with spine.session(writing=True) as db:
        assert attempt.id is not None and queries.close(db, attempt.id, "handed_in", watch.now)
        db.commit()
