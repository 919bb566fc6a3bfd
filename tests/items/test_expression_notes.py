"""Every expression of the notes for the bank runs, and comes out as the notes say."""

import pytest

from app.items.expression import Dialect, ExpressionError
from tests.items import notes


@pytest.mark.parametrize("entry", notes.NUMERIC, ids=notes.name)
def test_a_solution_has_its_value(entry: notes.Entry) -> None:
    value = notes.computed(entry["expression"], notes.given(entry))
    assert abs(value - entry["equals"]) <= max(entry["within"] * 0.51, 1e-9)
    for wrong in entry.get("reject", []):
        assert abs(notes.computed(wrong, notes.given(entry)) - entry["equals"]) > entry["within"]


@pytest.mark.parametrize("entry", notes.FORMULAS, ids=notes.name)
def test_accepted_formulas_agree(entry: notes.Entry) -> None:
    for seed in range(notes.DRAWS):
        values = notes.drawn(entry, seed)
        first, *others = (notes.computed(text, values, Dialect.LEARNER) for text in entry["accept"])
        assert all(notes.same(first, other) for other in others), entry["accept"]


@pytest.mark.parametrize("entry", notes.FORMULAS, ids=notes.name)
def test_rejected_formulas_differ(entry: notes.Entry) -> None:
    for seed in range(notes.DRAWS):
        values = notes.drawn(entry, seed)
        right = notes.computed(entry["accept"][0], values, Dialect.LEARNER)
        for text in entry["reject"]:
            try:
                wrong = notes.computed(text, values, Dialect.LEARNER)
            except ExpressionError:
                continue
            assert not notes.same(right, wrong), text
