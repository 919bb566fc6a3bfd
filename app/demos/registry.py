"""The demos there are; a file dropped into `families/` adds its own with @demo."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, get_type_hints

from pydantic import BaseModel

from app.core.i18n import Language
from app.core.registry import Registry, scan
from app.demos.shown import Shown

Inputs = TypeVar("Inputs", bound=BaseModel)


@dataclass(frozen=True)
class Demo:
    """A demo: its key, its name in both languages, the model of its controls, and the computation."""

    key: str
    titles: dict[Language, str]
    about: dict[Language, str]
    model: type[BaseModel]
    run: Callable[[BaseModel, Language], Shown]

    def compute(self, inputs: BaseModel, language: Language = "en") -> Shown:
        """Run on these inputs; raises ValueError with the reason where they do not fit together."""
        return self.run(inputs, language)


DEMOS: Registry[Demo] = Registry("demo")


def demo(
    key: str, *, en: str, zh: str, about_en: str, about_zh: str
) -> Callable[[Callable[[Inputs, Language], Shown]], Callable[[Inputs, Language], Shown]]:
    """Register a function of (inputs, language); the model of its controls is its first annotation."""

    def register(function: Callable[[Inputs, Language], Shown]) -> Callable[[Inputs, Language], Shown]:
        first = next(iter(inspect.signature(function).parameters))
        model = get_type_hints(function)[first]
        DEMOS.add(
            key,
            Demo(key, {"en": en, "zh": zh}, {"en": about_en, "zh": about_zh}, model, function),  # type: ignore[arg-type]
        )
        return function

    return register


def discover() -> None:
    """Import every family once."""
    scan("app.demos.families")


discover()
