"""Proof of an item over many seeds: solutions are unique and finite, right answers pass, known wrong ones do not."""

from collections.abc import Iterator

from app.core.i18n import LANGUAGES
from app.core.markdown import MarkdownError
from app.items.draw import Dice, DrawError
from app.items.expression import ExpressionError
from app.items.registry import TYPES, AnyType, FormatError, Variant
from app.items.schema import ItemDocument

SEEDS = 200
DRAWN = 12  # seeds for which every text is rendered too: rendering is most of the time


def prove(item: ItemDocument, seeds: int = SEEDS) -> list[str]:
    """What is wrong with an item, each fault once, with the first seed that shows it."""
    kind = TYPES.get(item.type)
    if kind is None:
        return []  # the schema has said so
    found: dict[str, str] = {}
    static = not item.params
    for number in range(1 if static and item.type != "formula" else seeds):
        seed = f"proof/{number}"
        for fault in _of_seed(kind, item, seed, texts=number < DRAWN):
            found.setdefault(fault, f"{fault} (seed {number})")
        if len(found) > 20:
            break
    return list(found.values())


def _of_seed(kind: AnyType, item: ItemDocument, seed: str, *, texts: bool) -> Iterator[str]:
    try:
        variant = kind.draw(item, Dice(seed))
        yield from _marks(kind, item, variant)
        yield from kind.prove(item, variant)
        if texts:
            if variant != kind.draw(item, Dice(seed)):
                yield "the same seed gives two variants"
            yield from _texts(kind, item, variant)
    except (DrawError, ExpressionError) as error:
        yield str(error)


def _marks(kind: AnyType, item: ItemDocument, variant: Variant) -> Iterator[str]:
    """The right answer earns everything; each known wrong one earns less and is known by its own bug."""
    right = kind.right(item, variant)
    try:
        if kind.grade(item, variant, kind.parse(item, variant, right)).score != 1:
            yield f"the right answer {right} does not earn the full mark"
    except FormatError as error:
        yield f"the right answer {right} cannot be read: {error.text}"
    for response, mutant in kind.wrong(item, variant):
        try:
            verdict = kind.grade(item, variant, kind.parse(item, variant, response))
        except FormatError as error:
            yield f"the wrong answer {response} cannot be read: {error.text}"
            continue
        if verdict.score >= 1:
            yield f"the wrong answer {response} earns the full mark"
        elif mutant and verdict.mutant != mutant:
            yield f"the wrong answer of {mutant} is marked as {verdict.mutant}"


def _texts(kind: AnyType, item: ItemDocument, variant: Variant) -> Iterator[str]:
    """Every text renders in both languages, what is said to each known wrong answer too."""
    responses = [kind.right(item, variant), *(response for response, _ in kind.wrong(item, variant))]
    for language in LANGUAGES:
        try:
            kind.ask(item, variant, language)
            for response in responses:
                verdict = kind.grade(item, variant, kind.parse(item, variant, response))
                kind.explain(item, variant, response, verdict, language)
        except FormatError:
            continue  # said where answers are marked
        except MarkdownError as error:
            yield f"a text cannot be rendered ({language}): {error}"
        except KeyError as error:
            yield f"a text asks for [[{error.args[0]}]], which is neither in params nor in let ({language})"
