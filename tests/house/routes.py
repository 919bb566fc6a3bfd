"""The doors of the app as a literal table: (method, path), with an address that stands for the path."""

from collections.abc import Iterator

from fastapi import FastAPI
from starlette.routing import BaseRoute

# a route without a row fails; a row without a route fails
ROUTES: dict[tuple[str, str], str] = {
    ("GET", "/"): "/",
    ("GET", "/about"): "/about",
    ("GET", "/guide/{name}"): "/guide/study",
    ("POST", "/preferences"): "/preferences",
    ("GET", "/healthz"): "/healthz",
    ("GET", "/readyz"): "/readyz",
    ("GET", "/robots.txt"): "/robots.txt",
    ("GET", "/favicon.ico"): "/favicon.ico",
    ("GET", "/problems/{code}"): "/problems/invalid",
    ("GET", "/schemas/{name}.json"): "/schemas/question.json",
    ("GET", "/api"): "/api",
    ("GET", "/api/openapi.json"): "/api/openapi.json",
    ("GET", "/static"): "/static/favicon.svg",
    ("GET", "/questions"): "/questions",
    ("GET", "/questions/{number:int}-{slug}"): "/questions/1-what-is-attention",
    ("GET", "/quizzes"): "/quizzes",
    ("GET", "/quizzes/new"): "/quizzes/new",
    ("POST", "/quizzes"): "/quizzes",
    ("GET", "/quizzes/{public_id}"): "/quizzes/{quiz}",
    ("GET", "/quizzes/{public_id}/map"): "/quizzes/{quiz}/map",
    ("GET", "/quizzes/{public_id}/result"): "/quizzes/{quiz}/result",
    ("GET", "/quizzes/{public_id}/items/{position}"): "/quizzes/{quiz}/items/{n}",
    ("POST", "/quizzes/{public_id}/items/{position}"): "/quizzes/{quiz}/items/{n}",
    ("POST", "/quizzes/{public_id}/sections/{number}/closing"): "/quizzes/{quiz}/sections/{n}/closing",
    ("POST", "/quizzes/{public_id}/submission"): "/quizzes/{quiz}/submission",
    ("GET", "/attempts/{public_id}/items/{position}/demo"): "/attempts/{quiz}/items/{n}/demo",
    ("PUT", "/api/v1/attempts/{public_id}/answers/{position}"): "/api/v1/attempts/{quiz}/answers/{n}",
    ("GET", "/api/v1/attempts/{public_id}/clock"): "/api/v1/attempts/{quiz}/clock",
    ("GET", "/resume"): "/resume",
    ("POST", "/resume"): "/resume",
    ("POST", "/resume/code"): "/resume/code",
    ("GET", "/demos"): "/demos",
    ("GET", "/demos/{key}"): "/demos/attention",
    ("GET", "/demos/{key}/figure"): "/demos/attention/figure",
    ("GET", "/demos/{key}/figure.svg"): "/demos/attention/figure.svg",
    ("GET", "/demos/{key}/figure.png"): "/demos/attention/figure.png",
    ("GET", "/demos/{key}/table.csv"): "/demos/attention/table.csv",
    ("GET", "/api/v1/limits"): "/api/v1/limits",
    ("GET", "/api/v1/demos"): "/api/v1/demos",
    ("GET", "/api/v1/demos/{key}"): "/api/v1/demos/attention",
    ("GET", "/api/v1/demos/{key}/result"): "/api/v1/demos/attention/result",
    ("POST", "/api/v1/attention"): "/api/v1/attention",
    ("POST", "/api/v1/demos/attention"): "/api/v1/demos/attention",
    ("POST", "/api/v1/demos/{key}"): "/api/v1/demos/nope",
}
GETS = [address for (method, _), address in ROUTES.items() if method == "GET" and "{" not in address]
POSTS = [address for (method, _), address in ROUTES.items() if method == "POST" and "{" not in address]
OWN = [(method, address) for (method, _), address in ROUTES.items() if "{quiz}" in address]
"""What belongs to one learner: anybody else finds nothing there."""
PAGES = [
    "/", "/about", "/guide/study", "/problems/invalid", "/api", "/questions", "/questions/1-what-is-attention",
    "/demos", "/demos/attention", "/quizzes", "/quizzes/new", "/resume",
]  # fmt: skip
MISSING = ["/nope", "/guide/nope", "/demos/nope", "/questions/1-nope", "/static/nope", "/api/v1/nope", "/problems/nope"]


def routes_of(app: FastAPI) -> set[tuple[str, str]]:
    """(method, path) of every door there is; HEAD stands wherever GET does."""
    return {found for route in app.routes for found in _doors(route)}


def _doors(route: BaseRoute) -> Iterator[tuple[str, str]]:
    inner = getattr(route, "original_router", None)
    if inner is not None:  # a router included in the app
        for child in inner.routes:
            yield from _doors(child)
        return
    for method in getattr(route, "methods", None) or {"GET"}:
        if method not in ("HEAD", "OPTIONS"):
            yield method, getattr(route, "path", "?")
