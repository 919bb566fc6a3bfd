"""The cast and the stage: one migrated and loaded database a run, a private copy of it for each test."""

import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.bank.load import load
from app.core.db import Spine, deserialised
from app.core.migrate import upgrade
from app.core.settings import Settings
from app.main import create_app

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
    spine = Spine(settings.url)
    upgrade(spine.engine)
    with spine.session(writing=True) as db:
        load(db, settings.banks[0], NOW)
        db.commit()
    spine.engine.dispose()
    with sqlite3.connect(Path(settings.url.removeprefix("sqlite:///"))) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")  # a copy in memory has no place for a log
        data = connection.serialize()
    connection.close()
    return data


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
