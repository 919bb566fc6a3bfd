"""Every string has Chinese, with the same numbers in it, and no Chinese stands there for nothing."""

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
import yaml

from app.attention import WORDS
from app.attention.mutants import WORDS as BUGS
from app.bank.schema import Level, Severity
from app.core.pages import environment
from app.core.settings import Settings
from app.demos.registry import DEMOS
from app.paths import LOCALE, TEMPLATES

APP = Path(__file__).parents[2] / "app"
SAME_IN_BOTH = {"Viva", "API", "NumPy", "PyTorch", "OpenAPI", "ALiBi", "SVG", "PNG", "CSV", "JSON", "curl", "Softmax"}


def marked() -> Iterator[str]:
    """Every literal of `mark("...")` in the app."""
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "mark":
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value


def templates() -> Iterator[str]:
    """Every string of a template; a plural is two."""
    made = environment("en")
    for path in TEMPLATES.rglob("*.html"):
        for _, _, message in made.extract_translations(path.read_text("utf8")):  # type: ignore[attr-defined]
            for text in message if isinstance(message, tuple) else (message,):
                if text:
                    yield text


def labels() -> Iterator[str]:
    """What templates show by a name that is only known at run time."""
    yield from (*get_args(Level), *get_args(Severity))
    yield from WORDS.values()
    yield from BUGS
    yield from (info.description for info in Settings.model_fields.values() if info.description)
    for demo in DEMOS:
        yield from (info.title for info in demo.model.model_fields.values() if info.title)


@cache
def english() -> frozenset[str]:
    return frozenset([*marked(), *templates(), *labels()])


@cache
def chinese() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted((LOCALE / "zh").glob("*.yaml")):
        found |= yaml.load(path.read_text("utf8"), Loader=yaml.CSafeLoader) or {}
    return found


def placeholders(text: str) -> set[str]:
    """{name} of a text in the code, %(name)s of a template."""
    named = set(re.findall(r"%\((\w+)\)s", text))
    return named | {name for _, name, _, _ in string.Formatter().parse(text) if name}


def as_yaml(texts: list[str]) -> str:
    return yaml.safe_dump({text: "" for text in texts}, allow_unicode=True, width=1000, sort_keys=True)


def test_strings_are_found() -> None:
    assert len(english()) > 150


def test_every_string_has_chinese() -> None:
    missing = sorted(english() - set(chinese()) - SAME_IN_BOTH)
    assert not missing, f"{len(missing)} strings without Chinese:\n{as_yaml(missing)}"


def test_no_chinese_is_left_over() -> None:
    left = sorted(set(map(str, chinese())) - english())
    assert not left, f"{len(left)} strings that nobody says any more:\n{as_yaml(left)}"


def test_keys_and_texts_are_text() -> None:
    odd = {key: value for key, value in chinese().items() if not (isinstance(key, str) and isinstance(value, str))}
    assert odd == {}


def test_both_languages_have_the_same_numbers() -> None:
    differ = {en: zh for en, zh in chinese().items() if placeholders(str(en)) != placeholders(str(zh))}
    assert differ == {}


def test_chinese_is_chinese() -> None:
    spoken = {en: re.sub(r"%\(\w+\)s|\{\w+\}", "", str(zh)) for en, zh in chinese().items()}
    foreign = {en for en, zh in spoken.items() if re.search("[A-Za-z]{3}", zh) and not re.search("[\u4e00-\u9fff]", zh)}
    assert foreign <= SAME_IN_BOTH


def test_chinese_uses_its_own_punctuation() -> None:
    """A comma or full stop of the Latin kind straight after a Chinese letter is a slip."""
    slips = {
        en: zh
        for en, zh in chinese().items()
        if re.search("[\u4e00-\u9fff][,;:?!](?!//)|[\u4e00-\u9fff]\\.(\\s|$)", str(zh))
    }
    assert slips == {}


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_words_of_a_template_escape_translation(path: Path) -> None:
    text = path.read_text("utf8")
    text = re.sub(r"\{% block (en|zh) %\}.*?\{% endblock %\}", "", text, flags=re.DOTALL)  # a guide: both in one file
    text = re.sub(r"\{% trans.*?\{% endtrans %\}|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", text, flags=re.DOTALL)
    text = re.sub(r"<(script|code|kbd|pre|svg)\b.*?</\1>", "", text, flags=re.DOTALL)
    attributes = re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', text)
    plain = re.sub(r'<[^>]*>|[\w-]+="[^"]*"', " ", text)
    words = re.findall(r"[A-Za-z]{4,}", " ".join([plain, *attributes]))
    allowed = {"Viva", "English", "NumPy", "PyTorch", "OpenAPI", "JSON", "mask", "cache", "curl", "ensp"}
    assert set(words) - allowed == set()


@pytest.mark.parametrize("demo", list(DEMOS), ids=lambda demo: demo.key)
def test_a_demo_is_named_in_both_languages(demo: object) -> None:
    for both in (demo.titles, demo.about):  # type: ignore[attr-defined]
        assert both["en"] and re.search("[\u4e00-\u9fff]", both["zh"])
