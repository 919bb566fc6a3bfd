"""Failures are counted for each thing and client, so that codes and passwords cannot be guessed; successes are not."""

from datetime import datetime, timedelta
from math import ceil

from sqlmodel import Session

from app.core.errors import TooMany
from app.core.i18n import mark
from app.people import queries

FAILURES = 20  # lenient: a whole school is one address
WINDOW = timedelta(minutes=10)


def check(db: Session, what: str, client: str, now: datetime) -> None:
    """Raises TooMany while this client has failed too often at this thing; ask before anything is compared."""
    counted = queries.failures_since(db, _key(what, client), now - WINDOW)
    if counted and counted.failures >= FAILURES:
        raise _too_many(ceil((counted.since + WINDOW - now).total_seconds()))


def failed(db: Session, what: str, client: str, now: datetime) -> None:
    """Count one failure; the first after a window begins the next window."""
    queries.count_failure(db, _key(what, client), now - WINDOW, now)


def has_old(db: Session, now: datetime) -> bool:
    """Whether there is anything to forget."""
    return queries.any_failures(db, now - WINDOW)


def forget_old(db: Session, now: datetime) -> None:
    """Delete what no longer counts: an address is not kept longer than it is needed."""
    queries.delete_failures(db, now - WINDOW)


def _key(what: str, client: str) -> str:
    return f"{what}:{client}"


def _too_many(seconds: int) -> TooMany:
    text = mark("Too many tries from your network failed. The next one is possible in {minutes} min.")
    trouble = TooMany(text, minutes=ceil(seconds / 60))
    trouble.headers["Retry-After"] = str(seconds)
    return trouble
