"""POST /api/v1/attention: what comes back for tokens and for tensors."""

import json
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

STAGES = ("products", "scores", "capped", "biased", "attn_weights", "attn_output")


def ask(engine: TestClient, **body: Any) -> dict[str, Any]:
    answer = engine.post("/api/v1/attention", json=body)
    assert answer.status_code == 200, answer.text
    return dict(json.loads(answer.text, parse_constant=pytest.fail))


def tensors(*shape: int, seed: int = 0) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    return {name: random.normal(size=shape).tolist() for name in ("query", "key", "value")}


def test_tokens_come_back_with_weights_of_every_head(engine: TestClient) -> None:
    found = ask(engine, tokens="the cat, 注意", num_heads=2)
    assert found["tokens"] == ["the", "cat", ",", "注", "意"] and found["shape"] == [2, 5, 5]
    weights = np.array(found["attn_weights"])
    assert weights.shape == (2, 5, 5) and np.allclose(weights.sum(-1), 1, atol=3e-4)
    assert found.get("mask") is None and found["provenance"] == "constructed"


def test_a_list_of_tokens_is_taken_as_it_is(engine: TestClient) -> None:
    tokens = ["two words", "注意力", "\u00e9", "e\u0301", " "]
    assert ask(engine, tokens=tokens)["tokens"] == tokens


def test_memory_makes_a_rectangle(engine: TestClient) -> None:
    found = ask(engine, tokens="a b", memory_tokens="x y z", include=["inputs", "attn_output"], embed_dim=8)
    assert found["shape"] == [1, 2, 3] and found["memory_tokens"] == ["x", "y", "z"]
    assert np.shape(found["query"]) == (1, 2, 8) and np.shape(found["value"]) == (1, 3, 8)
    assert np.shape(found["attn_output"]) == (1, 2, 8)


def test_rank_4_gives_rank_4(engine: TestClient) -> None:
    found = ask(engine, **tensors(3, 4, 5, 6), include=list(STAGES))
    assert found["shape"] == [3, 4, 5, 5] and np.shape(found["attn_output"]) == (3, 4, 5, 6)
    assert all(np.shape(found[name]) == (3, 4, 5, 5) for name in STAGES[:5])
    assert "tokens" not in found and found["provenance"] == "given"


def test_rank_3_gives_rank_3(engine: TestClient) -> None:
    found = ask(engine, **tensors(2, 5, 8), num_heads=4, include=["attn_output"])
    assert found["shape"] == [2, 4, 5, 5] and np.shape(found["attn_output"]) == (2, 5, 8)


def test_one_key_head_serves_many_query_heads(engine: TestClient) -> None:
    given = tensors(1, 1, 4, 6) | {"query": tensors(1, 4, 4, 6, seed=1)["query"]}
    found = ask(engine, **given, include=["present"])
    assert found["shape"] == [1, 4, 4, 4] and np.shape(found["present_key"]) == (1, 1, 4, 6)


def test_only_what_is_asked_for_is_included(engine: TestClient) -> None:
    found = ask(engine, tokens="a b")
    assert found["attn_weights"] and not [name for name in STAGES if name != "attn_weights" and name in found]
    assert not {"code", "query", "present_key", "memory_tokens"} & set(found)


@pytest.mark.parametrize("name", [*STAGES, "present", "inputs", "code"])
def test_each_stage_can_be_included(name: str, engine: TestClient) -> None:
    found = ask(engine, tokens="a b", include=[name])
    names = {"present": ("present_key", "present_value"), "inputs": ("query", "key", "value")}.get(name, (name,))
    assert all(found[one] for one in names)


@pytest.mark.parametrize("decimals", [0, 2, 4, 17, None])
def test_numbers_have_the_decimals_asked_for(decimals: int | None, engine: TestClient) -> None:
    weights = np.array(ask(engine, tokens="a b c", decimals=decimals)["attn_weights"])
    exact = np.array(ask(engine, tokens="a b c", decimals=None)["attn_weights"])
    assert np.array_equal(weights, exact if decimals is None else np.round(exact, decimals))
    assert not np.array_equal(exact, np.round(exact, 8))


def test_without_decimals_the_numbers_are_exact(engine: TestClient) -> None:
    given = tensors(1, 1, 3, 4)
    found = ask(engine, **given, decimals=None, include=["products"])
    exact = np.array(given["query"]) @ np.array(given["key"]).swapaxes(-1, -2)
    assert np.array_equal(found["products"], exact)


def test_no_key_in_sight_is_null_with_a_mask(engine: TestClient) -> None:
    found = ask(engine, tokens="a b c", is_causal=True, include=["scores", "biased"])
    assert found["biased"][0][0][1:] == [None, None] and None not in found["scores"][0][0]
    assert found["mask"][0] == [[True, False, False], [True, True, False], [True, True, True]]
    assert found["attn_weights"][0][0] == [1, 0, 0] and found["invariants"]["masked_mass"] == 0


def test_true_in_a_mask_means_may_attend(engine: TestClient) -> None:
    found = ask(engine, tokens="a b", attn_mask=[[True, False], [True, True]])
    assert found["attn_weights"][0][0] == [1, 0] and found["mask"][0][0] == [True, False]


def test_null_in_a_mask_of_numbers_is_minus_infinity(engine: TestClient) -> None:
    as_null = ask(engine, tokens="a b", attn_mask=[[0, None], [0.5, 0]])
    as_bool = ask(engine, tokens="a b", attn_mask=[[True, False], [True, True]])
    assert as_null["attn_weights"][0][0] == as_bool["attn_weights"][0][0] == [1, 0]
    assert as_null["mask"] == as_bool["mask"]


def test_true_in_padding_means_hidden_as_in_pytorch(engine: TestClient) -> None:
    found = ask(engine, tokens="a b", key_padding_mask=[[False, True]])
    assert found["attn_weights"][0] == [[1, 0], [1, 0]]


def test_a_row_without_any_key_is_zero(engine: TestClient) -> None:
    found = ask(engine, tokens="a b", attn_mask=[[False, False], [True, True]], include=["attn_output"])
    assert found["attn_weights"][0][0] == [0, 0] and set(found["attn_output"][0][0]) == {0}
    assert found["invariants"]["finite"] is True


def test_a_past_makes_the_keys_longer(engine: TestClient) -> None:
    given = tensors(1, 2, 3, 4)
    past = tensors(1, 2, 5, 4, seed=1)
    found = ask(engine, **given, past_key=past["key"], past_value=past["value"], include=["present"])
    assert found["shape"] == [1, 2, 3, 8] and np.shape(found["present_value"]) == (1, 2, 8, 4)


def test_statistics_follow_from_the_weights(engine: TestClient) -> None:
    found = ask(engine, tokens="a b c d", scale=0)
    assert found["attn_weights"][0] == [[0.25] * 4] * 4
    assert found["stats"]["entropy"][0] == [1.3863] * 4 and found["stats"]["effective_keys"][0] == [4] * 4
    assert found["stats"]["normalised_entropy"][0] == [1] * 4 and found["cost"]["weight_bytes"] == 64


def test_the_program_prints_the_same_weights(engine: TestClient) -> None:
    found = ask(engine, tokens="a b", include=["code"], decimals=None)
    scope: dict[str, Any] = {"__name__": "program", "print": lambda *_: None}
    exec(found["code"]["numpy"], scope)
    arrays = [value for value in scope.values() if isinstance(value, np.ndarray) and value.ndim >= 2]
    weights = np.array(found["attn_weights"])
    assert any(a.size == weights.size and np.allclose(a.reshape(weights.shape), weights, atol=1e-6) for a in arrays)


def test_the_same_question_has_the_same_answer(engine: TestClient) -> None:
    assert ask(engine, tokens="a b", position="rope") == ask(engine, tokens="a b", position="rope")


def test_the_largest_question_is_answered(engine: TestClient) -> None:
    found = ask(engine, tokens=["word"] * 64, num_heads=12, embed_dim=120, decimals=2)
    assert found["shape"] == [12, 64, 64]


def test_limits_are_published(engine: TestClient) -> None:
    limits = engine.get("/api/v1/limits").json()
    assert (limits["body_bytes"], limits["tokens"], limits["batch"], limits["heads"]) == (65536, 64, 4, 12)
