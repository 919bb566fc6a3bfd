"""The YAML document of a question and of a bank: a public format, so it is written down here and nowhere else."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import Field, StringConstraints

from app.items.registry import TYPES
from app.items.schema import BothLines, BothTexts, Document, ItemDocument, Key, Line

Level = Literal["junior", "mid", "senior"]
Severity = Literal["wrong", "misleading"]
if TYPE_CHECKING:
    Item: TypeAlias = ItemDocument
else:  # the types there are, told apart by `type`: a type that is dropped in joins the format
    Item = Annotated[reduce(or_, (kind.model for kind in TYPES)), Field(discriminator="type")]


class Related(Document):
    """A question that stands near this one, and how."""

    slug: Key
    how: BothLines


class Citation(Document):
    """A place in one of the question's references."""

    reference: Key
    at: Annotated[str, StringConstraints(max_length=80)] = Field("", description="section, table or page")


class Erratum(Document):
    """What the source article says (`for`), and what is right (`read`)."""

    key: Key
    severity: Severity
    said: BothTexts = Field(alias="for")
    read: BothTexts
    cite: list[Citation] = Field(min_length=1, max_length=8)


class Cues(Document):
    """Alternatives, each a group of words that must stand in one clause."""

    en: list[list[Line]] = Field(min_length=1, max_length=60)
    zh: list[list[Line]] = Field(min_length=1, max_length=60)


class Point(Document):
    """One point of the rubric; the weights of a question add up to 100."""

    key: Key
    weight: int = Field(ge=1, le=100)
    text: BothTexts
    cues: Cues


class RedFlag(Document):
    """A claim that makes an examiner wince, how it is recognised, and what is right."""

    key: Key
    claim: BothLines
    patterns: Cues
    correction: BothTexts


class Condition(Document):
    """When a follow-up is asked: one of these points is missing, or one of these flags fired."""

    missing: list[Key] = Field(default_factory=list, max_length=20)
    flags: list[Key] = Field(default_factory=list, max_length=20)


class FollowUp(Document):
    """A further question, its answer, and when an interviewer asks it."""

    key: Key
    ask: BothTexts
    answer: BothTexts
    when: Condition | None = None


class Reference(Document):
    """A source, the claim it backs, and the identifier by which anybody finds it."""

    key: Key
    text: Line = Field(description="authors, year, title, in the language of the work")
    id: Annotated[str, StringConstraints(pattern=r"^(arXiv|DOI|ISBN|ACL|URL|RFC):\S{4,200}$")]
    backs: BothLines


class Demo(Document):
    """The live demo beside the question: which one, on which settings, and what to look at."""

    key: Key
    preset: dict[str, Any] = Field(max_length=40)
    look: BothLines


class Question(Document):
    """One question: one file `<nn>-<slug>.yaml`."""

    number: int = Field(ge=1, le=9999)
    slug: Key
    level: Level
    tags: list[Key] = Field(min_length=1, max_length=6)
    title: BothLines
    related: list[Related] = Field(default_factory=list, max_length=8)
    answer: BothTexts = Field(description="what a strong candidate says in one to two minutes")
    analysis: BothTexts = Field(description="why, with maths, shapes and cost")
    errata: list[Erratum] = Field(default_factory=list, max_length=20)
    leaves_out: BothTexts | None = Field(None, description="what the source article does not mention")
    points: list[Point] = Field(default_factory=list, max_length=20)
    red_flags: list[RedFlag] = Field(default_factory=list, max_length=30)
    follow_ups: list[FollowUp] = Field(default_factory=list, max_length=30)
    items: list[Item] = Field(default_factory=list, max_length=60)
    references: list[Reference] = Field(min_length=1, max_length=30)
    demo: Demo


class Bank(Document):
    """A bank: one file `bank.yaml` beside its questions."""

    key: Key
    title: BothLines
    about: BothTexts
    source: BothTexts | None = Field(None, description="where the questions come from")
    tags: dict[Key, BothLines] = Field(min_length=1, max_length=100)
