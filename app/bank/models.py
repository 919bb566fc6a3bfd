"""Tables of the bank: questions and items by key, each change a new immutable version."""

from datetime import datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel, UTCDateTime

import app.core.db  # noqa: F401  names the constraints before the first table is made


class Bank(SQLModel, table=True):
    """A folder of questions as it was last loaded."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    title: str = Field(sa_column=Column(Text, nullable=False))
    tags: str = Field(sa_column=Column(Text, nullable=False))
    content_hash: str
    loaded_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))


class Question(SQLModel, table=True):
    """A question's identity; `version_id` points at what is asked now (no foreign key: the two point in a circle)."""

    __table_args__ = (UniqueConstraint("bank_id", "slug"),)

    id: int | None = Field(default=None, primary_key=True)
    bank_id: int = Field(foreign_key="bank.id")
    slug: str = Field(index=True)
    version_id: int | None = None
    retired_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime, nullable=True))


class QuestionVersion(SQLModel, table=True):
    """What a question said from one load to the next; never updated, never deleted."""

    __tablename__ = "question_version"
    __table_args__ = (UniqueConstraint("question_id", "content_hash"),)

    id: int | None = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key="question.id")
    content_hash: str
    number: int
    level: str
    title: str = Field(sa_column=Column(Text, nullable=False))
    document: str = Field(sa_column=Column(Text, nullable=False))
    html: str = Field(sa_column=Column(Text, nullable=False))
    search: str = Field(sa_column=Column(Text, nullable=False))


class QuestionTag(SQLModel, table=True):
    """The tags of a question's current version."""

    __tablename__ = "question_tag"
    __table_args__ = (Index("ix_question_tag_tag", "tag"),)

    question_id: int = Field(foreign_key="question.id", primary_key=True)
    tag: str = Field(primary_key=True)


class Item(SQLModel, table=True):
    """An item's identity within its question."""

    __table_args__ = (UniqueConstraint("question_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key="question.id")
    key: str
    version_id: int | None = None
    retired_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime, nullable=True))


class ItemVersion(SQLModel, table=True):
    """What an item asked from one load to the next."""

    __tablename__ = "item_version"
    __table_args__ = (UniqueConstraint("item_id", "content_hash"),)

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="item.id")
    content_hash: str
    type: str
    skill: str
    seconds: int
    document: str = Field(sa_column=Column(Text, nullable=False))
