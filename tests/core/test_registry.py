"""Drop-in folders: one key, one entry; an author's slip is not swallowed."""

import sys
from pathlib import Path

import pytest

from app.core.registry import Registry, scan


def test_entries_come_in_the_order_of_their_keys() -> None:
    registry: Registry[str] = Registry("thing")
    for key in ("b", "a", "c"):
        registry.add(key, key.upper())
    assert list(registry) == ["A", "B", "C"] and registry.keys() == ["a", "b", "c"] and len(registry) == 3


def test_an_unknown_key_is_nothing() -> None:
    assert Registry[str]("thing").get("x") is None


def test_one_key_twice_is_an_error() -> None:
    registry: Registry[str] = Registry("thing")
    registry.add("a", "first")
    with pytest.raises(ValueError, match="two things have the key “a”"):
        registry.add("a", "second")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "dropped"
    folder.mkdir()
    (folder / "__init__.py").write_text("", "utf8")
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.startswith("dropped")]:
        monkeypatch.delitem(sys.modules, name)
    return folder


def test_a_dropped_file_is_imported(package: Path) -> None:
    (package / "one.py").write_text("LOADED = True\n", "utf8")
    scan("dropped")
    assert sys.modules.pop("dropped.one").LOADED
    del sys.modules["dropped"]


def test_an_import_error_is_the_authors_to_see(package: Path) -> None:
    (package / "two.py").write_text("import nothing_of_that_name\n", "utf8")
    with pytest.raises(ModuleNotFoundError, match="nothing_of_that_name"):
        scan("dropped")
    del sys.modules["dropped"]
