"""What is wrong with an argument, as a code with its numbers, so that it can be said in any language."""

# English wording by code. The {fields} are keys of `AttentionError.numbers`; a translation uses the same.
WORDS: dict[str, str] = {
    "not-divisible": "embed_dim {embed_dim} is not divisible by {name} {heads}",
    "not-positive": "{name} must be a positive integer, but got {value}",
    "rank": "{name} must have {expected} dimensions, but got {rank}",
    "rank-mismatch": "query, key and value must have the same rank, but got {query}, {key} and {value}",
    "empty": "{name} of shape {shape} has no features",
    "shape-mismatch": "{name} of shape {shape} does not match {other} {other_shape} at dimension {dim}",
    "heads-missing": "q_num_heads is needed when query, key and value have 3 dimensions",
    "heads-mismatch": "{name} is {heads}, but the array has {actual} heads",
    "heads-not-divisible": "q_num_heads {q_heads} is not a multiple of kv_num_heads {kv_heads}",
    "mask-shape": "attn_mask of shape {shape} cannot be broadcast to {expected}",
    "past-pair": "past_key and past_value must be given together, but {missing} is missing",
    "past-shape": "{name} must have shape {expected}, but got {shape}",
    "nonpad-with-past": "nonpad_kv_seqlen cannot be combined with past_key and past_value",
    "nonpad-shape": "nonpad_kv_seqlen must hold {batch} integers, one per sequence, but has shape {shape}",
    "nonpad-range": "nonpad_kv_seqlen must lie between 0 and {keys}, but got {value}",
    "window": "{name} must be -1 (no limit) or at least 0, but got {value}",
    "scale": "scale must be a finite number, but got {value}",
    "softcap": "softcap must be a finite number of at least 0, but got {value}",
    "precision": "softmax_precision must be 1, 10, 11 or 16 (float, half, double, bfloat16), but got {value}",
    "dtype": "{name} must hold floating-point numbers, but has dtype {dtype}",
    "mask-dtype": "attn_mask must hold booleans or floating-point numbers, but has dtype {dtype}",
    "dtype-mismatch": "query, key and value must have the same dtype, but got {query}, {key} and {value}",
    "past-dtype": "{name} has dtype {dtype}, but key and value have {expected}",
    "rotary-odd": "rotary positions need an even number of features, but got {features}",
    "rotary-dim": "rotary_embedding_dim must be even and at most {features}, but got {dim}",
    "rotary-cache": "{name} must have {expected} values for each position, but has {size}",
    "ragged": "the lists in {name} must have equal lengths at each level",
    "case": "give either tokens, or all of query, key and value",
    "position": "position must be none, sinusoidal, rope or alibi, but got {value}",
    "position-raw": "position {value} needs tokens: query, key and value are taken as they are",
    "padding-shape": "key_padding_mask must have shape {expected}, but got {shape}",
}


class AttentionError(ValueError):
    """An argument that does not fit: `field` names it, `code` says why, `numbers` fill the sentence."""

    def __init__(self, code: str, field: str, **numbers: int | str) -> None:
        self.code = code
        self.field = field
        self.numbers: dict[str, int | str] = numbers
        super().__init__(WORDS[code].format(**numbers))

    @property
    def template(self) -> str:
        return WORDS[self.code]

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuilt, (self.code, self.field, self.numbers)


def _rebuilt(code: str, field: str, numbers: dict[str, int | str]) -> AttentionError:
    return AttentionError(code, field, **numbers)
