"""Which items a quiz asks: spread over its questions, the same for the same seed; how long it lasts."""

import math
from collections.abc import Sequence

from app.attempts.plan import Plan
from app.bank.items import Found
from app.items.draw import Dice
from app.quizzes.wishes import Wishes

SECTION = 5  # items of a section, where a quiz has sections
ROUND_S = 30  # a time limit is a multiple of this


def chosen(found: Sequence[Found], count: int, seed: str) -> list[Found]:
    """Draw items turn by turn from each question, so that ten items touch as many questions as they can."""
    dice = Dice(seed).child("choice")
    piles: dict[int, list[Found]] = {}
    for item in dice.shuffled(found):
        piles.setdefault(item.question_id, []).append(item)
    picked: list[Found] = []
    while len(picked) < count and any(piles.values()):
        for pile in piles.values():
            if pile and len(picked) < count:
                picked.append(pile.pop())
    return picked


def plan_of(wishes: Wishes, items: Sequence[Found]) -> Plan:
    """Policy, sections and time of a quiz with these items."""
    pace = 1.0 if wishes.pace == "untimed" else float(wishes.pace)
    standard = sum(item.seconds for item in items)
    chosen_by = {"tag", "level", "type", "count", "questions", "misses_of"}
    return Plan(
        policy=wishes.review,
        sections=sections_of(len(items)) if wishes.review == "after_section" else [len(items)],
        seconds=None if wishes.pace == "untimed" else math.ceil(standard * pace / ROUND_S) * ROUND_S,
        pace=pace,
        origin=wishes.model_dump(include=chosen_by, exclude_defaults=True),
    )


def sections_of(count: int) -> list[int]:
    """Sections of nearly equal size, five items each at most."""
    parts = max(1, math.ceil(count / SECTION))
    return [count // parts + (index < count % parts) for index in range(parts)]
