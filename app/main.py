"""The application: one line a room."""

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from app.core import errors, limits
from app.core.clock import Clock, now
from app.core.db import Spine
from app.core.settings import Settings
from app.core.static import Static
from app.core.web import Bounded, Envelope, KnownHost, SameSite
from app.demos import api as engine
from app.demos import pages as demos
from app.questions import pages as questions
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
    )
    app.state.settings, app.state.clock = settings, clock
    app.state.spine = spine or Spine(settings.url)
    errors.install(app)
    for room in (site, questions, demos, engine):
        app.include_router(room.router)
    app.mount("/static", Static(), name="static")
    app.add_middleware(Bounded, limit=limits.MAX_BODY)
    app.add_middleware(SameSite)
    app.add_middleware(GZipMiddleware, minimum_size=800, compresslevel=6)
    app.add_middleware(KnownHost, hosts=settings.hosts)
    app.add_middleware(Envelope)
    return app
