"""Home, about, guides, preferences, health, robots, problem descriptions, schemas and the API's documentation."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from pydantic import BaseModel

from app import paths
from app.bank import queries
from app.bank.schema import Bank, Question
from app.core.db import Db, Door
from app.core.errors import HINTS, NotFound, title_of
from app.core.i18n import LANGUAGES, mark
from app.core.migrate import behind
from app.core.pages import keep_language, language, page
from app.core.settings import Settings
from app.demos.controls import typed
from app.demos.drawing import drawings
from app.demos.pages import view
from app.demos.registry import DEMOS

router = APIRouter(route_class=Door, include_in_schema=False)
HOME = {"en": "the cat that saw the dog saw the cat", "zh": "上海自来水来自海上"}


@router.get("/")
def home(request: Request, db: Db) -> HTMLResponse:
    """One sentence, a demo that already computes, three doors."""
    demo = DEMOS.get("attention")
    assert demo is not None
    sent = dict(request.query_params)
    spoken = language(request)
    form = typed(demo.model, {"tokens": HOME[spoken], "embed_dim": "16", **sent})
    shown = view(demo, form, spoken)
    values = {"view": shown, "rows": queries.listed(db), "full": False, **drawings(spoken)}
    return page(request, "site/home.html", values, status=200 if shown.shown else 422)


@router.get("/about")
def about(request: Request, db: Db) -> HTMLResponse:
    return page(request, "site/about.html", {"count": len(queries.listed(db))})


@router.get("/guide/{name}")
async def guide(request: Request, name: str) -> HTMLResponse:
    """A guide page: the file's name is the address."""
    if not re.fullmatch(r"[a-z][a-z-]{0,40}", name) or not (paths.TEMPLATES / "guide" / f"{name}.html").is_file():
        raise NotFound()
    settings = [(field, info.description) for field, info in Settings.model_fields.items()]
    return page(request, f"guide/{name}.html", {"settings": settings})


@router.post("/preferences")
async def preferences(
    request: Request,
    lang: Annotated[str, Form(max_length=10)] = "",
    theme: Annotated[str, Form(max_length=10)] = "",
    back: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Keep language and theme in cookies, and go back to a path on this site."""
    safe = back if re.match(r"/(?![/\\])", back) and not re.search(r"[\x00-\x20\x7f\\]", back) else "/"
    response = HTMLResponse(status_code=303, headers={"Location": safe})
    if lang in (*LANGUAGES, "both"):
        keep_language(response, lang)
    if theme in ("auto", "light", "dark"):
        kept = {"auto": ""}.get(theme, theme)
        response.set_cookie("viva_theme", kept, max_age=365 * 86_400, httponly=True, samesite="lax")
    return response


@router.get("/healthz")
async def healthz() -> JSONResponse:
    """The process answers."""
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


@router.get("/readyz")
def readyz(request: Request, db: Db) -> JSONResponse:
    """The database answers, is up to date, and holds a bank."""
    current = not behind(request.app.state.spine.engine)
    loaded = current and bool(queries.banks(db))
    status = {
        "database": "ok" if current else "needs viva db upgrade",
        "bank": "ok" if loaded else "none loaded",
    }
    return JSONResponse(status, 200 if loaded and current else 503, headers={"Cache-Control": "no-store"})


@router.get("/robots.txt")
async def robots() -> PlainTextResponse:
    return PlainTextResponse("User-agent: *\nDisallow: /api/\nDisallow: /demos/*?\nAllow: /\n")


@router.get("/favicon.ico")
async def favicon() -> RedirectResponse:
    return RedirectResponse("/static/favicon.svg", 308)


@router.get("/problems/{code}")
async def problem(request: Request, code: str) -> HTMLResponse:
    """What a problem's `type` points at."""
    if not re.fullmatch(r"[a-z-]{1,40}", code) or code not in HINTS:
        raise NotFound()
    return page(request, "site/problem.html", {"code": code, "title": title_of(code), "hint": HINTS[code]})


@router.get("/schemas/{name}.json")
async def schema(name: str) -> JSONResponse:
    """The JSON Schema of a question's or a bank's file."""
    models: dict[str, type[BaseModel]] = {"question": Question, "bank": Bank}
    if name not in models:
        raise NotFound(mark("There is nothing at this address"))
    return JSONResponse(models[name].model_json_schema(), media_type="application/schema+json")


@router.get("/api")
async def documentation(request: Request, q: Annotated[str, Query(max_length=100)] = "") -> HTMLResponse:
    """The documentation of the API, drawn from its OpenAPI description, without anybody else's script."""
    return page(
        request,
        "site/api.html",
        {"operations": _operations(request.app.openapi()), "origin": str(request.base_url).rstrip("/")},
    )


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    schemas = document.get("components", {}).get("schemas", {})
    found = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            name = str(body.get("$ref", "")).rpartition("/")[2]
            found.append(
                {
                    "method": method.upper(),
                    "path": path,
                    "summary": operation.get("description") or operation.get("summary", ""),
                    "fields": _fields(schemas.get(name, {})),
                }
            )
    return found


def _fields(schema: dict[str, Any]) -> list[dict[str, str]]:
    fields = []
    for name, part in schema.get("properties", {}).items():
        kinds = [part, *part.get("anyOf", [])]
        kind = " or ".join(str(one["type"]) for one in kinds if one.get("type") not in (None, "null"))
        limits = [f"{sign} {one[key]}" for one in kinds for key, sign in _BOUNDS if key in one]
        choices = [str(choice) for one in kinds for choice in one.get("enum", [])]
        fields.append(
            {
                "name": name,
                "type": ", ".join([kind or "any", *limits, *choices]),
                "default": "" if part.get("default") is None else str(part["default"]),
                "about": part.get("description", ""),
            }
        )
    return fields


_BOUNDS = (("minimum", "≥"), ("maximum", "≤"), ("maxLength", "length ≤"), ("maxItems", "entries ≤"))
