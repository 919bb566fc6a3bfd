"""Drop-in folders: every module of a package is imported, and what it registers is found by key."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Generic, TypeVar

Entry = TypeVar("Entry")


class Registry(Generic[Entry]):
    """Entries by key, in the order of their keys; two entries with one key are an error at start."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._entries: dict[str, Entry] = {}

    def add(self, key: str, entry: Entry) -> None:
        if key in self._entries:
            raise ValueError(f"two {self.what}s have the key “{key}”; rename one")
        self._entries[key] = entry

    def get(self, key: str) -> Entry | None:
        return self._entries.get(key)

    def __iter__(self) -> Iterator[Entry]:
        return (self._entries[key] for key in sorted(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def keys(self) -> list[str]:
        return sorted(self._entries)


def scan(package: str) -> None:
    """Import every module of a package; an import error is the author's to see and is not swallowed."""
    root = importlib.import_module(package)
    for module in sorted(found.name for found in pkgutil.iter_modules(root.__path__)):
        importlib.import_module(f"{package}.{module}")
