"""Files into the database: nothing when nothing changed, all of it or none of it otherwise."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session, col, func, select
from starlette.testclient import TestClient

from app.bank import queries
from app.bank.load import BrokenBank, Loaded, load
from app.bank.models import Bank, Question, QuestionTag, QuestionVersion
from app.core.db import Spine
from app.core.settings import Settings
from tests.bank.conftest import Spoil

LATER = datetime(2026, 2, 3, tzinfo=UTC)


def loaded(spine: Spine, folder: Path) -> Loaded:
    with spine.session(writing=True) as db:
        done = load(db, folder, LATER)
        db.commit()
    return done


def everything(db: Session) -> list[object]:
    return [
        row.model_dump() for table in (Bank, Question, QuestionVersion, QuestionTag) for row in db.exec(select(table))
    ]


def versions(db: Session, slug: str) -> list[QuestionVersion]:
    found = select(QuestionVersion).join(Question, col(Question.id) == QuestionVersion.question_id)
    return list(db.exec(found.where(Question.slug == slug).order_by(col(QuestionVersion.id))))


def test_the_bank_that_is_shipped_is_not_loaded_twice(spine: Spine, settings: Settings) -> None:
    with spine.session(writing=False) as db:
        before = everything(db)
    assert loaded(spine, settings.banks[0]) == Loaded("attention", 32, 0, unchanged=True)
    with spine.session(writing=False) as db:
        assert everything(db) == before


def test_a_bank_is_loaded_beside_another(spine: Spine, bank: Path, client: TestClient) -> None:
    assert loaded(spine, bank) == Loaded("small", 4, 4)
    assert client.get("/questions/2-beta").status_code == 200
    assert "36 of 36 questions" in client.get("/questions").text


def test_a_changed_file_makes_one_version_and_keeps_the_old(spine: Spine, bank: Path, spoil: Spoil) -> None:
    loaded(spine, bank)
    spoil("beta", "level: junior", "level: senior")
    assert loaded(spine, bank) == Loaded("small", 4, 1)
    with spine.session(writing=False) as db:
        assert [version.level for version in versions(db, "beta")] == ["junior", "senior"]
        assert len(versions(db, "alpha")) == 1
        full = queries.by_slug(db, "beta")
        assert full and full.version.level == "senior"


def test_going_back_makes_no_third_version(spine: Spine, bank: Path, spoil: Spoil) -> None:
    loaded(spine, bank)
    spoil("beta", "level: junior", "level: senior")
    loaded(spine, bank)
    spoil("beta", "level: senior", "level: junior")
    assert loaded(spine, bank).changed == 1
    with spine.session(writing=False) as db:
        full = queries.by_slug(db, "beta")
        assert full and full.version.level == "junior" and len(versions(db, "beta")) == 2


def test_a_comment_changes_no_version(spine: Spine, bank: Path) -> None:
    loaded(spine, bank)
    path = bank / "02-beta.yaml"
    path.write_text("# a remark\n" + path.read_text("utf8"), "utf8")
    assert loaded(spine, bank) == Loaded("small", 4, 0)


def test_a_removed_file_retires_its_question(spine: Spine, bank: Path, spoil: Spoil, client: TestClient) -> None:
    loaded(spine, bank)
    kept = (bank / "02-beta.yaml").read_text("utf8")
    (bank / "02-beta.yaml").unlink()
    spoil("alpha", "slug: beta", "slug: gamma")
    loaded(spine, bank)
    assert client.get("/questions/2-beta").status_code == 404
    with spine.session(writing=False) as db:
        question = db.exec(select(Question).where(Question.slug == "beta")).one()
        assert question.retired_at == LATER and versions(db, "beta")
    (bank / "02-beta.yaml").write_text(kept, "utf8")
    loaded(spine, bank)
    assert client.get("/questions/2-beta").status_code == 200


def test_a_broken_bank_writes_nothing(spine: Spine, bank: Path, spoil: Spoil) -> None:
    loaded(spine, bank)
    with spine.session(writing=False) as db:
        before = everything(db)
    spoil("beta", "level: junior", "level: senior")
    spoil("gamma", "level: junior", "level: guru")
    with spine.session(writing=True) as db, pytest.raises(BrokenBank) as broken:
        load(db, bank, LATER)
    assert [fault.file for fault in broken.value.faults if "guru" in fault.message or fault.line == 3]
    with spine.session(writing=False) as db:
        assert everything(db) == before


def test_a_new_tag_can_be_asked_for(spine: Spine, bank: Path, spoil: Spoil, client: TestClient) -> None:
    (bank / "bank.yaml").write_text(
        (bank / "bank.yaml").read_text("utf8") + "  new: {en: brand new, zh: 全新}\n", "utf8"
    )
    spoil("beta", "tags: [basics]", "tags: [basics, new]")
    loaded(spine, bank)
    page = client.get("/questions?tag=new").text
    assert "1 of 36 questions" in page and "brand new" in page


def test_no_two_questions_have_one_row(spine: Spine, bank: Path) -> None:
    for _ in range(2):
        loaded(spine, bank)
    with spine.session(writing=False) as db:
        assert db.exec(select(func.count()).select_from(Question)).one() == 36
