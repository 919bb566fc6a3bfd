"""What may be seen of an answer: every policy in every state, with a bank whose every reason is marked."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import product

import pytest

from app.attempts.journal import Entry, Journal
from app.attempts.models import Answer, Attempt
from app.attempts.plan import POLICIES, Plan, Policy
from app.attempts.settle import mark_all
from app.attempts.shown import shown, total_due
from app.core.i18n import LANGUAGES
from app.items.draw import Dice
from tests.attempts.bank import REASON, item
from tests.conftest import NOW

STATES = ("open", "checked", "section closed", "handed in", "expired", "closed by the host")
TOMORROW = NOW + timedelta(days=1)
EVERY = [*product(POLICIES, STATES)]
DUE = {
    ("immediate", "checked"),
    ("immediate", "section closed"),
    ("after_section", "section closed"),
    *product(POLICIES, ("handed in", "expired", "closed by the host")),
}


def journal(policy: Policy, state: str, closes_at: str | None = None, graded: bool = True) -> Journal:
    """Two sections of one item each; the first item is wrong and in this state."""
    over = {"handed in": "handed_in", "expired": "expired", "closed by the host": "closed"}
    attempt = Attempt(
        id=1, public_id="A", learner_id=1, mode="set", plan="", seed="", bank_hash="", engine="", start_key="",
        started_at=NOW, state=over.get(state, "open"), section=int(state == "section closed"),
    )  # fmt: skip
    entries = [_entry(position, checked=state == "checked" and position == 1) for position in (1, 2)]
    made = Journal(attempt, Plan(policy, [1, 1], closes_at=closes_at), entries)
    if graded:
        for mark in mark_all(made):
            mark.entry.answer.score, mark.entry.answer.mutant = mark.verdict.score, mark.verdict.mutant
        attempt.graded_at = NOW if attempt.state != "open" else None
    return made


def _entry(position: int, checked: bool) -> Entry:
    kind, document = item("single")
    variant = kind.draw(document, Dice(str(position)))
    entry = Entry(Answer(attempt_id=1, position=position, seed="", variant="", revision=1), document)
    entry.answer.variant = json.dumps(asdict(variant))
    response = next(response for response, mutant in kind.wrong(document, variant) if mutant)
    entry.answer.response = json.dumps(response)
    entry.answer.checked_at = NOW if checked else None
    return entry


@pytest.mark.parametrize(("policy", "state"), EVERY)
def test_mark_bug_and_reasons_are_seen_when_they_are_due(policy: Policy, state: str) -> None:
    place = shown(journal(policy, state), 1, NOW, "en")
    seen = (place.due, place.score is not None, place.mutant is not None, REASON in repr(place.explained))
    assert seen == ((policy, state) in DUE,) * 4
    assert (REASON in repr(place)) == place.due
    assert place.locked == (state != "open") and place.answered


@pytest.mark.parametrize(("policy", "state"), EVERY)
def test_the_other_section_is_seen_only_at_the_end(policy: Policy, state: str) -> None:
    held = journal(policy, state)
    over = held.attempt.state != "open"
    assert (REASON in repr(shown(held, 2, NOW, "en"))) == over == total_due(held, NOW)


@pytest.mark.parametrize(("policy", "state"), EVERY)
def test_nothing_is_seen_before_it_is_marked(policy: Policy, state: str) -> None:
    held = journal(policy, state, graded=False)
    assert REASON not in repr(shown(held, 1, NOW, "en")) and not total_due(held, NOW)


@pytest.mark.parametrize(("now", "due"), [(NOW, False), (TOMORROW - timedelta(seconds=1), False), (TOMORROW, True)])
def test_after_close_waits_for_everybody(now: datetime, due: bool) -> None:
    held = journal("after_close", "handed in", closes_at=TOMORROW.isoformat())
    assert (REASON in repr(shown(held, 1, now, "en"))) == total_due(held, now) == due


def test_after_close_shows_nothing_of_an_attempt_that_still_runs() -> None:
    held = journal("after_close", "checked", closes_at=NOW.isoformat())
    assert REASON not in repr(shown(held, 1, TOMORROW, "en"))


def test_reasons_are_told_in_the_reader_s_language() -> None:
    held = journal("at_end", "handed in")
    english, chinese = (repr(shown(held, 1, NOW, language).explained) for language in LANGUAGES)
    assert "right-why" in english and "对的理由" in chinese and "right-why" not in chinese


def test_a_total_is_due_when_every_mark_is() -> None:
    held = journal("at_end", "handed in")
    held.entries[1].answer.score = None
    assert not total_due(held, NOW)
