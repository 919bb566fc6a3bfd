"""Failures are counted in a window for each thing and client; then it takes some patience, told in minutes."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.core.db import Spine
from app.core.errors import TooMany
from app.people import throttle
from app.people.models import Throttle
from tests.people.conftest import Browser, Watch


@pytest.fixture
def db(spine: Spine) -> Iterator[Session]:
    with spine.session(writing=True) as made:
        yield made


def failures(db: Session, watch: Watch, times: int, what: str = "code", client: str = "one") -> None:
    for _ in range(times):
        throttle.failed(db, what, client, watch.now)


def refused(db: Session, watch: Watch, what: str = "code", client: str = "one") -> str:
    """After how many seconds one may try again; empty if at once."""
    try:
        throttle.check(db, what, client, watch.now)
    except TooMany as trouble:
        return trouble.headers["Retry-After"]
    return ""


def test_twenty_failures_are_free_and_the_next_try_waits(db: Session, watch: Watch) -> None:
    failures(db, watch, throttle.FAILURES - 1)
    assert refused(db, watch) == ""
    failures(db, watch, 1)
    assert refused(db, watch) == "600"


def test_the_window_begins_with_the_first_failure_and_ends_whatever_came_after(db: Session, watch: Watch) -> None:
    failures(db, watch, 1)
    watch.pass_by(minutes=9, seconds=59.5)
    failures(db, watch, throttle.FAILURES)
    assert refused(db, watch) == "1"
    watch.pass_by(seconds=0.5)
    assert refused(db, watch) == ""
    failures(db, watch, 1)
    assert db.exec(select(Throttle)).one().failures == 1


def test_things_and_clients_are_counted_apart(db: Session, watch: Watch) -> None:
    failures(db, watch, throttle.FAILURES)
    assert refused(db, watch, what="login") == refused(db, watch, client="other") == ""


def test_what_no_longer_counts_is_forgotten(db: Session, watch: Watch) -> None:
    failures(db, watch, 3, client="old")
    watch.pass_by(minutes=5)
    failures(db, watch, 3, client="new")
    watch.pass_by(minutes=5)
    throttle.forget_old(db, watch.now)
    assert [row.key for row in db.exec(select(Throttle))] == ["code:new"]


@pytest.mark.parametrize(("language", "words"), [("en", "in 10 min"), ("zh", "10 分钟后")])
def test_any_door_may_refuse_with_it(language: str, words: str, browser: Browser, spine: Spine, watch: Watch) -> None:
    client = guarded(browser(**{"accept-language": language}), spine, watch)
    page, problem = client.get("/guarded"), client.get("/api/guarded")
    assert (page.status_code, problem.status_code) == (429, 429)
    assert page.headers["retry-after"] == problem.headers["retry-after"] == "600"
    assert words in page.text and words in problem.json()["detail"]
    assert client.get(problem.json()["type"]).status_code == 200


def guarded(client: TestClient, spine: Spine, watch: Watch) -> TestClient:
    """An app with two doors that somebody has failed at too often."""

    async def refuse() -> None:
        with spine.session(writing=True) as db:
            failures(db, watch, throttle.FAILURES)
            throttle.check(db, "code", "one", watch.now)

    for path in ("/guarded", "/api/guarded"):
        client.app.get(path)(refuse)  # type: ignore[attr-defined]
    return client
