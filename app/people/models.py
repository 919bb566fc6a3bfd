"""Tables of the people: learners, their sessions, and failures that are counted."""

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel, UTCDateTime

import app.core.db  # noqa: F401  names the constraints before the first table is made


class Learner(SQLModel, table=True):
    """Somebody who saved something; nameless unless they say otherwise."""

    id: int | None = Field(default=None, primary_key=True)
    name: str | None = None
    lang: str
    zone: str = "UTC"  # IANA, from the browser
    code_hash: str | None = Field(default=None, unique=True)  # SHA-256 of the resume code
    created_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))


class VisitorSession(SQLModel, table=True):
    """A browser that is somebody; its cookie holds the token, this row its hash."""

    __tablename__ = "session"

    token_hash: str = Field(primary_key=True)
    learner_id: int = Field(foreign_key="learner.id", index=True)
    agent: str
    created_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    seen_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))  # written at most once an hour
    expires_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))


class Throttle(SQLModel, table=True):
    """Failures of one client at one thing since a time; successes leave no row."""

    key: str = Field(primary_key=True)
    failures: int
    since: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
