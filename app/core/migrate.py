"""Bring a database to the app's own revision: one SELECT when it is there already, a copy before anything changes."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from app.paths import MIGRATIONS


class NewerDatabase(RuntimeError):
    """The database was written by a later version of the app."""


def revisions() -> list[str]:
    """The app's revisions from first to last, read from the files so that Alembic is not imported."""
    follows: dict[str | None, str] = {}
    for path in (MIGRATIONS / "versions").glob("*.py"):
        found = dict(re.findall(r'^(revision|down_revision)\b[^=]*= *(None|"[^"]*")', path.read_text("utf8"), re.M))
        below = found["down_revision"].strip('"')
        follows[None if below == "None" else below] = found["revision"].strip('"')
    chain: list[str] = []
    while len(chain) < len(follows):
        chain.append(follows[chain[-1] if chain else None])
    return chain


def current(engine: Engine) -> str | None:
    """The revision the database is at; None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def behind(engine: Engine) -> bool:
    """Whether the database needs an upgrade; raises NewerDatabase where only a newer app can read it."""
    known, at = revisions(), current(engine)
    if at is not None and at not in known:
        raise NewerDatabase(f"the database is at revision {at}, which this version does not know; install a newer viva")
    return at != known[-1]


def upgrade(engine: Engine) -> bool:
    """Upgrade if needed; on SQLite the file is first copied beside itself. True if anything changed."""
    if not behind(engine):
        return False
    if engine.dialect.name == "sqlite" and current(engine) is not None:
        _copy(engine)
    with engine.connect().execution_options(writing=True) as connection, _rebuilding(connection):
        _migrate(connection)
    return True


def _copy(engine: Engine) -> None:
    file = engine.url.database
    if not file or file == ":memory:":
        return
    before = copy_path(Path(file), current(engine))
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(before)) as target:
        source.backup(target)


@contextmanager
def _rebuilding(connection: Connection) -> Iterator[None]:
    """One transaction; SQLite rebuilds a table by dropping it, so its references are checked at the end instead."""
    raw = connection.connection.driver_connection
    if not isinstance(raw, sqlite3.Connection):
        with connection.begin():
            yield
        return
    raw.execute("PRAGMA foreign_keys=OFF")  # has no effect inside a transaction
    try:
        with connection.begin():
            yield
            if dangling := raw.execute("PRAGMA foreign_key_check").fetchone():
                raise RuntimeError(f"the upgrade would leave {dangling[0]} pointing at rows of {dangling[2]} gone")
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def copy_path(file: Path, revision: str | None) -> Path:
    """Where the copy before an upgrade lies: viva.db -> viva-before-upgrade-from-0001.db."""
    return file.with_name(f"{file.stem}-before-upgrade-from-{revision}{file.suffix}")
