"""All SQL of the people, one function per question asked."""

from datetime import datetime

from sqlalchemy import case, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from app.core.db import insert_or_get
from app.people.models import Learner, Throttle, VisitorSession


def session_and_learner(db: Session, token_hash: str, now: datetime) -> tuple[VisitorSession, Learner] | None:
    """The session of a token and whose it is, unless it has ended."""
    return db.exec(
        select(VisitorSession, Learner)
        .join(Learner, col(Learner.id) == VisitorSession.learner_id)
        .where(VisitorSession.token_hash == token_hash, VisitorSession.expires_at > now)
    ).one_or_none()


def learner_with_code(db: Session, code_hash: str) -> Learner | None:
    """Whose code this is; who gives them another one meanwhile waits, so that no browser slips past that."""
    return db.exec(select(Learner).where(Learner.code_hash == code_hash).with_for_update()).one_or_none()


def insert_learner(db: Session, learner: Learner) -> None:
    db.add(learner)
    db.flush()


def delete_learner(db: Session, learner: Learner) -> None:
    db.delete(learner)
    db.flush()


def insert_session(db: Session, session: VisitorSession, now: datetime) -> VisitorSession:
    """The session under this token: ours, or the one that somebody else made first; an ended one gives way."""
    ended = col(VisitorSession.token_hash) == session.token_hash, col(VisitorSession.expires_at) <= now
    db.execute(delete(VisitorSession).where(*ended))
    return insert_or_get(db, session, "token_hash")


def extend_session(db: Session, token_hash: str, seen_at: datetime, expires_at: datetime) -> None:
    mine = col(VisitorSession.token_hash) == token_hash
    db.execute(update(VisitorSession).where(mine).values(seen_at=seen_at, expires_at=expires_at))


def delete_session(db: Session, token_hash: str) -> None:
    db.execute(delete(VisitorSession).where(col(VisitorSession.token_hash) == token_hash))


def delete_other_sessions(db: Session, learner_id: int, token_hash: str) -> None:
    """End every session of the learner but this one."""
    others = col(VisitorSession.learner_id) == learner_id, col(VisitorSession.token_hash) != token_hash
    db.execute(delete(VisitorSession).where(*others))


def replace_code(db: Session, learner_id: int, before: str | None, code_hash: str) -> bool:
    """Give the learner a code in place of the one they had; False if they have another by now."""
    had = col(Learner.code_hash).is_(None) if before is None else col(Learner.code_hash) == before
    done = db.execute(update(Learner).where(col(Learner.id) == learner_id, had).values(code_hash=code_hash))
    return bool(getattr(done, "rowcount", 0))


def failures_since(db: Session, key: str, start: datetime) -> Throttle | None:
    """What is counted under the key, if that began after the start."""
    return db.exec(select(Throttle).where(Throttle.key == key, Throttle.since > start)).one_or_none()


def count_failure(db: Session, key: str, start: datetime, now: datetime) -> None:
    """One more in one statement; what began before the start is over, and the count begins anew."""
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    over = col(Throttle.since) <= start
    changed = {
        "failures": case((over, 1), else_=Throttle.failures + 1),
        "since": case((over, now), else_=Throttle.since),
    }
    one = insert(Throttle).values(key=key, failures=1, since=now)
    db.execute(one.on_conflict_do_update(index_elements=["key"], set_=changed))


def any_failures(db: Session, before: datetime) -> bool:
    return db.exec(select(Throttle.key).where(col(Throttle.since) <= before).limit(1)).first() is not None


def delete_failures(db: Session, start: datetime) -> None:
    """Forget what was counted from before the start."""
    db.execute(delete(Throttle).where(col(Throttle.since) <= start))
