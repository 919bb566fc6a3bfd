"""One app for all tests that only read: a visitor without cookies for each, who reads English."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.core.db import Spine, deserialised
from app.core.settings import Settings
from app.main import create_app


@pytest.fixture(scope="session")
def standing(settings: Settings, loaded: bytes) -> Iterator[TestClient]:
    """An app that stands for the whole run, on its own copy of the loaded database."""
    spine = Spine("sqlite://")
    spine.engine.dispose()
    spine.engine = deserialised(loaded)
    with TestClient(create_app(settings, spine=spine), headers={"accept-language": "en"}) as visitor:
        yield visitor
    spine.engine.dispose()


@pytest.fixture
def client(standing: TestClient) -> TestClient:
    """In place of the client of tests/conftest.py where nothing is written."""
    standing.cookies.clear()
    return standing


__all__ = ["client", "standing"]
