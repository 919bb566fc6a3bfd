"""Expressions that want to do harm: a seeded generator, and a run that prints how long and how large they got.

`python -m tests.items.hostile` runs 10,000 of them and prints the slowest time and the memory used.
"""

import gc
import random
import resource
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np

from app.items.expression import Dialect, ExpressionError, Given, evaluate, parse

SEEDS = [
    line.encode("latin-1", "backslashreplace").decode("unicode_escape") if "\\" in line else line
    for line in Path(__file__).with_name("hostile_expressions.txt").read_text("utf8").splitlines()
]
LEAVES = [
    "Q",
    "K",
    "V",
    "M",
    "B",
    "x",
    "n",
    "d",
    "2",
    "0",
    "-1",
    "10**9",
    "9**9",
    "2**255",
    "1e308",
    "inf",
    "None",
    "...",
    "phi(Q)",
]
CALLS = (
    "softmax exp log sqrt sum max mean abs ones eye arange tril array ln outer sort norm diag len range int round"
    " entropy causal phi where concat reshape no_scale attention weights split_heads cumsum prod isclose"
).split()
JOINS = [
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "**",
    "@",
    "<",
    "==",
    "&",
    "|",
    " and ",
    " if Q.ndim else ",
    ",",
    "<<",
    ":=",
    " ",
]
DEEP: list[Callable[[str, int], str]] = [
    lambda one, n: "(" * n + one + ")" * n,
    lambda one, n: "[" * n + one + "]" * n,
    lambda one, n: "-" * n + one,
    lambda one, n: "not " * n + one,
    lambda one, n: "exp(" * n + one + ")" * n,
    lambda one, n: one + "[0]" * n,
    lambda one, n: one + ".T" * n,
    lambda one, n: "<".join([one] * n),
    lambda one, n: "**".join([one] * n),
    lambda one, n: "@".join([one] * n),
    lambda one, n: "+".join([one] * n),
    lambda one, n: ",".join([one] * n),
    lambda one, n: one + "(" * n,
    lambda one, n: one + "[" * n,
    lambda one, n: f"{one} if {one} else " * n + one,
    lambda one, n: "[" + one + "".join(f" for i{k} in arange(9)" for k in range(n)) + "]",
    lambda one, n: "softmax(*" + one + "[0]" * n + ")",
    lambda one, n: "(" + one + ".T" * n + ")(3)",
    lambda one, n: "[i for x" + "[0]" * n + " in " + one + "]",
    lambda one, n: "9" * n,
    lambda one, n: "a" * n,
    lambda one, n: one + "²" * n,
]


def expressions(seed: int, count: int) -> Iterator[str]:
    """First the seeds as they are, then what grows from them."""
    draw = random.Random(seed)
    yield from SEEDS[:count]
    for _ in range(count - len(SEEDS)):
        yield draw.choice([_grown, _grown, _mutated, _combined, _deep])(draw)


def values() -> Mapping[str, Given]:
    draw = np.random.default_rng(5)
    return {
        "Q": draw.standard_normal((5, 4)), "K": draw.standard_normal((7, 4)), "V": draw.standard_normal((7, 3)),
        "B": draw.standard_normal((300, 300)), "M": np.tril(np.ones((5, 7), bool)), "x": np.arange(90_000),
        "n": 5, "d": 4, "y": 0.5, "phi": lambda x: np.maximum(x, 0) + 1,
    }  # fmt: skip


def outcome(text: str, dialect: Dialect, given: Mapping[str, Given]) -> str:
    """ "refused", "failed" or "value"; anything else than these three is raised."""
    try:
        expression = parse(text, dialect, known=given)
    except ExpressionError as error:
        assert str(error) and error.code
        return "refused"
    try:
        value = evaluate(expression, given)
    except ExpressionError as error:
        assert str(error) and error.code
        return "failed"
    array = np.asarray(value) if not isinstance(value, int) else np.zeros(())
    assert array.dtype.kind in "bif" and array.size <= 100_000, (text, array.dtype, array.shape)
    return "value"


def _grown(draw: random.Random, depth: int = 3) -> str:
    """An expression that the grammar makes, most of which parse."""
    if not depth or draw.random() < 0.15:
        return draw.choice(LEAVES)
    one, two = _grown(draw, depth - 1), _grown(draw, depth - 1)
    return draw.choice(
        [
            f"({one}{draw.choice(JOINS[:8])}{two})", f"{draw.choice(CALLS)}({one})",
            f"{draw.choice(CALLS)}({one},{two})",
            f"{one}[{two}]", f"{one}[:,None]{draw.choice(JOINS)}{two}", f"({one}).T", f"({one}).sum(axis={two})",
            f"[{one} for i in {two}]", f"({one}).reshape({two},-1)", f"[{one},{two}]", f"({one} if {two} else {one})",
            f"{one}{draw.choice(JOINS)}{two}", f"concat([{one},{two}])", f"where({one},{two},{one})", f"({one},{two})",
        ]
    )  # fmt: skip


def _mutated(draw: random.Random) -> str:
    text = list(draw.choice(SEEDS))
    for _ in range(draw.randint(1, 3)):
        at = draw.randrange(len(text) + 1)
        text[at : at + draw.randint(0, 2)] = draw.choice(
            ["(", ")", "[", "]", ".", ",", "*", "@", "9", "Q", "\0", "é", "_"]
        )
    return "".join(text)


def _combined(draw: random.Random) -> str:
    return f"({draw.choice(SEEDS)}){draw.choice(JOINS)}({draw.choice(SEEDS)})"


def _deep(draw: random.Random) -> str:
    return draw.choice(DEEP)(
        draw.choice([*SEEDS, *LEAVES]), draw.choice([2, 3, 5, 9, 25, 60, 130, 399, 640, 950, 1200, 5000])
    )


def main(count: int = 10_000) -> None:
    given = values()
    list(map(lambda text: outcome(text, Dialect.AUTHOR, given), ["Q@K.T", "exp(B)"]))  # NumPy warms up
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for dialect in Dialect:
        times: list[tuple[float, str]] = []
        outcomes: Counter[str] = Counter()
        wall = 0.0
        for text in expressions(7, count):
            start, clock = time.process_time(), time.perf_counter()
            outcomes[outcome(text, dialect, given)] += 1
            spent = 1000 * (time.process_time() - start)
            times.append((spent, text))
            wall = max(wall, 1000 * (time.perf_counter() - clock))
        times.sort(reverse=True)
        print(f"{dialect.value}: {count} expressions, {dict(outcomes)}")
        print(f"   slowest: {times[0][0]:.1f} ms of processor time; {wall:.1f} ms by the clock")
        for spent, text in times[:5]:
            print(f"   {spent:6.1f} ms  {text[:100]}")
    print(f"resident memory grew by {(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024:.0f} MiB")
    gc.collect()
    tracemalloc.start()
    for text in expressions(7, count // 5):
        outcome(text, Dialect.AUTHOR, given)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    print(f"peak of all allocations, the last {count // 5} under tracemalloc: {peak:.1f} MiB")


if __name__ == "__main__":
    main()
