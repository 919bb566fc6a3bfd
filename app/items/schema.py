"""What every item's YAML holds, whatever its type, and the parts that types share: a public format."""

import re
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.attention.mutants import MUTANTS
from app.core.i18n import say
from app.items.expression import Dialect, ExpressionError, parse

PLACEHOLDER = re.compile(r"\[\[([A-Za-z][A-Za-z0-9_]*)(?:\|([0-9]|matrix[0-9]?))?\]\]")


def _readable(formula: str) -> str:
    try:
        parse(formula, Dialect.AUTHOR)
    except ExpressionError as error:
        raise ValueError(say("en", error.text, **error.numbers)) from None
    return formula


def _named_bug(key: str) -> str:
    if key not in MUTANTS:
        raise ValueError(f"there is no named bug “{key}”; see app/attention/mutants")
    return key


def _same_placeholders(en: str, zh: str) -> None:
    both = [{found[1] for found in PLACEHOLDER.finditer(text)} for text in (en, zh)]
    if both[0] != both[1]:
        differ = ", ".join(sorted(both[0] ^ both[1]))
        raise ValueError(f"one language shows [[{differ}]] and the other does not; use the same in both")


Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=30)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Formula = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Computation = Annotated[Formula, AfterValidator(_readable)]
MutantKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60), AfterValidator(_named_bug)]
Skill = Literal["recall", "compute", "debug", "explain"]
Number: TypeAlias = int | float
Nested: TypeAlias = Number | list[Number] | list[list[Number]]


class Document(BaseModel):
    """A part of a document: unknown fields are refused, so that a slip of the pen is not lost in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class BothLines(Document):
    """One line of text in English and Chinese."""

    en: Line
    zh: Line

    @model_validator(mode="after")
    def _one_set(self) -> "BothLines":
        _same_placeholders(self.en, self.zh)
        return self


class BothTexts(Document):
    """A longer Markdown text in English and Chinese, with $maths$."""

    en: Prose
    zh: Prose

    @model_validator(mode="after")
    def _one_set(self) -> "BothTexts":
        _same_placeholders(self.en, self.zh)
        return self


class Param(Document):
    """A parameter drawn anew for each learner: from a list, or from a grid of numbers that are shown exactly."""

    one_of: list[Nested] | None = Field(None, min_length=1, max_length=200, description="numbers or lists of numbers")
    grid: list[Number] | None = Field(None, min_length=2, max_length=3, description="[from, to] or [from, to, step]")
    shape: list[int] | None = Field(None, min_length=1, max_length=2, description="of a vector or matrix of such draws")
    distinct: bool = Field(False, description="the entries of a shape differ from each other")

    @model_validator(mode="after")
    def _one_source(self) -> "Param":
        if (self.one_of is None) == (self.grid is None):
            raise ValueError("needs either one_of or grid")
        if self.shape is not None and not all(1 <= size <= 16 for size in self.shape):
            raise ValueError("a shape has sizes between 1 and 16")
        return self


class Show(Document):
    """The demo that an item opens on its own numbers, with the asked cell marked."""

    demo: Key
    parameters: dict[str, Formula | Number] = Field(
        alias="with", default_factory=dict, max_length=20, description="control: text, number, or = and an expression"
    )
    cell: list[int] | None = Field(None, min_length=2, max_length=2, description="[query, key], counted from 0")


class ItemDocument(Document):
    """What every item has; each type's model adds its own fields."""

    key: Key
    type: str
    skill: Skill
    seconds: int = Field(ge=10, le=1800, description="how long a prepared candidate takes")
    stem: BothTexts
    params: dict[Name, Param] = Field(default_factory=dict, max_length=12, description="drawn anew for each learner")
    let: dict[Name, Computation] = Field(
        default_factory=dict, max_length=20, description="computed from the parameters, in this order; for texts"
    )
    guards: list[Computation] = Field(
        default_factory=list, max_length=20, description="must all hold, or the parameters are drawn again"
    )
    why: BothTexts | None = Field(None, description="the reason, shown when due")
    show: Show | None = None

    @model_validator(mode="after")
    def _asks_what_is_drawn(self) -> "ItemDocument":
        """A stem shows what the solution is computed from, exactly: a derived number would be a rounded one."""
        derived = {found[1] for found in PLACEHOLDER.finditer(self.stem.en)} - set(self.params)
        if derived:
            raise ValueError(f"the stem shows [[{', '.join(sorted(derived))}]], which is not one of the params")
        return self
