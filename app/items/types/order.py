"""Order: steps are brought into the right order, or into another that is accepted."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import factorial
from typing import Literal, TypeAlias

from pydantic import Field, model_validator

from app.core.i18n import LANGUAGES, Language, mark, say
from app.items import parts, texts
from app.items.draw import Dice, DrawError
from app.items.parameters import drawn, plain
from app.items.portable import Order as PortableOrder
from app.items.registry import (
    Asked,
    Choice,
    Explained,
    FormatError,
    ItemType,
    Json,
    Reason,
    Response,
    Variant,
    Verdict,
    item_type,
)
from app.items.schema import BothLines, Document, ItemDocument, Key

Policy: TypeAlias = Literal["pairs", "all_or_nothing"]
POLICIES: dict[Policy, str] = {
    "pairs": mark("Marked by pairs of steps: twice the share of pairs in the right order, minus one; never below 0."),
    "all_or_nothing": mark("All or nothing: every step in its place."),
}
Keys: TypeAlias = tuple[str, ...]


class Step(Document):
    """One step."""

    key: Key
    text: BothLines


class OrderDocument(ItemDocument):
    """Put the steps in order; they are listed in the right one."""

    type: Literal["order"]
    steps: list[Step] = Field(min_length=3, max_length=8)
    also: list[list[Key]] = Field(default_factory=list, max_length=8, description="other accepted orders, as step keys")
    policy: Policy = "pairs"

    @model_validator(mode="after")
    def _orders_of_these_steps(self) -> "OrderDocument":
        parts.distinct(self.steps)
        parts.shown_exactly(self, [step.text for step in self.steps])
        orders = [tuple(step.key for step in self.steps), *map(tuple, self.also)]
        if any(sorted(order) != sorted(orders[0]) for order in orders):
            raise ValueError("each order in `also` names every step once")
        if len(set(orders)) < len(orders):
            raise ValueError("an order in `also` is listed twice, or is the order of the steps")
        if len(orders) == factorial(len(self.steps)):
            raise ValueError("every order is accepted; nothing is left to ask")
        return self


@item_type
class Order(ItemType[OrderDocument, Keys]):
    """Answered by `place-<handle>` = "1".."n"; the parsed answer is the steps' keys in the order given."""

    key = "order"
    model = OrderDocument

    def draw(self, item: OrderDocument, dice: Dice) -> Variant:
        """Shuffled until no accepted order shows."""
        accepted: list[Json] = [[step.key for step in item.steps], *map(list[Json], item.also)]
        stream = dice.child("order")
        for _ in range(400):
            shown = stream.shuffled([step.key for step in item.steps])
            if shown not in accepted:
                handles = parts.handles(shown, dice.child("handles"))
                return Variant(plain(drawn(item, dice.child("parameters"))), accepted, handles)
        raise DrawError("no draw in 400 is out of order")

    def parse(self, item: OrderDocument, variant: Variant, response: Response) -> Keys:
        places = {key: _typed(response, handle) for handle, key in variant.handles.items()}
        count = len(places)
        if blank := sum(not place for place in places.values()):
            text = mark("Give every step its place; still open: {blank} of {count}.")
            raise FormatError(text, blank=blank, count=count)
        by_place: dict[str, str] = {}
        for key, place in places.items():
            if place in by_place:
                raise FormatError(mark("Place {place} is given twice; use each place once."), place=place)
            by_place[place] = key
        if by_place.keys() != {str(place) for place in range(1, count + 1)}:
            raise FormatError(mark("A place is a whole number from 1 to {count}."), count=count)
        return tuple(by_place[str(place)] for place in range(1, count + 1))

    def grade(self, item: OrderDocument, variant: Variant, parsed: Keys) -> Verdict:
        if item.policy == "all_or_nothing":
            return Verdict(float(parsed in _accepted(variant)))
        return Verdict(max(score(parsed, order) for order in _accepted(variant)))

    def ask(self, item: OrderDocument, variant: Variant, language: Language) -> Asked:
        shown = _steps(item, variant, language)
        choices = [Choice(handle, texts.html(shown[key])) for handle, key in variant.handles.items()]
        stem = texts.text(item.stem, variant.parameters, language)
        return Asked(self.key, stem, choices, hint=say(language, POLICIES[item.policy]))

    def explain(
        self, item: OrderDocument, variant: Variant, response: Response, verdict: Verdict, language: Language
    ) -> Explained:
        """The steps in the accepted order that is nearest to the answer, each with the place it was given."""
        handles = {key: handle for handle, key in variant.handles.items()}
        given = {key: _typed(response, handle) for key, handle in handles.items()}
        shown = _steps(item, variant, language)
        reasons = [
            Reason(
                handles[key],
                texts.html(shown[key]),
                why=None,
                right=given[key] == str(place),
                yours=bool(given[key]),
                place=_place(language, given[key], place, len(given)),
            )
            for place, key in enumerate(self._nearest(item, variant, response), start=1)
        ]
        return parts.explained(item, variant, verdict, language, reasons, say(language, POLICIES[item.policy]))

    def right(self, item: OrderDocument, variant: Variant) -> Response:
        return _sent(variant, _accepted(variant)[0])

    def wrong(self, item: OrderDocument, variant: Variant) -> Iterator[tuple[Response, str | None]]:
        """Backwards, and with two neighbours swapped."""
        accepted = _accepted(variant)
        right = accepted[0]
        swapped = [(*right[:i], right[i + 1], right[i], *right[i + 2 :]) for i in range(len(right) - 1)]
        for order in (right[::-1], *swapped):
            if order not in accepted:
                yield _sent(variant, order), None

    def portable(self, item: OrderDocument, variant: Variant, language: Language) -> PortableOrder:
        shown = _steps(item, variant, language)
        stem = texts.filled(getattr(item.stem, language), variant.parameters)
        return PortableOrder(stem, [shown[step.key] for step in item.steps], parts.why(item, variant, language))

    def prove(self, item: OrderDocument, variant: Variant) -> Iterator[str]:
        for language in LANGUAGES:
            yield from parts.alike(_steps(item, variant, language).items())

    def _nearest(self, item: OrderDocument, variant: Variant, response: Response) -> Keys:
        try:
            parsed = self.parse(item, variant, response)
        except FormatError:
            return _accepted(variant)[0]
        return max(_accepted(variant), key=lambda order: score(parsed, order))


def score(given: Sequence[str], right: Sequence[str]) -> float:
    """Twice the share of step pairs in the right order, minus 1, never below 0: half of the pairs is mere chance."""
    pairs = list(combinations(given, 2))
    kept = sum(right.index(first) < right.index(second) for first, second in pairs)
    return max(0, 2 * kept - len(pairs)) / len(pairs)


def _accepted(variant: Variant) -> list[Keys]:
    """The accepted orders as frozen, the author's own first."""
    assert isinstance(variant.solution, list)
    return [tuple(str(key) for key in order) for order in variant.solution if isinstance(order, list)]


def _typed(response: Response, handle: str) -> str:
    """The place chosen for a step; several are as good as none."""
    values = response.get(f"place-{handle}", [])
    return values[0].strip() if len(values) == 1 else ""


def _sent(variant: Variant, order: Sequence[str]) -> Response:
    return {f"place-{handle}": [str(order.index(key) + 1)] for handle, key in variant.handles.items()}


def _steps(item: OrderDocument, variant: Variant, language: Language) -> dict[str, str]:
    """Each step's Markdown by its key."""
    return {step.key: texts.filled(getattr(step.text, language), variant.parameters) for step in item.steps}


def _place(language: Language, given: str, place: int, count: int) -> str:
    """What was chosen for the step that belongs here."""
    if given == str(place):
        return say(language, mark("You put it here."))
    if given in {str(other) for other in range(1, count + 1)}:
        return say(language, mark("You put it at {given}."), given=given)
    return say(language, mark("You gave it no place."))
