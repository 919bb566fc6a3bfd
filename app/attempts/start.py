"""Starting an attempt: items drawn before the write, one attempt a start key however often it is sent."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from app.attempts import queries
from app.attempts.models import Answer, Attempt
from app.attempts.plan import Plan
from app.bank.items import Found
from app.core.codes import public_id
from app.core.db import insert_or_get
from app.core.errors import NotFound
from app.items import TYPES, ItemDocument, Variant
from app.items.draw import Dice
from app.people.models import Learner
from app.version import VERSION


@dataclass(frozen=True)
class Drawn:
    """An item as it will be asked."""

    found: Found
    seed: str
    variant: Variant


def draw(chosen: Sequence[Found], documents: dict[int, ItemDocument], seed: str) -> list[Drawn]:
    """Draw a variant of each chosen item; slow, so it is done before anything is written."""
    drawn = []
    for place, found in enumerate(chosen, start=1):
        kind = TYPES.get(found.type)
        assert kind is not None, found.type
        own_seed = f"{seed}/{place}"
        variant = kind.draw(documents[found.item_version_id], Dice(own_seed))
        drawn.append(Drawn(found, own_seed, variant))
    return drawn


def start(
    db: Session,
    learner: Learner,
    drawn: Sequence[Drawn],
    *,
    mode: str,
    plan: Plan,
    seed: str,
    bank_hash: str,
    start_key: str,
    now: datetime,
) -> Attempt:
    """The attempt of this start key: made by the first request, found by every other."""
    assert learner.id is not None
    wanted = Attempt(
        public_id=public_id(),
        learner_id=learner.id,
        mode=mode,
        plan=plan.dumped(),
        seed=seed,
        bank_hash=bank_hash,
        engine=VERSION,
        start_key=start_key,
        started_at=now,
        deadline=None if plan.seconds is None else now + timedelta(seconds=plan.seconds),
    )
    attempt = insert_or_get(db, wanted, "start_key")
    if attempt.learner_id != learner.id:
        raise NotFound()
    if attempt.public_id == wanted.public_id and attempt.id is not None:
        db.add_all(_answer(attempt.id, place, one) for place, one in enumerate(drawn, start=1))
        db.flush()
    return attempt


def started(db: Session, learner: Learner, start_key: str) -> Attempt | None:
    """The learner's attempt of this start key, if there is one already."""
    found = queries.by_start_key(db, start_key)
    if found is not None and found.learner_id != learner.id:
        raise NotFound()
    return found


def _answer(attempt_id: int, position: int, drawn: Drawn) -> Answer:
    return Answer(
        attempt_id=attempt_id,
        position=position,
        item_id=drawn.found.item_id,
        item_version_id=drawn.found.item_version_id,
        seed=drawn.seed,
        variant=json.dumps(asdict(drawn.variant), ensure_ascii=False),
    )
