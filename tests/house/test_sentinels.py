"""Nothing that gives a solution away leaves the server before it is due: every route, every person, every policy."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.bank.load import load
from app.core.db import Spine
from app.core.migrate import upgrade
from app.core.settings import Settings
from app.main import create_app
from tests.conftest import NOW
from tests.house import sentinel
from tests.house.people import Cast, cast, right_answers, save
from tests.house.routes import ROUTES

POLICIES = ("immediate", "after_section", "at_end")


class Clock:
    """A clock that the test turns on."""

    now = NOW

    def __call__(self) -> object:
        return self.now


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[FastAPI]:
    """An app on the bank of sentinels."""
    settings = Settings(data=tmp_path / "data", allowed_hosts=("testserver",), secret_key="s" * 32)
    settings.data.mkdir()
    spine = Spine(settings.url)
    upgrade(spine.engine)
    with spine.session(writing=True) as db:
        load(db, sentinel.bank(tmp_path / "bank"), NOW)
        db.commit()
    app = create_app(settings, clock=Clock(), spine=spine)  # type: ignore[arg-type]
    yield app
    spine.engine.dispose()


def leaks(text: str, where: str = "") -> list[str]:
    told_to_all = any(part in where for part in ("/demos", "/questions/", "/api ", "openapi"))
    signs = sentinel.SIGNS if told_to_all else (*sentinel.SIGNS, sentinel.BUG)
    return [sign for sign in signs if sign.lower() in text.lower()]


def everything(people: Cast) -> Iterator[tuple[str, str]]:
    """What every door says to everybody: (where and to whom, all of the answer)."""
    for (method, _), address in ROUTES.items():
        if method != "GET" or address.startswith("/static"):
            continue
        for spoken in ("en", "zh"):
            for name, who in people:
                for place in range(1, 9) if "{n}" in address else (1,):
                    at = address.format(quiz=people.quiz, n=place)
                    answer = who.get(at, headers={"accept-language": spoken})
                    yield f"{name} {at} {spoken}", f"{answer.headers} {answer.text}"


@pytest.mark.parametrize("review", POLICIES)
def test_no_route_tells_anybody_before_it_is_due(guarded: FastAPI, review: str) -> None:
    people = cast(guarded, review)
    with guarded.state.spine.session(writing=False) as db:
        answers = right_answers(db, people.quiz)
    for position, response in answers.items():
        saved = save(people.ada, people.quiz, position, {"text": ["3.5"]} if "text" in response else response)
        assert saved == 200 or (review == "after_section" and position > 4 and saved == 409)
    told = {where: leaks(text, where) for where, text in everything(people)}
    assert {where: found for where, found in told.items() if found} == {}


def test_saving_and_checking_the_wrong_way_tell_nothing(guarded: FastAPI) -> None:
    """Answers of forms and JSON, conflicts and faults included, to a quiz whose review comes at the end."""
    people = cast(guarded, "at_end")
    told = []
    for position in range(1, 9):
        for body in ({"base": 0, "response": {"text": ["3.5"]}}, {"base": 7, "response": {"text": ["4"]}}):
            told.append(people.ada.put(f"/api/v1/attempts/{people.quiz}/answers/{position}", json=body).text)
        for then in ("check", "next", "stay"):
            form = {"base": "0", "text": "nonsense(", "then": then}
            told.append(people.ada.post(f"/quizzes/{people.quiz}/items/{position}", data=form).text)
    told.append(people.bo.post(f"/quizzes/{people.quiz}/submission").text)
    told.append(people.stranger.post("/quizzes", data={"misses_of": people.quiz}).text)
    assert [leaks(text) for text in told if leaks(text)] == []


def test_the_sentinels_are_there_once_they_are_due(guarded: FastAPI) -> None:
    people = cast(guarded, "at_end")
    save(people.ada, people.quiz, 1, {"text": ["3.5"]})
    assert people.ada.post(f"/quizzes/{people.quiz}/submission").status_code == 303
    due = people.ada.get(f"/quizzes/{people.quiz}/result").text
    assert due.count(f"{sentinel.WORD} reason") > 20 and "918273.5" in due.replace(",", "").replace(" ", "")
    for who in (people.bo, people.stranger):
        assert who.get(f"/quizzes/{people.quiz}/result").status_code == 404


def test_time_makes_it_due_for_its_own_learner_alone(guarded: FastAPI) -> None:
    people = cast(guarded, "at_end")
    guarded.state.clock.now = NOW + timedelta(days=300)
    assert leaks(people.ada.get(f"/quizzes/{people.quiz}/map").text) == []  # untimed: never over by itself
    assert people.bo.get(f"/quizzes/{people.quiz}/map").status_code == 404
