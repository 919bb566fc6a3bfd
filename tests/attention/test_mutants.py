"""Named bugs: each differs from the right computation, and does what its title says, one number at a time."""

import ast
import inspect
import math
import re
from typing import Any

import numpy as np
import pytest

from app.attention import attention, causal, merge_heads, split_heads
from app.attention.mutants import (
    EXPRESSION_NAMES,
    KERNELS,
    MUTANTS,
    OF_MASK,
    OF_SCORES,
    WORDS,
    of_scores,
    scaled_dot_product,
)
from app.attention.mutants.heads import cut_heads, join_heads, multi_head, project_heads
from app.core.i18n import chinese

SEEDS = range(3)
SUMS_TO_ONE = {
    "no_scale", "scale_by_d_k", "scale_by_sqrt_n", "scale_half_d_k", "hard_attention", "uniform_weights",
    "mask_ignored", "mask_with_zero",
}  # fmt: skip


def drawn(seed: int, n_q: int = 5, n_k: int = 7, size: int = 6, width: int = 3) -> tuple[Any, Any, Any, Any]:
    """Q, K, V of pairwise different sizes, and a mask: the last query sees every key, the others fewer."""
    rng = np.random.default_rng(seed)
    q, k, v = rng.normal(size=(n_q, size)), rng.normal(size=(n_k, size)), rng.normal(size=(n_k, width))
    return q, k, v, causal(n_q, n_k, offset=2)


def looped(key: str, q: Any, k: Any, v: Any, may: Any) -> Any:
    """The weights of a bug, computed cell by cell from what its title says."""
    n_q, n_k, size = len(q), len(k), q.shape[1]
    scale = {"no_scale": 1, "scale_by_d_k": size, "scale_by_sqrt_n": math.sqrt(n_k), "scale_half_d_k": size / 2}
    divisor = scale.get(key, 1 if key == "scale_after_softmax" else math.sqrt(size))
    shown = np.ones_like(may) if key in ("mask_ignored", "mask_after_softmax", "mask_with_zero") else may
    shown = ~may if key == "mask_inverted" else shown
    s = [[sum(float(a * b) for a, b in zip(q[i], k[j], strict=True)) / divisor for j in range(n_k)] for i in range(n_q)]
    if key == "mask_with_zero":
        s = [[s[i][j] if may[i, j] else 0.0 for j in range(n_k)] for i in range(n_q)]
    if key == "uniform_weights":
        s = [[0.0] * n_k for _ in range(n_q)]
    if key == "hard_attention":
        best = [max((s[i][j], -j) for j in range(n_k) if shown[i, j])[1] for i in range(n_q)]
        return np.array([[float(j == -best[i]) for j in range(n_k)] for i in range(n_q)])
    seen = [[s[i][j] if shown[i, j] else 0.0 for j in range(n_k)] for i in range(n_q)]
    if key in ("no_softmax", "l2_rows"):
        norm = [math.hypot(*row) if key == "l2_rows" else 1.0 for row in seen]
        return np.array([[value / norm[i] for value in row] for i, row in enumerate(seen)])
    powers = np.array([[math.exp(s[i][j]) if shown[i, j] else 0.0 for j in range(n_k)] for i in range(n_q)])
    axis = {"softmax_over_queries": 0, "softmax_over_all": None}.get(key, 1)
    sums = powers.sum(axis=axis, keepdims=True)
    weights = powers / np.where(sums == 0, 1, sums)  # a query that sees no key has only zeros
    if key == "scale_after_softmax":
        weights = weights / math.sqrt(size)
    return np.where(may, weights, 0.0) if key == "mask_after_softmax" else weights


def test_the_right_kernel_is_attention() -> None:
    q, k, v, mask = drawn(0)
    ours = attention(q[None, None], k[None, None], v[None, None], attn_mask=mask)
    weights, output = scaled_dot_product(q, k, v, mask)
    np.testing.assert_allclose(weights, ours.weights[0, 0], atol=1e-12)
    np.testing.assert_allclose(output, ours.output[0, 0], atol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("key", sorted(KERNELS.keys() - {"k_not_transposed"}))
def test_a_kernel_bug_differs_and_is_what_its_title_says(key: str, seed: int) -> None:
    q, k, v, mask = drawn(seed)
    weights, output = KERNELS[key](q, k, v, mask)
    right = scaled_dot_product(q, k, v, mask)
    np.testing.assert_allclose(weights, looped(key, q, k, v, mask), atol=1e-12)
    np.testing.assert_allclose(output, weights @ v, atol=1e-12)
    assert np.abs(weights - right[0]).max() > 1e-3 and np.abs(output - right[1]).max() > 1e-3


@pytest.mark.parametrize("key", sorted(KERNELS.keys() - {"k_not_transposed"}))
def test_row_sums_are_kept_or_lost(key: str) -> None:
    sums = [KERNELS[key](*drawn(seed))[0].sum(axis=-1) for seed in SEEDS]
    assert np.allclose(sums, 1) == (key in SUMS_TO_ONE)


@pytest.mark.parametrize("key", sorted(KERNELS.keys() - {"k_not_transposed"}))
def test_a_kernel_bug_takes_batches(key: str) -> None:
    many = [drawn(seed) for seed in SEEDS]
    q, k, v = (np.stack([one[i] for one in many]) for i in range(3))
    weights, output = KERNELS[key](q, k, v, many[0][3])
    alone = [KERNELS[key](*one) for one in many]
    np.testing.assert_allclose(weights, [one[0] for one in alone], atol=1e-12)
    np.testing.assert_allclose(output, [one[1] for one in alone], atol=1e-12)


def test_keys_that_are_not_transposed_need_as_many_keys_as_features() -> None:
    q, k, v, mask = drawn(1, n_k=6)
    weights, _ = KERNELS["k_not_transposed"](q, k, v, mask)
    np.testing.assert_allclose(weights, scaled_dot_product(q, k.T, v, mask)[0], atol=1e-12)
    assert np.abs(weights - scaled_dot_product(q, k, v, mask)[0]).max() > 1e-3
    with pytest.raises(ValueError, match="size"):
        KERNELS["k_not_transposed"](*drawn(1))


@pytest.mark.parametrize("key", sorted(OF_MASK))
def test_without_a_mask_its_bugs_change_nothing(key: str) -> None:
    q, k, v, _ = drawn(2)
    np.testing.assert_array_equal(KERNELS[key](q, k, v, None)[0], scaled_dot_product(q, k, v)[0])


@pytest.mark.parametrize("key", ["hard_attention", "no_softmax", "l2_rows", "softmax_over_queries", "uniform_weights"])
def test_a_query_without_keys_gets_nothing(key: str) -> None:
    q, k, v, mask = drawn(3)
    closed = mask & (np.arange(5) > 0)[:, None]
    weights, output = KERNELS[key](q, k, v, closed)
    assert not weights[0].any() and not output[0].any() and np.isfinite(weights).all()


@pytest.mark.parametrize("key", sorted(OF_SCORES))
def test_scores_do_as_well_as_queries_and_keys(key: str) -> None:
    q, k, v, mask = drawn(4)
    weights, output = of_scores(KERNELS[key], q @ k.T / math.sqrt(6), v, mask)
    np.testing.assert_allclose(weights, KERNELS[key](q, k, v, mask)[0], atol=1e-12)
    np.testing.assert_allclose(output, KERNELS[key](q, k, v, mask)[1], atol=1e-12)


def test_the_right_heads_are_those_of_the_library() -> None:
    x = np.random.default_rng(0).normal(size=(5, 6))
    np.testing.assert_array_equal(cut_heads(x, 3), split_heads(x[None], 3)[0])
    np.testing.assert_array_equal(join_heads(cut_heads(x, 3)), merge_heads(cut_heads(x, 3)[None])[0])
    q, k, v, mask = drawn(5, width=6)
    ours = attention(*(x[None] for x in (q, k, v)), q_num_heads=3, attn_mask=mask)
    weights, output = multi_head(q, k, v, 3, mask)
    np.testing.assert_allclose(weights, ours.weights[0], atol=1e-12)
    np.testing.assert_allclose(output, ours.output[0], atol=1e-12)


def entry(key: str, x: Any, h: int, i: int, t: int, c: int) -> float:
    """Feature c of token t in head i, as the bug places it."""
    n, d = x.shape
    at = {
        "heads_split_on_tokens": (i * (n // h) + t, c),
        "reshape_without_transpose": divmod(i * n * (d // h) + t * (d // h) + c, d),
        "heads_interleaved": (t, c * h + i),
        "heads_not_split": (t, c),
        "transpose_before_reshape": divmod(i * n * (d // h) + t * (d // h) + c, n)[::-1],
    }[key]
    return float(x[at])


@pytest.mark.parametrize(
    ("key", "shape"),
    [
        ("heads_split_on_tokens", (2, 2, 6)),
        ("reshape_without_transpose", (2, 4, 3)),
        ("heads_interleaved", (2, 4, 3)),
        ("transpose_before_reshape", (2, 4, 3)),
        ("heads_not_split", (2, 4, 6)),
    ],
)
def test_a_wrong_cut_puts_each_feature_where_its_title_says(key: str, shape: tuple[int, int, int]) -> None:
    x = np.random.default_rng(1).normal(size=(4, 6))
    cut: Any = MUTANTS[key].run(x, 2)
    slow = [[[entry(key, x, 2, i, t, c) for c in range(shape[2])] for t in range(shape[1])] for i in range(shape[0])]
    np.testing.assert_array_equal(cut, slow)
    assert cut.shape != (2, 4, 3) or np.abs(cut - cut_heads(x, 2)).max() > 1e-3


def test_heads_that_stand_behind_the_tokens() -> None:
    x = np.random.default_rng(1).normal(size=(4, 6))
    np.testing.assert_array_equal(MUTANTS["heads_not_first"].run(x, 2), cut_heads(x, 2).swapaxes(0, 1))


def test_wrong_joints_of_heads() -> None:
    rng = np.random.default_rng(2)
    each, w_o = rng.normal(size=(2, 5, 3)), rng.normal(size=(6, 6))
    slow = {
        "no_output_projection": join_heads(each),
        "heads_summed": (each[0] + each[1]) @ w_o[:3],
        "heads_averaged": (each[0] + each[1]) / 2 @ w_o[:3],
        "heads_reversed": np.hstack([each[1], each[0]]) @ w_o,
    }
    for key, expected in slow.items():
        np.testing.assert_allclose(MUTANTS[key].run(each, w_o), expected, atol=1e-12)
        assert np.abs(expected - project_heads(each, w_o)).max() > 1e-3
    torn = MUTANTS["merge_without_transpose"].run(each)
    np.testing.assert_array_equal(torn, np.array(list(each.flat)).reshape(5, 6))
    assert np.abs(torn - join_heads(each)).max() > 1e-3  # type: ignore[operator]


def test_the_scale_of_d_model_is_too_small_in_each_head() -> None:
    q, k, v, mask = drawn(6, width=6)
    wrong: Any = MUTANTS["scale_by_d_model"].run(q, k, v, 3, mask)
    cut = [cut_heads(x, 3) for x in (q, k, v)]
    slow = [scaled_dot_product(cut[0][h] / math.sqrt(3), cut[1][h], cut[2][h], mask)[0] for h in range(3)]
    np.testing.assert_allclose(wrong[0], slow, atol=1e-12)
    assert np.abs(wrong[1] - multi_head(q, k, v, 3, mask)[1]).max() > 1e-3


def test_linear_attention_and_its_slips() -> None:
    q, k, v, _ = drawn(7)
    q, k = np.exp(q), np.exp(k)
    pairs = q @ k.T
    slow = {
        "linear_attention": pairs @ v / pairs.sum(axis=1, keepdims=True),
        "linear_without_normaliser": pairs @ v,
        "linear_with_softmax": [[a / sum(row) for a in row] for row in np.exp(pairs - pairs.max(axis=1)[:, None])] @ v,
        "linear_normalised_over_queries": pairs @ v / (q @ q.T).sum(axis=1, keepdims=True),
    }
    for key, expected in slow.items():
        np.testing.assert_allclose(EXPRESSION_NAMES[key](q, k, v), expected, atol=1e-10)
        assert key == "linear_attention" or np.abs(expected - slow["linear_attention"]).max() > 1e-3


NUMBERS = {
    "attention_parameters": ((512, 8), 1048576), "parameters_times_heads": ((512, 8), 8388608),
    "parameters_of_full_heads": ((512, 8), 6553600), "parameters_without_output": ((512, 8), 786432),
    "parameters_of_one_head": ((512, 8), 360448), "score_products": ((12, 64, 4), 9216),
    "cost_times_heads": ((12, 64, 4), 36864), "cost_over_heads": ((12, 64, 4), 2304),
    "cost_over_root": ((12, 64, 4), 1152), "rows_of_a_piece": ((8, 2), 4), "pieces_still_meet": ((8, 2), 8),
    "only_its_own_row": ((8, 2), 1), "scale_factor": ((768, 12), 0.125), "factor_of_d_model": ((1024, 4), 0.03125),
    "factor_of_heads": ((768, 16), 0.25), "factor_without_root": ((768, 12), 0.015625),
    "factor_inverted": ((768, 12), 8.0), "dot_spread": ((64, 2.0, 3.0), 48.0),
    "variance_for_spread": ((64, 2.0, 3.0), 2304.0), "spread_without_root": ((64, 2.0, 3.0), 384.0),
    "spread_of_one_term": ((64, 2.0, 3.0), 6.0),
}  # fmt: skip


@pytest.mark.parametrize("key", NUMBERS)
def test_a_number_worked_by_hand(key: str) -> None:
    sizes, expected = NUMBERS[key]
    found = EXPRESSION_NAMES[key](*sizes)
    assert found == pytest.approx(expected) and (type(found) is int or not isinstance(expected, int) or "root" in key)
    if key in MUTANTS:
        assert MUTANTS[key].right(*sizes) != pytest.approx(found)


@pytest.mark.parametrize(("n", "w"), [(12, 2), (9, 3), (20, 1)])
def test_pairs_in_a_window_are_counted_one_by_one(n: int, w: int) -> None:
    apart = [j - i for i in range(n) for j in range(n)]
    slow = {
        "window_pairs": sum(abs(gap) <= w for gap in apart),
        "window_off_by_one": sum(abs(gap) < w for gap in apart),
        "window_not_cut": sum(2 * w + 1 for _ in range(n)),
        "window_without_self": sum(0 < abs(gap) <= w for gap in apart),
        "window_one_sided": sum(-w <= gap <= 0 for gap in apart),
        "window_ignored": len(apart),
    }
    assert {key: EXPRESSION_NAMES[key](n, w) for key in slow} == slow
    assert len(set(slow.values())) == len(slow)


def test_a_mutant_is_known_by_one_key_and_one_pair_of_sentences() -> None:
    assert all(mutant.key == key == mutant.run.__name__ for key, mutant in MUTANTS.items())
    assert len(WORDS) == len(set(WORDS)) == 2 * len(MUTANTS)
    for mutant in MUTANTS.values():
        assert mutant.belief.startswith("Believes that ") and mutant.belief.endswith(".")
        assert mutant.title[0].islower() and not mutant.title.endswith(".") and len(mutant.title) < 80


def test_every_mutant_speaks_chinese() -> None:
    assert [text for text in WORDS if not re.search("[\u4e00-\u9fff]", chinese().get(text, ""))] == []


@pytest.mark.parametrize("key", MUTANTS)
def test_the_right_line_stands_beside_the_wrong_one(key: str) -> None:
    assert "# right: " in inspect.getsource(MUTANTS[key].run)
    ast.parse(inspect.getsource(MUTANTS[key].run))


def test_every_mutant_can_be_named_in_an_expression() -> None:
    assert MUTANTS.keys() <= EXPRESSION_NAMES.keys()
    assert {f"{key}_weights" for key in KERNELS} <= EXPRESSION_NAMES.keys()
    assert all(key.isidentifier() and key.islower() for key in EXPRESSION_NAMES)


def test_one_query_and_values_that_are_numbers() -> None:
    q, k, v = [1.0, 0.0], [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], [10.0, 0.0, 5.0]
    assert EXPRESSION_NAMES["scaled_dot_product"](q, k, v) == pytest.approx(6.0167, abs=1e-4)
    assert EXPRESSION_NAMES["hard_attention"](q, k, v) == 10.0
    weights = EXPRESSION_NAMES["uniform_weights_weights"](q, k, v)
    np.testing.assert_allclose(weights, [1 / 3] * 3)
    assert EXPRESSION_NAMES["scaled_dot_product_of_scores"]([2, 0, 0, 1], [3, 5, 9, 4]) == pytest.approx(
        3.8853, abs=1e-4
    )
    assert np.shape(EXPRESSION_NAMES["no_softmax_weights_of_scores"]([[2, 0, 0, 1]])) == (1, 4)


def test_what_is_too_large_for_an_expression_is_refused() -> None:
    with pytest.raises(ValueError, match="128"):
        EXPRESSION_NAMES["no_scale"](np.ones((129, 1)), np.ones((129, 1)), np.ones((129, 1)))
    with pytest.raises(ValueError, match="too large"):
        EXPRESSION_NAMES["heads_not_split"](np.ones((100, 100)), 10**6)
