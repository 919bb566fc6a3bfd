"""One item of a quiz a page: answered by a plain form, kept as typed, checked or handed on."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Literal, cast

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.attempts import queries as attempts
from app.attempts.journal import Entry, read
from app.attempts.save import Confidence, Draft, Stale, save
from app.attempts.settle import settled
from app.attempts.shown import shown
from app.attention.mutants import MUTANTS
from app.bank import items as bank
from app.core.db import Db, Door, Spine
from app.core.errors import HINTS, Conflict, Gone, Invalid, NotFound
from app.core.forms import Form
from app.core.i18n import say
from app.core.pages import language, page
from app.items import FormatError
from app.items import Response as Answer
from app.people.learners import learner_for, learner_of
from app.people.visitor import CurrentVisitor, Visitor
from app.quizzes.views import quiz_of

router = APIRouter(route_class=Door, include_in_schema=False)
Position = Annotated[int, Path(ge=1, le=1000)]
Then = Literal["stay", "check", "next", "map"]
OWN_FIELDS = {"base", "then", "flagged", "confidence", "zone"}


@dataclass(frozen=True)
class Sent:
    """What the form of an item holds."""

    draft: Draft
    then: Then


@dataclass(frozen=True)
class Trouble:
    """Why the page is shown again: what was typed, and the words or the answer that stand against it."""

    response: Answer
    error: str = ""
    stale: bool = False
    refused: str = ""  # why nothing was saved; what was typed stands below it
    status: int = 422


@router.get("/quizzes/{public_id}/items/{position}")
def item(request: Request, db: Db, visitor: CurrentVisitor, public_id: str, position: Position) -> Response:
    """The item with what is saved; once due, how it did and why."""
    return _page(request, db, visitor, public_id, position)


@router.post("/quizzes/{public_id}/items/{position}")
async def answer(request: Request, visitor: CurrentVisitor, public_id: str, position: Position, form: Form) -> Response:
    """Save what is typed, then stay, check this item, or go on; what cannot be read is handed back."""
    spine: Spine = request.app.state.spine
    sent, spoken = _sent(form), language(request)
    typed = sent.draft.response
    trouble: Trouble | None = None
    try:
        error = await spine.write(partial(_save, request, visitor, public_id, position, sent))
        if error:
            trouble = Trouble(typed, error=say(spoken, error.text, **error.numbers))
    except Stale:
        trouble = Trouble(typed, stale=True, status=409)
    except Invalid as invalid:
        trouble = Trouble(typed, error=say(spoken, invalid.text, **invalid.numbers))
    except (Conflict, Gone) as refusal:
        words = say(spoken, refusal.text or HINTS[refusal.code], **refusal.numbers)
        trouble = Trouble(typed, refused=words, status=refusal.status)
    if trouble:
        return await spine.read(lambda db: _page(request, db, visitor, public_id, position, trouble))
    places = {"next": f"/items/{position + 1}", "map": "/map"}
    return RedirectResponse(f"/quizzes/{public_id}{places.get(sent.then, f'/items/{position}')}", 303)


def _save(request: Request, visitor: Visitor, public_id: str, position: int, sent: Sent, db: Db) -> FormatError | None:
    """Store the draft; an answer that cannot be read is stored as well, but neither checked nor left behind."""
    now = request.app.state.clock()
    if learner_of(db, visitor, now) is None:
        raise NotFound()
    learner = learner_for(db, visitor, now, language(request), "")
    attempt = attempts.own(db, learner, public_id, hold=True)
    if attempt is None:
        raise NotFound()
    error = _unreadable(read(db, attempt).at(position), sent)
    save(db, attempt, position, sent.draft, now, check=sent.then == "check" and error is None)
    return error


def _unreadable(entry: Entry, sent: Sent) -> FormatError | None:
    if sent.then not in ("check", "next") or (sent.then == "next" and not sent.draft.response):
        return None
    try:
        entry.kind.parse(entry.item, entry.variant, sent.draft.response)
    except FormatError as error:
        return error
    return None


def _sent(form: Form) -> Sent:
    response = {name: [str(value) for value in form.getlist(name)] for name in form if name not in OWN_FIELDS}
    base, then = str(form.get("base", "")), str(form.get("then", "next"))
    confidence = str(form.get("confidence", ""))
    draft = Draft(
        response={name: values for name, values in response.items() if any(values)},
        base=int(base) if base.isdecimal() and len(base) < 10 else 0,
        flagged="flagged" in form,
        confidence=cast(Confidence, confidence) if confidence in ("low", "mid", "high") else None,
    )
    return Sent(draft, cast(Then, then) if then in ("stay", "check", "next", "map") else "next")


def _page(
    request: Request, db: Db, visitor: Visitor, public_id: str, position: int, trouble: Trouble | None = None
) -> HTMLResponse | RedirectResponse:
    now, spoken = request.app.state.clock(), language(request)
    learner = learner_of(db, visitor, now)
    if learner is None:
        raise NotFound()
    journal = settled(db, learner, public_id, now)
    quiz = quiz_of(journal, learner, now)
    if position == quiz.total + 1:
        return RedirectResponse(f"{quiz.address}/map", 303)
    entry = journal.at(position)
    if journal.plan.section_of(position) > journal.attempt.section and quiz.is_open:
        return RedirectResponse(f"{quiz.address}/map", 303)  # behind a barrier that is not passed yet
    place = shown(journal, position, now, spoken)
    typed = trouble.response if trouble and not trouble.refused else place.response
    version = entry.answer.item_version_id or 0
    values = {
        "quiz": quiz,
        "place": place,
        "response": typed,
        "error": trouble.error if trouble else "",
        "refused": trouble if trouble and trouble.refused else None,
        "stale": place.response if trouble and trouble.stale else None,  # what was saved first, beside what was typed
        "origin": bank.origins(db, [version]).get(version) if place.due else None,
        "has_demo": entry.item.show is not None,
        "mutants": MUTANTS,
    }
    status = trouble.status if trouble else 200
    return page(request, "quizzes/item.html", values, status=status, headers={"Cache-Control": "no-store"})
