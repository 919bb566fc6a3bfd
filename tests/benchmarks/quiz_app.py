"""The measure of saving: the smallest FastAPI and SQLModel endpoint that inserts one row with the same settings."""

import sys
from collections.abc import Iterator
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI
from sqlalchemy import Engine
from sqlalchemy.orm import registry
from sqlmodel import Field, Session, SQLModel

from app.core.db import make_engine
from app.start import listen


class Bare(SQLModel, registry=registry()):
    """Tables that belong to no migration of the app."""


class Row(Bare, table=True):
    """One saved text."""

    id: int | None = Field(default=None, primary_key=True)
    text: str


class RowIn(SQLModel):
    """What is sent."""

    text: str


def bare_app(engine: Engine) -> FastAPI:
    """One door: a row for each request, durable before it is answered."""
    app = FastAPI()
    writing = engine.execution_options(writing=True)

    def session() -> Iterator[Session]:
        with Session(writing) as db:
            yield db
            db.commit()

    @app.put("/rows")
    def insert(sent: RowIn, db: Annotated[Session, Depends(session, scope="function")]) -> dict[str, int | None]:
        row = Row(text=sent.text)
        db.add(row)
        db.flush()
        return {"id": row.id}

    return app


def serve(url: str) -> None:
    """Serve on a free port, which is printed."""
    engine = make_engine(url)
    Bare.metadata.create_all(engine)
    bound = listen("127.0.0.1", 0)
    print(bound.getsockname()[1], flush=True)
    config = uvicorn.Config(bare_app(engine), http="httptools", access_log=False, log_level="warning", backlog=2048)
    uvicorn.Server(config).run(sockets=[bound])


if __name__ == "__main__":
    serve(sys.argv[1])
