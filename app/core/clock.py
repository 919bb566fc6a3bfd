"""The only place that reads the time; everybody else is handed it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]


def now() -> datetime:
    """The time, aware and in UTC."""
    return datetime.now(UTC)
