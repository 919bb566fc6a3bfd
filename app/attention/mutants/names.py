"""Every mutant and every right computation as the one array or number that an expression can use.

Kernels give their output under their key and their weights under `<key>_weights`. Those that do without queries and
keys also start from scores that are already scaled, as `<key>_of_scores(scores, V)` and
`<key>_weights_of_scores(scores)`. A query or a row of scores with one axis counts as one row, values with one axis as
one column, and neither axis is left in the result. Whatever does not fit together raises an exception.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from app.attention.arrays import BoolArray, FloatArray

from . import choice, kernel
from .counts import attention_parameters, rows_of_a_piece, score_products, window_pairs
from .heads import cut_heads, join_heads, multi_head, project_heads, scale_by_d_model
from .kernel import Kernel, scaled_dot_product
from .linear import linear_attention
from .registry import MUTANTS, Computation, Number
from .scales import dot_spread, scale_factor

Value = FloatArray | Number
Expressible = Callable[..., Value]
MOST = 128  # entries along an axis: what an expression computes stays small

KERNELS: dict[str, Kernel] = {
    function.__name__: function
    for function in (
        kernel.no_scale,
        kernel.scale_by_d_k,
        kernel.scale_by_sqrt_n,
        kernel.scale_half_d_k,
        kernel.scale_after_softmax,
        kernel.k_not_transposed,
        kernel.softmax_over_queries,
        kernel.softmax_over_all,
        choice.no_softmax,
        choice.l2_rows,
        choice.hard_attention,
        choice.uniform_weights,
        choice.mask_ignored,
        choice.mask_after_softmax,
        choice.mask_with_zero,
        choice.mask_inverted,
    )
}
OF_SCORES = frozenset(key for key in KERNELS if "scale" not in key and key != "k_not_transposed")
OF_MASK = frozenset(key for key in KERNELS if key.startswith("mask_"))
RIGHT: tuple[Computation, ...] = (
    attention_parameters,
    cut_heads,
    dot_spread,
    join_heads,
    linear_attention,
    multi_head,
    project_heads,
    rows_of_a_piece,
    scale_factor,
    scaled_dot_product,
    score_products,
    window_pairs,
)


def of_scores(
    run: Kernel, scores: FloatArray, value: FloatArray, mask: BoolArray | None = None
) -> tuple[FloatArray, FloatArray]:  # [L, S], [S, D_v], [L, S] -> [L, S], [L, D_v]
    """A kernel on scores that are already scaled: the scores are the queries, and each key is a unit vector."""
    n_k = scores.shape[-1]
    return run(scores * np.sqrt(n_k), np.eye(n_k), value, mask)


def _expressible() -> dict[str, Expressible]:
    found: dict[str, Expressible] = {}
    for key, run in {"scaled_dot_product": scaled_dot_product, **KERNELS}.items():
        found |= _of_kernel(key, run)
        if key in OF_SCORES or run is scaled_dot_product:
            found |= _of_scores(key, run)
    for function in (*RIGHT, *(mutant.run for mutant in MUTANTS.values())):
        if function.__name__ not in found:
            found |= _of_function(function.__name__, function)
    return found


def _of_kernel(key: str, run: Kernel) -> dict[str, Expressible]:
    def output(query: ArrayLike, keys: ArrayLike, value: ArrayLike, mask: ArrayLike | None = None) -> Value:
        q, v = _small(query), _small(value)
        return _like(run(np.atleast_2d(q), _small(keys), _columns(v), _mask(mask))[1], q, v)

    def weights(query: ArrayLike, keys: ArrayLike, value: ArrayLike, mask: ArrayLike | None = None) -> Value:
        q, v = _small(query), _small(value)
        return _like(run(np.atleast_2d(q), _small(keys), _columns(v), _mask(mask))[0], q)

    return {key: output, f"{key}_weights": weights}


def _of_scores(key: str, run: Kernel) -> dict[str, Expressible]:
    def output(scores: ArrayLike, value: ArrayLike, mask: ArrayLike | None = None) -> Value:
        s, v = _small(scores), _small(value)
        return _like(of_scores(run, np.atleast_2d(s), _columns(v), _mask(mask))[1], s, v)

    def weights(scores: ArrayLike, mask: ArrayLike | None = None) -> Value:
        s = _small(scores)
        rows = np.atleast_2d(s)
        return _like(of_scores(run, rows, np.zeros((rows.shape[-1], 1)), _mask(mask))[0], s)

    return {f"{key}_of_scores": output, f"{key}_weights_of_scores": weights}


def _of_function(key: str, function: Computation) -> dict[str, Expressible]:
    """Of weights and an output, the output has the key; a count of whole numbers stays exact."""

    def run(*given: ArrayLike) -> Value:
        result = function(*map(_argument, given))
        return _value(result[1] if isinstance(result, tuple) else result)

    def weights(*given: ArrayLike) -> Value:
        result = function(*map(_argument, given))
        return _value(result[0] if isinstance(result, tuple) else result)

    pair = function in (multi_head, scale_by_d_model)
    return {key: run, f"{key}_weights": weights} if pair else {key: run}


def _argument(given: ArrayLike) -> Value:
    return given if isinstance(given, int | float) else _small(given)


def _small(given: ArrayLike) -> FloatArray:
    array = np.asarray(given, dtype=np.float64)
    if max(array.shape, default=0) > MOST:
        raise ValueError(f"an array of shape {array.shape}; {MOST} entries along an axis are the most")
    return array


def _mask(given: ArrayLike | None) -> BoolArray | None:
    return None if given is None else _small(given) != 0


def _columns(value: FloatArray) -> FloatArray:
    return value[:, None] if value.ndim == 1 else value


def _like(result: FloatArray, rows: FloatArray, columns: FloatArray | None = None) -> Value:
    """The result without the axes that were added to `rows` and to `columns`."""
    if columns is not None and columns.ndim == 1:
        result = result[..., 0]
    return _value(result[0] if rows.ndim == 1 else result)


def _value(result: FloatArray | Number) -> Value:
    if isinstance(result, int | float):
        return result
    if result.size > MOST**3:
        raise ValueError(f"a result of shape {result.shape} is too large")
    return float(result) if result.ndim == 0 else result


EXPRESSION_NAMES: dict[str, Expressible] = _expressible()
