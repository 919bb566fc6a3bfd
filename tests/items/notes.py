"""The expressions of the notes for the bank with their variables; run as a module it counts what became of them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypedDict

import numpy as np
import yaml
from numpy.typing import NDArray

from app.attention import softmax
from app.items.expression import Dialect, Given, Value, evaluate, parse

DRAWS = 5


class Entry(TypedDict, total=False):
    item: str
    dialect: str
    values: dict[str, object]
    variables: dict[str, object]
    expression: str
    was: str
    equals: float
    within: float
    accept: list[str]
    reject: list[str]
    added: list[str]
    dropped: list[str]
    corrected: bool


ENTRIES: list[Entry] = yaml.safe_load(Path(__file__).with_name("notes_expressions.yaml").read_text("utf8"))
NUMERIC = [entry for entry in ENTRIES if "expression" in entry]
FORMULAS = [entry for entry in ENTRIES if "accept" in entry]


def name(entry: Entry) -> str:
    return entry["item"]


def given(entry: Entry) -> dict[str, Given]:
    """The values of a numeric item; those in words are expressions themselves."""
    return {key: computed(value) if isinstance(value, str) else value for key, value in entry["values"].items()}


def computed(text: str, values: Mapping[str, Given] | None = None, dialect: Dialect = Dialect.AUTHOR) -> Value:
    return evaluate(parse(text, dialect, known=values or {}), values or {})


def drawn(entry: Entry, seed: int) -> dict[str, Given]:
    """Random variables of a formula item."""
    stream = np.random.default_rng(seed)
    return {key: _variable(kind, stream) for key, kind in entry["variables"].items()}


def same(a: Value, b: Value) -> bool:
    """Equal shapes and numbers; NaN equals nothing."""
    return np.shape(a) == np.shape(b) and np.allclose(np.asarray(a, float), np.asarray(b, float), rtol=1e-6, atol=1e-9)


def _variable(kind: object, stream: np.random.Generator) -> Given:
    if not isinstance(kind, dict):
        return kind  # a number
    what, size = next(iter(kind.items()))
    n = kind.get("width", size)
    made: dict[str, Callable[[], Given]] = {
        "normal": lambda: stream.standard_normal(size) if size else float(stream.standard_normal()),
        "causal": lambda: np.tril(np.ones((n, n), bool)),
        "pos": lambda: np.exp(stream.standard_normal(n)),
        "perm": lambda: np.eye(n)[[2, 0, 3, 1, 4]],
        "row": lambda: np.arange(n)[:, None] * np.ones((1, n)),
        "col": lambda: np.arange(n)[None, :] * np.ones((n, 1)),
        "function": lambda: _function(size, n, stream),
    }
    return made[what]()


def _function(what: str, width: int, stream: np.random.Generator) -> Callable[[NDArray[np.float64]], object]:
    if what == "elu + 1":
        return lambda x: np.where(x > 0, x + 1, np.exp(np.minimum(x, 0)))
    a, b, c = (stream.standard_normal((width, width)) for _ in range(3))
    if what == "feed-forward":
        return lambda x: np.maximum(0, x @ a) @ b
    return lambda x: softmax((x @ a) @ (x @ b).T / np.sqrt(width)) @ (x @ c)


def main() -> None:
    """Every expression is run, and what the corrections and the rewriting changed is counted."""
    texts = rewritten = 0
    for entry in NUMERIC:
        for text in (entry["expression"], *entry.get("reject", [])):
            computed(text, given(entry))
            texts += 1
        rewritten += "was" in entry
    refused = 0
    for entry in FORMULAS:
        for text in (*entry["accept"], *entry["reject"]):
            texts += 1
            try:
                computed(text, drawn(entry, 0), Dialect.LEARNER)
            except ValueError as error:
                refused += 1
                print(f"{entry['item']}  {text}: {error}")
    added = sum(len(entry.get("added", [])) for entry in ENTRIES)
    dropped = sum(len(entry.get("dropped", [])) for entry in ENTRIES)
    print(f"{len(ENTRIES)} items, {texts} expressions: {texts - rewritten} as written, {rewritten} rewritten")
    print(
        f"the corrections added {added} and dropped {dropped}; {refused} wrong formulas end in an error, as they should"
    )


if __name__ == "__main__":
    main()
