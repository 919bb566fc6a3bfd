"""Formula items: any formula that computes the same is right, known wrong ones are named, errors are told in words."""

import numpy as np
import pytest
import yaml

from app.items import FormatError, Verdict
from app.items.draw import Dice, DrawError
from app.items.formulas import Draw, Recipe, drawn_sizes, elu1, named
from app.items.formulas import draw as values
from app.items.portable import Text
from app.items.prove import prove
from app.items.types.formula import POOL, FormulaDocument, FormulaType
from tests.items.samples_typed import FORMULA

KIND = FormulaType()
WHY = {"en": "no", "zh": "不"}
MODEL = "softmax(Q @ K.T / sqrt(d)) @ V"


def item(**changed: object) -> FormulaDocument:
    return FormulaDocument.model_validate({**yaml.safe_load(FORMULA), **changed})


def marked(typed: str, held: FormulaDocument | None = None) -> Verdict:
    held = held or item()
    variant = KIND.draw(held, Dice("a"))
    return KIND.grade(held, variant, KIND.parse(held, variant, {"text": [typed]}))


def feedback(typed: str, language: str = "en") -> str:
    held = item()
    variant = KIND.draw(held, Dice("a"))
    shown = KIND.explain(held, variant, {"text": [typed]}, marked(typed), "zh" if language == "zh" else "en")
    assert shown.yours.startswith("<code>") and shown.solution == f"<code>{MODEL}</code>"
    return str(shown.feedback or "")


def drawn(variables: dict[str, object], sizes: dict[str, object] | None = None, **more: object) -> Draw:
    recipe = {"sizes": sizes or {"n": "draw"}, "variables": variables, "functions": more}
    return values(Recipe.model_validate(recipe).model_dump_json(), "seed", False)


def test_the_sample_is_proved() -> None:
    assert prove(item(), seeds=12) == []


@pytest.mark.parametrize(
    "typed",
    [
        MODEL,
        "softmax(Q@K.T/d**0.5)@V",
        "softmax((K @ Q.T).T / sqrt(d), axis=1) @ V",
        "exp(Q@K.T/sqrt(d)) / exp(Q@K.T/sqrt(d)).sum(axis=1)[:, None] @ V",
        "(V.T @ softmax(Q @ K.T / sqrt(d)).T).T",
    ],
)
def test_whatever_computes_the_same_is_right(typed: str) -> None:
    assert marked(typed).score == 1 and feedback(typed) == ""


@pytest.mark.parametrize(
    ("typed", "index", "mutant"),
    [
        ("softmax(Q@K.T)@V", 0, "no_scale"),
        ("softmax((K @ Q.T).T) @ V", 0, "no_scale"),
        ("softmax( Q @ K.T / sqrt(d), axis=0 ) @ V", 1, "softmax_over_queries"),
        ("softmax(Q @ K / sqrt(d)) @ V", 2, "k_not_transposed"),
        ("softmax(Q @ K.T / d) @ V", None, None),
        ("V", None, None),
    ],
)
def test_wrong_formulas_are_named_by_what_they_compute(typed: str, index: int | None, mutant: str | None) -> None:
    verdict = marked(typed)
    assert (verdict.score, verdict.wrong, verdict.mutant) == (0, index, mutant)


def test_a_formula_that_stops_is_wrong_and_says_why() -> None:
    assert marked("Q @ V").score == 0
    assert "cannot be multiplied" in feedback("Q @ V") and "n = " in feedback("Q @ V")
    assert "试算时出错" in feedback("Q @ V", "zh")


def test_feedback_says_both_shapes_in_the_names_of_the_sizes() -> None:
    assert feedback("Q @ K.T") == "Your formula gives the shape (n, m); the shape (n, v) is asked for."
    assert feedback("sqrt(d)") == "Your formula gives a single number; the shape (n, v) is asked for."
    assert "形状 (n, m)" in feedback("Q @ K.T", "zh")
    assert feedback("softmax(Q @ K.T / d) @ V") == "The shape is right; the numbers differ."
    assert "The scale is missing" in feedback("softmax(Q@K.T)@V")


def test_a_value_that_small_inputs_cannot_tell_from_the_right_one_is_wrong() -> None:
    """-20 is not minus infinity: on the last draw the difference shows."""
    variables = {"S": {"shape": ["n", "n"]}, "M": {"kind": "causal", "shape": ["n"]}, "V": {"shape": ["n", 2]}}
    right = "softmax(where(M, S, -inf)) @ V"
    held = item(sizes={"n": "draw"}, vars=variables, accept=[right], wrong=[])
    sets = {str(variant.solution): variant for variant in (KIND.draw(held, Dice(str(n))) for n in range(200))}
    assert len(sets) == POOL

    def accepted(typed: str) -> float:
        marks = [KIND.grade(held, one, KIND.parse(held, one, {"text": [typed]})) for one in sets.values()]
        return sum(mark.score for mark in marks)

    assert accepted("softmax(where(M, S, -1e9)) @ V") == POOL
    assert accepted("softmax(where(M, S, -20)) @ V") == 0


@pytest.mark.parametrize(
    "typed", ["", "softmax(Q @ K.T", "Q ^ 2", "W @ Q", "__import__('os')", "lambda: 1", "Q.__class__", "x" * 500]
)
def test_what_cannot_be_read_is_handed_back_in_words(typed: str) -> None:
    with pytest.raises(FormatError) as refused:
        marked(typed)
    assert refused.value.text.format(**refused.value.numbers)


def test_nan_is_never_right() -> None:
    assert marked("inf - inf + 0 * V.sum() + Q @ K.T @ V").score == 0
    assert any("NaN" in fault for fault in prove(item(accept=["0 * inf * V"], wrong=[]), seeds=1))


def test_names_are_listed_with_their_shapes() -> None:
    held = item(functions={"phi": "elu1"})
    asked = KIND.ask(held, KIND.draw(held, Dice("a")), "en")
    assert asked.names == ["Q (n, d)", "K (m, d)", "V (m, v)", "phi(x)", "n", "m", "d", "v"]
    assert marked("softmax(Q @ K.T / sqrt(d)) @ V + 0 * phi(Q).sum()", held).score == 1


def test_the_answer_says_nothing_of_the_draws_but_their_seeds() -> None:
    variant = KIND.draw(item(), Dice("a"))
    assert variant.parameters == {} and isinstance(variant.solution, dict) and list(variant.solution) == ["seeds"]
    assert "softmax(Q" not in repr(KIND.ask(item(), variant, "en"))


def test_draws_on_which_a_wrong_formula_passes_are_drawn_anew() -> None:
    held = item(
        sizes={"n": [1, 4]}, vars={"x": {"shape": ["n"]}}, accept=["x * n"], wrong=[{"formula": "x", "why": WHY}]
    )
    assert prove(held, seeds=12) == []
    with pytest.raises(DrawError, match="`x \\* 1` gives the right numbers"):
        KIND.draw(item(wrong=[{"formula": "x * 1", "why": WHY}], accept=["x"], vars={"x": {}}), Dice("a"))


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"accept": [MODEL, "softmax(Q @ K.T) @ V + 1"]}, "differs from the model answer"),
        ({"vars": {"Q": {"shape": ["z"]}}, "accept": ["Q"], "wrong": []}, "“z”"),
        ({"vars": {"Q": {"shape": ["n * 50"]}}, "accept": ["Q"], "wrong": []}, "not a whole number from 1 to"),
        ({"vars": {"P": {"kind": "permutation", "shape": [2]}}, "accept": ["P"], "wrong": []}, "its own inverse"),
        (
            {"sizes": {name: "draw" for name in "abcdefgh"}, "vars": {"x": {}}, "accept": ["x"], "wrong": []},
            "use fewer",
        ),
        ({"accept": ["Q @ V"], "wrong": []}, "cannot be multiplied"),
    ],
)
def test_a_faulty_item_is_refused_by_the_proof(changed: dict[str, object], fault: str) -> None:
    assert any(fault in found for found in prove(item(**changed), seeds=2))


@pytest.mark.parametrize(
    "changed",
    [
        {"functions": {"phi": "eval"}},
        {"vars": {"n": {}}},
        {"params": {"a": {"one_of": [1]}}},
        {"vars": {"Q": {"kind": "strange"}}},
        {"accept": []},
        {"accept": [MODEL, "softmax(Q @ K.T / sqrt(d)) @ W"]},
        {"wrong": [{"formula": "Q +", "why": WHY}]},
    ],
)
def test_a_malformed_document_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        item(**changed)


def test_drawn_sizes_differ_from_every_other() -> None:
    sizes = {"n": "draw", "h": [2, 4], "dh": 3, "w": "h*dh", "m": "draw", "d": "draw"}
    for seed in range(40):
        found = drawn_sizes(sizes, Dice(str(seed)))
        assert found["w"] == found["h"] * 3
        assert all(list(found.values()).count(found[name]) == 1 and 3 <= found[name] <= 9 for name in ("n", "m", "d"))


def test_every_kind_is_what_its_name_says() -> None:
    kinds = ("positive", "causal", "permutation", "rows", "columns")
    made = drawn({kind: {"kind": kind, "shape": ["n"]} for kind in kinds}, phi="elu1")
    n, grids = made.sizes["n"], {kind: np.asarray(made.values[kind]) for kind in kinds}
    assert grids["positive"].shape == (n,) and (grids["positive"] > 0).all()
    assert grids["causal"].dtype == bool and np.array_equal(grids["causal"], np.tri(n, dtype=bool))
    p = grids["permutation"]
    assert np.array_equal(p @ p.T, np.eye(n)) and not np.array_equal(p, p.T)
    assert np.array_equal(grids["rows"] - grids["columns"], np.subtract.outer(np.arange(n), np.arange(n)))


def test_shapes_are_told_in_names_where_these_are_clear() -> None:
    assert named((4, 5), {"n": 4, "d": 5}) == "(n, d)" and named((4,), {"n": 4}) == "(n,)"
    assert named((4, 6), {"n": 4, "h": 4, "d": 5}) == "(4, 6)"


def test_the_feature_map_is_positive_and_continuous() -> None:
    x = np.array([-1000.0, -1.0, 0.0, 2.0])
    assert np.allclose(elu1(x), [0, np.exp(-1), 1, 3])


def test_the_portable_form_lists_every_formula() -> None:
    held = item()
    form = KIND.portable(held, KIND.draw(held, Dice("a")), "zh")
    assert isinstance(form, Text) and form.accept == held.accept and form.wrong[0][1] == "漏了缩放。"
