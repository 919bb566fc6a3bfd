"""One engine for all tests of it: it is stateless, so a test cannot disturb another."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.core.settings import Settings
from app.main import create_app
from tests.house.visitor import client, standing


@pytest.fixture(scope="session")
def engine(settings: Settings) -> Iterator[TestClient]:
    """The JSON engine, asked in English; it needs no database."""
    with TestClient(create_app(settings), headers={"accept-language": "en"}) as caller:
        yield caller


__all__ = ["client", "engine", "standing"]
