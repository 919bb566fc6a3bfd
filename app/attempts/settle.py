"""Settling: an attempt that is over is closed, what was handed in is marked, and nothing is held while marking."""

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from app.attempts import queries
from app.attempts.clock import is_over
from app.attempts.journal import Entry, Journal, read
from app.core.clock import Clock
from app.core.db import First, Spine
from app.core.errors import NotFound
from app.items import FormatError, Verdict
from app.people import throttle
from app.people.models import Learner

SWEEP_SECONDS = 20
logger = logging.getLogger("viva")


@dataclass(frozen=True)
class Mark:
    """What an answer earned."""

    entry: Entry
    verdict: Verdict


def settled(db: Session, learner: Learner, public_id: str, now: datetime) -> Journal:
    """The learner's attempt, closed if it is over and marked as far as it was handed in.

    Raises NotFound for somebody else's, and First where closing or marking has to be written before.
    """
    attempt = queries.own(db, learner, public_id)
    if attempt is None or attempt.id is None:
        raise NotFound()
    found = read(db, attempt)
    if found.unsettled or (attempt.state == "open" and is_over(attempt, now)):
        raise First(partial(settle, attempt_id=attempt.id, now=now))
    return found


async def settle(spine: Spine, attempt_id: int, now: datetime) -> None:
    """Close the attempt if its time is up, mark what was handed in, and store the marks.

    Every write is conditional, so two who settle at once do it once; a crash in between is finished by the next.
    """
    found = await spine.read(partial(_read, attempt_id=attempt_id))
    if found is None:
        return
    if found.attempt.state == "open" and is_over(found.attempt, now):
        await spine.write(lambda db: queries.close(db, attempt_id, "expired", now))
        found = await spine.read(partial(_read, attempt_id=attempt_id)) or found
    if found.unsettled:
        marks = await spine.think(partial(mark_all, found))
        await spine.write(lambda db: _store(db, attempt_id, marks, now))


def mark_all(found: Journal) -> list[Mark]:
    """Marks of everything that is final and has none."""
    return [Mark(entry, verdict(entry)) for entry in found.unmarked]


def verdict(entry: Entry) -> Verdict:
    """The mark of one answer; what cannot be read earns nothing and says why."""
    if entry.answer.response is None:
        return Verdict(0.0)
    try:
        parsed = entry.kind.parse(entry.item, entry.variant, entry.response)
    except FormatError as error:
        shown = {name: value if isinstance(value, int | float) else str(value) for name, value in error.numbers.items()}
        return Verdict(0.0, error=error.text, numbers=dict(shown))
    return entry.kind.grade(entry.item, entry.variant, parsed)


async def sweep(spine: Spine, now: datetime) -> int:
    """Settle what nobody came back to, and forget failures that no longer count; how many attempts that were."""
    waiting = await spine.read(partial(queries.waiting, now=now))
    for attempt_id in waiting:
        try:
            await settle(spine, attempt_id, now)
        except SQLAlchemyError:
            raise
        except Exception as error:  # one attempt that cannot be marked must not keep the others waiting
            logger.error("attempt %d cannot be settled: %s", attempt_id, type(error).__name__)
    if await spine.read(partial(throttle.has_old, now=now)):
        await spine.write(partial(throttle.forget_old, now=now))
    return len(waiting)


async def sweep_for_ever(spine: Spine, clock: Clock) -> None:
    """Sweep every few seconds until cancelled; a database that is away is asked again."""
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        try:
            await sweep(spine, clock())
        except SQLAlchemyError as error:
            logger.warning("sweep put off: %s", type(error).__name__)


def _read(db: Session, attempt_id: int) -> Journal | None:
    attempt = queries.by_id(db, attempt_id)
    return read(db, attempt) if attempt else None


def _store(db: Session, attempt_id: int, marks: Sequence[Mark], now: datetime) -> None:
    for mark in marks:
        verdict = mark.verdict
        values: dict[str, object] = {
            "score": verdict.score * mark.entry.answer.max_score,
            "mutant": verdict.mutant,
            "verdict": json.dumps(asdict(verdict), ensure_ascii=False),
        }
        queries.store_mark(db, mark.entry.answer, values)
    queries.store_total(db, attempt_id, now)
