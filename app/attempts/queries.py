"""All SQL of the journal, one function per question asked."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, exists, func, or_, update
from sqlmodel import Session, SQLModel, col, select

from app.attempts.clock import GRACE
from app.attempts.models import Answer, Attempt
from app.people.models import Learner, VisitorSession

OWN_LIMIT = 200  # attempts that a learner's list shows
SWEEP_LIMIT = 100  # attempts settled in one sweep
# what every save asks is put together once: that takes longer than asking it
_OF_BROWSER = (
    select(Attempt)
    .join(VisitorSession, col(VisitorSession.learner_id) == Attempt.learner_id)
    .where(
        col(Attempt.public_id) == bindparam("public_id"),
        col(VisitorSession.token_hash) == bindparam("token_hash"),
        col(VisitorSession.expires_at) > bindparam("now"),
    )
)
_OF_BROWSER_HELD = _OF_BROWSER.with_for_update(read=True, of=Attempt)
_LAST_SAVE = select(func.max(Answer.saved_at)).where(col(Answer.attempt_id) == bindparam("attempt_id"))
_PLACE = select(Answer, _LAST_SAVE.scalar_subquery()).where(
    col(Answer.attempt_id) == bindparam("attempt_id"), col(Answer.position) == bindparam("position")
)
_ANSWER, _ATTEMPT = (SQLModel.metadata.tables[name].c for name in ("answer", "attempt"))
_OPEN = exists().where(_ATTEMPT.id == bindparam("of_attempt"), _ATTEMPT.state == "open")
_CHANGE = update(SQLModel.metadata.tables["answer"]).where(
    _ANSWER.attempt_id == bindparam("of_attempt"),
    _ANSWER.position == bindparam("at"),
    _ANSWER.revision == bindparam("base"),
    _ANSWER.checked_at.is_(None),
    _OPEN,
)


def own(db: Session, learner: Learner, public_id: str, *, hold: bool = False) -> Attempt | None:
    """The learner's attempt of that name; somebody else's is not found.

    Held, it cannot be closed before this save is committed: PostgreSQL has no writer's turn.
    """
    wanted = select(Attempt).where(Attempt.public_id == public_id, Attempt.learner_id == learner.id)
    return db.exec(wanted.with_for_update(read=True) if hold else wanted).one_or_none()


def of_browser(db: Session, token_hash: str, public_id: str, now: datetime, *, hold: bool = False) -> Attempt | None:
    """The attempt of that name if it is this browser's: `own` for the hottest door, in one question."""
    named = {"token_hash": token_hash, "public_id": public_id, "now": now}
    return db.exec(_OF_BROWSER_HELD if hold else _OF_BROWSER, params=named).one_or_none()


def by_id(db: Session, attempt_id: int) -> Attempt | None:
    return db.get(Attempt, attempt_id)


def by_start_key(db: Session, start_key: str) -> Attempt | None:
    return db.exec(select(Attempt).where(Attempt.start_key == start_key)).one_or_none()


def owns(db: Session, learner: Learner, mode: str) -> list[Attempt]:
    """The learner's attempts of one mode, the newest first."""
    wanted = select(Attempt).where(Attempt.learner_id == learner.id, Attempt.mode == mode)
    return list(db.exec(wanted.order_by(col(Attempt.started_at).desc(), col(Attempt.id).desc()).limit(OWN_LIMIT)))


def answers(db: Session, attempt: Attempt) -> list[Answer]:
    return list(db.exec(select(Answer).where(Answer.attempt_id == attempt.id).order_by(col(Answer.position))))


def progress(db: Session, attempts: Iterable[Attempt]) -> dict[int, tuple[int, int]]:
    """attempt.id -> (answered, all) of some attempts."""
    wanted = (
        select(Answer.attempt_id, func.count(col(Answer.response)), func.count())
        .where(col(Answer.attempt_id).in_([attempt.id for attempt in attempts]))
        .group_by(col(Answer.attempt_id))
    )
    return {attempt_id: (answered, total) for attempt_id, answered, total in db.exec(wanted)}


def place(db: Session, attempt: Attempt, position: int) -> tuple[Answer, datetime] | None:
    """What stands there now, whatever this session has seen before, and when anything of the attempt was last saved."""
    named = {"attempt_id": attempt.id, "position": position}
    found = db.exec(_PLACE, params=named, execution_options={"populate_existing": True}).one_or_none()
    return (found[0], found[1] or attempt.started_at) if found else None


def change_answer(db: Session, attempt: Attempt, position: int, base: int, values: dict[str, object]) -> bool:
    """Store values if the revision is still the one they were based on and the item is not checked."""
    done = db.execute(_CHANGE, {"of_attempt": attempt.id, "at": position, "base": base, **values})
    return _count(done) == 1


def close(db: Session, attempt_id: int, state: str, now: datetime) -> bool:
    """End an attempt; True for the one who did."""
    ended = update(Attempt).where(col(Attempt.id) == attempt_id, col(Attempt.state) == "open")
    if state == "expired":
        ended = ended.where(col(Attempt.deadline) < now - GRACE)
    done = db.execute(ended.values(state=state, closed_at=now, version=Attempt.version + 1))
    return _count(done) == 1


def close_section(db: Session, attempt: Attempt, section: int) -> bool:
    """Make a section read-only; True for the one who did."""
    done = db.execute(
        update(Attempt)
        .where(col(Attempt.id) == attempt.id, col(Attempt.state) == "open", col(Attempt.section) == section)
        .values(section=section + 1, version=Attempt.version + 1)
    )
    return _count(done) == 1


def store_mark(db: Session, answer: Answer, values: dict[str, object]) -> None:
    """Store a mark where none stands yet."""
    db.execute(
        update(Answer)
        .where(
            col(Answer.attempt_id) == answer.attempt_id,
            col(Answer.position) == answer.position,
            col(Answer.score).is_(None),
        )
        .values(**values)
    )


def store_total(db: Session, attempt_id: int, now: datetime) -> None:
    """Add up what the answers earned, once, and not before every one of them is marked."""
    unmarked = select(Answer.position).where(Answer.attempt_id == attempt_id, col(Answer.score).is_(None)).exists()
    total = select(func.sum(Answer.score)).where(col(Answer.attempt_id) == attempt_id).scalar_subquery()
    most = select(func.sum(Answer.max_score)).where(col(Answer.attempt_id) == attempt_id).scalar_subquery()
    db.execute(
        update(Attempt)
        .where(col(Attempt.id) == attempt_id, col(Attempt.graded_at).is_(None), col(Attempt.state) != "open", ~unmarked)
        .values(graded_at=now, score=total, max_score=most)
    )


def waiting(db: Session, now: datetime) -> list[int]:
    """Attempts that are over and still open, or closed and not marked."""
    overdue = (col(Attempt.state) == "open") & (col(Attempt.deadline) < now - GRACE)
    unmarked = (col(Attempt.state) != "open") & col(Attempt.graded_at).is_(None)
    found = db.exec(select(Attempt.id).where(or_(overdue, unmarked)).order_by(col(Attempt.id)).limit(SWEEP_LIMIT))
    return [attempt_id for attempt_id in found if attempt_id is not None]


def _count(done: object) -> int:
    return int(getattr(done, "rowcount", 0))
