"""Alembic's door: runs on the connection it is handed, or on VIVA_DATABASE_URL when a developer calls alembic."""

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

import app.attempts.models
import app.bank.models
import app.people.models  # noqa: F401  their tables join the metadata
from app.core.db import make_engine
from app.core.settings import Settings


def migrate() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:
        _run(given)
        return
    with make_engine(Settings().url).begin() as connection:
        _run(connection)


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True)
    context.run_migrations()


migrate()
