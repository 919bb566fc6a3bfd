"""Numeric items: marked within a tolerance, known wrong numbers named, proved before they are asked."""

from typing import cast

import pytest
import yaml
from pydantic import ValidationError

from app.items import Response, Verdict
from app.items.draw import Dice, DrawError
from app.items.portable import Numeric as Portable
from app.items.prove import prove
from app.items.tolerance import Tolerance, as_typed, close
from app.items.types.numeric import Numeric, NumericDocument
from tests.items.samples_typed import NUMERIC

KIND = Numeric()
PLAIN = """
key: plain
type: numeric
skill: compute
seconds: 30
stem: {en: 'How many?', zh: '多少？'}
"""


def item(text: str = NUMERIC, **changed: object) -> NumericDocument:
    return NumericDocument.model_validate({**yaml.safe_load(text), **changed})


def static(solution: str, tolerance: dict[str, float], **more: object) -> NumericDocument:
    return item(PLAIN, solution=solution, tolerance=tolerance, **more)


def marked(item: NumericDocument, typed: str) -> Verdict:
    variant = KIND.draw(item, Dice("a"))
    return KIND.grade(item, variant, KIND.parse(item, variant, {"text": [typed]}))


def said(item: NumericDocument, typed: str, language: str = "en") -> dict[str, str]:
    variant = KIND.draw(item, Dice("a"))
    response: Response = {"text": [typed]}
    verdict = KIND.grade(item, variant, KIND.parse(item, variant, response))
    shown = KIND.explain(item, variant, response, verdict, "zh" if language == "zh" else "en")
    return {name: str(getattr(shown, name) or "") for name in ("yours", "solution", "feedback", "why", "policy")}


def wrong(value: str, mutant: str | None = None) -> dict[str, object]:
    return {"value": value, "why": {"en": f"that is {value}", "zh": value}, **({"mutant": mutant} if mutant else {})}


def test_the_sample_is_proved_on_every_seed() -> None:
    assert prove(item()) == []


def test_the_edge_of_the_tolerance_counts() -> None:
    held = static("45.8", {"abs": 0.2})
    assert [marked(held, typed).score for typed in ("46.0", "45.6", "46", "46.01", "45.59")] == [1, 1, 1, 0, 0]


@pytest.mark.parametrize(
    ("tolerance", "right", "off"),
    [({"rel": 0.01}, "202", "203"), ({"decimals": 0}, "200.5", "200.6"), ({"abs": 0}, "200", "200.000001")],
)
def test_tolerances(tolerance: dict[str, float], right: str, off: str) -> None:
    held = static("200", tolerance)
    assert (marked(held, right).score, marked(held, off).score) == (1, 0)


def test_counts_are_compared_to_the_last_digit() -> None:
    held = static("2**60 + 1", {"abs": 0})
    assert (marked(held, "1152921504606846977").score, marked(held, "1152921504606846976").score) == (1, 0)
    assert not close(10**400, 5, 1.0)


def test_a_known_wrong_number_is_named_by_the_first_that_fits() -> None:
    held = static("0.5", {"abs": 0.01}, wrong=[wrong("0.9"), wrong("0.7", "no_scale")])
    assert (marked(held, "0.705").mutant, marked(held, "0.705").wrong, marked(held, "0.6").wrong) == (
        "no_scale",
        1,
        None,
    )
    assert "that is 0.7" in said(held, "0.7")["feedback"] and said(held, "0.5")["feedback"] == ""


def test_rounding_on_the_way_is_told_from_a_mistake() -> None:
    held = static("0.5", {"abs": 0.01}, wrong=[wrong("0.525")])
    assert "keep more digits" in said(held, "0.48")["feedback"]
    assert "that is" in said(held, "0.527")["feedback"] and said(held, "0.6")["feedback"] == ""
    assert said(static("16", {"abs": 0.5}), "17")["feedback"] == ""  # a count beside another count is no rounding


def test_what_was_typed_is_shown_as_read() -> None:
    held = static("0.8808", {"abs": 0.002})
    assert said(held, "88.08 %")["yours"] == "88.08 % (read as 0.8808)" and said(held, "0.88")["yours"] == "0.88"
    assert said(held, "0.88", "zh")["solution"] == "0.881" and "读作" in said(held, "88%", "zh")["yours"]


def test_what_was_typed_is_shown_as_text() -> None:
    held, variant = static("1", {"abs": 0}), KIND.draw(static("1", {"abs": 0}), Dice("a"))
    shown = KIND.explain(held, variant, {"text": ["<b>1"]}, Verdict(0, error="Type a number."), "en")
    assert shown.yours == "&lt;b&gt;1" and shown.feedback == "Type a number."


def test_the_unit_is_shown_and_may_be_typed() -> None:
    held = static("12", {"abs": 0}, unit={"en": "tokens", "zh": "个词元"})
    assert marked(held, "12 tokens").score == marked(held, "12个词元").score == 1
    assert said(held, "12")["solution"] == "12\N{NO-BREAK SPACE}tokens"
    assert "tokens" in KIND.ask(held, KIND.draw(held, Dice("a")), "en").hint


def test_percent_as_the_unit_means_the_number_itself() -> None:
    share, percentage = static("0.88", {"abs": 0.001}), static("88", {"abs": 0.1}, unit={"en": "%", "zh": "%"})
    assert (marked(share, "88%").score, marked(share, "0.88").score, marked(share, "88").score) == (1, 1, 0)
    assert (marked(percentage, "88%").score, marked(percentage, "88").score, marked(percentage, "0.88").score) == (
        1,
        1,
        0,
    )


def test_wrong_numbers_stay_clear_of_the_solution_and_of_each_other() -> None:
    params = {"n": {"one_of": [1, 2, 3, 4]}}
    held = static("n * n", {"abs": 0.5}, params=params, wrong=[wrong("2 * n"), wrong("n + 2"), wrong("n * 1.2")])
    drawn = {KIND.draw(held, Dice(str(seed))).parameters["n"] for seed in range(30)}
    assert drawn == {3, 4}  # 1 and 2 give n * n = 2n or nearly n * 1.2
    with pytest.raises(DrawError, match="`2 \\+ 2` is within two tolerances"):
        KIND.draw(static("4", {"abs": 0.1}, wrong=[wrong("2 + 2")]), Dice("a"))
    with pytest.raises(DrawError, match="cannot be told apart"):
        KIND.draw(static("4", {"abs": 0.1}, wrong=[wrong("5"), wrong("5.05")]), Dice("a"))


@pytest.mark.parametrize(
    ("solution", "more", "fault"),
    [
        ("1 / 0.0", {}, "division by zero"),
        ("inf", {}, "not one finite number"),
        ("array([1, 2])", {}, "not one finite number"),
        ("nonsense", {}, "nonsense"),
        ("0.005", {}, "0 would be accepted"),
        ("2", {"workings": ["2.02"]}, "`2.02` is not within the tolerance"),
    ],
)
def test_a_faulty_item_is_refused_by_the_proof(solution: str, more: dict[str, object], fault: str) -> None:
    faults = prove(static(solution, {"abs": 0.01}, **more))
    assert len(faults) == 1 and fault in faults[0]


def test_the_stem_cannot_show_what_was_computed() -> None:
    with pytest.raises(ValidationError, match="answer"):
        item(stem={"en": "It is [[answer]]", "zh": "答案是 [[answer]]"})


@pytest.mark.parametrize(
    "changed",
    [
        {"tolerance": {}},
        {"tolerance": {"abs": 1, "rel": 0.1}},
        {"tolerance": {"abs": -1}},
        {"tolerance": {"abs": float("nan")}},
        {"let": {"answer": "1"}},
        {"surprise": 1},
    ],
)
def test_a_malformed_document_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        item(NUMERIC, **changed)


def test_the_question_does_not_hold_the_solution() -> None:
    held = static("0.8808", {"rel": 0.01})
    asked = KIND.ask(held, KIND.draw(held, Dice("a")), "en")
    assert "0.88" not in repr(asked) and "0.0088" not in repr(asked) and "1\N{NO-BREAK SPACE}%" in asked.hint


def test_the_portable_form_has_everything() -> None:
    held = item()
    variant = KIND.draw(held, Dice("a"))
    form = KIND.portable(held, variant, "en")
    assert isinstance(form, Portable) and "[[" not in form.stem + form.why and form.tolerance == 0.002
    assert [value for value, _ in form.wrong] == cast(dict[str, object], variant.solution)["wrong"]


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (0.88079, 3, "0.881"),
        (-2.5, 1, "−2.5"),
        (16777216, None, "16\u202f777\u202f216"),
        (1024, None, "1024"),
        (1e-9, 3, "1e−09"),
        (0.1 + 0.2, None, "0.3"),
    ],
)
def test_numbers_are_shown_to_their_tolerance(value: float, places: int | None, shown: str) -> None:
    assert as_typed(value, places) == shown


def test_every_rule_is_said_in_both_languages() -> None:
    for rule in ({"abs": 0}, {"abs": 0.02}, {"rel": 0.01}, {"decimals": 0}, {"decimals": 1}, {"decimals": 3}):
        policies = {said(static("2", rule), "2", language)["policy"] for language in ("en", "zh")}
        assert len(policies) == 2 and not any("{" in policy for policy in policies)


@pytest.mark.parametrize(
    ("rule", "places"), [({"abs": 0.02}, 2), ({"abs": 0.001}, 3), ({"abs": 5}, 0), ({"decimals": 2}, 2)]
)
def test_places_follow_the_tolerance(rule: dict[str, float], places: int) -> None:
    assert Tolerance.model_validate(rule).places(1.0) == places
