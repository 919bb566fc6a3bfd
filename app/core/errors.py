"""What can go wrong, raised anywhere and told in one place: a page for people, RFC 9457 JSON under /api."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from app.core.i18n import mark, say
from app.core.pages import language, page

logger = logging.getLogger("viva")


@dataclass(frozen=True)
class Wrong:
    """One thing wrong in a request: where (JSON pointer), a stable code, and a sentence with its numbers."""

    pointer: str
    code: str
    text: str
    numbers: dict[str, object] = field(default_factory=dict)


class Trouble(Exception):
    """An error with words for the person who caused it."""

    status = 500
    code = "internal"
    title = mark("Something went wrong on this server")

    def __init__(self, text: str = "", *, wrongs: Sequence[Wrong] = (), code: str = "", **numbers: object) -> None:
        super().__init__(text or self.title)
        self.text, self.wrongs, self.numbers = text, tuple(wrongs), numbers
        self.code = code or self.code
        self.headers: dict[str, str] = {}


class NotFound(Trouble):
    status, code, title = 404, "not-found", mark("There is nothing at this address")


class Forbidden(Trouble):
    status, code, title = 403, "forbidden", mark("This is not yours to do")


class Conflict(Trouble):
    status, code, title = 409, "conflict", mark("Something else changed first")


class Gone(Trouble):
    status, code, title = 410, "over", mark("The time is up")


class Invalid(Trouble):
    status, code, title = 422, "invalid", mark("Some of what was sent cannot be used")


class TooMany(Trouble):
    status, code, title = 429, "too-many", mark("Too many tries failed")


class Detail(BaseModel):
    """One entry of a problem's `errors`."""

    pointer: str
    code: str
    detail: str


class Problem(BaseModel):
    """RFC 9457 problem details; `type` is an address on this server."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Detail] = []


_BY_STATUS: dict[int, tuple[str, str]] = {
    400: ("bad-request", mark("The request cannot be read")),
    403: ("forbidden", Forbidden.title),
    404: ("not-found", NotFound.title),
    405: ("method-not-allowed", mark("This address does not take that method")),
    406: ("not-acceptable", mark("The request cannot be read")),
    409: ("conflict", Conflict.title),
    410: ("over", Gone.title),
    413: ("too-large", mark("More was sent than this server takes")),
    415: ("unsupported-media-type", mark("The request cannot be read")),
    422: ("invalid", Invalid.title),
    429: ("too-many", TooMany.title),
    500: ("internal", Trouble.title),
    503: ("busy", mark("The database is busy; try again in a moment")),
}
HINTS: dict[str, str] = {
    "bad-request": mark("Send JSON with the header Content-Type: application/json, or an ordinary form."),
    "not-found": mark(
        "The address may be mistyped, or the thing it named was withdrawn. The lists below are complete."
    ),
    "forbidden": mark("The request came from another site or lacks the right. Open the page here and send it again."),
    "method-not-allowed": mark("Open the address in a browser, or see the documentation of the API."),
    "not-acceptable": mark("Send JSON with the header Content-Type: application/json, or an ordinary form."),
    "unsupported-media-type": mark("Send JSON with the header Content-Type: application/json, or an ordinary form."),
    "conflict": mark("Reload the page to see what is stored now."),
    "over": mark("This attempt is closed: what was saved in time counts, and nothing more is taken."),
    "too-large": mark("A request may have 64 KiB. Send fewer or shorter tokens."),
    "invalid": mark("Each field that cannot be used is named, with what to write instead."),
    "too-many": mark("Only tries that fail are counted, for some minutes. Wait a little, then try again."),
    "busy": mark("Nothing was lost: the request was not carried out. Send it again."),
    "internal": mark("The fault is ours and was logged. Nothing you had saved is lost; try again."),
    "no-such-demo": mark("The list of demos is at /api/v1/demos."),
}
_FIELD_WORDS: dict[str, str] = {
    "missing": mark("is missing"),
    "extra_forbidden": mark("is not a field of this request"),
    "finite_number": mark("must be a finite number"),
    "string_too_short": mark("must not be empty"),
    "string_too_long": mark("may have {max_length} characters at most"),
    "too_short": mark("needs at least {min_length} entries, not {actual_length}"),
    "too_long": mark("may have {max_length} entries at most, not {actual_length}"),
    "greater_than_equal": mark("must be {ge} or more"),
    "less_than_equal": mark("must be {le} or less"),
    "greater_than": mark("must be more than {gt}"),
    "less_than": mark("must be less than {lt}"),
    "int_type": mark("must be a whole number"),
    "int_parsing": mark("must be a whole number"),
    "int_from_float": mark("must be a whole number"),
    "float_type": mark("must be a number"),
    "float_parsing": mark("must be a number"),
    "bool_type": mark("must be true or false"),
    "bool_parsing": mark("must be true or false"),
    "string_type": mark("must be text"),
    "list_type": mark("must be a list"),
    "dict_type": mark("must be an object"),
    "model_attributes_type": mark("must be an object"),
    "literal_error": mark("must be one of {expected}"),
    "enum": mark("must be one of {expected}"),
    "json_invalid": mark("is not JSON"),
}


def wrong_fields(errors: Sequence[object], body: object) -> list[Wrong]:
    """pydantic's errors as ours: one a field, its pointer inside the request, its code, our words."""
    found: dict[str, Wrong] = {}
    for error in errors[:50]:
        assert isinstance(error, dict)
        pointer = _pointer(error["loc"], body)
        limits = {
            name: f"{value:g}" if isinstance(value, float) else value for name, value in error.get("ctx", {}).items()
        }
        text = _FIELD_WORDS.get(error["type"], "{message}")
        code = str(error["type"]).replace("_", "-")
        found.setdefault(pointer, Wrong(pointer, code, text, {**limits, "message": error["msg"]}))
    return list(found.values())


def _pointer(steps: Sequence[str | int], body: object) -> str:
    """The JSON pointer of a place; pydantic also names the branch of a union, which is no place in the request."""
    pointer = ""
    for nth, step in enumerate(steps):
        inside = (isinstance(body, dict) and step in body) or (isinstance(body, list) and isinstance(step, int))
        missing = nth == len(steps) - 1 and isinstance(body, dict) and not inside
        if inside or missing:
            pointer += f"/{str(step).replace('~', '~0').replace('/', '~1')}"
        if isinstance(body, dict) and isinstance(step, str):
            body = body.get(step, None if missing else body)
        elif isinstance(body, list) and isinstance(step, int):
            body = body[step] if step < len(body) else None
    return pointer


def answer(request: Request, trouble: Trouble, headers: dict[str, str] | None = None) -> Response:
    """The one place where an error becomes what a person or a program reads."""
    title = say(language(request), title_of(trouble.code, trouble.title))
    text = trouble.text or HINTS.get(trouble.code, "")
    detail = say(language(request), text, **trouble.numbers) if text else title
    wrongs = [
        Detail(pointer=wrong.pointer, code=wrong.code, detail=say(language(request), wrong.text, **wrong.numbers))
        for wrong in trouble.wrongs
    ]
    if request.url.path.startswith("/api/"):
        problem = Problem(
            type=f"/problems/{trouble.code}", title=title, status=trouble.status, detail=detail, errors=wrongs
        )
        return JSONResponse(
            problem.model_dump(),
            trouble.status,
            {"Cache-Control": "no-store", **(headers or {})},
            media_type="application/problem+json; charset=utf-8",
        )
    shown = {
        "title": title,
        "detail": detail,
        "status": trouble.status,
        "wrongs": wrongs,
        "code": trouble.code,
    }
    return page(request, "errors/error.html", shown, status=trouble.status, headers=headers)


def install(app: FastAPI) -> None:
    """Give the app its four kinds of error, and ours in place of the frameworks' own."""

    async def own(request: Request, error: Exception) -> Response:
        assert isinstance(error, Trouble)
        return answer(request, error, error.headers)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        kind = request.headers.get("content-type", "")
        if kind and "json" not in kind and request.url.path.startswith("/api/"):
            return answer(request, of_status(415))
        errors = [{**wrong, "loc": wrong["loc"][1:]} for wrong in error.errors()]
        if any(wrong["type"] == "json_invalid" for wrong in errors):
            errors = [{**wrong, "loc": ()} for wrong in errors]
        return answer(request, Invalid(wrongs=wrong_fields(errors, error.body)))

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return answer(request, of_status(error.status_code), dict(error.headers or {}))

    async def database(request: Request, error: Exception) -> Response:
        logger.error("the database refused: %s", type(error.__cause__ or error).__name__)
        return answer(request, of_status(503), {"Retry-After": "2"})

    app.add_exception_handler(Trouble, own)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(OperationalError, database)


def title_of(code: str, otherwise: str = NotFound.title) -> str:
    """The title of a problem's code."""
    return {"no-such-demo": mark("There is no such demo"), **dict(_BY_STATUS.values())}.get(code, otherwise)


def of_status(status: int) -> Trouble:
    """A trouble for a bare HTTP status."""
    trouble = Trouble()
    code, title = _BY_STATUS.get(status, _BY_STATUS[500] if status >= 500 else _BY_STATUS[400])
    trouble.status, trouble.code, trouble.title = status, code, title
    return trouble
