"""The resume code: type one to carry on here, or make one and see it once."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.core.codes import grouped
from app.core.db import Db, Door, Spine
from app.core.errors import Invalid, Trouble
from app.core.i18n import mark, say
from app.core.pages import language, page
from app.people.learners import learner_of
from app.people.resume import NO_CODE, carry_on, edition, make_code
from app.people.visitor import CurrentVisitor, Visitor, new_visitor, remember

SHOWN_AGAIN = 100  # characters of what was typed
NO_STORE = {"Cache-Control": "no-store"}
_NOBODY = mark("Nothing is kept under this code. Check each character; perhaps a newer code has replaced it.")
router = APIRouter(route_class=Door, include_in_schema=False)


@router.get("/resume")
def resume(request: Request, db: Db, visitor: CurrentVisitor) -> Response:
    """What a code is for, a field for one, a button that makes one."""
    now: datetime = request.app.state.clock()
    learner = learner_of(db, visitor, now)
    response = _resume_page(request, edition(learner) if learner else "")
    remember(request, response, visitor)
    return response


@router.post("/resume")
async def resume_with_code(request: Request, visitor: CurrentVisitor, code: Annotated[str, Form()] = "") -> Response:
    """Carry on here with what is kept under the code."""
    spine: Spine = request.app.state.spine
    now: datetime = request.app.state.clock()
    anew = new_visitor(request)
    try:
        if await spine.write(lambda db: carry_on(db, visitor, anew, code, now)) is None:
            raise Invalid(_NOBODY)
    except Trouble as trouble:
        return await _with_fault(request, visitor, trouble, typed=code)
    response = RedirectResponse("/quizzes", 303, NO_STORE)
    remember(request, response, anew)
    return response


@router.post("/resume/code")
async def new_resume_code(
    request: Request, visitor: CurrentVisitor, in_place_of: Annotated[str, Form(max_length=40)] = ""
) -> Response:
    """Make a code and show it this once."""
    spine: Spine = request.app.state.spine
    now: datetime = request.app.state.clock()
    try:
        code = await spine.write(lambda db: make_code(db, visitor, now, in_place_of))
    except Trouble as trouble:
        return await _with_fault(request, visitor, trouble)
    site: str = request.app.state.settings.public_url or str(request.base_url).rstrip("/")
    return page(request, "people/code.html", {"code": grouped(code), "address": f"{site}/resume"}, headers=NO_STORE)


async def _with_fault(request: Request, visitor: Visitor, trouble: Trouble, typed: str = "") -> Response:
    """The page again, with what went wrong and what was typed."""
    spine: Spine = request.app.state.spine
    now: datetime = request.app.state.clock()
    learner = await spine.read(lambda db: learner_of(db, visitor, now))
    response = _resume_page(request, edition(learner) if learner else "", trouble, typed[:SHOWN_AGAIN])
    remember(request, response, visitor)
    return response


def _resume_page(request: Request, known: str, trouble: Trouble | None = None, typed: str = "") -> Response:
    """`known` is the edition of this browser's code; empty where the browser is nobody's yet."""
    fault = say(language(request), trouble.text, **trouble.numbers) if trouble else ""
    values = {
        "edition": known,
        "has_code": known not in ("", NO_CODE),
        "typed": typed,
        "fault": fault,
        "about_code": bool(trouble and trouble.status != 409),  # else the fault is the button's
    }
    headers = NO_STORE | (trouble.headers if trouble else {})
    return page(request, "people/resume.html", values, status=trouble.status if trouble else 200, headers=headers)
