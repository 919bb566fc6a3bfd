"""The resume code: 80 random bits that bring a learner's answers into another browser."""

import hashlib
from datetime import datetime

from sqlmodel import Session

from app.core.codes import new_code, normalised
from app.core.errors import Conflict, Invalid
from app.core.i18n import mark
from app.people import queries, throttle
from app.people.learners import admit, learner_of
from app.people.models import Learner
from app.people.visitor import Visitor

LENGTH = 16
NO_CODE = "none"
_NOTHING_YET = mark("There is nothing to resume yet: a code can be made once this browser has saved its first answer.")
_MADE_ALREADY = mark("A code was made a moment ago, by a second click or in another tab. Make a new one to see it.")
_NO_SUCH_CODE = mark("A code has 16 letters and digits, and never the letter U. Compare this with what you kept.")


def make_code(db: Session, visitor: Visitor, now: datetime, in_place_of: str = "") -> str:
    """A new code for this browser's learner, shown this once; every other browser of the learner is cut off.

    `in_place_of` is the `edition` that the page knew, if it knew one. Raises Conflict where there is no learner, and
    for the second of two clicks, so that no code is shown that another has replaced already.
    """
    learner = learner_of(db, visitor, now)
    if learner is None or learner.id is None:
        raise Conflict(_NOTHING_YET)
    code = new_code(LENGTH)
    known = in_place_of in ("", edition(learner))
    if not known or not queries.replace_code(db, learner.id, learner.code_hash, _hash(code)):
        raise Conflict(_MADE_ALREADY)
    queries.delete_other_sessions(db, learner.id, visitor.token_hash)
    return code


def carry_on(db: Session, visitor: Visitor, anew: Visitor, typed: str, now: datetime) -> Learner | None:
    """Bind this browser, under a new token, to the learner of the code; its old token is nobody's from then on.

    None if nobody has the code: that failure is counted. Raises TooMany; and Invalid where what was typed cannot be
    a code, which costs nothing.
    """
    throttle.check(db, "code", visitor.client, now)
    code = normalised(typed)
    if code is None or len(code) != LENGTH:
        raise Invalid(_NO_SUCH_CODE)
    learner = queries.learner_with_code(db, _hash(code))
    if learner is None:
        throttle.failed(db, "code", visitor.client, now)
        return None
    queries.delete_session(db, visitor.token_hash)
    admit(db, anew, learner, now)
    return learner


def edition(learner: Learner) -> str:
    """Tells one code of a learner from the next, and says nothing of either."""
    return _hash(learner.code_hash)[:16] if learner.code_hash else NO_CODE


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
