"""Well-formed expressions have the value that NumPy gives them, and leave what they were given as it was."""

import re

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from app.items.expression import evaluate, parse

SIZES = st.sampled_from([1, 2, 3, 5])
FLOATS = st.sampled_from(["0.5", "2", "s", "n", "-1.5", "sqrt(n)", "K.shape[0]"])


def values(seed: int) -> dict[str, object]:
    draw = np.random.default_rng(seed)
    of_size = {f"X{m}{n}": draw.standard_normal((m, n)) for m in (1, 2, 3, 5) for n in (1, 2, 3, 5)}
    return {**of_size, "K": draw.standard_normal((7, 4)), "s": float(draw.standard_normal()), "n": 4}


def softmax(x: np.ndarray, axis: int = -1) -> np.ndarray:
    powers = np.exp(x - x.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def layer_norm(x: np.ndarray) -> np.ndarray:
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)


NUMPY = {name: getattr(np, name) for name in "exp tanh sqrt abs where maximum ones arange tril".split()}
NUMPY |= {"softmax": softmax, "ln": layer_norm, "concat": lambda parts, axis=-1: np.concatenate(parts, axis)}
NUMPY |= {"sigmoid": lambda x: 1 / (1 + np.exp(-x)), "relu": lambda x: np.maximum(x, 0)}


# A and B have the shape wanted, T is transposed, L @ R fits, F is a number.
TEMPLATES = [
    "(A + B)", "(A - B)", "(A * B)", "(A / (1 + abs(B)))", "(A + F)", "(A - F)", "(A * F)", "(A / F)", "(-A)",
    "(L @ R)",
    "(tanh(A) ** 2)", "(T).T", "softmax(A)", "softmax(A, axis=0)", "softmax(A, axis=1)", "ln(A)", "exp(tanh(A))",
    "relu(A)", "sigmoid(tanh(A))", "where(A > B, A, -9)", "maximum(A, B)", "sqrt(abs(A))", "concat([A, B])[:, :<n>]",
    "concat([A, B], axis=0)[::-1][<m>:]", "(A - (B).mean(axis=1, keepdims=True))", "(A + (B).sum(0))",
    "(A)[arange(<m>)]",
    "(A)[:, None, :].max(axis=1)", "(A).reshape(-1).reshape(<m>, <n>)", "(A if n > 3 else B)", "tril(A, 1)",
    "(A).transpose(1, 0).swapaxes(0, 1)", "(A // 0.7 + B % 0.7)",
]  # fmt: skip


@st.composite
def matrices(draw: st.DrawFn, m: int, n: int, depth: int = 2, outer: str = "") -> str:
    """The text of an expression of shape (m, n)."""
    if not depth:
        return draw(st.sampled_from([f"X{m}{n}", f"X{n}{m}.T", f"ones(({m},{n}))", f"((X{m}{n} > 0)*1.0)"]))
    k = draw(SIZES)
    shapes = {"A": (m, n), "B": (m, n), "T": (n, m), "L": (m, k), "R": (k, n)}
    template = (outer or draw(st.sampled_from(TEMPLATES))).replace("<m>", str(m)).replace("<n>", str(n))
    made = {
        letter: draw(matrices(*shape, depth - 1))
        for letter, shape in shapes.items()
        if re.search(rf"\b{letter}\b", template)
    }
    made["F"] = draw(FLOATS)
    return re.sub(r"(?<![.\w])[ABTLRF]\b", lambda match: made[match.group()], template)


@pytest.mark.parametrize("outer", TEMPLATES)
@given(st.data(), SIZES, SIZES, st.integers(0, 9))
@settings(max_examples=8, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
def test_it_is_what_numpy_gives(outer: str, data: st.DataObject, m: int, n: int, seed: int) -> None:
    text = data.draw(matrices(m, n, outer=outer).filter(lambda text: len(text) <= 400))
    given_values, untouched = values(seed), values(seed)
    result = evaluate(parse(text, known=given_values), given_values)
    with np.errstate(all="ignore"):
        expected = eval(text, NUMPY.copy(), untouched)  # our own text, made above
    assert np.shape(result) == (m, n)
    np.testing.assert_allclose(result, expected, rtol=1e-9, atol=1e-12)
    assert all(np.array_equal(value, untouched[name]) for name, value in given_values.items())


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6), st.integers(0, 6))
@settings(max_examples=80, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
def test_whole_numbers_are_exact(a: int, b: int, c: int) -> None:
    for text in ("a*b + a - b", "a // b", "a % b", "a**c", "a / b", "-a", "a < b", "(a + b)**c // (c + 1)"):
        result = evaluate(parse(text), {"a": a, "b": b, "c": c})
        expected = eval(text, {"__builtins__": {}}, {"a": a, "b": b, "c": c})
        assert result == expected and type(result) is type(expected)
