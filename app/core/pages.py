"""Pages: Jinja in two languages, and what every page knows of its reader."""

from collections.abc import Mapping
from functools import cache
from typing import Literal, TypeAlias
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.core.i18n import LANGUAGES, TAGS, Language, chinese, preferred
from app.core.static import address
from app.paths import TEMPLATES

Theme: TypeAlias = Literal["", "light", "dark"]


def language(request: Request) -> Language:
    """The reader's language: the address, else the choice kept, else what the browser asks for."""
    for asked in (request.query_params.get("lang"), request.cookies.get("viva_lang")):
        if asked in LANGUAGES:
            return "zh" if asked == "zh" else "en"
    return preferred(request.headers.get("accept-language", ""))


def side_by_side(request: Request) -> bool:
    """Whether questions are shown in both languages at once."""
    asked = request.query_params.get("lang")
    return asked == "both" or (asked is None and request.cookies.get("viva_both") == "1")


def theme(request: Request) -> Theme:
    """Day or night if the reader chose one; empty = as the system."""
    kept = request.cookies.get("viva_theme")
    return "light" if kept == "light" else "dark" if kept == "dark" else ""


def page(
    request: Request,
    template: str,
    values: Mapping[str, object],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """A rendered page in the reader's language."""
    asked = request.query_params.get("lang")
    response = HTMLResponse(rendered(request, template, values), status, dict(headers or {}))
    response.headers["Content-Language"] = TAGS[language(request)]
    response.headers.setdefault("Cache-Control", "no-store" if status >= 400 else "private, no-cache")
    response.headers.setdefault("Vary", "Accept-Language, Cookie")
    if asked in (*LANGUAGES, "both"):
        keep_language(response, asked)
    return response


def keep_language(response: HTMLResponse, asked: str) -> None:
    """Remember a language choice; `both` keeps the language of the page and adds the other beside it."""
    year = 365 * 86_400
    if asked in LANGUAGES:
        response.set_cookie("viva_lang", asked, max_age=year, httponly=True, samesite="lax")
    response.set_cookie("viva_both", "1" if asked == "both" else "0", max_age=year, httponly=True, samesite="lax")


def rendered(request: Request, template: str, values: Mapping[str, object]) -> str:
    """The template's text; fragments that script swaps in are made by this too."""
    spoken = language(request)
    return (
        environment(spoken)
        .get_template(template)
        .render(
            **values,
            lang=spoken,
            lang_tag=TAGS[spoken],
            other_lang="en" if spoken == "zh" else "zh",
            both=side_by_side(request),
            theme=theme(request),
            path=request.url.path,
            here=in_language(request, ""),
            in_language=lambda asked: in_language(request, asked),
        )
    )


def in_language(request: Request, asked: str) -> str:
    """This page's own address in another language, or in the one that is kept."""
    pairs = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    query = urlencode([*pairs, *([("lang", asked)] if asked else [])])
    return f"{request.url.path}?{query}" if query else request.url.path


@cache
def environment(spoken: Language) -> Environment:
    """Jinja for one language; a template that names something unknown fails instead of showing nothing."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    words = chinese() if spoken == "zh" else {}
    made.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: words.get(text, text),
        lambda one, many, n: words.get(one if n == 1 else many, one if n == 1 else many),
        newstyle=True,
    )
    made.policies["ext.i18n.trimmed"] = True
    made.globals.update(static=address)
    return made
