"""Quizzes by page: a list, choices, one item a page, a map, a result; everything works without script."""

import secrets
from collections import Counter
from collections.abc import Mapping
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.attempts import queries as attempts
from app.attempts.clock import is_over
from app.attempts.journal import Journal
from app.attempts.settle import settled
from app.attention.mutants import MUTANTS
from app.bank import items as bank
from app.bank.words import tag_titles
from app.core.db import Db, Door, Spine
from app.core.errors import Conflict, NotFound, Wrong
from app.core.forms import Form
from app.core.i18n import say
from app.core.pages import language, page
from app.items import TYPES
from app.people.learners import learner_of, local
from app.people.models import Learner
from app.people.visitor import CurrentVisitor, Visitor, remember
from app.quizzes import wishes
from app.quizzes.start import start_quiz
from app.quizzes.views import quiz_of, result_of

router = APIRouter(route_class=Door, include_in_schema=False)
LEVELS = ("junior", "mid", "senior")
PRIVATE = {"Cache-Control": "no-store"}


@router.get("/quizzes")
def quiz_list(request: Request, db: Db, visitor: CurrentVisitor) -> HTMLResponse:
    """The learner's own quizzes, open ones first."""
    now = request.app.state.clock()
    learner = learner_of(db, visitor, now)
    found = attempts.owns(db, learner, "quiz") if learner else []
    values = {
        "open": [attempt for attempt in found if attempt.state == "open"],
        "closed": [attempt for attempt in found if attempt.state != "open"],
        "progress": attempts.progress(db, found) if found else {},
        "local": partial(local, learner.zone if learner else "UTC"),
        "learner": learner,
        "start_key": secrets.token_urlsafe(16),
    }
    response = page(request, "quizzes/index.html", values, headers=PRIVATE)
    remember(request, response, visitor)
    return response


@router.get("/quizzes/new")
def new_quiz(request: Request, db: Db, visitor: CurrentVisitor) -> HTMLResponse:
    """The choices, each with a default."""
    response = choices(request, db, {})
    remember(request, response, visitor)
    return response


@router.post("/quizzes")
async def begin(request: Request, visitor: CurrentVisitor, form: Form) -> Response:
    """Start a quiz, or find the one that this form started before."""
    spine: Spine = request.app.state.spine
    wanted, wrongs, typed = wishes.read(form)
    if wanted is None:
        return await spine.read(lambda db: choices(request, db, typed, wrongs))
    try:
        public_id = await start_quiz(spine, visitor, wanted, language(request), request.app.state.clock())
    except Conflict as conflict:
        refusal = [Wrong("", conflict.code, conflict.text, conflict.numbers)]
        return await spine.read(lambda db: choices(request, db, typed, refusal))
    response = RedirectResponse(f"/quizzes/{public_id}", 303)
    remember(request, response, visitor)
    return response


@router.get("/quizzes/{public_id}")
def quiz(request: Request, db: Db, visitor: CurrentVisitor, public_id: str) -> Response:
    """Where the learner was, or the result."""
    now = request.app.state.clock()
    found = quiz_of(*_own(request, db, visitor, public_id), now)
    place = f"items/{found.next_open}" if found.is_open else "result"
    return RedirectResponse(f"{found.address}/{place}", 303, PRIVATE)


@router.get("/quizzes/{public_id}/map")
def question_map(request: Request, db: Db, visitor: CurrentVisitor, public_id: str) -> Response:
    """Every place with its state in words, what is unanswered, and the way to hand in."""
    found = quiz_of(*_own(request, db, visitor, public_id), request.app.state.clock())
    return page(request, "quizzes/map.html", {"quiz": found}, headers=PRIVATE)


@router.post("/quizzes/{public_id}/sections/{number}/closing")
def close_section(request: Request, db: Db, visitor: CurrentVisitor, public_id: str, number: int) -> Response:
    """Make a section read-only; the next one opens."""
    journal, _ = _own(request, db, visitor, public_id)
    sections = len(journal.plan.sections)
    if not 1 <= number <= sections:
        raise NotFound()
    if attempts.close_section(db, journal.attempt, number - 1) and number < sections:
        return RedirectResponse(f"/quizzes/{public_id}/items/{journal.plan.positions(number)[0]}", 303)
    return RedirectResponse(f"/quizzes/{public_id}/map", 303)


@router.post("/quizzes/{public_id}/submission")
def hand_in(request: Request, db: Db, visitor: CurrentVisitor, public_id: str) -> Response:
    """Hand the quiz in: once, however often this is sent; marking comes after."""
    now = request.app.state.clock()
    learner = learner_of(db, visitor, now)
    attempt = attempts.own(db, learner, public_id) if learner else None
    if attempt is None or attempt.id is None:
        raise NotFound()
    attempts.close(db, attempt.id, "expired" if is_over(attempt, now) else "handed_in", now)
    return RedirectResponse(f"/quizzes/{public_id}/result", 303)


@router.get("/quizzes/{public_id}/result")
def result(request: Request, db: Db, visitor: CurrentVisitor, public_id: str) -> Response:
    """What each answer earned and why, every option's reason, and how sure the learner was."""
    now = request.app.state.clock()
    journal, learner = _own(request, db, visitor, public_id)
    found = quiz_of(journal, learner, now)
    if found.is_open:
        return RedirectResponse(f"{found.address}/map", 303, PRIVATE)
    versions = [entry.answer.item_version_id or 0 for entry in journal.entries]
    values = {
        "quiz": found,
        "result": result_of(journal, now, language(request)),
        "origins": bank.origins(db, versions),
        "versions": versions,
        "shows": [entry.item.show is not None for entry in journal.entries],
        "mutants": MUTANTS,
        "start_key": secrets.token_urlsafe(16),
    }
    return page(request, "quizzes/result.html", values, headers=PRIVATE)


def choices(
    request: Request, db: Db, typed: Mapping[str, list[str]], wrongs: list[Wrong] | None = None
) -> HTMLResponse:
    """The form of a new quiz, with what was typed and what is wrong with it."""
    spoken = language(request)
    found = bank.found(db)
    tags = bank.tags_of(db, {item.question_id for item in found})
    topics = Counter(tag for item in found for tag in tags.get(item.question_id, ())).most_common()
    titles, levels = tag_titles(db), Counter(item.level for item in found)
    values = {
        "typed": typed,
        "wrongs": [(wrong.pointer.strip("/"), say(spoken, wrong.text, **wrong.numbers)) for wrong in wrongs or []],
        "total": len(found),
        "topics": [(tag, titles.get(tag, {}).get(spoken, tag), count) for tag, count in topics],
        "level_options": [(level, say(spoken, level), levels[level]) for level in LEVELS if levels[level]],
        "types": [(kind.key, sum(item.type == kind.key for item in found)) for kind in TYPES],
        "most": wishes.MAX_ITEMS,
        "start_key": typed.get("start_key", [secrets.token_urlsafe(16)])[0],
    }
    return page(request, "quizzes/new.html", values, status=422 if wrongs else 200, headers=PRIVATE)


def _own(request: Request, db: Db, visitor: Visitor, public_id: str) -> tuple[Journal, Learner]:
    now = request.app.state.clock()
    learner = learner_of(db, visitor, now)
    if learner is None:
        raise NotFound()
    return settled(db, learner, public_id, now), learner
