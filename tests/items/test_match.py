"""Match: each row counts alike, rows may share a partner, some partners belong to no row."""

import pytest
import yaml
from pydantic import ValidationError

from app.items import FormatError, Response, Variant
from app.items.draw import Dice
from app.items.portable import Match
from tests.items.samples import CHOICE, changed, drawn

SAMPLE = CHOICE["match"]  # dot and bare share the partner q·k
PAIRS = yaml.safe_load(SAMPLE)["pairs"]
RIGHT = {"dot": "dot", "general": "general", "scaled": "scaled", "bare": "dot"}


def paired(variant: Variant, pairing: dict[str, str]) -> Response:
    targets = {key: handle for handle, key in variant.targets.items()}
    return {f"pair-{handle}": [targets[pairing[key]]] for handle, key in variant.handles.items() if key in pairing}


@pytest.mark.parametrize(
    ("slips", "per_pair", "strict"),
    [
        ({}, 1, 1),
        ({"dot": "concat"}, 0.75, 0),
        ({"dot": "scaled", "scaled": "dot"}, 0.5, 0),
        ({"bare": "general"}, 0.75, 0),
    ],
)
def test_each_row_counts_alike(slips: dict[str, str], per_pair: float, strict: float) -> None:
    kind, _, variant = drawn(SAMPLE)
    for policy, expected in (("per_pair", per_pair), ("all_or_nothing", strict)):
        item = changed(SAMPLE, policy=policy)
        verdict = kind.grade(item, variant, kind.parse(item, variant, paired(variant, RIGHT | slips)))
        assert verdict.score == expected, policy


def test_rows_with_the_same_partner_share_it() -> None:
    kind, item, variant = drawn(SAMPLE)
    assert sorted(variant.targets.values()) == ["concat", "dot", "general", "scaled"]
    assert len(kind.ask(item, variant, "en").targets) == 4


def test_an_open_row_is_handed_back_with_how_many_there_are() -> None:
    kind, item, variant = drawn(SAMPLE)
    with pytest.raises(FormatError) as refused:
        kind.parse(item, variant, paired(variant, {"dot": "dot"}))
    assert refused.value.numbers == {"blank": 3, "count": 4}


def test_a_partner_of_another_variant_is_refused() -> None:
    kind, item, variant = drawn(SAMPLE)
    _, _, other = drawn(SAMPLE, "other")
    foreign = {name: [next(iter(other.targets))] for name in kind.right(item, variant)}
    with pytest.raises(FormatError, match="does not offer"):
        kind.parse(item, variant, foreign)


def test_the_explanation_shows_each_pair_with_the_pick() -> None:
    kind, item, variant = drawn(SAMPLE)
    response = paired(variant, RIGHT | {"general": "concat"})
    explained = kind.explain(item, variant, response, kind.grade(item, variant, RIGHT), "en")
    by_key = {(variant.handles | variant.targets)[one.handle]: one for one in explained.reasons[:4]}
    assert by_key["dot"].right and by_key["dot"].why == "<p>nothing is learned</p>\n"
    assert not by_key["general"].right and by_key["general"].place.startswith("You chose: <math")
    assert by_key["general"].text.startswith("general → <math")
    last = explained.reasons[4]
    assert (last.right, last.yours, last.place) == (False, True, "Belongs to no row; you chose it.")


def test_only_leftover_partners_are_spoken_of() -> None:
    kind, item, variant = drawn(SAMPLE)
    assert "Not every partner" in kind.ask(item, variant, "en").hint
    bare = changed(SAMPLE, distractors=[])
    assert "Not every partner" not in kind.ask(bare, kind.draw(bare, Dice("bare")), "en").hint


def test_the_portable_pairs() -> None:
    kind, item, variant = drawn(SAMPLE)
    portable = kind.portable(item, variant, "zh")
    assert isinstance(portable, Match)
    assert portable.pairs[3] == ("不缩放", r"$q^\top k$")
    assert portable.distractors == ["$[O_1; O_2] W^O$"]


SAME = [pair | {"right": {"en": "same", "zh": "同"}} for pair in PAIRS]
LET = {"left": {"en": "[[w]]", "zh": "[[w]]"}}


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"pairs": PAIRS[:2]}, "at least 3"),
        ({"pairs": SAME}, "nothing is left to ask"),
        ({"distractors": [{"key": "dot", "text": {"en": "x", "zh": "x"}}]}, "stands twice"),
        ({"pairs": [*PAIRS[:3], PAIRS[3] | LET], "let": {"w": "1"}}, "parameters only"),
    ],
)
def test_slips_of_the_pen_are_refused(fields: dict[str, object], fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        changed(SAMPLE, **fields)


def test_a_distractor_that_reads_like_a_partner_is_found() -> None:
    kind, _, variant = drawn(SAMPLE)
    item = changed(SAMPLE, distractors=[{"key": "concat", "text": PAIRS[0]["right"]}])
    assert any("read the same" in fault for fault in kind.prove(item, variant))
