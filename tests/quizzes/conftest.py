"""A quiz's stage: the journal's cast on a private copy of the small bank in memory."""

from collections.abc import Iterator

import pytest

from app.core.db import Spine, deserialised
from tests.attempts.conftest import ada, app, bo, small, small_bytes, watch


@pytest.fixture
def spine(small_bytes: bytes) -> Iterator[Spine]:
    made = Spine("sqlite://")
    made.engine.dispose()
    made.engine = deserialised(small_bytes)
    yield made
    made.engine.dispose()


__all__ = ["ada", "app", "bo", "small", "small_bytes", "watch"]
