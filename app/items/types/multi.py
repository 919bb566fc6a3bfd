"""Multi: any number of options is right; three policies of marking."""

from collections.abc import Iterator
from typing import Literal, TypeAlias

from pydantic import model_validator

from app.core.i18n import Language, mark, say
from app.items import options, parts, texts
from app.items.draw import Dice
from app.items.options import OptionsDocument
from app.items.portable import Choice
from app.items.registry import Asked, Explained, FormatError, ItemType, Response, Variant, Verdict, item_type

Policy: TypeAlias = Literal["net_correct", "all_or_nothing", "per_option"]
POLICIES: dict[Policy, str] = {
    "net_correct": mark("Net: right ticks minus wrong ticks, over the number of right ones; never below 0."),
    "all_or_nothing": mark("All or nothing: every right option ticked, and no other."),
    "per_option": mark("Each option counts alike: ticked if it is right, left alone if it is wrong."),
}


class MultiDocument(OptionsDocument):
    """Tick every right option."""

    type: Literal["multi"]
    policy: Policy = "net_correct"

    @model_validator(mode="after")
    def _some_are_right(self) -> "MultiDocument":
        if not 1 <= sum(option.right for option in self.options) < len(self.options):
            raise ValueError("at least one option is right, and at least one is wrong")
        return self


@item_type
class Multi(ItemType[MultiDocument, frozenset[str]]):
    """Answered by handles in `choice`; the parsed answer is the keys of the ticked options."""

    key = "multi"
    model = MultiDocument

    def draw(self, item: MultiDocument, dice: Dice) -> Variant:
        return options.draw(item, item.options, dice, item.decimals)

    def parse(self, item: MultiDocument, variant: Variant, response: Response) -> frozenset[str]:
        ticked = options.picked(variant, response)
        if not ticked:
            raise FormatError(mark("Tick at least one of the options."))
        return ticked

    def grade(self, item: MultiDocument, variant: Variant, parsed: frozenset[str]) -> Verdict:
        right = options.right_keys(variant)
        mutants = {option.mutant for option in item.options if option.mutant and option.key in parsed - right}
        return Verdict(
            score(parsed, right, len(item.options), item.policy), mutants.pop() if len(mutants) == 1 else None
        )

    def ask(self, item: MultiDocument, variant: Variant, language: Language) -> Asked:
        stem = texts.text(item.stem, variant.parameters, language)
        hint = say(language, POLICIES[item.policy])
        return Asked(self.key, stem, options.choices(item.options, variant, language), hint=hint)

    def explain(
        self, item: MultiDocument, variant: Variant, response: Response, verdict: Verdict, language: Language
    ) -> Explained:
        reasons = options.reasons(item.options, variant, response, language)
        return parts.explained(item, variant, verdict, language, reasons, say(language, POLICIES[item.policy]))

    def right(self, item: MultiDocument, variant: Variant) -> Response:
        return options.sent(variant, options.right_keys(variant))

    def wrong(self, item: MultiDocument, variant: Variant) -> Iterator[tuple[Response, str | None]]:
        """Everything ticked, one wrong option alone or beside the right ones, one right option forgotten."""
        right = options.right_keys(variant)
        yield options.sent(variant, set(variant.handles.values())), None
        for option in item.options:
            if not option.right:
                yield options.sent(variant, {option.key}), option.mutant
                yield options.sent(variant, {*right, option.key}), option.mutant
            elif len(right) > 1:
                yield options.sent(variant, right - {option.key}), None

    def portable(self, item: MultiDocument, variant: Variant, language: Language) -> Choice:
        right, every = len(options.right_keys(variant)), len(item.options)
        off = {"net_correct": 1 / right, "all_or_nothing": 1.0, "per_option": 1 / (every - right)}[item.policy]
        shares = [1 / right if option.right else -off for option in item.options]
        return Choice(
            texts.filled(getattr(item.stem, language), variant.parameters),
            options.portable_options(item.options, variant, language, shares),
            several=True,
            why=parts.why(item, variant, language),
        )

    def prove(self, item: MultiDocument, variant: Variant) -> Iterator[str]:
        return options.faults(item.options, variant)


def score(ticked: frozenset[str], right: frozenset[str], every: int, policy: Policy) -> float:
    """The mark from 0 to 1 for these ticks among `every` options."""
    hits, slips = len(ticked & right), len(ticked - right)
    if policy == "net_correct":
        return max(0, hits - slips) / len(right)
    if policy == "all_or_nothing":
        return float(ticked == right)
    return (every - slips - (len(right) - hits)) / every
