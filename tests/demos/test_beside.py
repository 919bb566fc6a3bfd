"""A bug beside the right computation: the same numbers, three maps, and what the reader is told."""

import re
from typing import Any, get_args

import numpy as np
import pytest
from starlette.testclient import TestClient

from app.attention.mutants import KERNELS, MUTANTS, scaled_dot_product
from app.core.i18n import say
from app.demos.registry import DEMOS

URL = "/api/v1/demos/attention"
SENTENCE = {"tokens": "dog bites the man and runs off again"}  # eight words, as many as features


def shown(**state: Any) -> Any:
    demo = DEMOS.get("attention")
    assert demo is not None
    return demo.compute(demo.model.model_validate(state))


def test_every_kernel_bug_can_be_asked_for() -> None:
    demo = DEMOS.get("attention")
    assert demo is not None
    assert set(get_args(demo.model.model_fields["beside"].annotation)) == {"", *KERNELS}


@pytest.mark.parametrize("key", KERNELS)
def test_a_bug_is_told_drawn_and_does_not_touch_the_right_weights(key: str, client: TestClient) -> None:
    state = {**SENTENCE, "mask": "causal", "embed_dim": 8 if key == "k_not_transposed" else 16}
    right, asked = client.post(URL, json=state).json(), client.post(URL, json=state | {"beside": key}).json()
    assert asked["attn_weights"] == right["attn_weights"] and "beside" not in right
    bug = asked["beside"]
    np.testing.assert_allclose(np.array(bug["attn_weights"]) - right["attn_weights"], bug["difference"], atol=1e-15)
    assert bug["key"] == key and np.abs(bug["difference"]).max() > 1e-3
    for lang in ("en", "zh"):
        page = client.get("/demos/attention", params={**state, "beside": key, "lang": lang}).text
        assert say(lang, MUTANTS[key].title) in page and say(lang, MUTANTS[key].belief) in page
        assert page.count('<table class="mx') == 4


@pytest.mark.parametrize("position", ["none", "sinusoidal", "rope"])
@pytest.mark.parametrize("heads", [(1, None), (4, None), (4, 2)])
def test_the_bug_works_on_the_numbers_of_the_figure(position: str, heads: tuple[int, int | None]) -> None:
    state = {"num_heads": heads[0], "kv_num_heads": heads[1], "embed_dim": 16, "scale": 0.5, "position": position}
    found = shown(beside="scale_after_softmax", mask="window", **state)
    root = (16 / heads[0]) ** 0.5
    expected = shown(mask="window", **(state | {"scale": min(4, 0.5 * root)}))
    np.testing.assert_allclose(found.beside.attn_weights * root, expected.attn_weights, atol=1e-12)


def test_given_numbers_show_the_bug_that_an_item_asks_about(client: TestClient) -> None:
    state = {"q": "1 0", "k": "1 0; 0 1; 1 1", "v": "10; 0; 5", "beside": "no_scale"}
    bug = client.post(URL, json=state).json()["beside"]
    weights, output = scaled_dot_product(np.sqrt(2) * np.array([[1.0, 0]]), *arrays(state["k"], state["v"]))
    np.testing.assert_allclose(bug["attn_weights"], [weights], atol=1e-12)
    np.testing.assert_allclose(bug["attn_output"], [output], atol=1e-12)


def arrays(*texts: str) -> list[Any]:
    return [np.array([row.split() for row in text.split(";")], dtype=float) for text in texts]


def test_given_scores_show_a_bug_too() -> None:
    found = shown(scores="2 0 1; 1 1 0", v="1; 2; 4", beside="softmax_over_queries").beside
    powers = np.exp([[2, 0, 1], [1, 1, 0]])
    np.testing.assert_allclose(found.attn_weights[0], powers / powers.sum(axis=0), atol=1e-12)
    np.testing.assert_allclose(found.attn_output[0], powers / powers.sum(axis=0) @ [[1], [2], [4]], atol=1e-12)


def test_both_maps_of_weights_have_one_scale_and_the_difference_its_true_extent() -> None:
    bug, right, difference = shown(**SENTENCE, beside="no_softmax").beside.panels
    assert bug.span == right.span == (min(0, bug.values.min()), max(bug.values.max(), right.values.max()))
    assert difference.kind == "signed" and difference.extent == (difference.values.min(), difference.values.max())
    assert bug.mark == right.mark == difference.mark


def test_row_sums_that_are_not_1_are_marked(client: TestClient) -> None:
    page = client.get("/demos/attention/figure", params=SENTENCE | {"beside": "softmax_over_queries"}).text
    tables = re.findall(r"<table.*?</table>", page, flags=re.DOTALL)
    assert ["sum off" in table for table in tables] == [False, True, False, False]


def test_what_the_bug_gives_to_masked_keys_is_seen() -> None:
    bug, right, difference = shown(mask="causal", beside="mask_with_zero").beside.panels
    assert bug.unmasked.all() and difference.unmasked.all() and not right.unmasked.all()
    hidden, _, _ = shown(mask="causal", beside="no_scale").beside.panels
    np.testing.assert_array_equal(hidden.unmasked, right.unmasked)


def test_a_bug_of_the_mask_without_a_mask_says_that_it_changes_nothing(client: TestClient) -> None:
    found = shown(beside="mask_inverted").beside
    assert not found.difference.any() and "choose a mask" in found.remark
    assert not shown(mask="causal", beside="mask_inverted").beside.remark
    assert "请选择一种掩码" in client.get("/demos/attention?beside=mask_ignored&lang=zh").text


def test_a_bug_that_happens_to_be_right_says_so(client: TestClient) -> None:
    assert "does not show" in shown(embed_dim=4, beside="scale_half_d_k").beside.remark
    assert "does not show" in shown(**SENTENCE, embed_dim=8, beside="scale_by_sqrt_n").beside.remark
    assert "bug-remark" not in client.get("/demos/attention?beside=no_scale").text


@pytest.mark.parametrize("part", ["full", "small"])
def test_the_fragment_draws_it_too(part: str, client: TestClient) -> None:
    page = client.get(f"/demos/attention/figure?part={part}&beside=no_scale&query=2&key=1").text
    told = re.search(r"query “cat” → key “the”: with the bug (\S+), right (\S+), difference ([+−]\S+)<", page)
    assert told and page.count('aria-live="polite"') == 2 and "beside=no_scale" in page
    bug, right, difference = (float(text.replace("−", "-")) for text in told.groups())
    assert bug - right == pytest.approx(difference, abs=2e-3)
