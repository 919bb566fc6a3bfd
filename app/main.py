"""The application: one line a room."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import cache, partial

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from app.attempts import api as journal
from app.attempts import pages as attempts
from app.attempts.settle import sweep_for_ever
from app.core import errors, limits
from app.core.clock import Clock, now
from app.core.db import Spine
from app.core.settings import Settings
from app.core.static import Static
from app.core.web import Bounded, Envelope, KnownHost, SameSite
from app.demos import api as engine
from app.demos import pages as demos
from app.people import pages as people
from app.people.secret import signing_key
from app.questions import pages as questions
from app.quizzes import item_pages as quiz_items
from app.quizzes import pages as quizzes
from app.site import pages as site
from app.version import VERSION


def create_app(settings: Settings, clock: Clock = now, spine: Spine | None = None) -> FastAPI:
    """An app on these settings; nothing is connected, migrated or loaded until somebody asks."""
    app = FastAPI(
        title="Viva",
        summary="The attention interview, practised live: attention computed on what you send.",
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        redirect_slashes=False,
        lifespan=_sweeping,
    )
    app.state.settings, app.state.clock = settings, clock
    app.state.secret = cache(partial(signing_key, settings))
    app.state.spine = spine or Spine(settings.url)
    errors.install(app)
    for room in (site, questions, quizzes, quiz_items, people, demos, attempts, engine, journal):
        app.include_router(room.router)
    app.mount("/static", Static(), name="static")
    app.add_middleware(Bounded, limit=limits.MAX_BODY)
    app.add_middleware(SameSite)
    app.add_middleware(GZipMiddleware, minimum_size=800, compresslevel=6)
    app.add_middleware(KnownHost, hosts=settings.hosts)
    app.add_middleware(Envelope)
    return app


@asynccontextmanager
async def _sweeping(app: FastAPI) -> AsyncIterator[None]:
    """While the server runs, attempts that nobody comes back to are closed and marked."""
    sweeper = asyncio.create_task(sweep_for_ever(app.state.spine, app.state.clock))
    yield
    sweeper.cancel()
    with suppress(asyncio.CancelledError):
        await sweeper
