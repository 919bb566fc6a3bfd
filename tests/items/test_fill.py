"""Fill: a word counts whatever its width, case, spaces and hyphens, in either language."""

import pytest
import yaml

from app.items import FormatError, Verdict
from app.items.draw import Dice
from app.items.portable import Text
from app.items.prove import prove
from app.items.types.fill import Fill, FillDocument
from tests.items.samples_typed import FILL

KIND = Fill()


def item(**changed: object) -> FillDocument:
    return FillDocument.model_validate({**yaml.safe_load(FILL), **changed})


def marked(typed: str) -> Verdict:
    held = item()
    variant = KIND.draw(held, Dice("a"))
    return KIND.grade(held, variant, KIND.parse(held, variant, {"text": [typed]}))


def test_the_sample_is_proved() -> None:
    assert prove(item()) == []


@pytest.mark.parametrize(
    "typed",
    [
        "mean",
        " Mean ",
        "MEAN",
        "ｍｅａｎ",
        "Arithmetic-Mean",
        "arithmeticmean",
        "arithmetic  mean",
        "“mean”",
        "mean.",
        "平均",
        "平 均",
    ],
)
def test_is_right(typed: str) -> None:
    assert marked(typed).score == 1


@pytest.mark.parametrize(("typed", "index"), [("Sum", 0), ("总和", 0), ("median", None), ("means", None)])
def test_is_wrong(typed: str, index: int | None) -> None:
    verdict = marked(typed)
    assert (verdict.score, verdict.wrong, verdict.mutant) == (0, index, "no_softmax" if index == 0 else None)


@pytest.mark.parametrize("typed", ["", "  ", "-", "“”", "\u200b", "x" * 201])
def test_nothing_to_mark_is_handed_back(typed: str) -> None:
    with pytest.raises(FormatError):
        marked(typed)


def test_the_feedback_belongs_to_the_answer_and_the_word_to_the_language() -> None:
    held = item()
    variant = KIND.draw(held, Dice("a"))
    shown = KIND.explain(held, variant, {"text": ["<i>和"]}, Verdict(0, wrong=0), "zh")
    assert (shown.yours, shown.solution) == ("&lt;i&gt;和", "平均") and "权重之和" in str(shown.feedback)
    assert KIND.explain(held, variant, {"text": ["mean"]}, Verdict(1), "en").solution == "mean"


def test_a_reader_of_the_screen_hears_the_gap() -> None:
    held = item()
    asked = KIND.ask(held, KIND.draw(held, Dice("a")), "zh")
    assert '<span aria-hidden="true">____</span><span class="vh">（此处填空）</span>' in asked.stem


def test_a_gap_in_code_stays_a_gap() -> None:
    stem = {"en": "Call `layer(query, ____, key)`.", "zh": "调用 `layer(query, ____, key)`。"}
    assert prove(item(stem=stem)) == []
    assert "<code>layer(query, <span" in KIND.ask(item(stem=stem), KIND.draw(item(), Dice("a")), "en").stem


def test_faulty_items_are_refused() -> None:
    why = {"en": "no", "zh": "不"}
    both = prove(item(wrong=[{"accept": ["ME-AN"], "why": why}]))
    assert len(both) >= 1 and "“ME-AN” is listed as accepted and as wrong 1" in both[-1]
    lost = prove(item(stem={"en": "the gap\n\n____\n\nis a line", "zh": "这是____。"}))
    assert any("lost in Markdown (en)" in fault for fault in lost)
    for changed in ({"stem": {"en": "no gap", "zh": "____"}}, {"accept": ["-"]}, {"accept": []}):
        with pytest.raises(ValueError):
            item(**changed)


def test_the_portable_form_lists_every_word() -> None:
    held = item()
    form = KIND.portable(held, KIND.draw(held, Dice("a")), "en")
    assert isinstance(form, Text) and form.accept == held.accept and len(form.wrong) == 3
