"""Hostile expressions end in a number or in a mistake that is explained, and never in anything else."""

import sys
import threading

import pytest

from app.items.expression import Dialect, ExpressionError, evaluate, parse
from tests.items.hostile import SEEDS, expressions, outcome, values

GIVEN = values()


@pytest.mark.parametrize("dialect", Dialect)
def test_nothing_escapes(dialect: Dialect) -> None:
    ends = [outcome(text, dialect, GIVEN) for text in expressions(seed=11, count=1000)]
    assert set(ends) == {"refused", "failed", "value"}
    assert ends.count("refused") < 750


def test_every_seed_is_tried() -> None:
    assert len(SEEDS) > 250 and any("\0" in seed for seed in SEEDS)


@pytest.mark.parametrize(
    "text",
    [
        "ones((0, 10**9))", "B[:, :, None] * B[None]", "x[:, None] @ x[None, :]", "eye(10**5)", "arange(10**12)",
        "Q.reshape(10**9, 0)", "where(B[:, :, None] > 0, B, 0)", "x[x[:30000, None] * 0 + x[:9]]",
        "concat([B, B, B])", "diag(arange(10**3))", "outer(x, x)", "full((10**6,), 1)", "range(10**9)",
        "no_scale(B, B, B)",
        "attention(B, B, B)", "phi(x[:, None])", "causal(10**9)", "array([B, B, B])", "zeros((0, 10**5, 10**5)).sum(0)",
    ],
)  # fmt: skip
def test_sizes_are_known_before_anything_is_computed(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(parse(text, Dialect.AUTHOR), GIVEN)
    assert caught.value.code == "too-large"


@pytest.mark.parametrize(
    "text",
    [
        "+".join(["x*x"] * 40), "(B % 0.1) % 0.1", "B[:200] @ B @ B[:, :200] @ B[:200]", "[B + 1 for i in range(99)]",
        "[i for i in range(99) for j in range(99)]", "sort(sort(x) + 1)", "sum([1 for i in x])",
        "[x[1:] for i in arange(99)]",
    ],
)  # fmt: skip
def test_the_work_of_all_parts_together_is_bounded(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(parse(text, Dialect.AUTHOR), GIVEN)
    assert caught.value.code in ("too-much", "too-deep")


@pytest.mark.parametrize("text", ["Q.__class__", "softmax.__globals__", "phi.__code__", "().__class__", "np.os.system"])
def test_no_attribute_leads_out(text: str) -> None:
    for dialect in Dialect:
        with pytest.raises(ExpressionError):
            parse(text, dialect)


@pytest.mark.parametrize("text", ["softmax(*{})", "({})(3)", "[i for {} in x]", "({}).y", "phi(**{})", "{{}} + {}"])
def test_what_is_refused_may_be_deep(text: str) -> None:
    for deep in ("x" + "[0]" * 600, "x" + ".T" * 900, "+".join("x" * 900)):
        with pytest.raises(ExpressionError):
            parse(text.replace("{}", deep), Dialect.AUTHOR)


def test_values_that_are_no_numbers_are_refused() -> None:
    for value in ("text", object(), {"a": 1}, 1j, ["a"]):
        with pytest.raises(ExpressionError):
            evaluate(parse("x"), {"x": value})  # type: ignore[dict-item]


def test_what_a_given_function_raises_or_returns_is_caught() -> None:
    for wrong in (lambda x: 1 / 0, lambda x: "text", lambda x: [x], lambda x: None, lambda x, y: x):
        with pytest.raises(ExpressionError):
            evaluate(parse("f(1)"), {"f": wrong})


def test_a_small_stack_is_enough() -> None:
    ends: list[str] = []
    limit = sys.getrecursionlimit()
    texts = [
        "(" * 30 + "1" + ")" * 30,
        "-" * 8 + "1",
        "+".join("1" * 59),
        "**".join("1" * 20),
        "[" * 400,
        "x" + "[0]" * 100,
    ]
    size = threading.stack_size(512 * 1024)
    try:
        worker = threading.Thread(target=lambda: ends.extend(outcome(text, Dialect.AUTHOR, GIVEN) for text in texts))
        worker.start()
        worker.join()
    finally:
        threading.stack_size(size)
    assert len(ends) == len(texts) and sys.getrecursionlimit() == limit
