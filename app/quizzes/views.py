"""A quiz as its pages show it: where everything stands, and one place at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.attempts.calibration import Calibration, calibration
from app.attempts.clock import remaining_ms
from app.attempts.journal import Journal
from app.attempts.models import Attempt
from app.attempts.plan import Plan
from app.attempts.shown import Shown, is_due, shown, total_due
from app.core.i18n import Language
from app.people.learners import local
from app.people.models import Learner

State = Literal["unanswered", "answered", "right", "partly", "wrong"]


@dataclass(frozen=True)
class Place:
    """One place on the map."""

    position: int
    state: State
    flagged: bool
    locked: bool


@dataclass(frozen=True)
class Section:
    """A section on the map; `closed` = its answers are read-only."""

    number: int
    places: Sequence[Place]
    closed: bool
    current: bool

    @property
    def unanswered(self) -> list[int]:
        return [place.position for place in self.places if place.state == "unanswered"]


@dataclass(frozen=True)
class Quiz:
    """What every page of a quiz knows."""

    attempt: Attempt
    plan: Plan
    sections: Sequence[Section]
    zone: str
    remaining_ms: int | None

    @property
    def address(self) -> str:
        return f"/quizzes/{self.attempt.public_id}"

    @property
    def places(self) -> list[Place]:
        return [place for section in self.sections for place in section.places]

    @property
    def total(self) -> int:
        return sum(self.plan.sections)

    @property
    def unanswered(self) -> list[int]:
        return [place.position for place in self.places if place.state == "unanswered"]

    @property
    def is_open(self) -> bool:
        return self.attempt.state == "open"

    @property
    def next_open(self) -> int:
        """Where to go on: the first unanswered place that can still be answered, else the last place."""
        here = self.sections[min(self.attempt.section, len(self.sections) - 1)].places
        waiting = [place.position for place in here if place.state == "unanswered" and not place.locked]
        return waiting[0] if waiting else here[-1].position

    def section_of(self, position: int) -> Section:
        return self.sections[self.plan.section_of(position)]

    def at(self, when: datetime) -> datetime:
        """A moment by the learner's own clock."""
        return local(self.zone, when)


@dataclass(frozen=True)
class Result:
    """A finished quiz: what each place earned, with every reason, and how sure its learner was."""

    places: Sequence[Shown]
    score: float
    max_score: float
    calibration: Calibration | None
    sure_and_wrong: Sequence[Shown]
    missed: int  # wrong or guessed: what can be redone


def quiz_of(journal: Journal, learner: Learner, now: datetime) -> Quiz:
    """The quiz of a journal, for its own learner."""
    sections = [_section(journal, index, now) for index in range(len(journal.plan.sections))]
    left = remaining_ms(journal.attempt, now)
    return Quiz(journal.attempt, journal.plan, sections, learner.zone, left)


def result_of(journal: Journal, now: datetime, language: Language) -> Result | None:
    """The result, if it is due."""
    if not total_due(journal, now):
        return None
    places = [shown(journal, position, now, language) for position in range(1, len(journal.entries) + 1)]
    marks = [((place.score or 0.0) / place.max_score, place) for place in places]
    return Result(
        places=places,
        score=journal.attempt.score or 0.0,
        max_score=journal.attempt.max_score or 0.0,
        calibration=calibration([(place.confidence, mark) for mark, place in marks if place.answered]),
        sure_and_wrong=[place for mark, place in marks if mark < 1 and place.confidence == "high"],
        missed=sum(mark < 1 or place.confidence == "low" for mark, place in marks),
    )


def _section(journal: Journal, index: int, now: datetime) -> Section:
    closed = journal.attempt.state != "open" or index < journal.attempt.section
    places = [_place(journal, position, now) for position in journal.plan.positions(index)]
    return Section(index + 1, places, closed, current=index == journal.attempt.section)


def _place(journal: Journal, position: int, now: datetime) -> Place:
    entry = journal.at(position)
    answer = entry.answer
    state: State = "answered" if answer.response else "unanswered"
    if is_due(journal, entry, now):
        score = (answer.score or 0.0) / answer.max_score
        state = "right" if score >= 1 else "partly" if score > 0 else "wrong"
    return Place(position, state, answer.flagged, journal.is_handed_in(entry))
