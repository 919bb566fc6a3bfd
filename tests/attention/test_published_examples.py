"""Numbers that others have printed: tutorials, books and papers."""

from typing import Any

import numpy as np
import pytest

from app.attention import attention, softmax


def attend(q: Any, k: Any, v: Any, **options: Any) -> Any:
    return attention(*(np.array(x, dtype=float)[None, None] for x in (q, k, v)), **options)


def test_illustrated_transformer() -> None:
    scores = np.array([112.0, 96.0])
    assert softmax(scores / 8) == pytest.approx([0.880797, 0.119203], abs=1e-6)
    assert softmax(scores)[0] == pytest.approx(0.9999999, abs=1e-6)


@pytest.mark.parametrize(
    ("query", "output"), [([0, 10, 0], [10, 0]), ([0, 0, 10], [550, 5.5]), ([10, 10, 0], [5.5, 0])]
)
def test_tensorflow_dictionary(query: list[float], output: list[float]) -> None:
    keys = [[10, 0, 0], [0, 10, 0], [0, 0, 10], [0, 0, 10]]
    values = [[1, 0], [10, 0], [100, 5], [1000, 6]]
    assert attend([query], keys, values).output[0, 0, 0] == pytest.approx(output, abs=1e-6)


def test_karim_illustrated_self_attention() -> None:
    x = np.array([[1, 0, 1, 0], [0, 2, 0, 2], [1, 1, 1, 1]])
    k = x @ [[0, 0, 1], [1, 1, 0], [0, 1, 0], [1, 1, 0]]
    q = x @ [[1, 0, 1], [1, 0, 0], [0, 0, 1], [0, 1, 1]]
    v = x @ [[0, 2, 0], [0, 3, 0], [1, 0, 3], [1, 1, 0]]
    result = attend(q, k, v, scale=1.0)
    assert result.products[0, 0].tolist() == [[2, 4, 4], [4, 16, 12], [4, 12, 10]]
    expected = [[1.9366, 6.6831, 1.5951], [2.0, 7.964, 0.054], [1.9997, 7.7599, 0.3584]]
    np.testing.assert_allclose(result.output[0, 0], expected, atol=1e-4)


def test_raschka_simple_self_attention() -> None:
    rows = ".43 .15 .89 .55 .87 .66 .57 .85 .64 .22 .58 .33 .77 .25 .10 .05 .80 .55"
    x = np.array(rows.split(), dtype=float).reshape(6, 3)
    result = attend(x, x, x, scale=1.0)
    scores, weights = result.scores[0, 0, 1], result.weights[0, 0, 1]
    np.testing.assert_allclose(scores, [0.9544, 1.495, 1.4754, 0.8434, 0.707, 1.0865], atol=1e-4)
    np.testing.assert_allclose(weights, [0.1385, 0.2379, 0.2333, 0.124, 0.1082, 0.1581], atol=1e-4)
    np.testing.assert_allclose(result.output[0, 0, 1], [0.4419, 0.6515, 0.5683], atol=1e-4)


def test_onnx_window() -> None:
    zeros, values = np.zeros((5, 1)), np.arange(5.0)[:, None]
    output = attend(zeros, zeros, values, left_window_size=1, right_window_size=2).output
    assert output.ravel().tolist() == [1, 1.5, 2.5, 3, 3.5]


def test_d2l_valid_lengths() -> None:
    keys, values = np.ones((2, 1, 10, 2)), np.tile(np.arange(40.0).reshape(10, 4), (2, 1, 1, 1))
    result = attention(np.ones((2, 1, 1, 2)), keys, values, nonpad_kv_seqlen=np.array([2, 6]))
    np.testing.assert_allclose(result.output[:, 0], [[[2, 3, 4, 5]], [[10, 11, 12, 13]]], atol=1e-12)
