"""A bank's files into the database: nothing when nothing changed, all of it or none of it otherwise."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from app.bank import draw, queries
from app.bank.check import Checked, check
from app.bank.demos import demo_faults
from app.bank.files import Fault
from app.bank.models import Bank, Item, ItemVersion, Question, QuestionTag, QuestionVersion
from app.bank.schema import Question as Document


class BrokenBank(Exception):
    """A bank that cannot be loaded; `faults` says all that is wrong with it."""

    def __init__(self, folder: Path, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults in {folder}")
        self.folder, self.faults = folder, faults


@dataclass(frozen=True)
class Loaded:
    """What a load did."""

    bank: str
    questions: int
    changed: int
    unchanged: bool = False


def checked(folder: Path) -> Checked:
    """A bank's folder read and judged against the demos there are."""
    return check(folder, demo_faults)


def load(db: Session, folder: Path, now: datetime) -> Loaded:
    """Load one bank; raises BrokenBank before anything is written."""
    digest = fingerprint(folder)
    for bank in queries.banks(db):
        if bank.content_hash == digest:
            return Loaded(bank.key, queries.count(db, bank), 0, unchanged=True)
    found = checked(folder)
    if found.faults or found.bank is None:
        raise BrokenBank(folder, found.faults)
    prepared = [_prepared(question, found) for question in found.questions]
    bank = queries.bank_by_key(db, found.bank.key) or Bank(
        key=found.bank.key, title="", tags="", content_hash="", loaded_at=now
    )
    bank.title, bank.content_hash, bank.loaded_at = draw.canonical(found.bank.title), digest, now
    bank.tags = json.dumps({tag: both.model_dump() for tag, both in found.bank.tags.items()}, ensure_ascii=False)
    db.add(bank)
    db.flush()
    changed = sum([_store(db, bank, version, question, now) for version, question in prepared])
    queries.retire_others(db, bank, [question.slug for question in found.questions], now)
    return Loaded(bank.key, len(prepared), changed)


def fingerprint(folder: Path) -> str:
    """One hash of all file bytes and of how texts are rendered."""
    digest = hashlib.sha256(draw.EDITION.encode())
    for path in sorted(folder.glob("*.yaml")):
        data = path.read_bytes()
        digest.update(f"{path.name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def _prepared(question: Document, found: Checked) -> tuple[QuestionVersion, Document]:
    """A version row with everything slow already done: rendering stands before the first writing statement."""
    document = draw.canonical(question, without={"items"})  # items have versions of their own
    assert found.bank is not None
    version = QuestionVersion(
        question_id=0,
        content_hash=_hash(document),
        number=question.number,
        level=question.level,
        title=draw.canonical(question.title),
        document=document,
        html=json.dumps(draw.html(question), ensure_ascii=False),
        search=draw.searchable(question, found.bank.tags),
    )
    return version, question


def _store(db: Session, bank: Bank, version: QuestionVersion, document: Document, now: datetime) -> bool:
    """Point the question at this version, made if it is new; True if the question changed."""
    assert bank.id is not None
    question = queries.any_question(db, bank, document.slug) or Question(bank_id=bank.id, slug=document.slug)
    db.add(question)
    db.flush()
    assert question.id is not None
    before = question.version_id
    known = queries.version_by_hash(db, question, version.content_hash)
    if known is None:
        version.question_id = question.id
        db.add(version)
        db.flush()
        known = version
    question.version_id, question.retired_at = known.id, None
    queries.drop_tags(db, question)
    db.add_all(QuestionTag(question_id=question.id, tag=tag) for tag in document.tags)
    for item, item_version in _items(document):
        _store_item(db, question, item, item_version)
    queries.retire_other_items(db, question, [item.key for item in document.items], now)
    return before != known.id


def _items(document: Document) -> Iterator[tuple[Item, ItemVersion]]:
    for item in document.items:
        text = draw.canonical(item)
        version = ItemVersion(
            item_id=0,
            content_hash=_hash(text),
            type=item.type,
            skill=item.skill,
            seconds=item.seconds,
            document=text,
        )
        yield Item(question_id=0, key=item.key), version


def _store_item(db: Session, question: Question, item: Item, version: ItemVersion) -> None:
    assert question.id is not None
    item.question_id = question.id
    kept = queries.any_item(db, question, item.key) or item
    db.add(kept)
    db.flush()
    known = queries.item_version_by_hash(db, kept, version.content_hash)
    if known is None and kept.id is not None:
        version.item_id = kept.id
        db.add(version)
        db.flush()
        known = version
    kept.version_id, kept.retired_at = known.id if known else None, None


def _hash(document: str) -> str:
    return hashlib.sha256(f"{draw.EDITION}\0{document}".encode()).hexdigest()
