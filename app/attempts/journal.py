"""An attempt as it is read: its plan, its answers with the items they answer, and what still has to be settled."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.attempts import queries
from app.attempts.models import Answer, Attempt
from app.attempts.plan import Plan, loaded
from app.attempts.save import response_of
from app.bank.items import documents
from app.core.errors import NotFound
from app.items import TYPES, AnyType, ItemDocument, Response, Variant


@dataclass(frozen=True)
class Entry:
    """One place of an attempt with its item."""

    answer: Answer
    item: ItemDocument

    @property
    def kind(self) -> AnyType:
        found = TYPES.get(self.item.type)
        assert found is not None, self.item.type
        return found

    @property
    def variant(self) -> Variant:
        return Variant(**json.loads(self.answer.variant))

    @property
    def response(self) -> Response:
        return response_of(self.answer)


@dataclass(frozen=True)
class Journal:
    """An attempt, its plan, and its entries by position."""

    attempt: Attempt
    plan: Plan
    entries: Sequence[Entry]

    def at(self, position: int) -> Entry:
        """The entry of a position, counted from 1; raises NotFound."""
        if not 1 <= position <= len(self.entries):
            raise NotFound()
        return self.entries[position - 1]

    def is_handed_in(self, entry: Entry) -> bool:
        """Whether an answer is final: the attempt is closed, its section is, or it was handed in alone."""
        answer = entry.answer
        closed = self.attempt.state != "open" or self.plan.section_of(answer.position) < self.attempt.section
        return closed or answer.checked_at is not None

    @property
    def unmarked(self) -> list[Entry]:
        """What is final and has no mark yet."""
        return [entry for entry in self.entries if entry.answer.score is None and self.is_handed_in(entry)]

    @property
    def unsettled(self) -> bool:
        """Whether marks, or their sum, are still missing."""
        return bool(self.unmarked) or (self.attempt.state != "open" and self.attempt.graded_at is None)


def read(db: Session, attempt: Attempt) -> Journal:
    """An attempt as it stands."""
    rows = queries.answers(db, attempt)
    items = documents(db, [row.item_version_id for row in rows if row.item_version_id is not None])
    entries = [Entry(row, items[row.item_version_id]) for row in rows if row.item_version_id is not None]
    return Journal(attempt, loaded(attempt.plan), entries)
