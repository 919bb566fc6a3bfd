"""The journal's stage: the small bank in a SQLite file and in PostgreSQL, two browsers, a watch that can be turned."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.core.db import Spine
from app.core.settings import Settings
from app.main import create_app
from tests.attempts.bank import write
from tests.cast import Watch
from tests.conftest import bytes_of, fill, own_database

SECRET = "a secret of the tests, long enough to sign with"


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the small bank."""
    return write(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def small_bytes(small: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return bytes_of(f"sqlite:///{tmp_path_factory.mktemp('loaded') / 'viva.db'}", small)


@pytest.fixture(scope="session")
def small_postgres(postgres: str, small: Path) -> Iterator[str]:
    """The name of a loaded database, of which each test takes a copy."""
    with own_database(postgres) as url:
        fill(url, small)
        yield url.rpartition("/")[2].partition("?")[0]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path, small_bytes: bytes) -> Iterator[str]:
    """In place of an empty database: one that holds the small bank."""
    if request.param == "sqlite":
        (tmp_path / "viva.db").write_bytes(small_bytes)
        yield f"sqlite:///{tmp_path / 'viva.db'}"
        return
    template, server = request.getfixturevalue("small_postgres"), request.getfixturevalue("postgres")
    with own_database(server, template) as made:
        yield made


@pytest.fixture
def spine(url: str) -> Iterator[Spine]:
    made = Spine(url)
    yield made
    made.engine.dispose()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def app(settings: Settings, spine: Spine, watch: Watch) -> FastAPI:
    made = create_app(settings, clock=watch, spine=spine)
    made.state.secret = lambda: SECRET
    return made


@pytest.fixture
def ada(app: FastAPI) -> Iterator[TestClient]:
    """A learner."""
    with TestClient(app, headers={"accept-language": "en"}, raise_server_exceptions=False) as browser:
        yield browser


@pytest.fixture
def bo(app: FastAPI, ada: TestClient) -> TestClient:
    """Another learner, on the same server."""
    return TestClient(app, headers={"accept-language": "en"}, raise_server_exceptions=False)
