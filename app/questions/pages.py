"""The list of questions, and one question with its answer, analysis, errata and live demo."""

import json
import re
import secrets
from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.bank import items, queries
from app.bank.words import tag_titles
from app.core.db import Db, Door
from app.core.errors import NotFound
from app.core.i18n import mark
from app.core.markdown import inline
from app.core.pages import language, page, side_by_side
from app.demos.drawing import drawings
from app.demos.pages import preset_view
from app.people.visitor import CurrentVisitor, remember

LEVELS = ("junior", "mid", "senior")
router = APIRouter(route_class=Door, include_in_schema=False)


@router.get("/questions")
def question_list(
    request: Request,
    db: Db,
    q: Annotated[str, Query(max_length=100)] = "",
    tag: Annotated[str, Query(max_length=60)] = "",
    level: Annotated[str, Query(max_length=10)] = "",
) -> HTMLResponse:
    """The questions that fit the search, the tag and the level."""
    everything = queries.listed(db)
    rows = queries.listed(db, words=q, tag=tag, level=level) if q or tag or level else everything
    titles = tag_titles(db)
    values = {
        "rows": rows,
        "total": len(everything),
        "q": q,
        "tag": tag,
        "level": level,
        "levels": [(name, sum(row.level == name for row in everything)) for name in LEVELS],
        "tags": Counter(name for row in everything for name in row.tags).most_common(),
        "tag_titles": {name: both[language(request)] for name, both in titles.items()},
    }
    return page(request, "questions/index.html", values)


@router.get("/questions/{number:int}-{slug}")
def question_page(request: Request, db: Db, visitor: CurrentVisitor, number: int, slug: str) -> Response:
    """One question; looked up by its name, the number in the address may change."""
    found = queries.by_slug(db, slug)
    if found is None:
        raise NotFound(mark("There is no question “{slug}”."), slug=slug[:60])
    if number != found.version.number:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/questions/{found.version.number}-{slug}{query}", 308)
    rows = queries.listed(db)
    at = next(index for index, row in enumerate(rows) if row.slug == slug)
    spoken, demo = language(request), found.document["demo"]
    other = "en" if spoken == "zh" else "zh"
    values = {
        "row": rows[at],
        "rows": {row.slug: row for row in rows},
        "before": rows[at - 1] if at else None,
        "after": rows[at + 1] if at + 1 < len(rows) else None,
        "total": len(rows),
        "document": found.document,
        "html": found.html[spoken],
        "other": found.html[other] if side_by_side(request) else None,
        "titles": json.loads(found.version.title),
        "tag_titles": {name: both[spoken] for name, both in tag_titles(db).items()},
        "view": preset_view(demo["key"], demo["preset"], spoken),
        "items": items.stems(db, slug, spoken),
        "start_key": secrets.token_urlsafe(16),
        "md": inline,
        "short_name": short_name,
        **drawings(spoken),
    }
    response = page(request, "questions/question.html", values)
    remember(request, response, visitor)
    return response


def short_name(document: dict[str, Any], key: str) -> str:
    """“Vaswani et al., 2017” of a reference: its text up to the first full stop that ends the year."""
    for reference in document["references"]:
        if reference["key"] == key:
            text = str(reference["text"])
            found = re.match(r".{3,80}?\b(?:19|20)\d\d\b\)?", text)
            return found[0].replace("(", "").replace(")", "") if found else text.split(".")[0][:60]
    return key
