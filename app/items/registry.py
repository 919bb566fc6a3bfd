"""What an item type is: how it draws, reads, marks, asks and explains; files dropped into `types/` add themselves."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Generic, Literal, TypeAlias, TypeVar, cast

from markupsafe import Markup

from app.core.i18n import Language
from app.core.registry import Registry
from app.items.draw import Dice
from app.items.portable import Portable
from app.items.schema import ItemDocument

Json: TypeAlias = "None | bool | int | float | str | list[Json] | dict[str, Json]"
Response: TypeAlias = dict[str, list[str]]
"""An answer as the form sends it: field name -> values. This is what is saved, whether it can be read or not."""

MAX_FIELDS, MAX_VALUES, MAX_VALUE = 40, 40, 4000
Document = TypeVar("Document", bound=ItemDocument)
Parsed = TypeVar("Parsed")


class FormatError(ValueError):
    """An answer that cannot be read; it is handed back with these words and burns nothing."""

    def __init__(self, text: str, **numbers: object) -> None:
        super().__init__(text)
        self.text, self.numbers = text, numbers


@dataclass(frozen=True)
class Variant:
    """What is frozen when an attempt starts. Grading never draws again."""

    parameters: dict[str, Json]  # `params` and `let` by name, as texts show them
    solution: Json  # as the type needs it to mark
    handles: dict[str, str] = field(default_factory=dict)  # random handle -> key of an option, in the order shown
    targets: dict[str, str] = field(default_factory=dict)  # the same for the second column of a match


@dataclass(frozen=True)
class Verdict:
    """A mark and why: score from 0 to 1, the named bug behind it, which listed wrong answer it was."""

    score: float
    mutant: str | None = None
    wrong: int | None = None  # index in the item's `wrong` list, whose reason is shown
    error: str = ""  # English words of a format error, for answers that could not be read when time was up
    numbers: dict[str, Json] = field(default_factory=dict)  # of the error's words


@dataclass(frozen=True)
class Choice:
    """An option, step or end of a match, by its handle."""

    handle: str
    text: Markup
    verdict: Literal["", "true", "false"] = ""  # of true_false: what the reason argues for


@dataclass(frozen=True)
class Asked:
    """An item as it may be seen by whoever answers it: nothing here gives the solution away."""

    type: str
    stem: Markup
    choices: Sequence[Choice] = ()
    targets: Sequence[Choice] = ()
    names: Sequence[str] = ()  # what a formula may use
    hint: str = ""  # what to type and how it is marked, in the reader's language


@dataclass(frozen=True)
class Reason:
    """An option with its reason, as shown afterwards; every option has one, picked or not."""

    handle: str
    text: Markup
    why: Markup | None
    right: bool
    yours: bool
    verdict: Literal["", "true", "false"] = ""
    place: str = ""  # of order and match: where it belongs, in the reader's language
    mutant: str | None = None


@dataclass(frozen=True)
class Explained:
    """Everything about an answered item: it leaves the server only when due."""

    reasons: Sequence[Reason] = ()
    yours: Markup | None = None  # the answer in words; None where the reasons show it
    solution: Markup | None = None  # the right answer in words; None where the reasons show it
    why: Markup | None = None
    feedback: Markup | None = None  # about this very answer
    policy: str = ""  # how the score was made, in the reader's language


class ItemType(ABC, Generic[Document, Parsed]):
    """One type of item. Everything is pure: the same document, variant and response give the same result."""

    key: ClassVar[str]
    model: type[Document]

    @abstractmethod
    def draw(self, item: Document, dice: Dice) -> Variant:
        """A variant whose guards hold; raises DrawError if none is found."""

    @abstractmethod
    def parse(self, item: Document, variant: Variant, response: Response) -> Parsed:
        """The answer as a value; raises FormatError if it cannot be read."""

    @abstractmethod
    def grade(self, item: Document, variant: Variant, parsed: Parsed) -> Verdict: ...

    @abstractmethod
    def ask(self, item: Document, variant: Variant, language: Language) -> Asked: ...

    @abstractmethod
    def explain(
        self, item: Document, variant: Variant, response: Response, verdict: Verdict, language: Language
    ) -> Explained: ...

    @abstractmethod
    def right(self, item: Document, variant: Variant) -> Response:
        """The answer that earns everything, as a form would send it."""

    @abstractmethod
    def wrong(self, item: Document, variant: Variant) -> Iterator[tuple[Response, str | None]]:
        """Known wrong answers as a form would send them, each with the named bug that it must be marked with."""

    @abstractmethod
    def portable(self, item: Document, variant: Variant, language: Language) -> Portable | None:
        """The neutral form that other people's formats are written from; None where there is none."""

    def prove(self, item: Document, variant: Variant) -> Iterator[str]:
        """What is wrong with one variant beyond what `items.prove` looks at for every type."""
        return iter(())


AnyType: TypeAlias = "ItemType[ItemDocument, object]"
TYPES: Registry[AnyType] = Registry("item type")
"""Item types, one file each in `types/`, registered by key; a question's items name theirs."""


def item_type(made: type[ItemType[Document, Parsed]]) -> type[ItemType[Document, Parsed]]:
    """Register a subclass of ItemType under its key."""
    TYPES.add(made.key, cast(AnyType, made()))
    return made
