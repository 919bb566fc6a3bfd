"""Items as the rooms above use them: found by topic, level, type or key, each with its document."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup
from pydantic import TypeAdapter
from sqlalchemy.orm import QueryableAttribute, defer
from sqlmodel import Session, col, select

from app.bank.models import Item, ItemVersion, Question, QuestionTag, QuestionVersion
from app.bank.schema import Item as AnyItem
from app.core.i18n import Language
from app.items import TYPES, ItemDocument
from app.items.draw import Dice

_ANY: TypeAdapter[ItemDocument] = TypeAdapter(AnyItem)
# what nobody here reads
_HEAVY: list[QueryableAttribute[str]] = [
    getattr(table, name)
    for table, names in ((ItemVersion, ("document",)), (QuestionVersion, ("document", "html", "search")))
    for name in names
]
LIMIT = 5000  # items looked at when some are drawn


@dataclass(frozen=True)
class Found:
    """An item's current version and where it belongs."""

    item_id: int
    item_version_id: int
    key: str
    type: str
    skill: str
    seconds: int
    level: str
    question_id: int
    slug: str
    number: int


@dataclass(frozen=True)
class Origin:
    """The question an item belongs to, as it is now; its key is the item's place in it."""

    slug: str
    number: int
    titles: dict[str, str]
    key: str


def found(
    db: Session,
    *,
    slugs: Collection[str] = (),
    tags: Collection[str] = (),
    levels: Collection[str] = (),
    types: Collection[str] = (),
    items: Collection[int] = (),
) -> list[Found]:
    """Items that are still asked and fit every filter given, in the order of the questions."""
    wanted = (
        select(Item, ItemVersion, Question, QuestionVersion)
        .options(*(defer(column) for column in _HEAVY))
        .join(ItemVersion, col(ItemVersion.id) == Item.version_id)
        .join(Question, col(Question.id) == Item.question_id)
        .join(QuestionVersion, col(QuestionVersion.id) == Question.version_id)
        .where(col(Item.retired_at).is_(None), col(Question.retired_at).is_(None))
        .order_by(col(QuestionVersion.number), col(Item.id))
        .limit(LIMIT)
    )
    if slugs:
        wanted = wanted.where(col(Question.slug).in_(slugs))
    if tags:
        tagged = select(QuestionTag.question_id).where(col(QuestionTag.tag).in_(tags))
        wanted = wanted.where(col(Item.question_id).in_(tagged))
    if levels:
        wanted = wanted.where(col(QuestionVersion.level).in_(levels))
    if types:
        wanted = wanted.where(col(ItemVersion.type).in_(types))
    if items:
        wanted = wanted.where(col(Item.id).in_(items))
    return [_found(*row) for row in db.exec(wanted)]


def tags_of(db: Session, questions: Collection[int]) -> dict[int, tuple[str, ...]]:
    """question.id -> its tags."""
    tags: dict[int, tuple[str, ...]] = {}
    wanted = select(QuestionTag.question_id, QuestionTag.tag).where(col(QuestionTag.question_id).in_(questions))
    for question_id, tag in db.exec(wanted.limit(LIMIT)):
        tags[question_id] = (*tags.get(question_id, ()), tag)
    return tags


def origins(db: Session, versions: Collection[int]) -> dict[int, Origin]:
    """item_version.id -> where it belongs, whether it is still asked or not."""
    wanted = (
        select(ItemVersion, Item, Question, QuestionVersion)
        .options(*(defer(column) for column in _HEAVY))
        .join(Item, col(Item.id) == ItemVersion.item_id)
        .join(Question, col(Question.id) == Item.question_id)
        .join(QuestionVersion, col(QuestionVersion.id) == Question.version_id)
        .where(col(ItemVersion.id).in_(versions))
    )
    return {
        version.id or 0: Origin(question.slug, asked.number, json.loads(asked.title), item.key)
        for version, item, question, asked in db.exec(wanted)
    }


def documents(db: Session, versions: Sequence[int]) -> dict[int, ItemDocument]:
    """item_version.id -> its document; versions are immutable, so an old attempt finds what it was asked."""
    rows = db.exec(select(ItemVersion.id, ItemVersion.document).where(col(ItemVersion.id).in_(set(versions))))
    return {version: document(text) for version, text in rows if version is not None}


@lru_cache(maxsize=2048)
def document(text: str) -> ItemDocument:
    """An item's stored JSON as its type's model."""
    return _ANY.validate_json(text)


@dataclass(frozen=True)
class Stem:
    """An item as a list shows it: what it asks, on one draw of its numbers."""

    key: str
    type: str
    skill: str
    text: Markup


def stems(db: Session, slug: str, language: Language) -> list[Stem]:
    """What the items of a question ask."""
    items = found(db, slugs=[slug])
    texts = dict(
        db.exec(
            select(ItemVersion.id, ItemVersion.document).where(
                col(ItemVersion.id).in_([item.item_version_id for item in items])
            )
        ).all()
    )
    return [Stem(item.key, item.type, item.skill, _stem(texts[item.item_version_id], language)) for item in items]


def _found(item: Item, version: ItemVersion, question: Question, asked: QuestionVersion) -> Found:
    return Found(
        item_id=item.id or 0,
        item_version_id=version.id or 0,
        key=item.key,
        type=version.type,
        skill=version.skill,
        seconds=version.seconds,
        level=asked.level,
        question_id=item.question_id,
        slug=question.slug,
        number=asked.number,
    )


@lru_cache(maxsize=2048)
def _stem(text: str, language: Language) -> Markup:
    item = document(text)
    kind = TYPES.get(item.type)
    assert kind is not None, item.type
    return kind.ask(item, kind.draw(item, Dice("stem")), language).stem
