"""The cast: ada, a learner, and bo, another; their watch; quizzes started and answered as browsers do it."""

import asyncio
from datetime import datetime, timedelta
from typing import TypeAlias

import httpx2
from fastapi import FastAPI
from sqlmodel import SQLModel, select
from starlette.testclient import TestClient

from app.attempts.journal import Entry, Journal, read
from app.attempts.models import Attempt
from app.core.db import Spine
from app.items import Response
from tests.conftest import NOW

Request: TypeAlias = tuple[str, str, dict[str, object]]
UNREADABLE: Response = {"text": ["softmax("]}


class Watch:
    """The time, which goes on only when a test says so."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


def begin(client: TestClient, **wishes: object) -> str:
    """Start a quiz of every item, in exam conditions unless told otherwise; its public id."""
    form = {"count": 60, "review": "at_end", "pace": "1"} | wishes
    answer = client.post("/quizzes", data=form, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix("/quizzes/")


def save(client: TestClient, quiz: str, position: int, response: Response, base: int = 0, **more: object) -> int:
    """Save by JSON as the page's script does; the status."""
    return put(client, quiz, position, response, base, **more).status_code


def put(
    client: TestClient, quiz: str, position: int, response: Response, base: int = 0, **more: object
) -> httpx2.Response:
    return client.put(address(quiz, position), json={"base": base, "response": response, **more})


def address(quiz: str, position: int) -> str:
    return f"/api/v1/attempts/{quiz}/answers/{position}"


def hand_in(client: TestClient, quiz: str) -> httpx2.Response:
    """Hand in; the page that comes of it."""
    return client.post(f"/quizzes/{quiz}/submission")


def stored(spine: Spine, quiz: str) -> Journal:
    """The attempt as the database has it."""
    with spine.session(writing=False) as db:
        return read(db, db.exec(select(Attempt).where(Attempt.public_id == quiz)).one())


def count(spine: Spine, table: type[SQLModel]) -> int:
    """How many rows a table has."""
    with spine.session(writing=False) as db:
        return len(db.exec(select(table)).all())


def right(entry: Entry) -> Response:
    """The answer that earns everything."""
    return entry.kind.right(entry.item, entry.variant)


def wrong(entry: Entry) -> Response:
    """A known wrong answer that earns nothing; where the type lists none, one that cannot be read."""
    kind, item, variant = entry.kind, entry.item, entry.variant
    for response, _ in kind.wrong(item, variant):
        if kind.grade(item, variant, kind.parse(item, variant, response)).score == 0:
            return response
    return UNREADABLE


def at_once(app: FastAPI, client: TestClient, *requests: Request) -> list[httpx2.Response]:
    """All requests of one browser at the same time; their answers in the order asked."""

    async def everybody() -> list[httpx2.Response]:
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        cookies = dict(client.cookies)
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost", cookies=cookies) as browser:
            return await asyncio.gather(*(browser.request(method, path, **sent) for method, path, sent in requests))

    assert client.portal  # the loop on which the browser's other requests run
    return client.portal.call(asyncio.wait_for, everybody(), 60)
