"""Fill: the word that belongs in the gap is typed, in either language."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

from markupsafe import Markup, escape
from pydantic import Field, model_validator

from app.core.i18n import LANGUAGES, Language, mark, say
from app.items import portable, texts, written
from app.items.draw import Dice
from app.items.parameters import drawn, plain
from app.items.registry import Asked, Explained, FormatError, ItemType, Response, Variant, Verdict, item_type
from app.items.schema import BothTexts, Document, ItemDocument, Line, MutantKey

GAP = "____"
MOST_CHARACTERS = 200

_GAP = re.compile("_{4,}")
_EMPTY = mark("Type the missing word.")
_LONG = mark("An answer of {length} characters is too long. {limit} are allowed.")
_POLICY = mark("Capitals, spaces and hyphens do not matter. English and Chinese both count.")


class WrongWord(Document):
    """Words that a known mistake gives."""

    accept: list[Line] = Field(min_length=1, max_length=40)
    why: BothTexts = Field(description="what to say to whoever types one of them")
    mutant: MutantKey | None = Field(None, description="the named bug behind it")


class FillDocument(ItemDocument):
    """Type the word that belongs in the gap `____`."""

    type: Literal["fill"]
    accept: list[Line] = Field(min_length=1, max_length=40, description="in both languages; the first one is shown")
    wrong: list[WrongWord] = Field(default_factory=list, max_length=12)

    @model_validator(mode="after")
    def _has_a_gap(self) -> "FillDocument":
        if not (GAP in self.stem.en and GAP in self.stem.zh):
            raise ValueError(f"the stem holds the gap as {GAP}, in both languages")
        if not all(folded(word) for word in (*self.accept, *(word for known in self.wrong for word in known.accept))):
            raise ValueError("a word of nothing but spaces, hyphens and quotes cannot be told from an empty answer")
        return self


@item_type
class Fill(ItemType[FillDocument, str]):
    """Answered by one line in `text`; words are compared by their letters, see `folded`."""

    key = "fill"
    model = FillDocument

    def draw(self, item: FillDocument, dice: Dice) -> Variant:
        return Variant(plain(drawn(item, dice.child("parameters"))), None)

    def parse(self, item: FillDocument, variant: Variant, response: Response) -> str:
        typed = written.written(response, _EMPTY)
        if len(typed) > MOST_CHARACTERS:
            raise FormatError(_LONG, length=len(typed), limit=MOST_CHARACTERS)
        if not (word := folded(typed)):
            raise FormatError(_EMPTY)
        return word

    def grade(self, item: FillDocument, variant: Variant, parsed: str) -> Verdict:
        if parsed in map(folded, item.accept):
            return Verdict(1.0)
        for index, known in enumerate(item.wrong):
            if parsed in map(folded, known.accept):
                return Verdict(0.0, known.mutant, index)
        return Verdict(0.0)

    def ask(self, item: FillDocument, variant: Variant, language: Language) -> Asked:
        stem = texts.text(item.stem, written.asked(item, variant), language)
        gap = Markup('<span aria-hidden="true">{}</span><span class="vh">{}</span>').format(
            GAP, say(language, mark("(the gap)"))
        )
        return Asked(self.key, Markup(_GAP.sub(lambda _: gap, stem)), hint=say(language, _POLICY))

    def explain(
        self, item: FillDocument, variant: Variant, response: Response, verdict: Verdict, language: Language
    ) -> Explained:
        known = None if verdict.wrong is None else item.wrong[verdict.wrong]
        return written.explained(
            item,
            variant,
            verdict,
            language,
            yours=escape(written.typed(response)),
            solution=escape(_first(item.accept, language)),
            feedback=texts.text(known.why, variant.parameters, language) if known else None,
            policy=say(language, _POLICY),
        )

    def right(self, item: FillDocument, variant: Variant) -> Response:
        return {written.FIELD: [item.accept[0]]}

    def wrong(self, item: FillDocument, variant: Variant) -> Iterator[tuple[Response, str | None]]:
        for known in item.wrong:
            for word in known.accept:
                yield {written.FIELD: [word]}, known.mutant

    def portable(self, item: FillDocument, variant: Variant, language: Language) -> portable.Text:
        stem, why = written.markdown(item, variant, language)
        wrong = [
            (word, texts.filled(getattr(known.why, language), variant.parameters))
            for known in item.wrong
            for word in known.accept
        ]
        return portable.Text(stem, list(item.accept), wrong, why)

    def prove(self, item: FillDocument, variant: Variant) -> Iterator[str]:
        seen = dict.fromkeys(map(folded, item.accept), "accepted")
        for index, known in enumerate(item.wrong):
            for word in known.accept:
                if seen.setdefault(folded(word), f"wrong {index + 1}") != f"wrong {index + 1}":
                    yield f"“{word}” is listed as {seen[folded(word)]} and as wrong {index + 1}"
        for language in LANGUAGES:
            if not _GAP.search(texts.text(item.stem, written.asked(item, variant), language)):
                yield f"the gap {GAP} is lost in Markdown ({language}): put spaces round it"


def folded(word: str) -> str:
    """The letters of a word: NFKC, no case, without spaces, hyphens, quotes and a last full stop."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
    kept = "".join(char for char in text if unicodedata.category(char) not in {"Zs", "Cc", "Cf", "Pd", "Pi", "Pf"})
    return kept.replace("−", "").strip("\"'`.。")


def _first(words: list[str], language: Language) -> str:
    """The word to show: the first one in the reader's script, else the first."""
    chinese = [word for word in words if re.search("[\u4e00-\u9fff]", word)]
    return chinese[0] if chinese and language == "zh" else words[0]
