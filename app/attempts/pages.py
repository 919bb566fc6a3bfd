"""*Show me*: from an answered item to the demo on the very numbers that were asked, the learner's bug beside it."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

from app.attempts.settle import settled
from app.attempts.show import demo_of
from app.attempts.shown import is_due
from app.core.db import Db, Door
from app.core.errors import NotFound
from app.core.i18n import mark
from app.people.learners import learner_of
from app.people.visitor import CurrentVisitor

router = APIRouter(route_class=Door, include_in_schema=False)


@router.get("/attempts/{public_id}/items/{position}/demo")
def show_me(request: Request, db: Db, visitor: CurrentVisitor, public_id: str, position: int) -> RedirectResponse:
    """To the demo of this variant, once it is due; before that there is nothing here."""
    now = request.app.state.clock()
    learner = learner_of(db, visitor, now)
    if learner is None:
        raise NotFound()
    journal = settled(db, learner, public_id, now)
    entry = journal.at(position)
    if not is_due(journal, entry, now):
        raise NotFound(mark("This opens when the review of the item is due."))
    address = demo_of(entry.item, entry.variant, entry.answer.mutant)
    if address is None:
        raise NotFound(mark("This item has no demo of its own numbers."))
    return RedirectResponse(address, 303, {"Cache-Control": "no-store"})
