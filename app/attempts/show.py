"""The demo of a variant: its parameters as the demo's controls, the asked cell marked, the learner's bug beside it."""

import numpy as np

from app.demos.address import address
from app.items import ItemDocument, Variant
from app.items.parameters import arrays, computed


def demo_of(item: ItemDocument, variant: Variant, mutant: str | None = None) -> str | None:
    """The address of the demo that an item shows; None for an item that shows none.

    A value that begins with `=` is an expression over the variant's parameters. Raises ValueError or ExpressionError
    where the demo does not take it: the proof of the bank tries this on many variants.
    """
    show = item.show
    if show is None:
        return None
    scope = arrays(variant.parameters)
    state: dict[str, object] = {}
    for name, given in show.parameters.items():
        value = computed(given[1:], scope) if isinstance(given, str) and given.startswith("=") else given
        state[name] = np.asarray(value).tolist() if not isinstance(value, str) else value
    if show.cell:
        state |= {"query": show.cell[0] + 1, "key": show.cell[1] + 1}
    plain = address(show.demo, state)
    try:
        return address(show.demo, {**state, "beside": mutant}) if mutant else plain
    except ValueError:  # a bug of something else than this computation
        return plain
