"""Exact numbers in place of words: what is computed from them, how it is labelled, and the code that goes with it."""

import io
import json
from contextlib import redirect_stdout
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from app.core.errors import Invalid
from app.demos.matrices import matrix_text, read_matrix
from app.demos.registry import DEMOS

URL = "/api/v1/demos/attention"
EXAMPLE = {"q": "1 0", "k": "1 0; 0 1; 1 1", "v": "10; 0; 5"}


def shown(**state: Any) -> Any:
    demo = DEMOS.get("attention")
    assert demo is not None
    return demo.compute(demo.model.model_validate(state))


def test_the_example_that_is_worked_by_hand(client: TestClient) -> None:
    answer = client.post(URL, json=EXAMPLE).json()
    np.testing.assert_allclose(answer["attn_weights"], [[[0.4011, 0.1978, 0.4011]]], atol=5e-5)
    np.testing.assert_allclose(answer["attn_output"], [[[6.0167]]], atol=5e-5)
    assert answer["shape"] == [1, 1, 3] and answer["provenance"] == "given"
    assert (answer["tokens"], answer["memory_tokens"]) == (["q1"], ["k1", "k2", "k3"])


@pytest.mark.parametrize(
    "text", ["1 0; 0 1", "1,0;0,1", " 1  0 ;0 1; ", "1, 0; 0, 1", "1，0；0，1", "1.0 .0; 0e3 +1", "1 0; 0 1;"]
)
def test_a_matrix_may_be_written_in_many_ways(text: str) -> None:
    assert read_matrix("q", text) == [[1, 0], [0, 1]]


def test_a_minus_of_print_is_a_minus() -> None:
    assert read_matrix("q", "−1.5 -2") == [[-1.5, -2]]


@pytest.mark.parametrize("text", ["nan", "inf", "1_0", "0x1", "1e", "١", "1 0;;0 1", ";", "[1,2]", "1e999", "10001"])
def test_what_is_no_matrix_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_matrix("q", text)
    assert refused.value.wrongs[0].pointer == "/q"


def test_text_of_a_matrix_reads_back() -> None:
    rows = [[0.1 + 0.2, -3.0], [1e-7, 9999.5]]
    assert matrix_text(rows) == "0.3 -3; 1e-07 9999.5"
    np.testing.assert_allclose(read_matrix("q", matrix_text(rows)), rows, rtol=1e-11)


def test_words_name_the_rows_where_there_are_as_many() -> None:
    named = shown(**EXAMPLE, tokens="dog", memory_tokens="bites the man")
    assert (list(named.tokens), list(named.keys)) == (["dog"], ["bites", "the", "man"])
    assert list(shown(**EXAMPLE, tokens="two words").tokens) == ["q1"]
    square = shown(q="1 0; 0 1", k="1 0; 0 1", tokens="sun moon")
    assert list(square.tokens) == list(square.keys) == ["sun", "moon"]


def test_without_values_the_keys_are_mixed_and_the_page_says_so(client: TestClient) -> None:
    state = {name: text for name, text in EXAMPLE.items() if name != "v"}
    found = shown(**state)
    np.testing.assert_allclose(found.attn_output[0], found.attn_weights[0] @ [[1, 0], [0, 1], [1, 1]])
    assert "V = K" in client.get("/demos/attention", params=state).text
    assert "V = K" not in client.get("/demos/attention", params=EXAMPLE).text


def test_scores_are_taken_as_scaled_already() -> None:
    found = shown(scores="2 0 0 1", v="3; 5; 9; 4")
    powers = np.exp([2, 0, 0, 1])
    np.testing.assert_allclose(found.attn_weights[0, 0], powers / powers.sum(), atol=1e-12)
    assert found.attn_output[0, 0, 0] == pytest.approx(3.8853, abs=5e-5)
    np.testing.assert_array_equal(found.stages[1].main.values, [[2, 0, 0, 1]])


def test_scores_without_values_mix_the_numbers_of_the_keys(client: TestClient) -> None:
    assert shown(scores="0 0 0").attn_output[0, 0, 0] == pytest.approx(2)
    assert "1, 2, 3 and so on" in client.get("/demos/attention?scores=0+0+0").text


def test_the_scale_multiplies_given_scores_and_given_products() -> None:
    np.testing.assert_allclose(shown(scores="1 0", scale=2.0).attn_weights, shown(scores="2 0").attn_weights)
    twice = shown(**EXAMPLE, scale=2.0)
    np.testing.assert_allclose(twice.stages[2].main.values, np.array([[1, 0, 1]]) * 2 / np.sqrt(2))


def test_masks_and_padding_work_on_given_numbers() -> None:
    causal = shown(q="1; 1; 1", k="1; 2; 3", mask="causal")
    assert not causal.attn_weights[0][np.triu_indices(3, 1)].any()
    assert not shown(q="1", k="1; 2; 3", padding=1).attn_weights[0, :, 2].any()


def test_heads_width_and_positions_play_no_part() -> None:
    plain = shown(**EXAMPLE)
    other = shown(**EXAMPLE, num_heads=4, head=3, embed_dim=16, position="rope")
    np.testing.assert_array_equal(plain.attn_weights, other.attn_weights)


@pytest.mark.parametrize("stage", ["project", "score", "scale", "mask", "softmax", "mix"])
@pytest.mark.parametrize("state", [EXAMPLE, {"scores": "2 0 -1; 1 1 1"}, {"scores": "2 0", "softcap": "3"}])
def test_every_stage_is_drawn_in_both_languages(state: dict[str, str], stage: str, client: TestClient) -> None:
    for lang in ("en", "zh"):
        page = client.get("/demos/attention", params=state | {"stage": stage, "lang": lang})
        assert page.status_code == 200 and 'class="mx ' in page.text and "hash" not in page.text


@pytest.mark.parametrize("state", [EXAMPLE, {"scores": "2 0 -1; 1 1 1", "mask": "causal"}])
@pytest.mark.parametrize("name", ["numpy", "pytorch"])
def test_the_programs_print_the_weights(state: dict[str, str], name: str, client: TestClient) -> None:
    if name == "pytorch":
        pytest.importorskip("torch")
    answer = client.post(URL, json=state).json()
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(answer["code"][name], {"__name__": "__main__"})
    np.testing.assert_allclose(json.loads(printed.getvalue())[0], answer["attn_weights"], atol=1e-6)


def test_the_permalink_of_numbers_is_short(client: TestClient) -> None:
    page = client.get("/demos/attention", params=EXAMPLE).text
    assert 'href="/demos/attention?q=1+0&amp;k=1+0;+0+1;+1+1&amp;v=10;+0;+5" data-permalink' in page
