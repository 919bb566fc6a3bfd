"""Two at the same answer on PostgreSQL, which has no writer's turn: who is second is told the truth."""

import threading
from collections.abc import Callable

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.attempts import queries
from app.attempts.models import Attempt
from app.core.db import Spine
from tests.cast import address, begin, hand_in, put, right, stored

pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("url", ["postgres"], indirect=True)]
change_answer = queries.change_answer


@pytest.mark.parametrize("door", ["json", "form"])
def test_the_end_waits_for_a_save_that_is_not_committed_yet(
    door: str, ada: TestClient, spine: Spine, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiz = begin(ada, count=1)
    answer, changed, go_on = right(stored(spine, quiz).at(1)), threading.Event(), threading.Event()

    def slowly(db: Session, attempt: Attempt, position: int, base: int, values: dict[str, object]) -> bool:
        done = change_answer(db, attempt, position, base, values)
        changed.set()
        return go_on.wait(20) and done

    def save() -> None:
        if door == "json":
            ada.put(address(quiz, 1), json={"base": 0, "response": answer})
        else:
            ada.post(f"/quizzes/{quiz}/items/1", data={"base": 0, "then": "stay", **answer}, follow_redirects=False)

    monkeypatch.setattr(queries, "change_answer", slowly)
    saving, ending = threading.Thread(target=save), threading.Thread(target=hand_in, args=(ada, quiz))
    saving.start()
    assert changed.wait(20)
    ending.start()
    ending.join(0.4)
    assert ending.is_alive()
    go_on.set()
    for one in (saving, ending):
        one.join(20)
    attempt = stored(spine, quiz).attempt
    assert (attempt.state, attempt.score) == ("handed_in", 1.0)


def overtaken(spine: Spine, monkeypatch: pytest.MonkeyPatch, other: dict[str, object]) -> None:
    """The next save is overtaken by this one, between its look and its write."""
    first: list[Callable[..., bool]] = [change_answer]

    def second(db: Session, attempt: Attempt, position: int, base: int, values: dict[str, object]) -> bool:
        if first:
            with spine.session(writing=True) as faster:
                assert first.pop()(faster, attempt, position, base, other)
                faster.commit()
        return change_answer(db, attempt, position, base, values)

    monkeypatch.setattr(queries, "change_answer", second)


@pytest.mark.parametrize(
    ("other", "status"),
    [
        ({"response": '{"text": ["mine"]}', "revision": 1}, 200),
        ({"response": '{"text": ["yours"]}', "revision": 1}, 409),
    ],
)
def test_a_save_that_is_overtaken_is_told_by_what(
    other: dict[str, object], status: int, ada: TestClient, spine: Spine, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiz = begin(ada)
    overtaken(spine, monkeypatch, other)
    answer = put(ada, quiz, 1, {"text": ["mine"]})
    assert (answer.status_code, answer.json()["revision"]) == (status, 1)
    assert status == 200 or answer.json()["response"] == {"text": ["yours"]}


def test_a_save_that_a_check_overtakes_is_not_told_that_time_is_up(
    ada: TestClient, spine: Spine, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiz = begin(ada)
    overtaken(spine, monkeypatch, {"checked_at": stored(spine, quiz).attempt.started_at})
    answer = put(ada, quiz, 1, {"text": ["mine"]})
    assert answer.status_code == 409 and "handed in already" in answer.json()["detail"]
    assert stored(spine, quiz).at(1).response == {}
