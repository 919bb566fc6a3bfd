"""What POST /api/v1/attention refuses: problem details whose pointers lead to the fault."""

import json
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.demos.ask import AttentionRequest

X = [[[[1.0, 0.0], [0.0, 1.0]]]]  # [1, 1, 2, 2]
QKV = {"query": X, "key": X, "value": X}
FLAT = {name: X[0] for name in QKV}  # [1, 2, 2]
# what is sent, the pointers that may be named, the code, words of the detail
WRONG: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "nothing": ({}, "/tokens", "case", "either tokens, or all of"),
    "65 tokens": ({"tokens": ["a"] * 65}, "/tokens", "too-many-tokens", "65 tokens; 64"),
    "65 words": ({"tokens": "a " * 65}, "/tokens", "too-many-tokens", "65 tokens; 64"),
    "a token of 33": ({"tokens": ["a", "b" * 33]}, "/tokens/1", "token-length", "33 characters; 32"),
    "a word of 33": ({"tokens": "b" * 33}, "/tokens", "token-", "33 characters; 32"),
    "an empty token": ({"tokens": ["a", ""]}, "/tokens/1", "token-length", "32"),
    "no tokens": ({"tokens": []}, "/tokens", "empty", "at least one word"),
    "an empty text": ({"tokens": " "}, "/tokens", "empty", "at least one word"),
    "401 characters": ({"tokens": "ab " * 134}, "/tokens", "string-too-long", "400"),
    "tokens and query": ({"tokens": "a", "query": X}, "/tokens", "case", "either tokens"),
    "query alone": ({"query": X}, "/(tokens|key|value)", "case", "either tokens"),
    "memory beside tensors": (QKV | {"memory_tokens": "a"}, "/memory_tokens", "", "tokens"),
    "an unknown field": ({"tokens": "a", "heads": 2}, "/heads", "extra-forbidden", "is not a field"),
    "a truth value for a number": ({"tokens": "a", "num_heads": True}, "/num_heads", "int-type", "whole number"),
    "a number for a truth value": ({"tokens": "a", "is_causal": 1}, "/is_causal", "bool-type", "true or false"),
    "a text for a number": ({"tokens": "a", "scale": "1"}, "/scale", "float-type", "must be a number"),
    "a number too large": ({"tokens": "a", "scale": 1e5}, "/scale", "less-than-equal", "10000 or less"),
    "a tensor too large": (QKV | {"query": [[[[1e5, 0], [0, 1]]]]}, "/query/0/0/0/0", "out-of-range", "10000"),
    "a mask too large": ({"tokens": "a", "attn_mask": [[1e5]]}, "/attn_mask/0/0", "out-of-range", "10000"),
    "a text in a tensor": (QKV | {"value": [[[[1, "1"], [0, 1]]]]}, "/value/0/0/0/1", "float-type", "number"),
    "a truth value in a tensor": (QKV | {"value": [[[[1, True], [0, 1]]]]}, "/value/0/0/0/1", "float-type", "number"),
    "null in a tensor": (QKV | {"key": [[[[1, None], [0, 1]]]]}, "/key/0/0/0/1", "float-type", "number"),
    "a ragged tensor": (QKV | {"key": [[[[1, 0], [0]]]]}, "/key/0/0/1", "ragged", "list of 2"),
    "a ragged mask": ({"tokens": "a b", "attn_mask": [[1, 1], [1]]}, "/attn_mask/1", "ragged", "list of 2"),
    "rank 2": (QKV | {"query": [[1.0]]}, "/query", "rank", "3 or 4"),
    "rank 5": (QKV | {"query": [X]}, "/query", "", ""),
    "an empty tensor": (QKV | {"query": []}, "/query", "rank", "no empty list"),
    "ranks that differ": (QKV | {"query": X[0], "num_heads": 1}, "/(query|key|value)", "rank", "3.*4|4.*3|same"),
    "rank 3 without heads": (FLAT, "/num_heads", "missing", "is needed"),
    "a text as tensor": (QKV | {"key": "x"}, "/key", "rank", "list nested"),
    "five in a batch": ({name: X * 5 for name in QKV}, "/query", "too-large", "is 5; 4"),
    "65 keys": (QKV | {name: [[[[0.0, 1.0]] * 65]] for name in ("key", "value")}, "/key", "too-large", "65; 64"),
    "13 heads": ({name: [X[0] * 13] for name in QKV}, "/query", "too-large", "13; 12"),
    "129 wide": ({name: [[[[0.0] * 129]]] for name in QKV}, "/query", "too-large", "129; 128"),
    "heads that do not divide": ({"tokens": "a", "num_heads": 5}, "/num_heads", "not-divisible", "32 is not .* 5"),
    "heads that do not divide a tensor": (FLAT | {"num_heads": 3}, "/num_heads", "not-divisible", "3"),
    "groups that do not divide": (
        {"tokens": "a", "num_heads": 4, "kv_num_heads": 3}, "/kv_num_heads", "heads-not-divisible", "4 .* 3"
    ),
    "heads that rank 4 contradicts": (QKV | {"num_heads": 3}, "/num_heads", "heads-mismatch", "3.*1"),
    "key heads that rank 4 contradicts": (QKV | {"kv_num_heads": 3}, "/kv_num_heads", "heads-mismatch", "3.*1"),
    "lengths that differ": (QKV | {"value": [[[[1.0, 0.0]]]]}, "/value", "shape-mismatch", "does not match"),
    "a mask of another shape": ({"tokens": "a b", "attn_mask": [[0, 0, 0]]}, "/attn_mask", "mask-shape", "broadcast"),
    "a mask of both kinds": ({"tokens": "a b", "attn_mask": [[True, 0.5], [0, 0]]}, "/attn_mask/0/0", "", ""),
    "padding of numbers": (
        {"tokens": "a b", "key_padding_mask": [[1, 0]]}, "/key_padding_mask", "bool", "true or false"
    ),
    "padding of another shape": (
        {"tokens": "a b", "key_padding_mask": [[True]]}, "/key_padding_mask", "padding-shape", ""
    ),
    "a past without values": (QKV | {"past_key": X}, "/past_value", "past-pair", "together"),
    "a past of another shape": (QKV | {"past_key": X, "past_value": [[[[1.0, 0.0]]]]}, "/past_value", "past-shape", ""),
    "lengths and a past": (
        QKV | {"past_key": X, "past_value": X, "nonpad_kv_seqlen": [1]}, "/nonpad_kv_seqlen", "nonpad-with-past", ""
    ),
    "a negative length": (QKV | {"nonpad_kv_seqlen": [-1]}, "/nonpad_kv_seqlen(/0)?", "nonpad-range|great", "0"),
    "a length beyond": (QKV | {"nonpad_kv_seqlen": [3]}, "/nonpad_kv_seqlen", "nonpad-range", "2.*3"),
    "a length that is true": (QKV | {"nonpad_kv_seqlen": [True]}, "/nonpad_kv_seqlen/0", "int-type", "whole number"),
    "a window below -1": ({"tokens": "a", "left_window_size": -2}, "/left_window_size", "greater", "-1 or more"),
    "an unknown position": ({"tokens": "a", "position": "x"}, "/position", "literal-error", "sinusoidal"),
    "a position of tensors": (QKV | {"position": "rope"}, "/position", "position-raw", "needs tokens"),
    "rotation of an odd width": (
        {"tokens": "a", "position": "rope", "embed_dim": 12, "num_heads": 4},
        "/(position|embed_dim|num_heads)", "rotary-odd", "even"
    ),
    "an unknown stage": ({"tokens": "a", "include": ["code", "x"]}, "/include/1", "literal-error", "products"),
    "18 decimals": ({"tokens": "a", "decimals": 18}, "/decimals", "less-than-equal", "17"),
    "an answer too large": (
        {"tokens": ["a"] * 64, "num_heads": 12, "embed_dim": 120, "decimals": None, "include": ["products", "scores"]},
        "/include", "response-too-large", "1048576",
    ),
    "tokens of numbers": ({"tokens": [1]}, "/tokens(/0)?", "string-type", "text"),
}  # fmt: skip
RAW = {
    "an empty body": (b"", "missing"),
    "half of JSON": (b"{", "json-invalid"),
    "a list": (b"[]", "model-attributes-type"),
    "a text": (b'"x"', "model-attributes-type"),
    "null": (b"null", ""),
    "bytes": (b"\xff\xfe", ""),
    "deep JSON": (b"[" * 30_000, ""),
    "deep tensors": (b'{"tokens":"a","attn_mask":' + b"[" * 20_000 + b"]" * 20_000 + b"}", ""),
}
NUMBERS = ["NaN", "Infinity", "-Infinity", "1e999", '"1"', "1" + "0" * 400]


def problem(answer: Any, status: int = 422) -> dict[str, Any]:
    """The problem of an answer, whose outer form is always the same."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    found = dict(answer.json())
    assert found["status"] == status and found["title"] and found["detail"]
    assert found["type"].startswith("/problems/") and "testserver" not in answer.text
    return found


def resolves(pointer: str, document: Any) -> bool:
    """Whether a pointer leads to a value, or to a field that is missing from an object."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    for nth, step in enumerate(steps):
        if isinstance(document, list) and step.isdigit() and int(step) < len(document):
            document = document[int(step)]
        elif isinstance(document, dict) and (step in document or nth == len(steps) - 1):
            document = document.get(step)
        else:
            return False
    return True


@pytest.mark.parametrize("what", WRONG)
def test_a_fault_is_pointed_at(what: str, engine: TestClient) -> None:
    sent, pointer, code, words = WRONG[what]
    errors = problem(engine.post("/api/v1/attention", json=sent))["errors"]
    for error in errors:
        assert resolves(error["pointer"], sent), error
        assert error["pointer"].split("/")[1] in {*AttentionRequest.model_fields, "heads"}, (
            "a pointer names a field of the request"
        )
    found = [e for e in errors if re.fullmatch(pointer, e["pointer"]) and re.search(words, e["detail"])]
    assert found and re.search(code, found[0]["code"]), errors


@pytest.mark.parametrize(
    "what",
    ["nothing", "65 tokens", "an unknown field", "heads that do not divide", "a ragged tensor", "an answer too large"],
)
@pytest.mark.parametrize("way", ["?lang=zh", "zh-CN,zh;q=0.9"])
def test_a_fault_is_told_in_chinese(what: str, way: str, engine: TestClient) -> None:
    query, header = (way, "en") if way.startswith("?") else ("", way)
    answer = engine.post(f"/api/v1/attention{query}", json=WRONG[what][0], headers={"accept-language": header})
    found = problem(answer)
    texts = [found["title"], found["detail"], *(error["detail"] for error in found["errors"])]
    engine.cookies.clear()
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in text) for text in texts), texts


@pytest.mark.parametrize("what", WRONG)
def test_codes_do_not_depend_on_the_language(what: str, engine: TestClient) -> None:
    seen = []
    for language in ("en", "zh"):
        answer = engine.post("/api/v1/attention", json=WRONG[what][0], headers={"accept-language": language})
        errors = answer.json().get("errors", [])
        seen.append((answer.status_code, [(error["pointer"], error["code"]) for error in errors]))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("what", RAW)
def test_a_body_that_is_no_request_is_refused(what: str, engine: TestClient) -> None:
    body, code = RAW[what]
    answer = engine.post("/api/v1/attention", content=body, headers={"content-type": "application/json"})
    found = problem(answer, 400 if what.startswith("deep") and answer.status_code == 400 else 422)
    assert code in json.dumps(found["errors"]) and (found["errors"] or found["status"] == 400)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("place", ['"scale": %s', '"attn_mask": [[%s]]', '"softcap": %s', '"decimals": %s'])
def test_a_number_is_a_finite_number(number: str, place: str, engine: TestClient) -> None:
    body = '{"tokens": "a", ' + place % number + "}"
    answer = engine.post("/api/v1/attention", content=body, headers={"content-type": "application/json"})
    assert problem(answer)["errors"][0]["pointer"].startswith("/" + place.split('"')[1])


@pytest.mark.parametrize("path", ["/api/v1/attention", "/api/v1/demos/attention"])
def test_a_body_above_64_kib_is_413(path: str, engine: TestClient) -> None:
    answer = engine.post(
        path, content=b'{"tokens": "' + b"a" * 65_536 + b'"}', headers={"content-type": "application/json"}
    )
    assert problem(answer, 413)["type"] == "/problems/too-large"


@pytest.mark.parametrize("path", ["/api/v1/attention", "/api/v1/demos/attention"])
def test_a_body_without_a_length_is_counted_too(path: str, engine: TestClient) -> None:
    pieces = (b" " * 8192 for _ in range(9))
    answer = engine.post(path, content=pieces, headers={"content-type": "application/json"})
    assert problem(answer, 413)["type"] == "/problems/too-large"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_another_content_type_is_told_what_to_send(kind: str, engine: TestClient) -> None:
    answer = engine.post("/api/v1/attention", content=b'{"tokens": "a"}', headers={"content-type": kind})
    assert answer.status_code in (415, 422)
    assert "application/json" in json.dumps(problem(answer, answer.status_code))


@pytest.mark.parametrize(
    "body", [{"tokns": "a"}, {"tokens": ""}, {"head": 5}, {"scale": "1"}, {"position": "rope", "embed_dim": 7}]
)
def test_a_demo_points_at_the_fault(body: dict[str, Any], engine: TestClient) -> None:
    errors = problem(engine.post("/api/v1/demos/attention", json=body))["errors"]
    assert [error["pointer"] for error in errors] in ([f"/{name}"] for name in body)


@pytest.mark.parametrize("content", [b"{}", b"{", b""])
def test_an_unknown_demo_is_a_problem(content: bytes, engine: TestClient) -> None:
    found = problem(engine.post("/api/v1/demos/nope", content=content), 404)
    assert found["type"] == "/problems/no-such-demo" and "nope" in found["detail"]


def test_an_unknown_demo_has_no_card(engine: TestClient) -> None:
    assert problem(engine.get("/api/v1/demos/nope"), 404)["type"] == "/problems/no-such-demo"
    assert problem(engine.get("/api/v1/demos/nope/result"), 404)["type"] == "/problems/no-such-demo"


def test_a_bad_address_of_a_result_is_a_problem(engine: TestClient) -> None:
    errors = problem(engine.get("/api/v1/demos/attention/result?scale=9"))["errors"]
    assert errors[0]["pointer"] == "/scale"


def test_what_was_typed_is_not_repeated(engine: TestClient) -> None:
    answer = engine.post("/api/v1/attention", json={"tokens": "my secret words", "scale": "a secret"})
    assert "secret" not in answer.text
