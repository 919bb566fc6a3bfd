"""What may be asked of POST /api/v1/attention, and the case of the library it stands for."""

from typing import Annotated, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from app.attention.case import Case, Nested
from app.attention.errors import WORDS
from app.core.errors import Invalid, Wrong
from app.core.i18n import mark
from app.core.limits import MAX_BATCH, MAX_EMBED, MAX_HEADS, MAX_MAGNITUDE, MAX_TEXT, MAX_TOKEN, MAX_TOKENS
from app.demos.problems import refuse
from app.demos.tensors import Floats, mask, tensor
from app.demos.tokens import refuse_many, token_list

Stage = Literal["products", "scores", "capped", "biased", "attn_weights", "attn_output", "present", "inputs", "code"]
Tensor = Annotated[
    object,
    WithJsonSchema(
        {"type": "array", "items": {}, "description": "numbers nested 3 deep [B, L, H*D] or 4 [B, H, L, D]"}
    ),
]
MaskTensor = Annotated[
    object,
    WithJsonSchema(
        {
            "type": "array",
            "items": {},
            "description": "booleans (true = may attend) or numbers to add (null = -infinity), nested 1 to 4 deep",
        }
    ),
]
Tokens = str | list[str]


class AttentionRequest(BaseModel):
    """Tokens, or raw query, key and value; everything else has a default."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    tokens: Tokens | None = Field(None, description="a text to be cut into tokens, or a list taken as it is")
    memory_tokens: Tokens | None = Field(None, description="keys and values come from these: cross-attention")
    query: Tensor = None
    key: Tensor = None
    value: Tensor = None
    num_heads: int | None = Field(None, ge=1, le=MAX_HEADS)
    kv_num_heads: int | None = Field(None, ge=1, le=MAX_HEADS)
    embed_dim: int = Field(32, ge=4, le=MAX_EMBED, description="width of the constructed token vectors")
    scale: float | None = Field(None, ge=-MAX_MAGNITUDE, le=MAX_MAGNITUDE, description="default 1/sqrt(d_k)")
    softcap: float = Field(0.0, ge=0, le=MAX_MAGNITUDE, description="0 = off")
    is_causal: bool = False
    attn_mask: MaskTensor = None
    key_padding_mask: MaskTensor = Field(None, description="[B, S], true = padding, not to be seen")
    past_key: Tensor = None
    past_value: Tensor = None
    nonpad_kv_seqlen: list[int] | None = Field(None, min_length=1, max_length=MAX_BATCH)
    left_window_size: int = Field(-1, ge=-1, le=10_000)
    right_window_size: int = Field(-1, ge=-1, le=10_000)
    position: Literal["none", "sinusoidal", "rope", "alibi"] = "none"
    include: list[Stage] = Field(default_factory=list, max_length=8, description="stages beside the weights")
    decimals: int | None = Field(4, ge=0, le=17, description="null = full precision")


def case_of(asked: AttentionRequest) -> Case:
    """The case this request stands for; raises Invalid with pointers."""
    raw = [name for name in ("query", "key", "value") if getattr(asked, name) is not None]
    if (asked.tokens is None) == (not raw) or (raw and len(raw) < 3):
        refuse("tokens", "case", mark("give either tokens, or all of query, key and value"))
    if raw and asked.memory_tokens is not None:
        refuse("memory_tokens", "case", mark("give either tokens, or all of query, key and value"))
    tensors = {name: _tensor(asked, name) for name in ("query", "key", "value", "past_key", "past_value")}
    return Case(
        tokens=_tokens("tokens", asked.tokens),
        memory_tokens=_tokens("memory_tokens", asked.memory_tokens),
        width=asked.embed_dim,
        num_heads=asked.num_heads or 1,
        kv_num_heads=asked.kv_num_heads,
        position=asked.position,
        scale=asked.scale,
        softcap=asked.softcap,
        is_causal=asked.is_causal,
        attn_mask=_mask(asked, "attn_mask", (1, 2, 3, 4)),
        key_padding_mask=_mask(asked, "key_padding_mask", (2,)),
        nonpad_kv_seqlen=asked.nonpad_kv_seqlen,
        left_window_size=asked.left_window_size,
        right_window_size=asked.right_window_size,
        **tensors,
    )


def _tokens(name: str, given: Tokens | None) -> list[str] | None:
    if given is None:
        return None
    if isinstance(given, str):
        if len(given) > MAX_TEXT:
            refuse(name, "string-too-long", mark("may have {max_length} characters at most"), max_length=MAX_TEXT)
        tokens = token_list(name, given)
    else:
        tokens = given
    if not tokens:
        refuse(name, "empty", mark("type at least one word"))
    refuse_many(name, tokens)
    for index, token in enumerate(tokens):
        if not 1 <= len(token) <= MAX_TOKEN:
            text = mark("a token of {length} characters; {limit} are allowed")
            raise Invalid(
                wrongs=[Wrong(f"/{name}/{index}", "token-length", text, {"length": len(token), "limit": MAX_TOKEN})]
            )
    return tokens


def _tensor(asked: AttentionRequest, name: str) -> Nested:
    nested = getattr(asked, name)
    if nested is None:
        return None
    array = tensor(name, nested, (4,) if name.startswith("past") else (3, 4))
    _refuse_large(name, array, asked)
    return cast(Nested, nested)


def _refuse_large(name: str, array: Floats, asked: AttentionRequest) -> None:
    four = array.ndim == 4
    length, width = array.shape[2 if four else 1], array.shape[-1]
    heads = array.shape[1] if four else 1
    for what, value, limit in (
        ("batch", array.shape[0], MAX_BATCH),
        ("heads", heads, MAX_HEADS),
        ("length", length, MAX_TOKENS),
        ("width of all heads", width * heads, MAX_EMBED),
    ):
        if value > limit:
            text = mark("its {what} is {value}; {limit} is the most")
            refuse(name, "too-large", text, what=what, value=value, limit=limit)
    given = asked.num_heads if name == "query" else asked.kv_num_heads
    if four and given is not None and name in ("query", "key", "value") and given != heads:
        field = "num_heads" if name == "query" else "kv_num_heads"
        refuse(field, "heads-mismatch", WORDS["heads-mismatch"], name=field, heads=given, actual=heads)
    if not four and asked.num_heads is None:
        refuse("num_heads", "missing", mark("is needed when query, key and value are nested 3 deep"))


def _mask(asked: AttentionRequest, name: str, ranks: tuple[int, ...]) -> Nested:
    nested = getattr(asked, name)
    if nested is None:
        return None
    found = mask(name, nested, ranks)
    if name == "key_padding_mask" and found.dtype != bool:
        refuse(name, "bool-type", mark("must be true or false"))
    return cast(Nested, nested)
