"""The item types there are; files dropped into `types/` add themselves."""

from typing import Protocol

from app.core.registry import Registry


class ItemType(Protocol):
    """What a type of item is known by."""

    key: str


TYPES: Registry[ItemType] = Registry("item type")
