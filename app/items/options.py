"""Options that are picked: what single, multi and true_false share, from the YAML to the explanation."""

from collections.abc import Collection, Iterator, Sequence

from pydantic import Field, model_validator

from app.core.i18n import LANGUAGES, Language, mark
from app.items import portable, texts
from app.items.draw import Dice
from app.items.parameters import Scope, as_json, drawn, number, plain
from app.items.parts import FOREIGN, alike, distinct, handles
from app.items.registry import Choice, FormatError, Json, Reason, Response, Variant
from app.items.schema import BothLines, BothTexts, Computation, Document, ItemDocument, Key, MutantKey

_VALUE = BothLines(en="[[value]]", zh="[[value]]")


class Option(Document):
    """One option: what it says, why it is right or wrong, and the named bug behind it."""

    key: Key
    text: BothLines | None = Field(None, description="may be left out where `value` is given: the number is the text")
    why: BothTexts
    right: bool = False
    mutant: MutantKey | None = Field(None, description="the named bug whose output a wrong option is")
    value: Computation | None = Field(None, description="computed for each draw and shown as [[value]]")

    @model_validator(mode="after")
    def _says_something(self) -> "Option":
        shown = self.text is not None and "value" in texts.placeholders(self.text.en + self.text.zh)
        if self.text is None and self.value is None:
            raise ValueError("needs a text or a value")
        if self.text is not None and shown != (self.value is not None):
            raise ValueError("[[value]] in the text and `value` belong together")
        if self.right and self.mutant:
            raise ValueError("the right option is no named bug")
        return self


class OptionsDocument(ItemDocument):
    """An item whose options are picked."""

    options: list[Option] = Field(min_length=3, max_length=6)
    decimals: int = Field(3, ge=0, le=9, description="places of computed options; whole numbers are shown as they are")

    @model_validator(mode="after")
    def _options_differ(self) -> "OptionsDocument":
        distinct(self.options)
        if any(option.value for option in self.options) and "value" in {*self.params, *self.let}:
            raise ValueError("[[value]] is the option's own number; rename the parameter")
        return self


def draw(item: ItemDocument, options: Sequence[Option], dice: Dice, decimals: int = 3) -> Variant:
    """A variant with the options shuffled; drawn anew until the computed ones read differently."""

    def differ(scope: Scope) -> bool:
        values, places = _values(options, scope, decimals)
        shown = [_number(value, places) for value in values.values()]
        return len(set(shown)) == len(shown)

    scope = drawn(item, dice.child("parameters"), differ)
    values, places = _values(options, scope, decimals)
    right: list[Json] = [option.key for option in options if option.right]
    solution: dict[str, Json] = {"right": right, "values": values, "decimals": places}
    order = dice.child("order").shuffled([option.key for option in options])
    return Variant(plain(scope), solution, handles(order, dice.child("handles")))


def right_keys(variant: Variant) -> frozenset[str]:
    """The keys of the right options, as frozen."""
    keys = _frozen(variant)["right"]
    assert isinstance(keys, list)
    return frozenset(str(key) for key in keys)


def picked(variant: Variant, response: Response) -> frozenset[str]:
    """The keys of the options picked; raises FormatError for one that this variant does not have."""
    chosen = {handle for handle in response.get("choice", []) if handle}
    if not chosen <= variant.handles.keys():
        raise FormatError(FOREIGN)
    return frozenset(variant.handles[handle] for handle in chosen)


def picked_one(variant: Variant, response: Response) -> str:
    """The key of the one option picked; raises FormatError for none and for several."""
    keys = picked(variant, response)
    if not keys:
        raise FormatError(mark("Choose one of the options."))
    if len(keys) > 1:
        raise FormatError(mark("Choose only one of the options."))
    return next(iter(keys))


def sent(variant: Variant, keys: Collection[str]) -> Response:
    """A form that picks these options."""
    return {"choice": [handle for handle, key in variant.handles.items() if key in keys]}


def choices(options: Sequence[Option], variant: Variant, language: Language) -> list[Choice]:
    """The options in the order shown."""
    by_key = {option.key: option for option in options}
    return [
        Choice(handle, texts.html(markdown(by_key[key], variant, language))) for handle, key in variant.handles.items()
    ]


def reasons(options: Sequence[Option], variant: Variant, response: Response, language: Language) -> list[Reason]:
    """Every option with its reason, in the order shown; also for an answer that could not be read."""
    right, by_key = right_keys(variant), {option.key: option for option in options}
    return [
        Reason(
            handle,
            texts.html(markdown(by_key[key], variant, language)),
            texts.block(_filled(by_key[key].why, by_key[key], variant, language)),
            right=key in right,
            yours=handle in response.get("choice", []),
            mutant=by_key[key].mutant,
        )
        for handle, key in variant.handles.items()
    ]


def portable_options(
    options: Sequence[Option], variant: Variant, language: Language, shares: Sequence[float]
) -> list[portable.Option]:
    """The options in the author's order with these shares of the mark, as Markdown."""
    return [
        portable.Option(
            option.key,
            markdown(option, variant, language),
            share,
            _filled(option.why, option, variant, language),
        )
        for option, share in zip(options, shares, strict=True)
    ]


def markdown(option: Option, variant: Variant, language: Language) -> str:
    """The option's text with its numbers filled in."""
    return _filled(option.text or _VALUE, option, variant, language)


def faults(options: Sequence[Option], variant: Variant) -> Iterator[str]:
    """Options that read the same as another one."""
    for language in LANGUAGES:
        yield from alike((option.key, markdown(option, variant, language)) for option in options)


def _values(options: Sequence[Option], scope: Scope, decimals: int) -> tuple[dict[str, Json], int | None]:
    """The computed options' numbers, and the places they are shown with: none where all are whole."""
    values = {option.key: number(option.value, scope) for option in options if option.value is not None}
    whole = all(isinstance(value, int) for value in values.values())
    return {key: as_json(value) for key, value in values.items()}, None if whole else decimals


def _number(value: Json, places: int | None) -> str:
    return texts.filled("[[value]]" if places is None else f"[[value|{places}]]", {"value": value})


def _filled(both: BothLines | BothTexts, option: Option, variant: Variant, language: Language) -> str:
    """Markdown of one of the option's texts; its own number is `value`, with the item's places unless told others."""
    source, frozen = str(getattr(both, language)), _frozen(variant)
    values, places = frozen["values"], frozen["decimals"]
    assert isinstance(values, dict)
    if option.key not in values:
        return texts.filled(source, variant.parameters)
    if places is not None:
        source = source.replace("[[value]]", f"[[value|{places}]]")
    return texts.filled(source, {**variant.parameters, "value": values[option.key]})


def _frozen(variant: Variant) -> dict[str, Json]:
    assert isinstance(variant.solution, dict)
    return variant.solution
