"""A typed text as tokens, within the limits of a request."""

from collections.abc import Sequence

from app.attention import split
from app.core.i18n import mark
from app.core.limits import MAX_TOKEN, MAX_TOKENS
from app.demos.problems import refuse


def token_list(field: str, text: str) -> list[str]:
    """The tokens of a text; refuses too many and too long ones instead of cutting them."""
    tokens = split(text)
    refuse_many(field, tokens)
    for token in tokens:
        if len(token) > MAX_TOKEN:
            refuse(
                field,
                "token-too-long",
                mark("a token of {length} characters; {limit} are allowed"),
                length=len(token),
                limit=MAX_TOKEN,
            )
    return tokens


def refuse_many(field: str, tokens: Sequence[str]) -> None:
    """Refuse more tokens than a request may have."""
    if len(tokens) > MAX_TOKENS:
        text = mark("{count} tokens; {limit} are allowed")
        refuse(field, "too-many-tokens", text, count=len(tokens), limit=MAX_TOKENS)
