"""True or false, and why: four reasons, two for each verdict; the right verdict alone earns half."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from pydantic import Field, model_validator

from app.core.i18n import Language, mark, say
from app.items import options, parts, texts
from app.items.draw import Dice
from app.items.options import Option
from app.items.portable import Choice as PortableChoice
from app.items.registry import Asked, Choice, Explained, ItemType, Reason, Response, Variant, Verdict, item_type
from app.items.schema import BothLines, ItemDocument

POLICY = mark("The right verdict for another reason earns half.")
_SPOKEN = {True: mark("**True**: {reason}"), False: mark("**False**: {reason}")}
_WORD: dict[bool, Literal["true", "false"]] = {True: "true", False: "false"}


class Argument(Option):
    """A verdict and the reason for it."""

    verdict: bool = Field(description="what the reason argues for: true or false")
    text: BothLines = Field(description="the reason alone, without the verdict")
    value: None = None


class TrueFalseDocument(ItemDocument):
    """The stem is a claim; the options are reasons for and against it."""

    type: Literal["true_false"]
    options: list[Argument] = Field(min_length=4, max_length=4)

    @model_validator(mode="after")
    def _two_of_each(self) -> "TrueFalseDocument":
        parts.distinct(self.options)
        if sum(option.verdict for option in self.options) != 2:
            raise ValueError("two reasons argue for true and two for false")
        if sum(option.right for option in self.options) != 1:
            raise ValueError("exactly one reason is right")
        return self


@item_type
class TrueFalse(ItemType[TrueFalseDocument, str]):
    """Answered by a handle in `choice`; the parsed answer is the reason's key."""

    key = "true_false"
    model = TrueFalseDocument

    def draw(self, item: TrueFalseDocument, dice: Dice) -> Variant:
        return options.draw(item, item.options, dice)

    def parse(self, item: TrueFalseDocument, variant: Variant, response: Response) -> str:
        return options.picked_one(variant, response)

    def grade(self, item: TrueFalseDocument, variant: Variant, parsed: str) -> Verdict:
        by_key = {option.key: option for option in item.options}
        (right,) = options.right_keys(variant)
        if parsed == right:
            return Verdict(1)
        return Verdict(0.5 if by_key[parsed].verdict == by_key[right].verdict else 0, by_key[parsed].mutant)

    def ask(self, item: TrueFalseDocument, variant: Variant, language: Language) -> Asked:
        verdicts = _verdicts(item)
        choices = [
            Choice(choice.handle, choice.text, verdicts[variant.handles[choice.handle]])
            for choice in options.choices(item.options, variant, language)
        ]
        stem = texts.text(item.stem, variant.parameters, language)
        return Asked(self.key, stem, choices, hint=say(language, POLICY))

    def explain(
        self, item: TrueFalseDocument, variant: Variant, response: Response, verdict: Verdict, language: Language
    ) -> Explained:
        verdicts = _verdicts(item)
        reasons: list[Reason] = [
            replace(reason, verdict=verdicts[variant.handles[reason.handle]])
            for reason in options.reasons(item.options, variant, response, language)
        ]
        return parts.explained(item, variant, verdict, language, reasons, say(language, POLICY))

    def right(self, item: TrueFalseDocument, variant: Variant) -> Response:
        return options.sent(variant, options.right_keys(variant))

    def wrong(self, item: TrueFalseDocument, variant: Variant) -> Iterator[tuple[Response, str | None]]:
        for option in item.options:
            if not option.right:
                yield options.sent(variant, {option.key}), option.mutant

    def portable(self, item: TrueFalseDocument, variant: Variant, language: Language) -> PortableChoice:
        (right,) = (option for option in item.options if option.right)
        shares = [1.0 if option is right else 0.5 * (option.verdict == right.verdict) for option in item.options]
        return PortableChoice(
            texts.filled(getattr(item.stem, language), variant.parameters),
            [
                replace(one, text=say(language, _SPOKEN[option.verdict], reason=one.text))
                for one, option in zip(
                    options.portable_options(item.options, variant, language, shares), item.options, strict=True
                )
            ],
            several=False,
            why=parts.why(item, variant, language),
        )

    def prove(self, item: TrueFalseDocument, variant: Variant) -> Iterator[str]:
        return options.faults(item.options, variant)


def _verdicts(item: TrueFalseDocument) -> dict[str, Literal["true", "false"]]:
    return {option.key: _WORD[option.verdict] for option in item.options}
