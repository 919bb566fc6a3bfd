"""What holds for every item type there is, asked of a small sample of each."""

import json
from collections.abc import Iterator
from dataclasses import asdict

import pytest
from markupsafe import Markup

from app.core.i18n import LANGUAGES
from app.items import TYPES, FormatError, Response, Variant, Verdict
from app.items.draw import Dice
from app.items.prove import prove
from tests.items.samples import SAMPLES, drawn, kind_of

HOSTILE: list[Response] = [
    {},
    {"choice": [], "text": []},
    {"choice": [""], "text": [" "]},
    {"nonsense": ["1"]},
    {"choice": ["zzzz"], "text": ["<script>alert(1)</script>"]},
    {"choice": ["x"] * 10_000, "text": ["1"] * 10_000},
    {"choice": ["0"], "text": ["9" * 4000]},
    {"choice": ["\x00"], "text": ["\x00\ud800"]},
    {"place-": ["1"], "pair-": ["1"], "text": ["__import__('os')"]},
    {f"place-{n}": [str(n)] for n in range(40)},
]
every = pytest.mark.parametrize("text", SAMPLES.values(), ids=SAMPLES)


def twisted(right: Response) -> Iterator[Response]:
    """The right form with each of its values spoilt."""
    for value in ("", "zzzz", "１", "-1", "1.0", "999999999999", "<b>", "\ud800"):
        yield {name: [value] for name in right}
    yield {name: values * 5000 for name, values in right.items()}
    yield dict(list(right.items())[:-1])


def whys(part: object) -> Iterator[str]:
    """Every reason of a document, wherever it stands."""
    if isinstance(part, dict):
        if isinstance(part.get("why"), dict):
            yield part["why"]["en"]
        part = list(part.values())
    for child in part if isinstance(part, list) else ():
        yield from whys(child)


def test_each_type_has_a_sample() -> None:
    assert set(SAMPLES) == set(TYPES.keys())


@every
def test_a_sample_proves(text: str) -> None:
    assert prove(kind_of(text)[1], seeds=25) == []


@every
def test_a_seed_is_a_variant(text: str) -> None:
    kind, item, variant = drawn(text, "one")
    assert kind.draw(item, Dice("one")) == variant
    assert any(kind.draw(item, Dice(f"another/{n}")) != variant for n in range(8)) or not (
        item.params or variant.handles
    )


@every
def test_a_variant_is_kept_as_json(text: str) -> None:
    kind, item, variant = drawn(text)
    kept = Variant(**json.loads(json.dumps(asdict(variant), allow_nan=False)))
    assert kept == variant
    assert kind.grade(item, kept, kind.parse(item, kept, kind.right(item, kept))).score == 1


@every
def test_the_right_answer_earns_all_and_wrong_ones_less(text: str) -> None:
    kind, item, variant = drawn(text)
    assert kind.grade(item, variant, kind.parse(item, variant, kind.right(item, variant))).score == 1
    wrong = list(kind.wrong(item, variant))
    assert wrong
    for response, mutant in wrong:
        verdict = kind.grade(item, variant, kind.parse(item, variant, response))
        assert 0 <= verdict.score < 1
        assert verdict.mutant == mutant or mutant is None


@every
def test_handles_say_nothing(text: str) -> None:
    kind, item, variant = drawn(text)
    other = kind.draw(item, Dice("other"))
    for one, two in ((variant.handles, other.handles), (variant.targets, other.targets)):
        assert all(len(handle) == 4 and handle != key for handle, key in one.items())
        assert not one or set(one) != set(two)


@every
def test_the_order_shown_is_drawn(text: str) -> None:
    kind, item = kind_of(text)
    for column in ("handles", "targets"):
        shown = [list(getattr(kind.draw(item, Dice(str(n))), column).values()) for n in range(12)]
        assert not shown[0] or any(one != shown[0] for one in shown), column


@every
def test_what_is_asked_holds_no_reason(text: str) -> None:
    kind, item, variant = drawn(text)
    asked = repr(kind.ask(item, variant, "en")) + repr(kind.ask(item, variant, "zh"))
    assert not [why for why in whys(item.model_dump()) if why in asked]
    assert "[[" not in asked


@every
def test_the_explanation_gives_every_reason_whatever_was_answered(text: str) -> None:
    kind, item, variant = drawn(text)
    for response in (kind.right(item, variant), *(response for response, _ in kind.wrong(item, variant)), {}):
        for language in LANGUAGES:
            explained = kind.explain(item, variant, response, Verdict(0), language)
            assert "[[" not in repr(explained)
            assert all(reason.why for reason in explained.reasons if not reason.place)
            assert len(explained.reasons) >= len(variant.handles)


@every
def test_the_portable_form_is_filled_in(text: str) -> None:
    kind, item, variant = drawn(text)
    for spoken in (kind.portable(item, variant, "en"), kind.portable(item, variant, "zh")):
        assert spoken is not None
        assert "[[" not in repr(spoken)
    assert kind.portable(item, variant, "en") != kind.portable(item, variant, "zh")


@every
def test_hostile_answers_are_refused_or_marked(text: str) -> None:
    kind, item, variant = drawn(text)
    for response in (*HOSTILE, *twisted(kind.right(item, variant))):
        verdict = Verdict(0)
        try:
            verdict = kind.grade(item, variant, kind.parse(item, variant, response))
        except FormatError as error:
            assert error.text.format(**error.numbers)
            verdict = Verdict(0, error=error.text, numbers=json.loads(json.dumps(error.numbers)))
        assert 0 <= verdict.score <= 1
        shown = kind.explain(item, variant, response, verdict, "en")
        assert "<script" not in "".join(part for part in (shown.yours, shown.feedback) if isinstance(part, Markup))


@every
def test_no_answer_is_a_format_error(text: str) -> None:
    kind, item, variant = drawn(text)
    for response in HOSTILE[:4]:
        with pytest.raises(FormatError):
            kind.parse(item, variant, response)
