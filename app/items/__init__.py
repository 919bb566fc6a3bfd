"""Item types: how an item is drawn, read, marked, asked and explained; each type is one file in `types/`."""

from app.core.registry import scan
from app.items.registry import (
    TYPES,
    AnyType,
    Asked,
    Explained,
    FormatError,
    Json,
    Reason,
    Response,
    Variant,
    Verdict,
)
from app.items.schema import ItemDocument

scan("app.items.types")

__all__ = [
    "TYPES",
    "AnyType",
    "Asked",
    "Explained",
    "FormatError",
    "ItemDocument",
    "Json",
    "Reason",
    "Response",
    "Variant",
    "Verdict",
]
