"""Saving an answer: durable before it is acknowledged, based on a revision, refused when the time is up."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from sqlmodel import Session

from app.attempts import clock, queries
from app.attempts.models import Answer, Attempt
from app.attempts.plan import loaded
from app.core.errors import Conflict, Gone, Invalid, NotFound
from app.core.i18n import mark
from app.items import Response
from app.items.registry import MAX_FIELDS, MAX_VALUE, MAX_VALUES

Confidence: TypeAlias = Literal["low", "mid", "high"]


@dataclass(frozen=True)
class Draft:
    """What somebody sends: the answer, the revision it was based on, and what stands beside it."""

    response: Response
    base: int
    flagged: bool | None = None  # None = as it was
    confidence: Confidence | Literal[""] | None = None  # "" takes it back


@dataclass(frozen=True)
class Saved:
    """What is stored now."""

    revision: int
    saved_at: datetime
    remaining_ms: int | None


class Stale(Conflict):
    """Somebody, perhaps oneself in another tab, saved another answer first; `answer` is what stands there."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(mark("Another answer was saved here first, perhaps in another tab. Both are shown."))
        self.answer = answer

    @property
    def response(self) -> Response:
        return response_of(self.answer)


def save(db: Session, attempt: Attempt, position: int, draft: Draft, now: datetime, *, check: bool = False) -> Saved:
    """Store a draft, and with `check` hand this one item in; raises Gone, Stale, Conflict, Invalid, NotFound.

    `attempt` was read with `hold`. The same again changes nothing and succeeds: a repeat is always harmless.
    """
    if clock.is_over(attempt, now):
        raise Gone()
    found = queries.place(db, attempt, position)
    if found is None:
        raise NotFound()
    stored, last_save = found
    text = dumped(draft.response)
    values = _changes(stored, draft, text)
    if check and stored.checked_at is None:
        values |= {"checked_at": now, "tries": stored.tries + 1}
    if not values:
        return Saved(stored.revision, stored.saved_at or now, clock.remaining_ms(attempt, now))
    _refuse_closed(attempt, stored)
    if text != stored.response and draft.base != stored.revision:
        raise Stale(stored)
    worked = clock.worked_ms(last_save, now)
    values |= {"saved_at": now, "late_ms": clock.late_ms(attempt, now), "spent_ms": stored.spent_ms + worked}
    revision, checked_at = stored.revision, stored.checked_at
    if not queries.change_answer(db, attempt, position, revision, values):
        return _after_another(db, attempt, draft, now, check=check, stood=(position, revision, checked_at))
    return Saved(revision + ("response" in values), now, clock.remaining_ms(attempt, now))


def dumped(response: Response) -> str | None:
    """An answer as it is stored; blank fields are left out, and nothing at all is no answer."""
    if len(response) > MAX_FIELDS or any(len(values) > MAX_VALUES for values in response.values()):
        raise Invalid(mark("An answer has at most {fields} fields."), fields=MAX_FIELDS)
    if any(len(value) > MAX_VALUE for values in response.values() for value in values):
        raise Invalid(mark("An answer has at most {length} characters."), length=MAX_VALUE)
    kept = {name: [value for value in values if value.strip()] for name, values in response.items()}
    kept = {name: values for name, values in kept.items() if values}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True) if kept else None


def response_of(answer: Answer) -> Response:
    """The stored answer as a form sends it."""
    return dict(json.loads(answer.response)) if answer.response else {}


def _refuse_closed(attempt: Attempt, stored: Answer) -> None:
    if stored.checked_at is not None:
        raise Conflict(mark("This answer was handed in already; it cannot be changed."))
    section = loaded(attempt.plan).section_of(stored.position)
    if section < attempt.section:
        raise Conflict(mark("This section is closed; its answers cannot be changed."))
    if section > attempt.section:
        raise Conflict(mark("This section opens when the one before it is closed."))


def _changes(stored: Answer, draft: Draft, text: str | None) -> dict[str, object]:
    values: dict[str, object] = {}
    if text != stored.response:
        values |= {"response": text, "revision": stored.revision + 1}
    if draft.flagged is not None and draft.flagged != stored.flagged:
        values["flagged"] = draft.flagged
    if draft.confidence is not None and (draft.confidence or None) != stored.confidence:
        values["confidence"] = draft.confidence or None
    return values


def _after_another(
    db: Session, attempt: Attempt, draft: Draft, now: datetime, *, check: bool, stood: tuple[int, int, datetime | None]
) -> Saved:
    """Somebody was faster with another answer or a check: the draft is judged anew against what stands there now."""
    position, revision, checked_at = stood
    found = queries.place(db, attempt, position)
    if found is None or (found[0].revision, found[0].checked_at) == (revision, checked_at):
        raise Gone()
    return save(db, attempt, position, draft, now, check=check)
