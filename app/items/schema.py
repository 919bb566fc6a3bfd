"""What every item's YAML holds, whatever its type, and the parts that types share: a public format."""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=30)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Formula = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
MutantKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
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


class BothTexts(Document):
    """A longer Markdown text in English and Chinese, with $maths$."""

    en: Prose
    zh: Prose


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
    let: dict[Name, Formula] = Field(
        default_factory=dict, max_length=20, description="computed from the parameters, in this order; for texts"
    )
    guards: list[Formula] = Field(
        default_factory=list, max_length=20, description="must all hold, or the parameters are drawn again"
    )
    why: BothTexts | None = Field(None, description="the reason, shown when due")
    show: Show | None = None
