"""Proof of a bank: every item over many seeds, and what it shows opens in its demo."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from app.bank.check import Checked
from app.bank.files import Fault, read
from app.items import TYPES, ItemDocument, Variant
from app.items.draw import Dice, DrawError
from app.items.prove import SEEDS, prove

SHOWN = 25  # variants whose demo is opened
ShowCheck: TypeAlias = Callable[[ItemDocument, Variant], object]


@dataclass
class Proof:
    """How many items were proved, over how many seeds, and what is wrong."""

    items: int = 0
    computed: int = 0  # items whose numbers are drawn
    seeds: int = SEEDS
    faults: list[Fault] = field(default_factory=list)


def proved(folder: Path, checked: Checked, show: ShowCheck, seeds: int = SEEDS) -> Proof:
    """Prove every item of a bank that was read without faults; each fault names the item's file and line.

    `show` opens the demo of a variant, and raises ValueError where the demo does not take it.
    """
    proof = Proof(seeds=seeds)
    for question in checked.questions:
        source = read(folder / f"{question.number:02d}-{question.slug}.yaml")
        for index, item in enumerate(question.items):
            proof.items += 1
            proof.computed += bool(item.params) or item.type == "formula"
            proof.faults += [source.fault(("items", index), fault) for fault in _faults(item, seeds, show)]
    return proof


def _faults(item: ItemDocument, seeds: int, show: ShowCheck) -> Iterator[str]:
    yield from prove(item, seeds)
    kind = TYPES.get(item.type)
    if item.show is None or kind is None:
        return
    for number in range(min(seeds, SHOWN)):
        try:
            variant = kind.draw(item, Dice(f"proof/{number}"))
            show(item, variant)
        except DrawError:
            return  # the proof has said so
        except (ValueError, LookupError) as error:
            yield f"show: {error} (seed {number})"
            return
