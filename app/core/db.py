"""The database: an engine with safe settings, and the one way in which a request reads or writes.

An endpoint that names `db: Db` is a plain `def`. It runs, begins and commits in one thread, and the answer is sent
only after the commit. Nobody holds a resource while waiting for a thread: the writer's turn (SQLite has one writer)
is awaited on the event loop, and whoever has it finds the writers' own thread free, however many readers there are.
"""

import asyncio
import functools
import inspect
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Annotated, Any, TypeVar

import anyio
from anyio import to_thread
from fastapi import Depends, Request
from fastapi.routing import APIRoute
from sqlalchemy import Connection, Engine, StaticPool, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlmodel import Session, SQLModel, create_engine, select

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# Threads for readers and for writers. More would not read faster, and each step of a save waits for every one of
# them to let go of the interpreter's lock: with 40 readers on SQLite a save took ten times as long as with 2.
SQLITE_THREADS, SERVER_THREADS = (2, 1), (8, 8)
BUSY_MS = 5000  # how long a statement waits for somebody else's lock
SETTLEMENTS = 3  # how often one request may ask for something to be settled first
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
R = TypeVar("R")
Row = TypeVar("Row", bound=SQLModel)


class Spine:
    """One app's engine and the writer's turn."""

    def __init__(self, url: str, busy_ms: int = BUSY_MS) -> None:
        self.is_sqlite = url.startswith("sqlite:")
        self.engine = make_engine(url, busy_ms)
        readers, writers = SQLITE_THREADS if self.is_sqlite else SERVER_THREADS
        self._turn = asyncio.Lock() if self.is_sqlite else None
        self._writers = anyio.CapacityLimiter(writers)
        self._readers = anyio.CapacityLimiter(readers)

    def session(self, *, writing: bool) -> Session:
        """A session that has taken no connection yet; SQLite writers begin with BEGIN IMMEDIATE."""
        engine = self.engine.execution_options(writing=True) if writing else self.engine
        return Session(engine, expire_on_commit=False, info={"spine": self, "writing": writing})

    async def read(self, work: Callable[[Session], R]) -> R:
        """Do the work in a session of its own that writes nothing; what it asks for first is done first."""
        return await self._own(work, writing=False)

    async def write(self, work: Callable[[Session], R]) -> R:
        """Do the work in a session of its own and commit: what is slow was done before."""
        return await self._own(work, writing=True)

    async def think(self, work: Callable[[], R]) -> R:
        """Do slow work that needs no database in a thread, holding nothing."""
        return await to_thread.run_sync(work, limiter=self._readers)

    async def run(self, session: Session, work: Callable[[], R]) -> R:
        """Do the work in one thread with this session, and commit if it writes."""
        async with self._allowance(session) as threads:
            return await to_thread.run_sync(_finish, session, work, limiter=threads)

    async def _own(self, work: Callable[[Session], R], *, writing: bool) -> R:
        for _ in range(SETTLEMENTS):
            session = self.session(writing=writing)
            try:
                return await self.run(session, functools.partial(work, session))
            except First as first:
                await first.work(self)
        session = self.session(writing=writing)
        return await self.run(session, functools.partial(work, session))

    @asynccontextmanager
    async def _allowance(self, session: Session) -> AsyncIterator[anyio.CapacityLimiter]:
        async with AsyncExitStack() as stack:
            if session.info["writing"] and self._turn:
                await stack.enter_async_context(self._turn)
            yield self._writers if session.info["writing"] else self._readers


def make_engine(url: str, busy_ms: int = BUSY_MS) -> Engine:
    """An engine for SQLite (WAL, FULL, foreign keys, explicit BEGIN) or PostgreSQL."""
    if not url.startswith("sqlite:"):
        engine = create_engine(url, pool_size=sum(SERVER_THREADS), max_overflow=-1, pool_pre_ping=True)
        event.listen(engine, "connect", functools.partial(_limit_waiting, busy_ms))
        return engine
    memory = url in ("sqlite://", "sqlite:///:memory:")
    arguments = {"check_same_thread": False, "timeout": busy_ms / 1000, "isolation_level": None}
    pool: dict[str, Any] = {"pool_size": sum(SQLITE_THREADS), "max_overflow": -1}
    engine = create_engine(url, connect_args=arguments, **({"poolclass": StaticPool} if memory else pool))
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "checkin", _end)
    return engine


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _end(connection: sqlite3.Connection | None, _record: object) -> None:
    """A COMMIT that failed leaves SQLite's transaction open, lock and all, where SQLAlchemy takes it for ended."""
    if connection is not None and connection.in_transaction:
        connection.rollback()


def _limit_waiting(busy_ms: int, connection: DBAPIConnection, _record: object) -> None:
    connection.cursor().execute(f"SET lock_timeout = {busy_ms:d}")
    connection.commit()


def _finish(session: Session, work: Callable[[], R]) -> R:
    with session:
        answer = work()
        if session.info["writing"]:
            session.commit()
        return answer


class First(Exception):
    """Raised by work: something has to be settled in a write of its own before the question can be answered."""

    def __init__(self, work: Callable[[Spine], Awaitable[None]]) -> None:
        super().__init__("settle this first")
        self.work = work


async def _request_session(request: Request) -> Session:
    if not isinstance(request.scope["route"], Door):
        raise TypeError("an endpoint that names a session needs APIRouter(route_class=Door), or nothing is stored")
    spine: Spine = request.app.state.spine
    return spine.session(writing=request.method not in SAFE_METHODS)


Db = Annotated[Session, Depends(_request_session)]


class Door(APIRoute):
    """A route whose endpoint, if it takes a session, runs from begin to commit in one thread."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, _in_one_thread(endpoint), **options)


def _in_one_thread(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    names = [name for name, given in inspect.signature(endpoint).parameters.items() if given.annotation == Db]
    if not names or hasattr(endpoint, "in_one_thread"):
        return endpoint
    if inspect.iscoroutinefunction(endpoint):
        raise TypeError(f"{endpoint.__name__} names a session: make it a plain def, or nothing is stored")

    @functools.wraps(endpoint)
    async def answer(**values: Any) -> Any:
        session: Session = values[names[0]]
        spine: Spine = session.info["spine"]
        ask = spine.write if session.info["writing"] else spine.read
        return await ask(lambda own: endpoint(**{**values, names[0]: own}))

    vars(answer)["in_one_thread"] = True  # a router that is included makes its routes anew
    return answer


def insert_or_get(db: Session, row: Row, *unique: str) -> Row:
    """Insert the row, or give the one that stands there already under the same unique columns."""
    table = type(row)
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    values = row.model_dump(exclude={"id"} if getattr(row, "id", None) is None else set())
    db.execute(insert(table).values(**values).on_conflict_do_nothing(index_elements=list(unique)))
    found = db.exec(select(table).where(*(getattr(table, name) == getattr(row, name) for name in unique)))
    return found.one()


def deserialised(data: bytes) -> Engine:
    """An engine on a private in-memory copy of a database; tests give one to each case."""
    engine = make_engine("sqlite://")
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.rollback()
        raw.deserialize(data)
    return engine
