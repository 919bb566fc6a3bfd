"""The library's errors as the errors of a request: which field, which code, which words."""

from typing import NoReturn

from app.attention import AttentionError
from app.core.errors import Invalid, Wrong


def refuse(field: str, code: str, text: str, **numbers: object) -> NoReturn:
    """Refuse one field of a request."""
    raise Invalid(wrongs=[Wrong(f"/{field}", code, text, numbers)])


_FIELDS = {"q_num_heads": "num_heads", "width": "embed_dim", "x": "position"}


def of_library(error: AttentionError) -> Invalid:
    """A library error, told of the request's own field."""
    field = _FIELDS.get(error.field, error.field)
    return Invalid(wrongs=[Wrong(f"/{field}", error.code, error.template, dict(error.numbers))])
