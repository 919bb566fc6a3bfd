"""The journal by JSON, in any mode: save an answer, ask for the time that is left."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.attempts import queries
from app.attempts.clock import is_over, remaining_ms
from app.attempts.models import Attempt
from app.attempts.save import Draft, Stale, save
from app.attempts.settle import settle
from app.core.db import Db, Door, First
from app.core.errors import NotFound, Problem
from app.core.i18n import say
from app.core.pages import language
from app.items.registry import MAX_FIELDS, MAX_VALUE, MAX_VALUES
from app.people.visitor import CurrentVisitor, Visitor

router = APIRouter(prefix="/api/v1/attempts", route_class=Door, tags=["attempts"])
PROBLEMS: dict[int | str, dict[str, Any]] = {
    code: {"model": Problem, "content": {"application/problem+json": {}}} for code in (404, 410, 413, 422)
}
Text = Annotated[str, StringConstraints(max_length=MAX_VALUE)]
Field_ = Annotated[str, StringConstraints(max_length=60)]


class AnswerIn(BaseModel):
    """An answer as its form holds it, and the revision that it was based on."""

    model_config = ConfigDict(extra="forbid", strict=True)

    base: int = Field(ge=0, le=10**9, description="the revision this answer was based on")
    response: dict[Field_, Annotated[list[Text], Field(max_length=MAX_VALUES)]] = Field(max_length=MAX_FIELDS)
    flagged: bool | None = None
    confidence: Literal["", "low", "mid", "high"] | None = None


class AnswerOut(BaseModel):
    """What is stored now, and the time that is left."""

    revision: int
    saved_at: datetime
    remaining_ms: int | None


class ClockOut(BaseModel):
    """Where an attempt stands; `version` changes with its state, deadline or section."""

    state: str
    remaining_ms: int | None
    version: int


class StaleOut(BaseModel):
    """A conflict: what was saved first."""

    type: str = "/problems/conflict"
    title: str
    status: int = 409
    detail: str
    revision: int
    response: dict[str, list[str]]


@router.put(
    "/{public_id}/answers/{position}", response_model=AnswerOut, responses={**PROBLEMS, 409: {"model": StaleOut}}
)
def save_answer(
    request: Request,
    db: Db,
    visitor: CurrentVisitor,
    public_id: str,
    position: Annotated[int, Path(ge=1, le=1000)],
    sent: AnswerIn,
) -> AnswerOut | Response:
    """Save an answer: durable when this answers 200; 409 with what was saved first; 410 when the time is up."""
    now = request.app.state.clock()
    attempt = own_attempt(db, visitor, public_id, now, hold=True)
    draft = Draft(sent.response, sent.base, sent.flagged, sent.confidence)
    try:
        saved = save(db, attempt, position, draft, now)
    except Stale as stale:
        return _conflict(request, stale)
    return AnswerOut(revision=saved.revision, saved_at=saved.saved_at, remaining_ms=saved.remaining_ms)


@router.get(
    "/{public_id}/clock", response_model=ClockOut, responses={**PROBLEMS, 304: {"description": "nothing changed"}}
)
def clock(
    request: Request,
    db: Db,
    visitor: CurrentVisitor,
    public_id: str,
    if_none_match: Annotated[str, Header(max_length=100)] = "",
) -> ClockOut | Response:
    """State, time left and version; 304 while the version is the one in If-None-Match."""
    now = request.app.state.clock()
    attempt = own_attempt(db, visitor, public_id, now)
    if attempt.state == "open" and is_over(attempt, now):
        raise First(partial(settle, attempt_id=attempt.id or 0, now=now))
    tag = f'"{attempt.version}"'
    headers = {"ETag": tag, "Cache-Control": "no-store"}
    if if_none_match == tag:
        return Response(status_code=304, headers=headers)
    found = ClockOut(state=attempt.state, remaining_ms=remaining_ms(attempt, now), version=attempt.version)
    return JSONResponse(found.model_dump(), headers=headers)


def own_attempt(db: Db, visitor: Visitor, public_id: str, now: datetime, *, hold: bool = False) -> Attempt:
    """The visitor's attempt of that name; anybody else's is not found."""
    attempt = queries.of_browser(db, visitor.token_hash, public_id, now, hold=hold)
    if attempt is None:
        raise NotFound()
    return attempt


def _conflict(request: Request, stale: Stale) -> Response:
    spoken = language(request)
    body = StaleOut(
        title=say(spoken, stale.title),
        detail=say(spoken, stale.text),
        revision=stale.answer.revision,
        response=stale.response,
    )
    return JSONResponse(body.model_dump(), 409, {"Cache-Control": "no-store"}, "application/problem+json")
