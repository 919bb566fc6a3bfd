"""True or false, and why: the right verdict alone earns half."""

import pytest
import yaml
from pydantic import ValidationError

from app.items.portable import Choice
from tests.items.samples import CHOICE, changed, drawn

SAMPLE = CHOICE["true_false"]
OPTIONS = yaml.safe_load(SAMPLE)["options"]


@pytest.mark.parametrize(
    ("key", "score", "mutant"),
    [("narrow", 1, None), ("shared", 0.5, None), ("full", 0, "heads_not_split"), ("output", 0, None)],
)
def test_the_verdict_alone_earns_half(key: str, score: float, mutant: str | None) -> None:
    kind, item, variant = drawn(SAMPLE)
    response = {"choice": [handle for handle, one in variant.handles.items() if one == key]}
    verdict = kind.grade(item, variant, kind.parse(item, variant, response))
    assert (verdict.score, verdict.mutant) == (score, mutant)


def test_each_reason_shows_its_verdict_when_asked_and_when_explained() -> None:
    kind, item, variant = drawn(SAMPLE)
    asked = {variant.handles[one.handle]: one.verdict for one in kind.ask(item, variant, "en").choices}
    explained = kind.explain(item, variant, {}, kind.grade(item, variant, "narrow"), "en")
    assert asked == {"narrow": "true", "shared": "true", "full": "false", "output": "false"}
    assert {variant.handles[one.handle]: one.verdict for one in explained.reasons} == asked


def test_the_portable_options_begin_with_the_verdict() -> None:
    kind, item, variant = drawn(SAMPLE)
    portable = kind.portable(item, variant, "zh")
    assert isinstance(portable, Choice)
    assert portable.options[0].text == "**对**：每个头的宽度减半"
    assert [one.share for one in portable.options] == [1, 0.5, 0, 0]


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (OPTIONS[:3], "at least 4"),
        ([*OPTIONS[:3], OPTIONS[3] | {"verdict": True}], "two for false"),
        ([*OPTIONS[:3], OPTIONS[3] | {"right": True}], "exactly one reason is right"),
        ([*OPTIONS[:3], OPTIONS[3] | {"key": "full"}], "stands twice"),
        ([*OPTIONS[:3], OPTIONS[3] | {"value": "1"}], "None"),
        ([*OPTIONS[:3], {name: part for name, part in OPTIONS[3].items() if name != "text"}], "text"),
    ],
)
def test_slips_of_the_pen_are_refused(options: list[object], fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        changed(SAMPLE, options=options)
