"""Twenty first saves of one browser at once make one learner, on SQLite and on PostgreSQL."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import httpx2
import pytest
from sqlmodel import Session, SQLModel, select

from app.core.db import Spine
from app.core.errors import Conflict, TooMany
from app.core.migrate import upgrade
from app.core.settings import Settings
from app.people import throttle
from app.people.learners import learner_for, learner_of
from app.people.models import Learner, Throttle, VisitorSession
from app.people.resume import carry_on, edition, make_code
from app.people.visitor import Visitor
from tests.conftest import NOW
from tests.people.conftest import Watch, stage

TWENTY = 20
ADA = Visitor("ada", False, "Firefox, Linux", "203.0.113.5")
R = TypeVar("R")


@pytest.fixture
def spine(url: str) -> Iterator[Spine]:
    """In place of the private copy in memory: a database that several connections share."""
    made = Spine(url)
    upgrade(made.engine)
    yield made
    made.engine.dispose()


def at_once(spine: Spine, work: Callable[[Session], R], times: int = TWENTY) -> list[R | Exception]:
    """The work in as many threads, each with a session of its own, none of them taking turns."""
    together = threading.Barrier(times, timeout=20)

    def once(_: int) -> R | Exception:
        with spine.session(writing=True) as db:
            together.wait()
            try:
                answer = work(db)
                db.commit()
            except Exception as error:
                return error
            return answer

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(once, range(times)))


def stored(spine: Spine, table: type[SQLModel]) -> int:
    with spine.session(writing=False) as db:
        return len(db.exec(select(table)).all())


def test_one_learner_and_one_session_come_of_it(spine: Spine) -> None:
    ids = at_once(spine, lambda db: learner_for(db, ADA, NOW, "en", "Asia/Shanghai").id)
    assert len(set(ids)) == 1 and isinstance(ids[0], int)
    assert (stored(spine, Learner), stored(spine, VisitorSession)) == (1, 1)


def test_the_same_over_http(spine: Spine, url: str, tmp_path: Path) -> None:
    app = stage(Settings(data=tmp_path, database_url=url), spine, Watch())

    async def ask() -> list[httpx2.Response]:
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
            await client.get("/resume")
            return await asyncio.gather(*(client.post("/saved") for _ in range(TWENTY)))

    answers = asyncio.run(asyncio.wait_for(ask(), 30))
    assert {answer.status_code for answer in answers} == {200} and len({answer.json() for answer in answers}) == 1
    assert stored(spine, Learner) == 1


def test_the_same_where_a_session_has_ended(spine: Spine) -> None:
    at_once(spine, lambda db: learner_for(db, ADA, NOW, "en", ""), times=1)
    later = NOW + timedelta(days=500)
    ids = at_once(spine, lambda db: learner_for(db, ADA, later, "en", "").id)
    assert len(set(ids)) == 1 and isinstance(ids[0], int)
    assert (stored(spine, Learner), stored(spine, VisitorSession)) == (2, 1)


def test_twenty_failures_are_twenty(spine: Spine) -> None:
    assert at_once(spine, lambda db: throttle.failed(db, "code", ADA.client, NOW)) == [None] * TWENTY
    with spine.session(writing=False) as db:
        assert db.exec(select(Throttle)).one().failures == TWENTY
        with pytest.raises(TooMany):
            throttle.check(db, "code", ADA.client, NOW)


def test_of_many_clicks_one_makes_a_code_and_that_one_works(spine: Spine) -> None:
    before = at_once(spine, lambda db: edition(learner_for(db, ADA, NOW, "en", "")), times=1)[0]
    made = at_once(spine, lambda db: make_code(db, ADA, NOW, str(before)))
    codes = [code for code in made if isinstance(code, str)]
    assert len(codes) == 1 and sum(isinstance(one, Conflict) for one in made) == TWENTY - 1
    bo = Visitor("bo", True, "", "198.51.100.7")
    assert isinstance(at_once(spine, lambda db: carry_on(db, bo, bo, codes[0], NOW), times=1)[0], Learner)


def test_no_browser_slips_in_with_a_code_while_it_is_replaced(spine: Spine) -> None:
    at_once(spine, lambda db: learner_for(db, ADA, NOW, "en", ""), times=1)
    for turn in range(5):
        code = str(at_once(spine, lambda db: make_code(db, ADA, NOW), times=1)[0])
        bo = Visitor(f"bo {turn}", True, "", "198.51.100.7")
        entered = threading.Lock()

        def enter_or_replace(db: Session, code: str = code, bo: Visitor = bo, entered: threading.Lock = entered) -> str:
            if entered.acquire(blocking=False):
                return "in" if carry_on(db, bo, bo, code, NOW) else "refused"
            return make_code(db, ADA, NOW)

        assert any(len(str(one)) == 16 for one in at_once(spine, enter_or_replace, times=2))
        with spine.session(writing=False) as db:
            assert learner_of(db, bo, NOW) is None
