"""All SQL of the bank, one function per question asked."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import delete, func, update
from sqlalchemy.orm import QueryableAttribute, defer
from sqlmodel import Session, col, select

from app.bank.draw import normalised
from app.bank.models import Bank, Item, ItemVersion, Question, QuestionTag, QuestionVersion

LIST_LIMIT = 500
# what a list does not need
_HEAVY: list[QueryableAttribute[str]] = [getattr(QuestionVersion, name) for name in ("document", "html", "search")]


@dataclass(frozen=True)
class Row:
    """A question as lists show it."""

    number: int
    slug: str
    level: str
    titles: dict[str, str]
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Full:
    """A question with its current version."""

    question: Question
    version: QuestionVersion

    @cached_property
    def document(self) -> dict[str, Any]:
        return dict(json.loads(self.version.document))

    @cached_property
    def html(self) -> dict[str, Any]:
        return dict(json.loads(self.version.html))


def banks(db: Session) -> list[Bank]:
    return list(db.exec(select(Bank).order_by(Bank.key).limit(100)))


def bank_by_key(db: Session, key: str) -> Bank | None:
    return db.exec(select(Bank).where(Bank.key == key)).one_or_none()


def count(db: Session, bank: Bank) -> int:
    return db.exec(
        select(func.count())
        .select_from(Question)
        .where(Question.bank_id == bank.id, col(Question.retired_at).is_(None))
    ).one()


def listed(db: Session, *, words: str = "", tag: str = "", level: str = "") -> list[Row]:
    """The questions that hold every word, in number order."""
    wanted = (
        select(Question, QuestionVersion)
        .join(QuestionVersion, col(QuestionVersion.id) == Question.version_id)
        .where(col(Question.retired_at).is_(None))
        .order_by(col(QuestionVersion.number))
        .limit(LIST_LIMIT)
        .options(*(defer(column) for column in _HEAVY))
    )
    for word in normalised(words).split()[:8]:
        wanted = wanted.where(col(QuestionVersion.search).contains(word, autoescape=True))
    if level:
        wanted = wanted.where(QuestionVersion.level == level)
    if tag:
        tagged = select(QuestionTag.question_id).where(QuestionTag.tag == tag)
        wanted = wanted.where(col(Question.id).in_(tagged))
    tags = _tags(db)
    return [
        Row(version.number, question.slug, version.level, json.loads(version.title), tags.get(version.question_id, ()))
        for question, version in db.exec(wanted)
    ]


def _tags(db: Session) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for question_id, tag in db.exec(select(QuestionTag.question_id, QuestionTag.tag).limit(LIST_LIMIT * 6)):
        found[question_id] = (*found.get(question_id, ()), tag)
    return found


def by_slug(db: Session, slug: str) -> Full | None:
    """The question of that name, if it is still asked."""
    found = db.exec(
        select(Question, QuestionVersion)
        .join(QuestionVersion, col(QuestionVersion.id) == Question.version_id)
        .where(Question.slug == slug, col(Question.retired_at).is_(None))
        .limit(1)
    ).first()
    return Full(*found) if found else None


def any_question(db: Session, bank: Bank, slug: str) -> Question | None:
    return db.exec(select(Question).where(Question.bank_id == bank.id, Question.slug == slug)).one_or_none()


def version_by_hash(db: Session, question: Question, content_hash: str) -> QuestionVersion | None:
    return db.exec(
        select(QuestionVersion).where(
            QuestionVersion.question_id == question.id, QuestionVersion.content_hash == content_hash
        )
    ).one_or_none()


def drop_tags(db: Session, question: Question) -> None:
    db.exec(delete(QuestionTag).where(col(QuestionTag.question_id) == question.id))


def any_item(db: Session, question: Question, key: str) -> Item | None:
    return db.exec(select(Item).where(Item.question_id == question.id, Item.key == key)).one_or_none()


def item_version_by_hash(db: Session, item: Item, content_hash: str) -> ItemVersion | None:
    return db.exec(
        select(ItemVersion).where(ItemVersion.item_id == item.id, ItemVersion.content_hash == content_hash)
    ).one_or_none()


def retire_others(db: Session, bank: Bank, slugs: list[str], now: datetime) -> None:
    """Questions whose file is gone are retired, not deleted."""
    db.exec(
        update(Question)
        .where(
            col(Question.bank_id) == bank.id,
            col(Question.slug).not_in(slugs),
            col(Question.retired_at).is_(None),
        )
        .values(retired_at=now)
    )


def retire_other_items(db: Session, question: Question, keys: list[str], now: datetime) -> None:
    """Items that the question's file no longer holds are retired, not deleted."""
    db.exec(
        update(Item)
        .where(col(Item.question_id) == question.id, col(Item.key).not_in(keys), col(Item.retired_at).is_(None))
        .values(retired_at=now)
    )
