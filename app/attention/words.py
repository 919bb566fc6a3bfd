"""Constructed word vectors: text to tokens to rows of +1 and -1 by SHA-256, on every machine the same."""

import hashlib
import math
import re
import unicodedata
from collections.abc import Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from .errors import AttentionError

Float64Array = NDArray[np.float64]

# Ideographs and kana, which are written without spaces: each one is a token.
_CJK = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_SPECIAL = re.compile(r"(\[[A-Z]+\])")  # [CLS], [SEP], [MASK] stay whole


def split(text: str) -> list[str]:
    """Tokens in NFC as typed: cut at white space, each CJK character alone, punctuation alone.

    Punctuation inside a word stays ("don't", "3.14"); a repeated mark is one token ("..."), and so is a name
    in brackets ("[MASK]").
    """
    pieces = unicodedata.normalize("NFC", text).split()
    parts = [part for piece in pieces for part in _SPECIAL.split(piece) if part]
    return [token for part in parts for token in ([part] if _SPECIAL.fullmatch(part) else _cut(part))]


def folded(token: str) -> str:
    """The identity of a token: spellings that differ in case or in Unicode form share one vector."""
    return unicodedata.normalize("NFKC", token).casefold()


def vectors(tokens: Sequence[str], width: int) -> Float64Array:  # -> [n, width]
    """Entries exactly +1 or -1, the bits of SHA-256 of the folded token.

    The dot product of equal tokens is `width`; of different ones a whole number, about N(0, width). Meaning
    has no part in it: these vectors know only whether two tokens are the same.
    """
    if width < 1:
        raise AttentionError("not-positive", "embed_dim", name="embed_dim", value=width)
    return np.array([_signs(folded(token), width) for token in tokens], dtype=np.float64).reshape(-1, width)


def projections(  # -> [width, width], [width, Hkv*D], [width, Hkv*D] with D = width / num_heads
    width: int, num_heads: int, kv_num_heads: int | None = None
) -> tuple[Float64Array, Float64Array, Float64Array]:
    """W_Q, W_K and W_V by hand: each column picks one feature, with a sign, so X W holds only +1 and -1.

    W_K and W_V are the first Hkv*D columns of two signed permutations. Query head h copies the columns of the
    key head it reads, h // (H/Hkv), but every fourth column is drawn anew: those columns trade features in a
    circle, with new signs. Three quarters of a self-match remain, so a token recognises itself, and yet Q K^T
    is not symmetric. In a group of query heads the redrawn columns start one place apart, so heads differ.
    With Hkv = H, W_Q is a signed permutation too; with fewer, it uses the Hkv*D features of the keys only.

    A head of 4 to 7 features may have a single fourth column, which trades with the next one (with 4, half
    of the self-match remains). A head of fewer than 4 features is not redrawn: its query equals its key, and
    its scores are symmetric.
    """
    kv_heads = num_heads if kv_num_heads is None else kv_num_heads
    size = _head_size(width, num_heads, kv_heads)
    group = num_heads // kv_heads
    keys, values = (_signed_permutation(name, width)[:, : kv_heads * size] for name in ("K", "V"))
    heads = [
        _redrawn(keys[:, h // group * size :][:, :size], f"Q|{h}", first=(3 - h % group) % 4) for h in range(num_heads)
    ]
    return np.concatenate(heads, axis=1), keys, values


def _cut(part: str) -> list[str]:
    classes: list[str] = []
    for i, char in enumerate(part):
        classes.append(_class(part, i, char, classes[-1] if classes else ""))
    runs = groupby(zip(part, classes, strict=True), key=lambda pair: pair[1])
    return ["".join(char for char, _ in run) for _, run in runs]


def _class(part: str, i: int, char: str, before: str) -> str:  # neighbours of one class form a token
    category = unicodedata.category(char)
    if category[0] == "M" and before:
        return before
    if _CJK.match(char):
        return f"cjk{i}"
    inside = 0 < i < len(part) - 1 and _in_word(part[i - 1]) and _in_word(part[i + 1])
    return char if category[0] == "P" and not inside else "word"


def _in_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LNM" and not _CJK.match(char)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _signs(text: str, n: int) -> Float64Array:  # [n]
    blocks = b"".join(_digest(f"{block}|{text}") for block in range(math.ceil(n / 256)))
    bits = np.unpackbits(np.frombuffer(blocks, dtype=np.uint8))[:n]
    return 2.0 * bits.astype(np.float64) - 1.0


def _shuffled(text: str, items: Sequence[int]) -> list[int]:
    return sorted(items, key=lambda item: _digest(f"{text}|{item}"))


def _head_size(width: int, num_heads: int, kv_heads: int) -> int:
    for name, number in (("embed_dim", width), ("num_heads", num_heads), ("kv_num_heads", kv_heads)):
        if number < 1:
            raise AttentionError("not-positive", name, name=name, value=number)
    if width % num_heads:
        raise AttentionError("not-divisible", "num_heads", embed_dim=width, name="num_heads", heads=num_heads)
    if num_heads % kv_heads:
        raise AttentionError("heads-not-divisible", "kv_num_heads", q_heads=num_heads, kv_heads=kv_heads)
    return width // num_heads


def _signed_permutation(name: str, n: int) -> Float64Array:  # [n, n]
    return np.eye(n)[:, _shuffled(name, range(n))] * _signs(name, n)


def _redrawn(block: Float64Array, name: str, first: int) -> Float64Array:  # [width, D] -> [width, D]
    size = block.shape[1]
    columns = list(range(first, size, 4)) if size >= 4 else []
    if len(columns) == 1:
        columns.append((first + 1) % size)
    circle = _shuffled(name, columns)
    signs = _signs(name, len(circle))
    signs[:1] = -np.prod(signs[1:])  # minus signs in odd number: else a circle of two would be symmetric
    result = block.copy()
    result[:, circle] = block[:, circle[1:] + circle[:1]] * signs
    return result
