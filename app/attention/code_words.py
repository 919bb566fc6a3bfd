"""The part of a written-out case that turns tokens into the heads of query, key and value."""

from collections.abc import Sequence

from .case import Case
from .dialects import Dialect, literal

_VECTORS = """
def digest(text):
    return hashlib.sha256(text.encode()).digest()


def signs(text, n):  # n bits of SHA-256 as +1 and -1
    blocks = b"".join(digest(f"{{block}}|{{text}}") for block in range(-(-n // 256)))
    bits = {bits}
    return 2.0 * bits[:n] - 1


def vectors(tokens):
    return {xp}.stack([signs(unicodedata.normalize("NFKC", token).casefold(), width) for token in tokens])


def shuffled(text, items):
    return sorted(items, key=lambda item: digest(f"{{text}}|{{item}}"))


def signed_permutation(name, n):
    return {eye}[:, shuffled(name, range(n))] * signs(name, n)

"""

_QUERY_HEAD = """
def query_head(h):  # the columns of its key head, but every fourth one drawn anew
    start = h // group * size
    block = W_K[:, start : start + size].{copy}()
    columns = list(range((3 - h % group) % 4, size, 4)){neighbour}
    circle = shuffled(f"Q|{{h}}", columns)
    flips = signs(f"Q|{{h}}", len(circle))
    flips[0] = -flips[1:].prod()
    block[:, circle] = block[:, circle[1:] + circle[:1]] * flips
    return block

"""

_NEIGHBOUR = """
    if len(columns) == 1:
        columns.append((columns[0] + 1) % size)"""

_KEY_HEAD = """
def query_head(h):  # too narrow to draw anew: the columns of its key head
    return W_K[:, h // group * size :][:, :size]

"""

_SINUSOIDS = """
def sinusoids(start, n):
    periods = [10000 ** (2 * i / width) for i in range((width + 1) // 2)]
    angles = [[position / period for period in periods] for position in range(start, start + n)]
    angles = {angles}
    return {xp}.stack([{xp}.sin(angles), {xp}.cos(angles)], -1).reshape(n, -1)[:, :width]

"""

_ROTATE = """
def rotate(x, start):  # pairs (i, i + size / 2) turn with the position
    periods = [10000 ** (2 * i / size) for i in range(size // 2)]
    angles = [[position / period for period in periods] for position in range(start, start + x.shape[2])]
    cos, sin = {xp}.cos({angles}), {xp}.sin({angles})
    a, b = x[..., : size // 2], x[..., size // 2 :]
    return {turned}

"""


def tokens_to_heads(case: Case, tokens: Sequence[str], past: int, to: Dialect) -> list[str]:
    crossed = case.memory_tokens is not None
    heads = case.num_heads
    kv_heads = heads if case.kv_num_heads is None else case.kv_num_heads
    lines = [f"tokens = {literal(list(tokens), to)}"]
    if case.memory_tokens is not None:
        lines.append(f"memory_tokens = {literal(list(case.memory_tokens), to)}")
    return [
        *lines,
        f"width, heads, kv_heads = {case.width}, {heads}, {kv_heads}",
        "size, group = width // heads, heads // kv_heads",
        "",
        *_VECTORS.format(bits=to.bits, xp=to.xp, eye=to.eye).splitlines(),
        *_position_functions(case, to),
        "",
        *(f'W_{x} = signed_permutation("{x}", width)[:, : kv_heads * size]' for x in "KV"),
        "",
        *_query_head(case, to),
        "",
        f"W_Q = {to.join.format('query_head(h) for h in range(heads)', 1)}",
        *_vectors(case, past, to),
        "q = (x @ W_Q).reshape(1, len(x), heads, size).swapaxes(1, 2)",
        *_keys_and_values("m" if crossed else "x"),
        *_rotations(case, past),
    ]


def _position_functions(case: Case, to: Dialect) -> list[str]:
    angles = to.floats.format("angles")
    if case.position == "sinusoidal":
        return ["", *_SINUSOIDS.format(xp=to.xp, angles=angles).splitlines()[1:]]
    if case.position == "rope":
        turned = to.join.format("a * cos - b * sin, a * sin + b * cos", -1)
        return ["", *_ROTATE.format(xp=to.xp, angles=angles, turned=turned).splitlines()[1:]]
    return []


def _query_head(case: Case, to: Dialect) -> list[str]:
    size = case.width // case.num_heads
    neighbour = _NEIGHBOUR if size < 8 else ""
    text = _KEY_HEAD if size < 4 else _QUERY_HEAD.format(copy=to.copy, neighbour=neighbour)
    return text.splitlines()


def _vectors(case: Case, past: int, to: Dialect) -> list[str]:
    if case.position != "sinusoidal":
        memory = [] if case.memory_tokens is None else ["m = vectors(memory_tokens)"]
        return ["x = vectors(tokens)", *memory]
    lines = [f"x = vectors(tokens) + sinusoids({past}, len(tokens))"]
    if case.memory_tokens is not None:
        lines.append("m = vectors(memory_tokens) + sinusoids(0, len(memory_tokens))")
    return lines


def _keys_and_values(source: str) -> list[str]:
    shape = f"(1, len({source}), kv_heads, size)"
    return [f"{x} = ({source} @ W_{x.upper()}).reshape{shape}.swapaxes(1, 2)" for x in "kv"]


def _rotations(case: Case, past: int) -> list[str]:
    if case.position != "rope":
        return []
    return [f"q = rotate(q, {past})", f"k = rotate(k, {past if case.memory_tokens is None else 0})"]
