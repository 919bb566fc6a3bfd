"""Starting: one attempt a start key, everything frozen, nothing that gives the solution away."""

import json
from pathlib import Path

from fastapi import FastAPI
from starlette.testclient import TestClient

from app.attempts.models import Answer, Attempt
from app.attempts.shown import shown
from app.attempts.start import draw
from app.bank.items import documents, found
from app.bank.load import load
from app.core.db import Spine
from app.people.models import Learner, VisitorSession
from tests.attempts.bank import REASON, write
from tests.cast import Watch, at_once, begin, count, hand_in, right, save, stored
from tests.conftest import NOW

KEY = "the-key-of-one-form"
TWENTY = 20
ITEMS = 8


def test_twenty_posts_of_one_form_make_one_attempt(app: FastAPI, ada: TestClient, spine: Spine) -> None:
    ada.get("/quizzes/new")  # the cookie; no row yet
    form = {"start_key": KEY, "count": "60"}
    answers = at_once(app, ada, *[("POST", "/quizzes", {"data": form})] * TWENTY)
    assert [answer.status_code for answer in answers] == [303] * TWENTY
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert [count(spine, table) for table in (Attempt, Learner, VisitorSession)] == [1, 1, 1]
    assert count(spine, Answer) == len(stored(spine, _name(answers[0].headers["location"])).entries) >= ITEMS


def test_the_form_sent_again_later_finds_its_quiz(ada: TestClient, spine: Spine, watch: Watch) -> None:
    quiz = begin(ada, start_key=KEY, count=3)
    watch.pass_by(days=2)
    assert begin(ada, start_key=KEY, count=5) == quiz
    assert count(spine, Answer) == 3


def test_somebody_else_s_start_key_is_not_found_and_makes_nobody(ada: TestClient, bo: TestClient, spine: Spine) -> None:
    begin(ada, start_key=KEY)
    form = {"start_key": KEY}
    assert bo.post("/quizzes", data=form, follow_redirects=False).status_code == 404
    assert count(spine, Learner) == 1
    begin(bo)
    assert bo.post("/quizzes", data=form, follow_redirects=False).status_code == 404
    assert (count(spine, Attempt), count(spine, Learner)) == (2, 2)


def test_an_attempt_stays_as_it_was_when_the_bank_changes(
    ada: TestClient, bo: TestClient, spine: Spine, tmp_path: Path
) -> None:
    quiz = begin(ada)
    before = _seen(spine, quiz)
    with spine.session(writing=True) as db:
        load(db, write(tmp_path / "changed", stem="Anew: ", without="fill"), NOW)
        db.commit()
    assert _seen(spine, quiz) == before and not any("Anew" in asked for asked in before)
    for entry in stored(spine, quiz).entries:
        assert save(ada, quiz, entry.answer.position, right(entry)) == 200
    assert REASON in hand_in(ada, quiz).text
    assert {entry.answer.score for entry in stored(spine, quiz).entries} == {1.0}
    later = _seen(spine, begin(bo))
    assert len(later) == len(before) - 1 and all("Anew: " in asked for asked in later)


def test_what_is_frozen_comes_from_the_seed_alone(spine: Spine) -> None:
    with spine.session(writing=False) as db:
        items = found(db)
        texts = documents(db, [item.item_version_id for item in items])
    one, same, other = (draw(items, texts, seed) for seed in ("a", "a", "b"))
    assert one == same
    assert all(mine.variant != theirs.variant for mine, theirs in zip(one, other, strict=True) if mine.variant.handles)


def test_an_order_never_starts_solved(spine: Spine) -> None:
    with spine.session(writing=False) as db:
        items = found(db, types=["order"])
        texts = documents(db, [items[0].item_version_id])
    for seed in range(60):
        variant = draw(items, texts, str(seed))[0].variant
        assert isinstance(variant.solution, list) and [*variant.handles.values()] not in variant.solution


def test_handles_say_nothing_of_what_they_stand_for(ada: TestClient, spine: Spine) -> None:
    quiz = begin(ada, review="immediate")
    for entry in stored(spine, quiz).entries:
        handles = entry.variant.handles | entry.variant.targets
        page = ada.get(f"/quizzes/{quiz}/items/{entry.answer.position}").text
        assert not any(f'"{key}"' in page or f"-{key}" in page for key in handles.values())
        assert all(handle in page for handle in handles)


def test_two_quizzes_share_no_handles(ada: TestClient, spine: Spine) -> None:
    one, other = (stored(spine, begin(ada, type="single")).entries[0].variant.handles for _ in range(2))
    assert sorted(one.values()) == sorted(other.values()) and not one.keys() & other.keys()


def test_the_attempt_says_which_bank_and_seed_it_came_from(ada: TestClient, spine: Spine) -> None:
    attempt = stored(spine, begin(ada, tag="basics", level="junior")).attempt
    assert (len(attempt.seed), len(attempt.bank_hash), attempt.mode, attempt.version) == (32, 12, "quiz", 1)
    assert json.loads(attempt.plan)["origin"] == {"tag": ["basics"], "level": ["junior"], "count": 60}


def _seen(spine: Spine, quiz: str) -> list[str]:
    """What each place asks, with its choices in their order."""
    journal = stored(spine, quiz)
    return [repr(shown(journal, entry.answer.position, NOW, "en").asked) for entry in journal.entries]


def _name(location: str) -> str:
    return location.rpartition("/")[2]
