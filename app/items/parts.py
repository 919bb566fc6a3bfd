"""What items made of parts share: keys and handles, texts shown as they are, the frame of an explanation."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from markupsafe import escape

from app.core.i18n import Language, mark, say
from app.items import texts
from app.items.draw import Dice
from app.items.registry import Explained, Reason, Variant, Verdict
from app.items.schema import BothLines, ItemDocument

FOREIGN = mark("Your answer names something that this item does not offer. Answer it once more.")


class Keyed(Protocol):
    """A part of an item that has a key."""

    @property
    def key(self) -> str: ...


def distinct(parts: Iterable[Keyed]) -> None:
    """Refuse two parts of one item with one key."""
    seen: set[str] = set()
    for part in parts:
        if part.key in seen:
            raise ValueError(f"the key “{part.key}” stands twice in this item")
        seen.add(part.key)


def shown_exactly(item: ItemDocument, parts: Iterable[BothLines]) -> None:
    """Refuse a `let` in what is asked: only parameters are shown as exactly as they are computed with."""
    for part in parts:
        if derived := texts.placeholders(part.en + part.zh) - item.params.keys():
            raise ValueError(f"[[{min(derived)}]] is not a parameter; what is asked may show parameters only")


def handles(keys: Iterable[str], dice: Dice) -> dict[str, str]:
    """New random handles of these keys, in the order in which they are shown."""
    made: dict[str, str] = {}
    for key in keys:
        while (handle := dice.handle()) in made:
            pass
        made[handle] = key
    return made


def alike(shown: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Faults of texts that read the same: pairs of key and text."""
    seen: dict[str, str] = {}
    for key, text in shown:
        if text in seen:
            yield f"“{seen[text]}” and “{key}” read the same: {text}"
        seen.setdefault(text, key)


def explained(
    item: ItemDocument, variant: Variant, verdict: Verdict, language: Language, reasons: Sequence[Reason], policy: str
) -> Explained:
    """The explanation that types with reasons share; a format error is the feedback of an answer never read."""
    fault = say(language, verdict.error, **verdict.numbers) if verdict.error else ""
    return Explained(
        reasons=reasons,
        why=texts.text(item.why, variant.parameters, language) if item.why else None,
        feedback=escape(fault) if fault else None,
        policy=policy,
    )


def why(item: ItemDocument, variant: Variant, language: Language) -> str:
    """The item's reason as Markdown; empty where it has none."""
    return texts.filled(getattr(item.why, language), variant.parameters) if item.why else ""
