"""A case written out as a short program, for NumPy or for PyTorch, that prints the weights it computes."""

import numpy as np

from .case import Case, Nested, array, compute, mask_array
from .code_words import tokens_to_heads
from .dense import Attention
from .dialects import NUMPY, PYTORCH, Dialect, literal


def numpy_code(case: Case) -> str:
    """A complete program; its last line prints the weights [B, H, L, S] as a nested JSON list."""
    return _program(case, NUMPY)


def pytorch_code(case: Case) -> str:
    """The same for PyTorch, in float64."""
    return _program(case, PYTORCH)


def _program(case: Case, to: Dialect) -> str:
    result = compute(case)
    lines = [
        *_imports(case, result, to),
        "",
        *(_arrays(case, to) if case.tokens is None else tokens_to_heads(case, case.tokens, _past(case), to)),
        *_past_and_groups(case, result, to),
        "",
        *_scores(case, result, to),
        *_limits(case, result, to),
        *_masks(case, result, to),
        *(to.softmax if _every_query_sees_a_key(result) else to.softmax_with_empty_rows),
        "output = weights @ v",
        *_one_call(case, result, to),
        "print(json.dumps(weights.tolist()))",
    ]
    return "\n".join(lines) + "\n"


def _imports(case: Case, result: Attention, to: Dialect) -> list[str]:
    extra = case.tokens is not None
    needed = ["import hashlib", "import json", "import unicodedata"] if extra else ["import json"]
    fused = _one_call_arguments(case, result) is not None
    third = [line for line in to.imports if fused or not line.endswith("as F")]
    return [*needed, "", *third]


def _arrays(case: Case, to: Dialect) -> list[str]:
    named = (("q", case.query), ("k", case.key), ("v", case.value))
    lines = [_assign(name, nested, to) for name, nested in named]
    if np.ndim(np.array(case.query)) == 3:
        kv_heads = case.num_heads if case.kv_num_heads is None else case.kv_num_heads
        lines += [f"q = {_split('q', case.num_heads)}", *(f"{x} = {_split(x, kv_heads)}" for x in "kv")]
    return lines


def _split(name: str, heads: int) -> str:  # [B, L, H*D] -> [B, H, L, D]
    return f"{name}.reshape(*{name}.shape[:2], {heads}, -1).swapaxes(1, 2)"


def _past_and_groups(case: Case, result: Attention, to: Dialect) -> list[str]:
    lines = []
    for name, past, nested in (("k", "past_key", case.past_key), ("v", "past_value", case.past_value)):
        if nested is not None:
            lines += [_assign(past, nested, to), f"{name} = {to.join.format(f'{past}, {name}', 2)}"]
    group = result.weights.shape[1] // result.present_key.shape[1]
    if group > 1:
        lines += [f"{x} = {to.repeat.format(x, group)}" for x in "kv"]
    return lines


def _scores(case: Case, result: Attention, to: Dialect) -> list[str]:
    size = result.present_key.shape[-1]
    factor = f"/ {size} ** 0.5" if case.scale is None else f"* {float(case.scale)!r}"
    lines = [f"scores = q @ k.swapaxes(-1, -2) {factor}"]
    if case.softcap:
        lines.append(f"scores = {case.softcap!r} * {to.xp}.tanh(scores / {case.softcap!r})")
    return lines


def _limits(case: Case, result: Attention, to: Dialect) -> list[str]:
    """Causality, windows and lengths, all told by how far a key lies before the query."""
    n_q, n_k = result.weights.shape[2:]
    left, right, lengths = case.left_window_size, case.right_window_size, case.nonpad_kv_seqlen
    lines = []
    if lengths is not None:
        lines.append(f"lengths = {to.floats.format(list(lengths))}[:, None, None, None]")
    if case.is_causal or left >= 0 or right >= 0:
        start = _shift(case) if lengths is None else f"lengths - {n_q} + "
        lines.append(f"distance = {start}{to.xp}.arange({n_q})[:, None] - {to.xp}.arange({n_k})")
    tests = ["distance >= 0"] if case.is_causal else []
    tests += [f"distance <= {left}"] if left >= 0 else []
    tests += [f"distance >= {-right}"] if right >= 0 else []
    tests += [f"{to.xp}.arange({n_k}) < lengths"] if lengths is not None else []
    return [*lines, *(_keep(test, to) for test in tests)]


def _past(case: Case) -> int:
    past = array(case.past_key, "past_key")
    return 0 if past is None else past.shape[2]


def _shift(case: Case) -> str:
    return f"{_past(case)} + " if _past(case) else ""


def _masks(case: Case, result: Attention, to: Dialect) -> list[str]:
    lines = []
    if case.attn_mask is not None:
        mask = mask_array(case.attn_mask)
        boolean = mask.dtype == np.bool_
        missing = [(0, 0)] * (mask.ndim - 1) + [(0, result.weights.shape[-1] - mask.shape[-1])]
        padded = np.pad(mask, missing, constant_values=False if boolean else -np.inf).tolist()
        lines.append(_assign("attn_mask", padded, to, boolean=boolean))
        lines.append(_keep("attn_mask", to) if boolean else "scores = scores + attn_mask")
    if case.key_padding_mask is not None:
        lines.append(_assign("is_padding", case.key_padding_mask, to, boolean=True))
        lines.append(_keep("~is_padding[:, None, None, :]", to))
    if case.position == "alibi":
        lines += _alibi(case, result, to)
    return lines


def _keep(test: str, to: Dialect) -> str:
    infinity = f"-{to.xp}.inf"
    return f"scores = {to.xp}.where({test}, scores, {infinity})"


def _alibi(case: Case, result: Attention, to: Dialect) -> list[str]:
    n_q, n_k = result.weights.shape[2:]
    powers = f"[2 ** (-8 * h / {case.num_heads}) for h in range(1, {case.num_heads + 1})]"
    return [
        f"slopes = {to.floats.format(powers)}[:, None, None]",
        f"gap = {to.xp}.abs({_shift(case)}{to.xp}.arange({n_q})[:, None] - {to.xp}.arange({n_k}))",
        "scores = scores - slopes * gap",
    ]


def _every_query_sees_a_key(result: Attention) -> bool:
    return bool(result.allowed.any(axis=-1).all())


def _one_call(case: Case, result: Attention, to: Dialect) -> list[str]:
    """PyTorch's own function gives no weights; where its arguments cover the case, compare the outputs."""
    arguments = _one_call_arguments(case, result)
    if to is not PYTORCH or arguments is None:
        return []
    call = f"F.scaled_dot_product_attention({', '.join(['q', 'k', 'v', *arguments])})"
    return [f"assert torch.allclose(output, {call})"]


def _one_call_arguments(case: Case, result: Attention) -> list[str] | None:
    bounded = case.left_window_size >= 0 or case.right_window_size >= 0 or case.nonpad_kv_seqlen is not None
    own = case.softcap or case.key_padding_mask is not None or case.position == "alibi"
    shifted = case.is_causal and case.past_key is not None
    if bounded or own or shifted or not _every_query_sees_a_key(result):
        return None
    both = case.is_causal and case.attn_mask is not None
    if both or (case.attn_mask is not None and mask_array(case.attn_mask).ndim not in (2, 4)):
        return None
    arguments = ["attn_mask=attn_mask"] if case.attn_mask is not None else []
    arguments += ["is_causal=True"] if case.is_causal else []
    return [*arguments, *([] if case.scale is None else [f"scale={float(case.scale)!r}"])]


def _assign(name: str, nested: Nested, to: Dialect, *, boolean: bool = False) -> str:
    return f"{name} = {(to.booleans if boolean else to.floats).format(literal(nested, to))}"
