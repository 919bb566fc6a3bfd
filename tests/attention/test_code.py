"""The programs we hand out are run, in a clean process, and must print our own weights."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from app.attention import Case, compute, numpy_code, pytorch_code

ENGLISH, CHINESE = ("The", "cat", "saw", "the", "dog"), ("猫", "看", "见", '"', "{狗}\\")


def drawn(*shape: int) -> Any:
    return np.random.default_rng(sum(shape)).normal(size=shape).round(3).tolist()


def arrays(n_k: int = 3) -> dict[str, Any]:
    return {"query": drawn(1, 2, 2, 4), "key": drawn(1, 2, n_k, 4), "value": drawn(1, 2, n_k, 3)}


FLAT = {
    "query": drawn(2, 3, 8),
    "key": drawn(2, 4, 4),
    "value": drawn(2, 4, 4),
    "num_heads": 4,
    "kv_num_heads": 2,
}
PAST = {"past_key": drawn(1, 2, 2, 4), "past_value": drawn(1, 2, 2, 3)}

CASES = {
    "tokens": Case(tokens=ENGLISH),
    "many bits": Case(tokens=CHINESE, width=300, num_heads=3),
    "causal, softcap, scale": Case(tokens=ENGLISH, is_causal=True, scale=0.5, softcap=2.0),
    "cross with rope": Case(tokens=ENGLISH, memory_tokens=CHINESE, position="rope"),
    "narrow heads with sinusoids": Case(tokens=ENGLISH, position="sinusoidal", width=15, num_heads=5),
    "cross with sinusoids": Case(tokens=ENGLISH, memory_tokens=CHINESE, position="sinusoidal"),
    "groups, alibi, window": Case(
        tokens=ENGLISH, position="alibi", width=16, kv_num_heads=2, left_window_size=2, right_window_size=0
    ),
    "padding": Case(tokens=ENGLISH, key_padding_mask=[[False, True, False, False, True]]),
    "a row without keys": Case(tokens=ENGLISH, attn_mask=[[False] * 3] + [[True] * 3] * 4),
    "numbers as mask": Case(**arrays(), attn_mask=[[0, None, 1.5], [1.0, 2.0, 3.0]]),
    "numbers that hide a row": Case(**arrays(), attn_mask=[[0, None, 1.5], [None, None, None]]),
    "flat arrays with lengths": Case(**FLAT, nonpad_kv_seqlen=[2, 4], is_causal=True),
    "past": Case(**arrays(), **PAST, is_causal=True, left_window_size=3, right_window_size=1),
    "alibi to both sides": Case(tokens=ENGLISH, position="alibi"),
    "past of a memory": Case(
        tokens=ENGLISH,
        memory_tokens=CHINESE,
        position="rope",
        past_key=drawn(1, 4, 2, 8),
        past_value=drawn(1, 4, 2, 8),
    ),
    "past of tokens": Case(
        tokens=ENGLISH,
        position="rope",
        past_key=drawn(1, 4, 2, 8),
        past_value=drawn(1, 4, 2, 8),
        is_causal=True,
    ),
}


def printed(code: str) -> Any:
    """The last line that a fresh interpreter prints; a warning counts as a failure."""
    words = [sys.executable, "-I", "-X", "utf8", "-W", "error", "-c", code]
    quiet = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    run = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", env=quiet, timeout=60)
    assert (run.returncode, run.stderr) == (0, ""), run.stderr + code
    return np.array(json.loads(run.stdout.splitlines()[-1]))


@pytest.mark.parametrize("name", CASES)
def test_numpy_program_prints_our_weights(name: str) -> None:
    weights = printed(numpy_code(CASES[name]))
    assert weights.shape == compute(CASES[name]).weights.shape
    np.testing.assert_allclose(weights, compute(CASES[name]).weights, rtol=0, atol=1e-6)


@pytest.mark.oracle
def test_pytorch_programs_print_our_weights(oracle: Callable[[str], ModuleType]) -> None:
    """All in one interpreter, since loading PyTorch takes longer than everything else."""
    oracle("torch")
    programs = {name: pytorch_code(case) for name, case in CASES.items()}
    runs = "\n".join(f"exec({code!r}, {{}})" for code in programs.values())
    collected = f"import builtins, json\nlines = []\nbuiltins_print, builtins.print = print, lines.append\n{runs}\n"
    rows = printed(collected + "builtins_print(json.dumps(lines))")
    for name, row in zip(programs, rows, strict=True):
        weights = np.array(json.loads(row))
        np.testing.assert_allclose(weights, compute(CASES[name]).weights, rtol=0, atol=1e-6, err_msg=name)


def test_only_the_lines_a_case_needs() -> None:
    plain = numpy_code(Case(**arrays()))
    assert not any(word in plain for word in ("tanh", "hashlib", "where", "repeat", "arange"))
    assert len(plain.splitlines()) <= 40
    assert plain.endswith("print(json.dumps(weights.tolist()))\n")
    assert "tanh" in numpy_code(Case(**arrays(), softcap=2.0))


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("write", [numpy_code, pytorch_code])
def test_programs_fit_the_page(name: str, write: Callable[[Case], str]) -> None:
    assert max(len(line) for line in write(CASES[name]).splitlines()) <= 125
