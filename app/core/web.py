"""Plain ASGI around every request: HEAD, other sites, the headers each answer carries, one log line."""

import logging
import re
import time
import traceback
from collections.abc import Sequence
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import Forbidden, answer, of_status
from app.core.i18n import mark

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self';"
    " manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
}
logger, access = logging.getLogger("viva"), logging.getLogger("viva.access")


class Envelope:
    """HEAD is answered wherever GET is; every answer carries the security headers and leaves one log line."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, method = time.perf_counter(), scope["method"]
        status, begun = 500, False
        inner = {**scope, "method": "GET"} if method == "HEAD" else scope

        async def sealed(message: Message) -> None:
            nonlocal status, begun
            if message["type"] == "http.response.start":
                status, begun = message["status"], True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            elif method == "HEAD" and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        try:
            await self.app(inner, receive, sealed)
        except Exception as error:
            # where, but not what it says: a message can hold what a person typed
            logger.error("unforeseen %s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
            if begun:
                raise
            await answer(Request(scope), of_status(500))(scope, receive, sealed)
        finally:
            # the route's template, never the path or the query: they can hold what a person typed
            route = getattr(inner.get("route"), "path", "-")
            access.info("%s %s %d %.1f ms", method, route, status, 1000 * (time.perf_counter() - began))


class SameSite:
    """Unsafe methods are taken from this site's own pages, or from a client that is not a browser."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE and not _from_here(Headers(scope=scope)):
            refusal = answer(Request(scope), Forbidden(mark("This request came from another site.")))
            await refusal(scope, receive, send)
            return
        await self.app(scope, receive, send)


class Bounded:
    """A body is read whole before anything else happens, and refused as soon as it is too long."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app, self.limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE:
            await self.app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "")
        body, more = b"", not (re.fullmatch(r"[0-9]{1,18}", declared) and int(declared) > self.limit)
        too_long = not more
        while more and not too_long:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more, too_long = message.get("more_body", False), len(body) > self.limit
        if too_long:
            await answer(Request(scope), of_status(413))(scope, receive, send)
            return
        await self.app(scope, _replayed(body, receive), send)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """The body once, then whatever the connection says."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


class KnownHost:
    """Only names this server is known by are answered, so that no foreign page can rebind a name to it."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self.app, self.hosts = app, frozenset(name.lower() for name in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._known(Headers(scope=scope).get("host", "")):
            trouble = of_status(400)
            trouble.text = mark("This server does not answer to that host name; add it to VIVA_ALLOWED_HOSTS.")
            await answer(Request(scope), trouble)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _known(self, host: str) -> bool:
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        return name.lower() in self.hosts or host.lower() in self.hosts


def _from_here(headers: Headers) -> bool:
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site in ("same-origin", "none")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
