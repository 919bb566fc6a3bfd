"""Viva with one more table and its doors on the real spine: what the benchmark and the tests of the database drive."""

import sys
from pathlib import Path

import uvicorn
from fastapi import APIRouter, FastAPI
from sqlalchemy import ForeignKey, UniqueConstraint, func
from sqlalchemy.orm import registry
from sqlmodel import Field, Session, SQLModel, select

from app.core.db import Db, Door, Spine, insert_or_get
from app.core.settings import Settings
from app.main import create_app
from app.serve import configuration
from app.start import listen


class Apart(SQLModel, registry=registry()):
    """Tables that belong to no migration of the app."""


class Probe(Apart, table=True):
    """One saved number; `ahead` names another row, and is checked only at the commit."""

    __table_args__ = (UniqueConstraint("client", "n"),)

    id: int | None = Field(default=None, primary_key=True)
    client: int
    n: int
    value: int = 0
    ahead: int | None = Field(
        default=None, sa_column_args=(ForeignKey("probe.id", deferrable=True, initially="DEFERRED"),)
    )


router = APIRouter(route_class=Door)


@router.put("/probe/{client}/{n}")
def save(db: Db, client: int, n: int, value: int = 0, ahead: int | None = None) -> dict[str, int]:
    """Store a value under client and n, and answer what stands there now."""
    row = _row(db, client, n) or Probe(client=client, n=n)
    row.value, row.ahead = value, ahead
    db.add(row)
    db.flush()
    return {"client": row.client, "n": row.n, "value": row.value}


@router.post("/probe/{client}/{n}")
def save_once(db: Db, client: int, n: int, value: int = 0) -> dict[str, int | None]:
    """The row that was first, whoever asks."""
    row = insert_or_get(db, Probe(client=client, n=n, value=value), "client", "n")
    return {"id": row.id, "value": row.value}


@router.get("/probe/{client}")
def rows(db: Db, client: int) -> list[tuple[int, int]]:
    """What one client has stored."""
    found = db.exec(select(Probe).where(Probe.client == client).order_by("n")).all()
    return [(row.n, row.value) for row in found]


@router.get("/probe")
def count(db: Db) -> int:
    """How many rows there are."""
    return db.exec(select(func.count()).select_from(Probe)).one()


def probe_app(settings: Settings, spine: Spine | None = None) -> FastAPI:
    """Viva on these settings with the probe's doors and its empty table."""
    app = create_app(settings, spine=spine)
    app.include_router(router)
    Apart.metadata.create_all(app.state.spine.engine)
    return app


def serve(url: str) -> None:
    """Serve on a free port, which is printed, exactly as the command `viva` does with one worker."""
    settings = Settings(data=Path("/nonexistent"), database_url=url, port=0)
    bound = listen(settings.host, 0)
    app = probe_app(settings)
    print(bound.getsockname()[1], flush=True)
    uvicorn.Server(configuration(settings, app)).run(sockets=[bound])


def _row(db: Session, client: int, n: int) -> Probe | None:
    return db.exec(select(Probe).where(Probe.client == client, Probe.n == n)).one_or_none()


if __name__ == "__main__":
    serve(sys.argv[1])
