"""Browsers, a clock that can be turned on, and two doors like those of the rooms above: one saves, one only looks."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TypeAlias

import pytest
from fastapi import APIRouter, FastAPI, Request, Response
from starlette.testclient import TestClient

from app.core.db import Db, Door, Spine
from app.core.settings import Settings
from app.main import create_app
from app.people.learners import learner_for, learner_of
from app.people.visitor import COOKIE, CurrentVisitor, remember
from tests.cast import Watch

SECRET = "a secret of the tests, long enough to sign with"
Browser: TypeAlias = Callable[..., TestClient]
doors = APIRouter(route_class=Door)


@doors.post("/saved")
def save(request: Request, db: Db, visitor: CurrentVisitor, zone: str = "") -> int | None:
    """A save: whose it is now."""
    return learner_for(db, visitor, request.app.state.clock(), "en", zone).id


@doors.get("/whose")
def look(request: Request, response: Response, db: Db, visitor: CurrentVisitor) -> int | None:
    """A page: whose browser this is, if anybody's."""
    remember(request, response, visitor)
    learner = learner_of(db, visitor, request.app.state.clock())
    return learner.id if learner else None


def stage(settings: Settings, spine: Spine, watch: Watch) -> FastAPI:
    """Viva with the two doors."""
    app = create_app(settings, clock=watch, spine=spine)
    app.state.secret = lambda: SECRET
    app.include_router(doors)
    return app


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def app(settings: Settings, spine: Spine, watch: Watch) -> FastAPI:
    return stage(settings, spine, watch)


@pytest.fixture
def browser(app: FastAPI) -> Iterator[Browser]:
    """Makes browsers, each with cookies of its own, at an address if one is given."""
    with ExitStack() as stack:

        def made(address: str = "203.0.113.5", base: str = "http://testserver", **headers: str) -> TestClient:
            sent = {"accept-language": "en", **headers}
            return stack.enter_context(TestClient(app, base, headers=sent, client=(address, 50000)))

        yield made


def cookie_of(client: TestClient) -> str:
    """The visitor's cookie as the browser holds it."""
    return str(client.cookies[COOKIE])
