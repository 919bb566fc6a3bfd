"""Two languages: English is the text in the code and templates, Chinese stands in `locale/zh`."""

from collections.abc import Callable
from functools import cache
from typing import Literal, TypeAlias

import yaml

from app.paths import LOCALE

Language: TypeAlias = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
TAGS: dict[Language, str] = {"en": "en", "zh": "zh-Hans"}
Translate: TypeAlias = Callable[..., str]


def mark(text: str) -> str:
    """Marks a string for translation where it is written; `say` translates it where it is shown."""
    return text


def say(language: Language, text: str, /, **numbers: object) -> str:
    """The text in that language, with its {named} numbers filled in."""
    spoken = chinese().get(text, text) if language == "zh" else text
    return spoken.format(**numbers) if numbers else spoken


@cache
def chinese() -> dict[str, str]:
    """English -> Chinese from every file of locale/zh; one English text has one Chinese text."""
    together: dict[str, str] = {}
    for path in sorted((LOCALE / "zh").glob("*.yaml")):
        for english, translated in (yaml.load(path.read_text("utf8"), Loader=yaml.CSafeLoader) or {}).items():
            if together.setdefault(str(english), str(translated)) != str(translated):
                raise ValueError(f"{path.name}: “{english}” has another Chinese text in another file")
    return together


def preferred(header: str) -> Language:
    """The language of an Accept-Language header: the first of ours by weight, English where it names neither."""
    best: tuple[float, Language] = (0.0, "en")
    for part in header[:200].split(","):
        tag, _, weight = part.strip().partition(";q=")
        language = tag.lower().split("-")[0]
        if language in LANGUAGES:
            try:
                value = float(weight or 1)
            except ValueError:
                continue
            if value > best[0]:
                best = (value, "zh" if language == "zh" else "en")
    return best[1]
