"""A question's texts rendered once, in both languages, as the version row keeps them."""

import json
import unicodedata
from collections.abc import Collection
from typing import TypeAlias

from pydantic import BaseModel

from app.bank.schema import Question
from app.core.markdown import inline, plain, render
from app.items.schema import BothLines, BothTexts

EDITION = "3"  # raise it when the same document would be rendered otherwise, and every version is made anew

Html: TypeAlias = "str | list[Html] | dict[str, Html]"


def html(question: Question) -> dict[str, Html]:
    """{"en": {...}, "zh": {...}}: the document's own shape, each text replaced by its HTML."""
    return {language: _drawn(question, language, without={"items"}) for language in ("en", "zh")}


def normalised(text: str) -> str:
    """A text as search compares it: NFKC, no case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def searchable(question: Question, tags: dict[str, BothLines]) -> str:
    """Everything of a question that a search should find, in both languages."""
    texts = [
        question.title,
        question.answer,
        question.analysis,
        *(tags[tag] for tag in question.tags if tag in tags),
    ]
    words = [getattr(text, language) for text in texts for language in ("en", "zh")]
    return normalised(plain(" ".join([*words, *question.tags, question.slug.replace("-", " ")])))


def canonical(part: BaseModel, without: Collection[str] = ()) -> str:
    """A document as JSON: fields in the model's order, names in the author's (`let` is computed in it)."""
    content = part.model_dump(mode="json", by_alias=True, exclude=set(without))
    return json.dumps(content, ensure_ascii=False)


def _drawn(part: BaseModel, language: str, without: Collection[str] = ()) -> dict[str, Html]:
    """`without` names what is drawn elsewhere: an item's texts wait for its numbers."""
    drawn: dict[str, Html] = {}
    for name in type(part).model_fields:
        value = None if name in without else getattr(part, name)
        if isinstance(value, BothTexts):
            drawn[name] = str(render(getattr(value, language)))
        elif isinstance(value, BothLines):
            drawn[name] = str(inline(getattr(value, language)))
        elif isinstance(value, BaseModel):
            drawn[name] = _drawn(value, language)
        elif isinstance(value, list) and value and isinstance(value[0], BaseModel):
            drawn[name] = [_drawn(child, language) for child in value]
    return drawn
