"""The official ONNX vectors of Attention, sent as JSON through POST /api/v1/attention."""

import importlib
import json
from functools import cache
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from tests.conftest import absent

NAMES = {"Q": "query", "K": "key", "V": "value"}
STAGES = ("scores", "capped", "biased", "attn_weights")  # qk_matmul_output_mode 0..3
OUTPUTS = {"Y": "attn_output", "present_key": "present_key", "present_value": "present_value"}


@cache
def cases() -> dict[str, Any]:
    """The cases in float32 and of rank 4; none where onnx is absent."""
    try:
        node = importlib.import_module("onnx.backend.test.case.node")
    except ImportError:
        return {}
    importlib.import_module("onnx.backend.test.case.node.attention")
    found = {c.name: c for c in node._NodeTestCases if "attention" in c.name and "_expanded" not in c.name}
    return {
        name: case for name, case in found.items() if case.model.graph.node[0].op_type == "Attention" and fits(case)
    }


def fits(case: Any) -> bool:
    arrays = case.data_sets[0][0]
    return all(np.asarray(x).ndim == 4 and np.asarray(x).dtype == np.float32 for x in arrays[:3])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "name" in metafunc.fixturenames:
        metafunc.parametrize("name", sorted(cases()) or ["onnx is absent"])


def nested(array: Any) -> Any:
    """Lists as JSON has them: minus infinity is null."""
    plain = np.asarray(array)
    if plain.dtype.kind != "f":
        return plain.tolist()
    filled = plain.astype(object)
    filled[np.isneginf(plain)] = None
    return filled.tolist()


def body(case: Any) -> tuple[dict[str, Any], int]:
    """The case as a request, and the stage of its qk_matmul_output."""
    helper = importlib.import_module("onnx.helper")
    node = case.model.graph.node[0]
    given = [name for name in node.input if name]
    sent = {NAMES.get(n, n): nested(x) for n, x in zip(given, case.data_sets[0][0], strict=True)}
    attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    mode = attributes.pop("qk_matmul_output_mode", 0)
    attributes.pop("softmax_precision", None)  # the engine computes in float64
    if "is_causal" in attributes:
        attributes["is_causal"] = bool(attributes["is_causal"])
    return sent | attributes | {"decimals": None, "include": ["attn_output", "present", STAGES[mode]]}, mode


@pytest.mark.oracle
def test_a_vector_through_the_api(name: str, engine: TestClient) -> None:
    if not cases():
        absent("onnx")
    case = cases()[name]
    sent, mode = body(case)
    answer = engine.post("/api/v1/attention", content=json.dumps(sent), headers={"content-type": "application/json"})
    assert answer.status_code == 200, answer.text[:500]
    found = answer.json()
    names = [output for output in case.model.graph.node[0].output if output]
    for output, expected in zip(names, case.data_sets[0][1], strict=True):
        got = np.array(found[OUTPUTS.get(output, STAGES[mode])], dtype=float)  # null becomes nan
        wanted = np.where(np.isneginf(expected), np.nan, expected)
        np.testing.assert_allclose(got, wanted, rtol=1e-3, atol=1e-6, err_msg=output)


@pytest.mark.oracle
def test_none_of_the_58_is_missing() -> None:
    if not cases():
        absent("onnx")
    assert len(cases()) == 58
