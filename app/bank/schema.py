"""The YAML document of a question and of a bank: a public format, so it is written down here and nowhere else."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Level = Literal["junior", "mid", "senior"]
Skill = Literal["recall", "compute", "debug", "explain"]
Severity = Literal["wrong", "misleading"]


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


class Show(Document):
    """The demo that an item opens on its own numbers, with the asked cell marked."""

    demo: Key
    parameters: dict[str, str] = Field(alias="with", default_factory=dict)
    cell: list[int] | None = Field(None, min_length=2, max_length=2)


class Item(BaseModel):
    """What every item has; the fields of its type stand beside these and are checked by the item type."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)

    key: Key
    type: Key
    skill: Skill
    seconds: int = Field(ge=10, le=1800)
    stem: BothTexts
    show: Show | None = None


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
