"""The few words in which a program for NumPy differs from one for PyTorch."""

from collections.abc import Sequence
from dataclasses import dataclass

from .case import Nested

_LINE = 80  # a longer list takes one line for each of its items


@dataclass(frozen=True)
class Dialect:
    xp: str  # the name of the package in the program
    imports: tuple[str, ...]
    floats: str  # how an array of float64 is made of {0}, and one of booleans
    booleans: str
    eye: str
    bits: str
    copy: str
    join: str
    repeat: str
    softmax: tuple[str, ...]
    softmax_with_empty_rows: tuple[str, ...]


NUMPY = Dialect(
    xp="np",
    imports=("import numpy as np",),
    floats="np.array({0}, dtype=float)",
    booleans="np.array({0})",
    eye="np.eye(n)",
    bits="np.unpackbits(np.frombuffer(blocks, np.uint8))",
    copy="copy",
    join="np.concatenate([{0}], {1})",
    repeat="np.repeat({0}, {1}, axis=1)",
    softmax=(
        "powers = np.exp(scores - scores.max(axis=-1, keepdims=True))",
        "weights = powers / powers.sum(axis=-1, keepdims=True)",
    ),
    softmax_with_empty_rows=(
        "top = scores.max(axis=-1, keepdims=True)",
        "powers = np.exp(scores - np.where(np.isneginf(top), 0, top))",
        "total = powers.sum(axis=-1, keepdims=True)",
        "weights = powers / np.where(total == 0, 1, total)  # a query without any key: zeros",
    ),
)

PYTORCH = Dialect(
    xp="torch",
    imports=("import torch", "import torch.nn.functional as F"),
    floats="torch.tensor({0}, dtype=torch.float64)",
    booleans="torch.tensor({0})",
    eye="torch.eye(n, dtype=torch.float64)",
    bits="torch.tensor([byte >> i & 1 for byte in blocks for i in range(7, -1, -1)]).double()",
    copy="clone",
    join="torch.cat([{0}], {1})",
    repeat="{0}.repeat_interleave({1}, dim=1)",
    softmax=("weights = torch.softmax(scores, dim=-1)",),
    softmax_with_empty_rows=("weights = torch.softmax(scores, dim=-1).nan_to_num()  # a query without any key: zeros",),
)


def literal(nested: "Nested | str | Sequence[str]", to: Dialect, indent: int = 0) -> str:
    """Source text of a nested list; None and minus infinity both become the package's -inf."""
    if not isinstance(nested, list | tuple):
        return f"-{to.xp}.inf" if nested is None or nested == -float("inf") else repr(nested)
    flat = "[" + ", ".join(literal(item, to, -_LINE) for item in nested) + "]"
    if indent + len(flat) <= _LINE or not any(isinstance(item, list | tuple) for item in nested):
        return flat
    inner = indent + 4
    items = "".join(f"{' ' * inner}{literal(item, to, inner)},\n" for item in nested)
    return f"[\n{items}{' ' * indent}]"
