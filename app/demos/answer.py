"""What the engine answers: weights, stages asked for, statistics, invariants, provenance, code."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field

from app.attention import effective_keys, entropy, masked_mass, normalised_entropy, row_sum_max_err
from app.attention.case import Case, compute, inputs
from app.attention.code import numpy_code, pytorch_code
from app.attention.dense import Attention
from app.core.i18n import mark
from app.core.limits import MAX_RESPONSE
from app.demos.ask import AttentionRequest
from app.demos.problems import refuse
from app.demos.shown import Beside, Shown

Nested: TypeAlias = list[Any]
_NULL = np.array(None, dtype=object)


class Stats(BaseModel):
    """Per row of weights: entropy in nats, over ln(number of keys in sight), exp(entropy), largest key."""

    entropy: Nested
    normalised_entropy: Nested
    effective_keys: Nested
    argmax: Nested


class Invariants(BaseModel):
    """What holds for any input: rows sum to 1, masked keys have weight 0, every number is finite."""

    row_sum_max_err: float
    masked_mass: float
    finite: bool


class Cost(BaseModel):
    """Multiply-adds of the two matrix products, and the bytes of the weights in float32."""

    multiply_adds: int
    weight_bytes: int


class Code(BaseModel):
    """Programs that print the same weights."""

    numpy: str
    pytorch: str


class EngineAnswer(BaseModel):
    """[H, L, S] for tokens, [B, H, L, S] for tensors; null in a score is minus infinity (see `mask`)."""

    tokens: list[str] | None = None
    memory_tokens: list[str] | None = None
    shape: list[int]
    attn_weights: Nested
    mask: Nested | None = Field(None, description="true = may attend; left out where every key may be seen")
    attn_output: Nested | None = None
    products: Nested | None = None
    scores: Nested | None = None
    capped: Nested | None = None
    biased: Nested | None = None
    query: Nested | None = None
    key: Nested | None = None
    value: Nested | None = None
    present_key: Nested | None = None
    present_value: Nested | None = None
    stats: Stats
    invariants: Invariants
    provenance: str
    cost: Cost
    code: Code | None = None


class BesideAnswer(BaseModel):
    """A named bug on the same numbers; `difference` is its weights less the right ones."""

    key: str
    attn_weights: Nested
    difference: Nested
    attn_output: Nested


class DemoAnswer(BaseModel):
    """Every demo's answer holds its tokens and weights [H, L, S], whatever the tokens are."""

    tokens: list[str]
    memory_tokens: list[str] | None = None
    shape: list[int]
    attn_weights: Nested
    attn_output: Nested
    mask: Nested | None = None
    stats: Stats
    invariants: Invariants
    provenance: str
    code: Code
    beside: BesideAnswer | None = Field(None, description="where a bug was asked for")


def engine_answer(asked: AttentionRequest, case: Case) -> EngineAnswer:
    """Compute and put into words of JSON; raises AttentionError or Invalid."""
    result = compute(case)
    drop = case.tokens is not None
    wanted = _stages(asked, case, result)
    _refuse_size(asked, result, wanted)
    plain = {name: _nested(stage[0] if drop else stage, asked.decimals) for name, stage in wanted.items()}
    weights = result.weights[0] if drop else result.weights
    allowed = np.broadcast_to(result.allowed, result.weights.shape)
    allowed = allowed[0] if drop else allowed
    return EngineAnswer(
        tokens=list(case.tokens) if case.tokens is not None else None,
        memory_tokens=list(case.memory_tokens) if case.memory_tokens is not None else None,
        shape=list(weights.shape),
        mask=None if allowed.all() else allowed.tolist(),
        stats=_stats(weights, allowed, asked.decimals),
        invariants=_invariants(weights, allowed),
        provenance="constructed" if drop else "given",
        cost=_cost(result),
        code=Code(numpy=numpy_code(case), pytorch=pytorch_code(case)) if "code" in asked.include else None,
        **plain,
    )


def demo_answer(shown: Shown) -> DemoAnswer:
    """A demo's run as JSON, in full precision."""
    allowed = np.broadcast_to(shown.allowed, shown.attn_weights.shape)
    return DemoAnswer(
        tokens=list(shown.tokens),
        memory_tokens=list(shown.memory_tokens) or None,
        shape=list(shown.attn_weights.shape),
        attn_weights=_nested(shown.attn_weights, None),
        attn_output=_nested(shown.attn_output, None),
        mask=None if allowed.all() else allowed.tolist(),
        stats=_stats(shown.attn_weights, allowed, None),
        invariants=_invariants(shown.attn_weights, allowed),
        provenance=shown.provenance,
        code=Code(numpy=shown.numpy_code, pytorch=shown.pytorch_code),
        beside=_beside(shown.beside) if shown.beside else None,
    )


def _beside(bug: Beside) -> BesideAnswer:
    return BesideAnswer(
        key=bug.key,
        attn_weights=_nested(bug.attn_weights, None),
        difference=_nested(bug.difference, None),
        attn_output=_nested(bug.attn_output, None),
    )


def _stages(asked: AttentionRequest, case: Case, result: Attention) -> dict[str, NDArray[Any]]:
    """The arrays asked for by the names they have in JSON; the weights are always among them."""
    wanted: dict[str, NDArray[Any]] = {"attn_weights": result.weights}
    for name in asked.include:
        if name == "inputs":
            wanted |= dict(zip(("query", "key", "value"), inputs(case), strict=True))
        elif name == "present":
            wanted |= {"present_key": result.present_key, "present_value": result.present_value}
        elif name == "attn_output":
            wanted["attn_output"] = _like_input(asked, result.output)
        elif name not in ("attn_weights", "code"):
            wanted[name] = getattr(result, name)
    return wanted


def _like_input(asked: AttentionRequest, output: NDArray[Any]) -> NDArray[Any]:
    """[B, H, L, D] goes back to [B, L, H*D] where three-dimensional arrays came in."""
    if isinstance(asked.query, list) and _depth(asked.query) == 3:
        batch, heads, length, size = output.shape
        return output.transpose(0, 2, 1, 3).reshape(batch, length, heads * size)
    return output


def _depth(nested: object) -> int:
    return 1 + _depth(nested[0]) if isinstance(nested, list) and nested else 0


def _refuse_size(asked: AttentionRequest, result: Attention, wanted: dict[str, NDArray[Any]]) -> None:
    each = 25 if asked.decimals is None else asked.decimals + 7
    size = each * (sum(array.size for array in wanted.values()) + 4 * result.weights[..., 0].size)
    size += 6 * result.weights.size
    if size > MAX_RESPONSE:
        text = mark("the answer would have about {size} bytes; {limit} are allowed: include less, or fewer decimals")
        refuse("include", "response-too-large", text, size=size, limit=MAX_RESPONSE)


def _nested(array: NDArray[Any], decimals: int | None) -> list[Any]:
    """Lists of numbers; what is not finite becomes null, because JSON has no infinity."""
    rounded = array if decimals is None else np.round(array, decimals) + 0.0  # no minus zero
    if np.isfinite(rounded).all():
        return list(rounded.tolist())
    return list(np.where(np.isfinite(rounded), rounded.astype(object), _NULL).tolist())


def _stats(weights: NDArray[Any], allowed: NDArray[np.bool_], decimals: int | None) -> Stats:
    return Stats(
        entropy=_nested(entropy(weights), decimals),
        normalised_entropy=_nested(normalised_entropy(weights, allowed), decimals),
        effective_keys=_nested(effective_keys(weights), decimals),
        argmax=list(np.argmax(weights, axis=-1).tolist()),
    )


def _invariants(weights: NDArray[Any], allowed: NDArray[np.bool_]) -> Invariants:
    return Invariants(
        row_sum_max_err=float(row_sum_max_err(weights)),
        masked_mass=float(masked_mass(weights, allowed)),
        finite=bool(np.isfinite(weights).all()),
    )


def _cost(result: Attention) -> Cost:
    batch, heads, n_q, n_k = result.weights.shape
    sizes = result.present_key.shape[-1] + result.present_value.shape[-1]
    return Cost(multiply_adds=batch * heads * n_q * n_k * sizes, weight_bytes=4 * result.weights.size)
