"""Tables of the journal: an attempt and its answers."""

from datetime import datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel, UTCDateTime

import app.bank.models
import app.people.models  # noqa: F401  both hold tables that the journal points at


class Attempt(SQLModel, table=True):
    """One run through items drawn once: who, what, until when, and how it ended."""

    __table_args__ = (
        UniqueConstraint("set_id", "learner_id", "ordinal"),
        Index("ix_attempt_learner_id_started_at", "learner_id", "started_at"),
        Index(
            "ix_attempt_deadline",
            "deadline",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_attempt_closed_at",
            "closed_at",
            sqlite_where=text("state <> 'open' AND graded_at IS NULL"),
            postgresql_where=text("state <> 'open' AND graded_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(unique=True)  # 12 Crockford characters
    learner_id: int = Field(foreign_key="learner.id")
    mode: str  # quiz, set, study, interview
    plan: str = Field(sa_column=Column(Text, nullable=False))  # json, see plan.py
    seed: str
    bank_hash: str
    engine: str  # the version of Viva that drew the items
    set_id: int | None = None
    set_version_id: int | None = None
    ordinal: int | None = None
    start_key: str = Field(unique=True)
    started_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    deadline: datetime | None = Field(default=None, sa_column=Column(UTCDateTime, nullable=True))
    extra_s: int = 0
    section: int = 0  # sections closed; what stands in them is read-only
    state: str = "open"  # open, handed_in, expired, closed
    closed_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime, nullable=True))
    graded_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime, nullable=True))
    score: float | None = None
    max_score: float | None = None
    version: int = 1  # raised when state, deadline or section change
    imported: bool = False


class Answer(SQLModel, table=True):
    """One place of an attempt: the item as it was drawn, what was saved, what it earned."""

    attempt_id: int = Field(foreign_key="attempt.id", primary_key=True)
    position: int = Field(primary_key=True)  # from 1
    parent: int | None = None
    item_id: int | None = Field(default=None, foreign_key="item.id")
    item_version_id: int | None = Field(default=None, foreign_key="item_version.id")
    question_version_id: int | None = Field(default=None, foreign_key="question_version.id")
    seed: str
    variant: str = Field(sa_column=Column(Text, nullable=False))  # json of items.Variant: parameters, solution, handles
    response: str | None = Field(default=None, sa_column=Column(Text, nullable=True))  # json of items.Response
    revision: int = 0
    saved_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime, nullable=True))
    late_ms: int = 0
    flagged: bool = False
    confidence: str | None = None  # low, mid, high
    spent_ms: int = 0
    checked_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime, nullable=True))
    tries: int = 0
    score: float | None = None
    max_score: float = 1.0
    mutant: str | None = None
    verdict: str | None = Field(default=None, sa_column=Column(Text, nullable=True))  # json of items.Verdict
