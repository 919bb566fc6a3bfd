"""Order: pairs of steps are counted, other accepted orders earn everything, the solution never shows."""

from dataclasses import replace

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.items import FormatError, Response, Variant, Verdict
from app.items.draw import Dice
from app.items.portable import Order
from app.items.types.order import score
from tests.items.samples import CHOICE, changed, drawn

SAMPLE = CHOICE["order"]
STEPS = yaml.safe_load(SAMPLE)["steps"]


def placed(variant: Variant, order: str) -> Response:
    keys = order.split()
    return {f"place-{handle}": [str(keys.index(key) + 1)] for handle, key in variant.handles.items()}


@pytest.mark.parametrize(
    ("order", "pairs", "strict"),
    [
        ("project score mask softmax", 1, 1),
        ("project mask score softmax", 1, 1),  # also accepted
        ("score project mask softmax", 2 / 3, 0),
        ("project softmax mask score", 1 / 3, 0),  # nearest to the other accepted order
        ("softmax mask score project", 0, 0),
    ],
)
def test_the_mark_counts_pairs_against_the_nearest_accepted_order(order: str, pairs: float, strict: float) -> None:
    kind, _, variant = drawn(SAMPLE)
    for policy, expected in (("pairs", pairs), ("all_or_nothing", strict)):
        item = changed(SAMPLE, policy=policy)
        verdict = kind.grade(item, variant, kind.parse(item, variant, placed(variant, order)))
        assert verdict.score == pytest.approx(expected), policy


@given(st.permutations(range(6)))
def test_backwards_never_adds_to_a_mark(order: list[int]) -> None:
    given_, backwards = [str(n) for n in order], [str(n) for n in reversed(order)]
    right = [str(n) for n in range(6)]
    assert min(score(given_, right), score(backwards, right)) == 0
    assert (score(given_, right) == 1) == (given_ == right)


def test_it_is_never_shown_solved() -> None:
    kind, _, _ = drawn(SAMPLE)
    item = changed(SAMPLE, steps=STEPS[:3], also=[["project", "mask", "score"]])
    for seed in range(60):
        shown = list(kind.draw(item, Dice(str(seed))).handles.values())
        assert shown not in (["project", "score", "mask"], ["project", "mask", "score"])


def test_what_is_shown_does_not_depend_on_the_solution() -> None:
    kind, item, variant = drawn(SAMPLE)
    assert kind.ask(item, replace(variant, solution=[]), "en") == kind.ask(item, variant, "en")


@pytest.mark.parametrize(
    ("places", "words"),
    [
        (["1", "2", "3", ""], "still open: 1 of 4"),
        (["1", "2", "3", "3"], "Place 3 is given twice"),
        (["1", "2", "3", "5"], "from 1 to 4"),
        (["0", "1", "2", "3"], "from 1 to 4"),
        (["1", "2", "3", "four"], "from 1 to 4"),
    ],
)
def test_places_that_are_no_order_are_handed_back(places: list[str], words: str) -> None:
    kind, item, variant = drawn(SAMPLE)
    response = {f"place-{handle}": [place] for handle, place in zip(variant.handles, places, strict=True)}
    with pytest.raises(FormatError) as refused:
        kind.parse(item, variant, response)
    assert words in refused.value.text.format(**refused.value.numbers)


def test_the_explanation_stands_in_the_nearest_order_with_the_places_given() -> None:
    kind, item, variant = drawn(SAMPLE)
    response = placed(variant, "project mask softmax score")
    explained = kind.explain(item, variant, response, Verdict(0.5), "en")
    assert [variant.handles[one.handle] for one in explained.reasons] == ["project", "mask", "score", "softmax"]
    assert [(one.right, one.place) for one in explained.reasons] == [
        (True, "You put it here."),
        (True, "You put it here."),
        (False, "You put it at 4."),
        (False, "You put it at 3."),
    ]


def test_the_portable_steps_are_in_order() -> None:
    kind, item, variant = drawn(SAMPLE)
    portable = kind.portable(item, variant, "zh")
    assert isinstance(portable, Order)
    assert portable.steps[2:] == ["加上掩码", "沿键做 softmax"]


LET = {"text": {"en": "[[w]]", "zh": "[[w]]"}}


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"steps": STEPS[:2], "also": []}, "at least 3"),
        ({"also": [["project", "score", "mask"]]}, "names every step once"),
        ({"also": [["project", "score", "mask", "softmax"]]}, "listed twice"),
        ({"steps": [*STEPS[:3], STEPS[3] | {"key": "mask"}]}, "stands twice"),
        ({"steps": [*STEPS[:3], STEPS[3] | LET], "let": {"w": "1"}}, "parameters only"),
    ],
)
def test_slips_of_the_pen_are_refused(fields: dict[str, object], fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        changed(SAMPLE, **fields)


def test_an_order_that_cannot_be_wrong_is_refused() -> None:
    every = ["project mask score", "score project mask", "score mask project"]
    every += ["mask project score", "mask score project"]
    with pytest.raises(ValidationError, match="nothing is left to ask"):
        changed(SAMPLE, steps=STEPS[:3], also=[order.split() for order in every])


def test_steps_that_read_the_same_are_found() -> None:
    kind, _, variant = drawn(SAMPLE)
    item = changed(SAMPLE, steps=[*STEPS[:3], STEPS[3] | {"text": STEPS[2]["text"]}])
    assert any("read the same" in fault for fault in kind.prove(item, variant))
