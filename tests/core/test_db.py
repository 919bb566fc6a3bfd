"""The spine under many hands, on SQLite and on PostgreSQL: every request is answered, what was answered is kept."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from fastapi import APIRouter, FastAPI
from sqlalchemy import text
from sqlmodel import Session, select

from app.core.db import Db, Door, Spine, deserialised
from app.core.settings import Settings
from tests.benchmarks.spine_app import Probe, probe_app, router

HOLD = """
import sqlite3, sys
sqlite3.connect(sys.argv[1]).execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "viva.db"


@pytest.fixture
def here(url: str, tmp_path: Path) -> Iterator[FastAPI]:
    """Viva with the probe's doors; nobody waits long for a lock."""
    spine = Spine(url, busy_ms=150)
    app = probe_app(Settings(data=tmp_path, database_url=url), spine)
    app.include_router(router, prefix="/api/v1")
    yield app
    spine.engine.dispose()


def ask(app: FastAPI, *asked: tuple[str, str]) -> list[httpx2.Response]:
    """All requests at once; their answers in the order asked."""

    async def at_once() -> list[httpx2.Response]:
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await asyncio.gather(*(client.request(method, path) for method, path in asked))

    return asyncio.run(asyncio.wait_for(at_once(), 30))


def stored(app: FastAPI) -> list[tuple[int, int, int]]:
    """The rows that a session of its own finds."""
    spine: Spine = app.state.spine
    with spine.session(writing=False) as db:
        return sorted((row.client, row.n, row.value) for row in db.exec(select(Probe)))


def test_64_writers_beside_64_readers_are_all_answered_and_kept(here: FastAPI) -> None:
    saves = [("PUT", f"/probe/{client}/{n}?value={client + n}") for client in range(64) for n in range(2)]
    reads = [("GET", f"/probe/{client}") for client in range(64)]
    answers = ask(here, *saves, *reads)
    assert {answer.status_code for answer in answers} == {200}
    assert stored(here) == [(client, n, client + n) for client in range(64) for n in range(2)]


def test_a_commit_that_fails_answers_500_and_stores_nothing(here: FastAPI) -> None:
    failed, fine = ask(here, ("PUT", "/probe/1/1?ahead=999"), ("PUT", "/probe/2/1"))
    assert (failed.status_code, fine.status_code) == (500, 200)
    assert stored(here) == [(2, 1, 0)]


def test_an_error_after_a_write_takes_the_write_back(here: FastAPI) -> None:
    broken = APIRouter(route_class=Door)

    @broken.post("/broken")
    def write_then_fail(db: Db) -> None:
        db.add(Probe(client=1, n=1))
        db.flush()
        raise ValueError("after the write")

    here.include_router(broken)
    assert ask(here, ("POST", "/broken"))[0].status_code == 500
    assert stored(here) == []


def test_a_get_stores_nothing_even_if_its_code_writes(here: FastAPI) -> None:
    forgetful = APIRouter(route_class=Door)

    @forgetful.get("/forgetful")
    def write_in_a_get(db: Db) -> None:
        db.add(Probe(client=1, n=1))
        db.flush()

    here.include_router(forgetful)
    ask(here, ("GET", "/forgetful"))
    assert stored(here) == []


def test_twenty_who_insert_the_same_row_at_once_get_one_row(here: FastAPI) -> None:
    answers = ask(here, *(("POST", f"/probe/7/7?value={value}") for value in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert len(stored(here)) == 1


def test_a_save_does_not_wait_for_readers_who_take_all_their_threads(here: FastAPI) -> None:
    waiting, go_on = APIRouter(route_class=Door), threading.Event()

    @waiting.get("/waiting")
    def read_slowly(db: Db) -> bool:
        return go_on.wait(10)

    @waiting.put("/going-on")
    def let_them_go(db: Db) -> None:
        go_on.set()

    here.include_router(waiting)
    answers = ask(here, *[("GET", "/waiting")] * 50, ("PUT", "/going-on"))
    assert [answer.text for answer in answers] == ["true"] * 50 + ["null"]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_database_held_by_another_process_is_a_503_that_says_when_to_return(here: FastAPI, file: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout and holder.stdout.readline() == "held\n"
        page, problem = ask(here, ("PUT", "/probe/1/1"), ("PUT", "/api/v1/probe/1/1"))
        assert ask(here, ("GET", "/probe/1"))[0].json() == []  # readers go on meanwhile
        holder.communicate("")
    assert (page.status_code, problem.status_code) == (503, 503)
    assert page.headers["retry-after"] == problem.headers["retry-after"] == "2"
    assert page.headers["content-type"].startswith("text/html")
    assert problem.json()["type"] == "/problems/busy"
    assert ask(here, ("PUT", "/probe/1/1"))[0].status_code == 200


@pytest.mark.postgres
@pytest.mark.parametrize("url", ["postgres"], indirect=True)
def test_a_table_locked_by_somebody_else_is_a_503_too(here: FastAPI) -> None:
    with here.state.spine.engine.begin() as other:
        other.execute(text("LOCK TABLE probe"))
        refused = ask(here, ("PUT", "/api/v1/probe/1/1"))[0]
    assert (refused.status_code, refused.json()["type"]) == (503, "/problems/busy")
    assert ask(here, ("PUT", "/probe/1/1"))[0].status_code == 200


@pytest.mark.parametrize("writing", [False, True])
def test_only_a_writing_session_holds_the_write_lock(file: Path, writing: bool) -> None:
    spine, other = Spine(f"sqlite:///{file}"), sqlite3.connect(file, timeout=0, isolation_level=None)
    with spine.session(writing=writing) as db:
        db.execute(text("SELECT count(*) FROM sqlite_master"))
        if writing:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
        else:
            other.execute("BEGIN IMMEDIATE")
    other.close()
    spine.engine.dispose()


def test_sqlite_is_set_to_keep_what_it_acknowledged(file: Path) -> None:
    spine = Spine(f"sqlite:///{file}")
    with spine.session(writing=False) as db:
        assert {name: _pragma(db, name) for name in ("journal_mode", "foreign_keys", "busy_timeout")} == {
            "journal_mode": "wal",
            "foreign_keys": 1,
            "busy_timeout": 5000,
        }
        assert _pragma(db, "synchronous") == 2  # FULL: an acknowledged save survives a power cut
    spine.engine.dispose()


def test_no_page_writes(tmp_path: Path, loaded: bytes) -> None:
    file = tmp_path / "viva.db"
    file.write_bytes(loaded)
    app = probe_app(Settings(data=tmp_path))
    watcher = sqlite3.connect(file)
    before = watcher.execute("PRAGMA data_version").fetchone()
    pages = ("/", "/questions", "/questions/1-what-is-attention", "/demos", "/about", "/api", "/readyz")
    answers = ask(app, *(("GET", page) for page in pages))
    assert [answer.status_code for answer in answers] == [200] * len(pages)
    assert watcher.execute("PRAGMA data_version").fetchone() == before
    watcher.close()
    app.state.spine.engine.dispose()


def test_a_session_that_would_never_commit_is_refused() -> None:
    doors = APIRouter(route_class=Door)

    async def save(db: Db) -> None: ...

    with pytest.raises(TypeError, match="plain def"):
        doors.put("/save")(save)
    app = FastAPI()
    app.put("/bare")(_save)
    with pytest.raises(TypeError, match="route_class=Door"):
        asyncio.run(_put(app, "/bare"))


def test_copies_in_memory_do_not_see_each_other(loaded: bytes) -> None:
    one, other = deserialised(loaded), deserialised(loaded)
    with one.begin() as connection:
        connection.execute(text("DELETE FROM question_tag"))
    with other.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM question_tag")).scalar_one() > 0
    one.dispose()
    other.dispose()


def _save(db: Db) -> None: ...


async def _put(app: FastAPI, path: str) -> None:
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        await client.put(path)


def _pragma(db: Session, name: str) -> object:
    return db.execute(text(f"PRAGMA {name}")).scalar_one()
