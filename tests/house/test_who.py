"""Who may pass which door: what is one learner's own does not exist for anybody else."""

import pytest
from fastapi import FastAPI
from httpx2 import Response

from tests.house.people import Cast, cast
from tests.house.routes import OWN


@pytest.fixture
def people(app: FastAPI) -> Cast:
    return cast(app)


def ask(people: Cast, name: str, method: str, address: str) -> Response:
    who = dict(people)[name]
    body = {"base": 0, "response": {}} if method == "PUT" else None
    return who.request(method, address.format(quiz=people.quiz, n=1), json=body)


@pytest.mark.parametrize(("method", "address"), OWN)
def test_it_is_open_to_its_own_learner_alone(people: Cast, method: str, address: str) -> None:
    for other in ("bo", "stranger"):
        assert ask(people, other, method, address).status_code == 404
    mine = ask(people, "ada", method, address)
    assert mine.status_code == (404 if address.endswith("/demo") else mine.status_code) < 405


@pytest.mark.parametrize(("method", "address"), OWN)
def test_a_nonsense_name_is_not_found(people: Cast, method: str, address: str) -> None:
    for nonsense in ("0", "-", "%00", "x" * 300, people.quiz.lower() + "'--"):
        body = {"base": 0, "response": {}} if method == "PUT" else None
        found = people.ada.request(method, address.format(quiz=nonsense, n=1), json=body)
        assert found.status_code in (404, 405, 422), (nonsense, found.status_code)


def test_looking_writes_nothing(app: FastAPI) -> None:
    with app.state.spine.session(writing=False) as db:
        before = db.connection().exec_driver_sql("SELECT total_changes()").scalar()
    people = cast(app)
    with app.state.spine.session(writing=False) as db:
        started = db.connection().exec_driver_sql("SELECT count(*) FROM learner").scalar()
    for address in ("/", "/questions", "/quizzes", "/quizzes/new", "/resume", "/questions/1-what-is-attention"):
        people.stranger.get(address)
    with app.state.spine.session(writing=False) as db:
        assert db.connection().exec_driver_sql("SELECT count(*) FROM learner").scalar() == started == 2
    assert before is not None
