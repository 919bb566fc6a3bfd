"""Formulas as learners and authors type them: what they give, and what is said about each mistake."""

import numpy as np
import pytest

from app.attention import attention, causal
from app.core.i18n import say
from app.items.expression import WORDS, Dialect, ExpressionError, Value, evaluate, parse

DRAW = np.random.default_rng(1)
GIVEN: dict[str, Value] = {
    "Q": DRAW.standard_normal((5, 4)),
    "K": DRAW.standard_normal((7, 4)),
    "V": DRAW.standard_normal((7, 3)),
    "M": np.tril(np.ones((5, 7), bool)),
    "d": 4,
}


def value(text: str, dialect: Dialect = Dialect.LEARNER) -> Value:
    return evaluate(parse(text, dialect, known=GIVEN), GIVEN)


def mistake(text: str, dialect: Dialect = Dialect.LEARNER) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        value(text, dialect)
    return caught.value


def test_attention_is_what_the_library_says() -> None:
    q, k, v = (np.asarray(GIVEN[name])[None, None] for name in "QKV")
    right = attention(q, k, v).output[0, 0]
    np.testing.assert_allclose(value("softmax(Q @ K.T / sqrt(d)) @ V"), right)
    np.testing.assert_allclose(value("attention(Q, K, V)", Dialect.AUTHOR), right)
    np.testing.assert_allclose(value("weights(Q, K) @ V", Dialect.AUTHOR), right)


def test_a_mask_means_may_attend() -> None:
    masked = value("softmax(where(M, Q @ K.T / sqrt(d), -inf)) @ V")
    np.testing.assert_allclose(value("attention(Q, K, V, mask=M)", Dialect.AUTHOR), masked)
    assert np.array_equal(value("causal(5, 7)", Dialect.AUTHOR), causal(5, 7))


def test_heads_are_joined_along_the_features_unless_told_otherwise() -> None:
    assert np.shape(value("concat([V, V])")) == (7, 6)
    assert np.shape(value("concatenate([V, V], axis=0)")) == (14, 3)


def test_a_row_without_any_allowed_key_has_no_weights() -> None:
    assert np.array_equal(value("softmax(where(M, Q @ K.T, -inf) + where(M > 2, 0, -inf))"), np.zeros((5, 7)))


def test_named_bugs_are_functions_of_authors() -> None:
    np.testing.assert_allclose(value("no_scale(Q, K, V)", Dialect.AUTHOR), value("softmax(Q @ K.T) @ V"))
    assert value("cost_times_heads(4, 8, 2)", Dialect.AUTHOR) == 256
    assert mistake("no_scale(Q, K, V)").code == "unknown-name"


def test_heads_go_there_and_back() -> None:
    assert np.shape(value("split_heads(Q, 2)", Dialect.AUTHOR)) == (2, 5, 2)
    assert np.array_equal(value("merge_heads(split_heads(Q, 2))", Dialect.AUTHOR), GIVEN["Q"])


@pytest.mark.parametrize(
    "typed",
    [
        "softmax（Q @ K.T ／ sqrt（d）） @ V", "softmax(Q @ Kᵀ / √(d)) @ V", "np.softmax(Q @ K.T ÷ sqrt(d)) @ V",
        "softmax(Q @ K.transpose(1, 0) × d ** −0.5)\n  @ V", "  softmax(Q @ K.T / sqrt(４)，axis＝1) @ V",
    ],
)  # fmt: skip
def test_signs_of_mathematics_and_of_chinese_keyboards_are_read(typed: str) -> None:
    np.testing.assert_allclose(value(typed), value("softmax(Q @ K.T / sqrt(d)) @ V"))


def test_kinds_of_numbers() -> None:
    assert value("d**3 // 2") == 32 and type(value("d**3")) is int
    assert value("1048577 * 1048577") == 1048577**2
    assert value("6 / 3") == 2.0 and type(value("6 / 3")) is float
    assert value("d > 3 and not d == 5") is True
    assert value("3²") == 9
    assert value("K.shape[0] if K.ndim == 2 else 0") == 7
    assert np.isnan(value("log(-1)")) and value("exp(1000)") == np.inf


def test_indexing() -> None:
    assert np.array_equal(value("Q[1:, ::2][..., None]"), np.asarray(GIVEN["Q"])[1:, ::2, None])
    assert np.array_equal(value("Q[[0, 2], [1, 3]]"), np.asarray(GIVEN["Q"])[[0, 2], [1, 3]])
    assert np.array_equal(value("Q[Q > 0]"), np.asarray(GIVEN["Q"])[np.asarray(GIVEN["Q"]) > 0])
    assert np.shape(value("V[(Q @ K.T).argmax(1)]")) == (5, 3)
    assert np.shape(value("Q[:, newaxis, :] * K[None]")) == (5, 7, 4)


def test_comprehensions_are_lists() -> None:
    assert np.allclose(value("sum([Q[i] for i in arange(5)])"), np.asarray(GIVEN["Q"]).sum(0))
    assert value("sum(i*j for i in range(4) for j in range(4) if i != j)", Dialect.AUTHOR) == 22


def test_free_names_are_known_after_parsing() -> None:
    assert parse("softmax(Q @ K.T) + phi(x) * inf").names == {"Q", "K", "phi", "x"}
    assert parse("sum([i for i in x])").names == {"x"}
    assert parse("max * 2", known={"max"}).names == {"max"}


def test_a_given_name_hides_the_name_of_the_language() -> None:
    assert evaluate(parse("mean * pi", known={"mean", "pi"}), {"mean": 3, "pi": 2}) == 6


def test_functions_may_be_given() -> None:
    phi = parse("phi(Q) @ phi(K).T", known={"phi", "Q", "K"})
    result = evaluate(phi, {**GIVEN, "phi": lambda x: np.maximum(x, 0)})
    np.testing.assert_allclose(result, value("relu(Q) @ relu(K).T"))


def test_what_is_given_stays_as_it_is() -> None:
    x = np.ones(3)

    def greedy(array: np.ndarray) -> np.ndarray:
        array += 1
        return array

    with pytest.raises(ExpressionError):
        evaluate(parse("greedy(x)"), {"x": x, "greedy": greedy})
    result = evaluate(parse("x"), {"x": x})
    assert isinstance(result, np.ndarray) and not np.shares_memory(result, x)
    assert np.array_equal(x, np.ones(3))


MISTAKES = {
    "": "empty",
    "softmax(Q @ K.T": "not-closed",
    "softmax(Q)) @ V": "not-opened",
    "softmax(Q]": "bracket-mismatch",
    "2d": "operator-missing",
    "Q K": "operator-missing",
    "(Q)(K)": "not-a-function",
    "Q(K)": "not-a-function",
    "Q @": "unfinished",
    "Q @@ K": "syntax",
    "Q^2": "power",
    "Q << 2": "operator",
    "a = Q": "assignment",
    "(x := 3)": "operator",
    r"\frac{Q}{K}": "latex",
    "{Q}": "curly",
    "'Q'": "quotes",
    'f"{Q}"': "quotes",
    "lambda x: x": "keyword",
    "√d": "root",
    "аbs(Q)": "letter",  # a Cyrillic letter
    "ｅｘｐ(Q)": "letter",
    "Q\0": "character",
    "q @ K.T": "unknown-name-near",
    "sofmax(Q)": "unknown-name-near",
    "zzz": "unknown-name",
    "__import__": "unknown-name",
    "sqrt": "function-name",
    "Q.__class__": "attribute",
    "Q.tofile(3)": "attribute",
    "Q.sum": "method-name",
    "softmax(Q, 1, 2)": "arguments",
    "softmax(Q, dim=1)": "arguments",
    "softmax(*Q)": "part",
    "softmax(**Q)": "operator",
    "Q @ K": "inner-sizes",
    "Q + K": "broadcast",
    "Q @ 2": "matmul-number",
    "softmax(Q, axis=2)": "axis",
    "softmax(Q, axis=0.5)": "not-whole",
    "Q[5]": "index",
    "Q[0, 0, 0]": "index",
    "Q[0.5]": "index-kind",
    "Q.reshape(3, 3)": "reshape",
    "Q.transpose(0, 0)": "transpose",
    "concat([Q, K])": "join",
    "[1, 2] * 3": "list",
    "[1, 2] + [3]": "list",
    "Q and K": "truth-single",
    "1 < Q < 2": "truth-single",
    "Q & Q": "truth-only",
    "M - M": "truth-arithmetic",
    "1 / 0": "zero-division",
    "arange(3) // 0": "zero-division",
    "9**9**9": "whole-overflow",
    "arange(9) * 2**61": "whole-overflow",
    "exp(None)": "not-number",
    "softmax([[1, 2], [3]])": "ragged",
    "max([])": "nothing",
    "mean(zeros((0, 3)), axis=0)": "nothing",
    "max(Q, K)": "one-array",
    "max(0, Q)": "one-array",
    "tril(d)": "dimensions",
    "arange(0, 1, 0)": "not-computed",
    "None": "result",
    "1" * 78: "number-large",
    "a" * 41: "name-long",
    "Q" * 401: "too-long",
    "(" * 40 + ")" * 40: "too-deep",
    "-" * 9 + "d": "too-deep",
    "+".join("d" * 65): "too-deep",
    "1," * 133: "unfinished",
    "ones(100001)": "too-large",
    "[d for i in arange(99) for j in arange(99)]": "too-much",
}


@pytest.mark.parametrize(("text", "code"), MISTAKES.items(), ids=[text[:20] for text in MISTAKES])
def test_each_mistake_has_its_words(text: str, code: str) -> None:
    error = mistake(text)
    assert error.code == code
    assert say("en", error.text, **error.numbers) == str(error)
    assert say("zh", error.text, **error.numbers) != str(error)
    assert error.column is None or 1 <= error.column <= len(text)


@pytest.mark.parametrize(
    ("text", "column"),
    [("softmax(Q @ K)", 9), ("√(d) + zzz", 8), ("Q @ (K.T", 5), ("1 + Q.__class__", 5), ("  Q K", 5)],
)
def test_the_column_is_that_of_the_source(text: str, column: int) -> None:
    assert mistake(text).column == column


def test_errors_name_what_was_meant() -> None:
    assert mistake("q @ K.T").numbers["near"] == "Q"
    assert mistake("sofmax(Q)").numbers["near"] == "softmax"
    assert str(mistake("Q @ K")) == "the shapes (5, 4) and (7, 4) cannot be multiplied: inner sizes 4 and 7 differ"
    assert "softmax(x, axis=-1)" in str(mistake("softmax()"))
    assert mistake("attention(Q, V, K)", Dialect.AUTHOR).code == "inner-sizes"
    assert mistake("split_heads(Q, 3)", Dialect.AUTHOR).code == "not-divisible"


def test_parts_are_counted() -> None:
    row = ",".join("d" * 19)
    assert np.shape(value(f"[[{row}],[{row}],[{row}]]")) == (3, 19)
    assert mistake("---d," * 79 + "d").code == "too-many-parts"
    assert np.shape(value("---d," * 79 + "d", Dialect.AUTHOR)) == (80,)


def test_every_code_has_a_sentence_that_can_be_filled() -> None:
    assert all("{" not in text.replace("{", "", text.count("}")) for text in WORDS.values())
