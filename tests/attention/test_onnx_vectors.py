"""The official ONNX vectors of Attention (opset 23, 24 and 25) and RotaryEmbedding, recomputed one by one."""

import importlib
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from app.attention import attention, rotate_cached

Oracle = Callable[[str], ModuleType]
NAMES = {"Q": "query", "K": "key", "V": "value", "input": "x"}
STAGES = ("scores", "capped", "biased", "weights")  # qk_matmul_output_mode 0..3


@cache
def cases(operator: str) -> dict[str, Any]:
    """The cases that onnx generates for one operator; none where onnx is absent."""
    try:
        node = importlib.import_module("onnx.backend.test.case.node")
    except ImportError:
        return {}
    before = len(node._NodeTestCases)
    importlib.import_module(f"onnx.backend.test.case.node.{operator}")
    found = {c.name: c for c in node._NodeTestCases[before:]}
    return {n: c for n, c in found.items() if not n.endswith("_expanded") and "_expanded_ver" not in n}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for argument, operator in (("attention_case", "attention"), ("rotary_case", "rotaryembedding")):
        if argument in metafunc.fixturenames:
            metafunc.parametrize(argument, list(cases(operator)) or ["onnx is absent"])


def arguments(case: Any) -> dict[str, Any]:
    helper = importlib.import_module("onnx.helper")
    node = case.model.graph.node[0]
    given = [name for name in node.input if name]
    arrays = {NAMES.get(n, n): np.asarray(x) for n, x in zip(given, case.data_sets[0][0], strict=True)}
    return arrays | {a.name: helper.get_attribute_value(a) for a in node.attribute}


def assert_equal(case: Any, got: dict[str, Any]) -> None:
    names = [name for name in case.model.graph.node[0].output if name]
    for name, expected in zip(names, case.data_sets[0][1], strict=True):
        loose = {"bfloat16": 2e-2, "float16": 1e-3}.get(expected.dtype.name)
        actual, rtol, atol = got[name], loose or 1e-3, loose or 1e-6
        assert actual.dtype == expected.dtype, name
        np.testing.assert_allclose(actual.astype(float), expected.astype(float), rtol, atol, err_msg=name)


@pytest.mark.oracle
def test_attention_vector(attention_case: str, oracle: Oracle) -> None:
    oracle("onnx")
    case = cases("attention")[attention_case]
    given = arguments(case)
    mode = given.pop("qk_matmul_output_mode", 0)
    result = attention(**given)
    stage = getattr(result, STAGES[mode])
    assert_equal(case, {"Y": result.output, "qk_matmul_output": stage} | result._asdict())


@pytest.mark.oracle
def test_rotary_vector(rotary_case: str, oracle: Oracle) -> None:
    oracle("onnx")
    case = cases("rotaryembedding")[rotary_case]
    assert_equal(case, {"output": rotate_cached(**arguments(case))})


@pytest.mark.oracle
def test_no_vector_is_missing(oracle: Oracle) -> None:
    oracle("onnx")
    assert (len(cases("attention")), len(cases("rotaryembedding"))) == (93, 8)
