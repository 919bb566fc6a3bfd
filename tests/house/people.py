"""The cast before every door: ada in the middle of a quiz, bo with one of her own, a stranger without anything."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from app.attempts.models import Answer, Attempt
from app.bank.items import documents
from app.items import TYPES, Response, Variant


@dataclass
class Cast:
    """Browsers of three people; `quiz` is ada's, and each policy has one of hers."""

    ada: TestClient
    bo: TestClient
    stranger: TestClient
    quiz: str

    def __iter__(self) -> Iterator[tuple[str, TestClient]]:
        yield from (("ada", self.ada), ("bo", self.bo), ("stranger", self.stranger))


def browser(app: FastAPI) -> TestClient:
    return TestClient(app, headers={"accept-language": "en"}, follow_redirects=False)


def cast(app: FastAPI, review: str = "at_end") -> Cast:
    """Ada and bo start a quiz each; the stranger only looks."""
    ada, bo, stranger = browser(app), browser(app), browser(app)
    start(bo, review)
    return Cast(ada, bo, stranger, start(ada, review))


def start(who: TestClient, review: str = "immediate", count: int = 60, **choices: str) -> str:
    """The public id of a quiz started by somebody."""
    form = re.search(r'name="start_key" value="([^"]+)"', who.get("/quizzes/new").text)
    assert form is not None
    sent = {"start_key": form[1], "count": str(count), "review": review, **choices}
    answer = who.post("/quizzes", data=sent)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix("/quizzes/")


def right_answers(db: Session, public_id: str) -> dict[int, Response]:
    """position -> the answer that earns everything."""
    attempt = db.exec(select(Attempt).where(Attempt.public_id == public_id)).one()
    rows = db.exec(select(Answer).where(Answer.attempt_id == attempt.id).order_by(col(Answer.position))).all()
    items = documents(db, [row.item_version_id for row in rows if row.item_version_id])
    found = {}
    for row in rows:
        item = items[row.item_version_id or 0]
        kind = TYPES.get(item.type)
        assert kind is not None
        found[row.position] = kind.right(item, Variant(**json.loads(row.variant)))
    return found


def save(who: TestClient, public_id: str, position: int, response: Response, base: int = 0) -> int:
    """Save by JSON; the status."""
    body = {"base": base, "response": response}
    return who.put(f"/api/v1/attempts/{public_id}/answers/{position}", json=body).status_code
