"""Whose browser this is: nobody's until the first save, which makes a learner."""

from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from sqlmodel import Session

from app.core.i18n import Language
from app.people import queries
from app.people.models import Learner, VisitorSession
from app.people.visitor import KEPT_S, Visitor

KEPT = timedelta(seconds=KEPT_S)
SEEN_EVERY = timedelta(hours=1)
UTC = "UTC"


def learner_of(db: Session, visitor: Visitor, now: datetime) -> Learner | None:
    """The learner of this browser, if it has one; writes nothing."""
    found = queries.session_and_learner(db, visitor.token_hash, now)
    return found[1] if found else None


def learner_for(db: Session, visitor: Visitor, now: datetime, lang: Language, zone: str) -> Learner:
    """The learner of this browser, made if there is none; for requests that save something.

    Twenty first saves at once make one learner, since a token has one session. Language and zone follow the browser;
    a zone that is empty or that nobody knows changes nothing, and is UTC to begin with.
    """
    found = queries.session_and_learner(db, visitor.token_hash, now)
    learner = _seen(db, *found, now) if found else _first(db, visitor, now, lang, zone)
    if zone in _zones() and learner.zone != zone:
        learner.zone = zone
    if learner.lang != lang:
        learner.lang = lang
    return learner


def admit(db: Session, visitor: Visitor, learner: Learner, now: datetime) -> None:
    """Bind a new token to a learner who is there already."""
    session = _session(visitor, learner, now)
    queries.insert_session(db, session, now)


def known_zone(name: str) -> str:
    """The IANA zone of that name, or UTC."""
    return name if name in _zones() else UTC


def local(zone: str, when: datetime) -> datetime:
    """The moment as clocks in that zone show it."""
    return when.astimezone(ZoneInfo(known_zone(zone)))


def _seen(db: Session, session: VisitorSession, learner: Learner, now: datetime) -> Learner:
    if now - session.seen_at >= SEEN_EVERY:
        queries.extend_session(db, session.token_hash, now, now + KEPT)
    return learner


def _first(db: Session, visitor: Visitor, now: datetime, lang: Language, zone: str) -> Learner:
    """A learner and a session; if another request was first, its learner, and ours was never there."""
    made = Learner(lang=lang, zone=known_zone(zone), created_at=now)
    queries.insert_learner(db, made)
    queries.insert_session(db, _session(visitor, made, now), now)
    found = queries.session_and_learner(db, visitor.token_hash, now)
    assert found is not None  # inserted or found a line above
    if found[1].id != made.id:
        queries.delete_learner(db, made)
    return found[1]


def _session(visitor: Visitor, learner: Learner, now: datetime) -> VisitorSession:
    assert learner.id is not None  # flushed
    return VisitorSession(
        token_hash=visitor.token_hash,
        learner_id=learner.id,
        agent=visitor.agent,
        created_at=now,
        seen_at=now,
        expires_at=now + KEPT,
    )


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
