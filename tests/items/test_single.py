"""Single: one option is right; computed options show their number and never read the same."""

import pytest
import yaml
from pydantic import ValidationError

from app.items import FormatError
from app.items.draw import Dice, DrawError
from app.items.portable import Choice
from tests.items.samples import CHOICE, changed, drawn

SAMPLE = CHOICE["single"]
OPTIONS = yaml.safe_load(SAMPLE)["options"]


def shown(seed: str, **fields: object) -> dict[str, str]:
    kind, _, _ = drawn(SAMPLE)
    item = changed(SAMPLE, **fields)
    variant = kind.draw(item, Dice(seed))
    return {variant.handles[one.handle]: one.text for one in kind.ask(item, variant, "en").choices}


def test_a_computed_option_shows_its_number() -> None:
    _, _, variant = drawn(SAMPLE, "numbers")
    a, b = variant.parameters["a"], variant.parameters["b"]
    assert isinstance(a, float) and isinstance(b, float)
    assert shown("numbers")["softmax"] == f"{1 / (1 + 2.718281828459045 ** (b - a)):.2f}"


def test_computed_options_never_read_the_same() -> None:
    for seed in range(30):
        read = shown(str(seed), guards=[])
        assert len(set(read.values())) == 4


def test_options_that_always_read_the_same_cannot_be_drawn() -> None:
    twins = [OPTIONS[0], OPTIONS[1] | {"value": OPTIONS[0]["value"]}, *OPTIONS[2:]]
    with pytest.raises(DrawError):
        shown("any", options=twins)


def test_whole_numbers_have_no_places() -> None:
    counts = [one | {"value": str(10**6 + n)} for n, one in enumerate(OPTIONS[:3])]
    assert shown("any", options=counts)["softmax"] == "1000000"


def test_minus_is_a_minus_sign() -> None:
    below = [one | {"value": f"-0.5 - {n}"} for n, one in enumerate(OPTIONS[:3])]
    assert shown("any", options=below)["softmax"] == "−0.50"


def test_a_text_may_hold_the_number() -> None:
    said = OPTIONS[0] | {"text": {"en": "about [[value]], exactly [[value|5]]", "zh": "约 [[value]]"}, "value": "1 / 3"}
    assert shown("any", options=[said, *OPTIONS[1:]])["softmax"] == "about 0.33, exactly 0.33333"


def test_the_picked_bug_is_named() -> None:
    kind, item, variant = drawn(SAMPLE)
    handle = {key: handle for handle, key in variant.handles.items()}["sigmoid"]
    verdict = kind.grade(item, variant, kind.parse(item, variant, {"choice": [handle]}))
    assert (verdict.score, verdict.mutant) == (0, "softmax_over_all")


def test_two_options_are_one_too_many() -> None:
    kind, item, variant = drawn(SAMPLE)
    with pytest.raises(FormatError, match="only one"):
        kind.parse(item, variant, {"choice": list(variant.handles)[:2]})


def test_an_option_of_another_variant_is_refused() -> None:
    kind, item, variant = drawn(SAMPLE)
    _, _, other = drawn(SAMPLE, "other")
    with pytest.raises(FormatError, match="does not offer"):
        kind.parse(item, variant, {"choice": list(other.handles)[:1]})


def test_the_explanation_marks_yours_and_the_right_one() -> None:
    kind, item, variant = drawn(SAMPLE)
    response, _ = next(kind.wrong(item, variant))
    explained = kind.explain(item, variant, response, kind.grade(item, variant, "sigmoid"), "en")
    assert [variant.handles[one.handle] for one in explained.reasons if one.yours] == ["sigmoid"]
    assert [variant.handles[one.handle] for one in explained.reasons if one.right] == ["softmax"]


def test_the_portable_form_gives_the_right_option_everything() -> None:
    kind, item, variant = drawn(SAMPLE)
    portable = kind.portable(item, variant, "en")
    assert isinstance(portable, Choice) and not portable.several
    assert [(one.key, one.share) for one in portable.options if one.share] == [("softmax", 1)]


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (OPTIONS[:2], "at least 3"),
        (OPTIONS * 2, "at most 6"),
        (OPTIONS[1:], "exactly one option is right"),
        ([*OPTIONS[:3], OPTIONS[3] | {"right": True}], "exactly one option is right"),
        ([*OPTIONS[:3], OPTIONS[3] | {"key": "other"}], "stands twice"),
        ([OPTIONS[0] | {"mutant": "no_scale"}, *OPTIONS[1:]], "no named bug"),
        ([*OPTIONS[:3], {"key": "bare", "why": OPTIONS[3]["why"]}], "a text or a value"),
        ([*OPTIONS[:3], OPTIONS[3] | {"text": {"en": "[[value]]", "zh": "[[value]]"}}], "belong together"),
    ],
)
def test_slips_of_the_pen_are_refused(options: list[object], fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        changed(SAMPLE, options=options)


def test_a_parameter_may_not_be_called_value() -> None:
    with pytest.raises(ValidationError, match="rename the parameter"):
        changed(SAMPLE, let={"value": "a + b"})
