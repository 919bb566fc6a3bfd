"""What may be seen of an answer: the one place where a solution leaves the journal, by the review policy."""

import json
from dataclasses import dataclass
from datetime import datetime

from app.attempts.journal import Entry, Journal
from app.core.i18n import Language, say
from app.items import Asked, Explained, Response, Verdict


@dataclass(frozen=True)
class Shown:
    """One place of an attempt as its learner may see it now."""

    position: int
    asked: Asked
    response: Response
    revision: int
    saved_at: datetime | None
    late_ms: int
    flagged: bool
    confidence: str | None
    spent_ms: int
    locked: bool  # nothing can be changed any more
    due: bool
    # empty until due
    score: float | None = None
    max_score: float = 1.0
    mutant: str | None = None
    error: str = ""  # why an answer could not be read, in the reader's language
    explained: Explained | None = None

    @property
    def answered(self) -> bool:
        return bool(self.response)


def shown(journal: Journal, position: int, now: datetime, language: Language) -> Shown:
    """One place of an attempt; its solution, reasons and mark only if they are due."""
    entry = journal.at(position)
    answer, variant = entry.answer, entry.variant
    review = is_due(journal, entry, now)
    verdict = verdict_of(entry) if review else None
    return Shown(
        position=position,
        asked=entry.kind.ask(entry.item, variant, language),
        response=entry.response,
        revision=answer.revision,
        saved_at=answer.saved_at,
        late_ms=answer.late_ms,
        flagged=answer.flagged,
        confidence=answer.confidence,
        spent_ms=answer.spent_ms,
        locked=journal.is_handed_in(entry),
        due=review,
        score=answer.score if review else None,
        max_score=answer.max_score,
        mutant=answer.mutant if review else None,
        error=say(language, verdict.error, **verdict.numbers) if verdict and verdict.error else "",
        explained=entry.kind.explain(entry.item, variant, entry.response, verdict, language) if verdict else None,
    )


def is_due(journal: Journal, entry: Entry, now: datetime) -> bool:
    """Whether the attempt's policy lets its learner see how this answer did, and why."""
    plan, over = journal.plan, journal.attempt.state != "open"
    if entry.answer.score is None or not journal.is_handed_in(entry):
        return False
    if plan.policy == "after_close":
        return over and (plan.closes_at is None or now >= datetime.fromisoformat(plan.closes_at))
    if plan.policy == "after_section":
        return over or plan.section_of(entry.answer.position) < journal.attempt.section
    return over or plan.policy == "immediate"


def total_due(journal: Journal, now: datetime) -> bool:
    """Whether the whole result may be seen."""
    return journal.attempt.graded_at is not None and all(is_due(journal, entry, now) for entry in journal.entries)


def verdict_of(entry: Entry) -> Verdict:
    """The stored verdict of an answer that is marked."""
    return Verdict(**json.loads(entry.answer.verdict)) if entry.answer.verdict else Verdict(0.0)
