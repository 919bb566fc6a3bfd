"""Starting a quiz in three steps: read what can be asked, draw it holding nothing, write it down."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.attempts.models import Attempt
from app.attempts.settle import settled
from app.attempts.shown import total_due
from app.attempts.start import Drawn, draw, start, started
from app.bank import items as bank
from app.bank import queries
from app.core.db import Spine
from app.core.errors import Conflict
from app.core.i18n import Language, mark
from app.items import ItemDocument
from app.people.learners import learner_for, learner_of
from app.people.visitor import Visitor
from app.quizzes.choose import chosen, plan_of
from app.quizzes.wishes import MAX_ITEMS, Wishes

UNSURE = "low"


@dataclass(frozen=True)
class Material:
    """What a quiz is made of: items chosen from the bank as it is now."""

    seed: str
    items: Sequence[bank.Found]
    documents: dict[int, ItemDocument]
    bank_hash: str


async def start_quiz(spine: Spine, visitor: Visitor, wishes: Wishes, spoken: Language, now: datetime) -> str:
    """The public id of the quiz; the same start key gives the same quiz however often it is sent."""

    def prepare(db: Session) -> Material | str:
        return _running(db, visitor, wishes, now) or _material(db, visitor, wishes, now)

    material = await spine.read(prepare)
    if isinstance(material, str):
        return material
    drawn = await spine.think(lambda: draw(material.items, material.documents, material.seed))
    return await spine.write(lambda db: _begin(db, visitor, wishes, spoken, material, drawn, now).public_id)


def _running(db: Session, visitor: Visitor, wishes: Wishes, now: datetime) -> str | None:
    learner = learner_of(db, visitor, now)
    attempt = started(db, learner, wishes.start_key) if learner and wishes.start_key else None
    return attempt.public_id if attempt else None


def _material(db: Session, visitor: Visitor, wishes: Wishes, now: datetime) -> Material:
    seed = secrets.token_hex(16)
    if wishes.misses_of:
        missed = misses(db, visitor, wishes.misses_of, now)
        items = bank.found(db, items=missed) if missed else []
        if not items:
            raise Conflict(mark("There is nothing to redo: every answer was right and none was given as a guess."))
    else:
        fitting = bank.found(db, slugs=wishes.questions, tags=wishes.tag, levels=wishes.level, types=wishes.type)
        count = MAX_ITEMS if wishes.questions else wishes.count
        items = chosen(fitting, count, seed)
        if not items:
            raise Conflict(mark("No item fits these choices. Take one of them back."))
    documents = bank.documents(db, [item.item_version_id for item in items])
    hashes = "+".join(found.content_hash[:12] for found in queries.banks(db))
    return Material(seed, items, documents, hashes)


def misses(db: Session, visitor: Visitor, public_id: str, now: datetime) -> list[int]:
    """The items of a finished quiz that were wrong, or right by a guess."""
    learner = learner_of(db, visitor, now)
    if learner is None:
        return []
    journal = settled(db, learner, public_id, now)
    if not total_due(journal, now):
        raise Conflict(mark("This quiz is not finished yet."))
    return [
        entry.answer.item_id
        for entry in journal.entries
        if entry.answer.item_id is not None
        and ((entry.answer.score or 0) < entry.answer.max_score or entry.answer.confidence == UNSURE)
    ]


def _begin(
    db: Session,
    visitor: Visitor,
    wishes: Wishes,
    spoken: Language,
    material: Material,
    drawn: Sequence[Drawn],
    now: datetime,
) -> Attempt:
    learner = learner_for(db, visitor, now, spoken, wishes.zone)
    return start(
        db,
        learner,
        drawn,
        mode="quiz",
        plan=plan_of(wishes, material.items),
        seed=material.seed,
        bank_hash=material.bank_hash,
        start_key=wishes.start_key or secrets.token_urlsafe(16),
        now=now,
    )
