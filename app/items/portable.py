"""The neutral forms of an item: what a question is once its numbers are drawn, for formats that know no engine."""

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True)
class Option:
    """One option: its key, Markdown text, share of the mark (-1 to 1) and reason."""

    key: str
    text: str
    share: float
    why: str = ""


@dataclass(frozen=True)
class Choice:
    """Pick one, or several where `several`."""

    stem: str
    options: list[Option]
    several: bool
    why: str = ""


@dataclass(frozen=True)
class Numeric:
    """A number within an absolute tolerance, and known wrong numbers with what to say to them."""

    stem: str
    value: float
    tolerance: float
    wrong: list[tuple[float, str]] = field(default_factory=list)
    why: str = ""


@dataclass(frozen=True)
class Text:
    """A word or a formula, any of the accepted."""

    stem: str
    accept: list[str]
    wrong: list[tuple[str, str]] = field(default_factory=list)
    why: str = ""


@dataclass(frozen=True)
class Order:
    """Steps in the right order."""

    stem: str
    steps: list[str]
    why: str = ""


@dataclass(frozen=True)
class Match:
    """Pairs, and ends that belong to nothing."""

    stem: str
    pairs: list[tuple[str, str]]
    distractors: list[str] = field(default_factory=list)
    why: str = ""


Portable: TypeAlias = Choice | Numeric | Text | Order | Match
