"""The server's clock over an attempt: deadline, grace, time left. Pages show the deadline, never the grace."""

from datetime import datetime, timedelta

from app.attempts.models import Attempt

GRACE = timedelta(seconds=30)
IDLE_MS = 5 * 60 * 1000  # a longer pause between two saves is not counted as working time


def is_over(attempt: Attempt, now: datetime) -> bool:
    """Whether nothing more is taken: closed, or past the deadline and its grace."""
    return attempt.state != "open" or (attempt.deadline is not None and now > attempt.deadline + GRACE)


def remaining_ms(attempt: Attempt, now: datetime) -> int | None:
    """Milliseconds to the deadline, never below 0; None where there is no deadline."""
    if attempt.deadline is None:
        return None
    return max(0, milliseconds(attempt.deadline - now)) if attempt.state == "open" else 0


def late_ms(attempt: Attempt, now: datetime) -> int:
    """By how much a save that is still taken missed the deadline."""
    return max(0, milliseconds(now - attempt.deadline)) if attempt.deadline else 0


def worked_ms(since: datetime, now: datetime) -> int:
    """Working time since the attempt's last save."""
    passed = milliseconds(now - since)
    return passed if 0 < passed <= IDLE_MS else 0


def milliseconds(length: timedelta) -> int:
    return length // timedelta(milliseconds=1)
