"""Single: one option is right."""

from collections.abc import Iterator
from typing import Literal

from pydantic import model_validator

from app.core.i18n import Language
from app.items import options, parts, texts
from app.items.draw import Dice
from app.items.options import OptionsDocument
from app.items.portable import Choice
from app.items.registry import Asked, Explained, ItemType, Response, Variant, Verdict, item_type


class SingleDocument(OptionsDocument):
    """Pick the one right option."""

    type: Literal["single"]

    @model_validator(mode="after")
    def _one_is_right(self) -> "SingleDocument":
        if sum(option.right for option in self.options) != 1:
            raise ValueError("exactly one option is right")
        return self


@item_type
class Single(ItemType[SingleDocument, str]):
    """Answered by a handle in `choice`; the parsed answer is the option's key."""

    key = "single"
    model = SingleDocument

    def draw(self, item: SingleDocument, dice: Dice) -> Variant:
        return options.draw(item, item.options, dice, item.decimals)

    def parse(self, item: SingleDocument, variant: Variant, response: Response) -> str:
        return options.picked_one(variant, response)

    def grade(self, item: SingleDocument, variant: Variant, parsed: str) -> Verdict:
        mutants = {option.key: option.mutant for option in item.options}
        return Verdict(float(parsed in options.right_keys(variant)), mutants[parsed])

    def ask(self, item: SingleDocument, variant: Variant, language: Language) -> Asked:
        stem = texts.text(item.stem, variant.parameters, language)
        return Asked(self.key, stem, options.choices(item.options, variant, language))

    def explain(
        self, item: SingleDocument, variant: Variant, response: Response, verdict: Verdict, language: Language
    ) -> Explained:
        reasons = options.reasons(item.options, variant, response, language)
        return parts.explained(item, variant, verdict, language, reasons, policy="")

    def right(self, item: SingleDocument, variant: Variant) -> Response:
        return options.sent(variant, options.right_keys(variant))

    def wrong(self, item: SingleDocument, variant: Variant) -> Iterator[tuple[Response, str | None]]:
        for option in item.options:
            if not option.right:
                yield options.sent(variant, {option.key}), option.mutant

    def portable(self, item: SingleDocument, variant: Variant, language: Language) -> Choice:
        shares = [float(option.right) for option in item.options]
        return Choice(
            texts.filled(getattr(item.stem, language), variant.parameters),
            options.portable_options(item.options, variant, language, shares),
            several=False,
            why=parts.why(item, variant, language),
        )

    def prove(self, item: SingleDocument, variant: Variant) -> Iterator[str]:
        return options.faults(item.options, variant)
