"""The plain ASGI around every request, tried on an app of its own."""

import asyncio
import logging
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.testclient import TestClient
from starlette.types import Message

from app.core.web import HEADERS, Envelope, SameSite


@pytest.fixture
def wrapped() -> TestClient:
    """A tiny app inside both envelopes."""
    app = FastAPI()

    @app.get("/text")
    async def text() -> Response:
        return PlainTextResponse("hello", headers={"Referrer-Policy": "no-referrer"})

    @app.get("/pieces")
    async def pieces() -> Response:
        return StreamingResponse(iter([b"one", b"two"]))

    @app.post("/text")
    async def post(request: Request) -> Response:
        return PlainTextResponse(await request.body())

    @app.get("/bad/{secret}")
    async def bad(secret: str) -> None:
        raise RuntimeError(secret)

    app.add_middleware(SameSite)
    app.add_middleware(Envelope)
    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize("path", ["/text", "/pieces", "/nothing"])
def test_head_has_the_headers_of_get_and_no_body(path: str, wrapped: TestClient) -> None:
    got, head = wrapped.get(path), wrapped.head(path)
    assert head.content == b"" and head.status_code == got.status_code
    assert head.headers.get("content-length") == got.headers.get("content-length")


def test_head_sends_no_byte_of_a_body() -> None:
    """Asked of the app itself: a client would drop the body of a HEAD in silence."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "HEAD", "path": "/", "headers": [], "query_string": b""}
    asyncio.run(Envelope(PlainTextResponse("hello"))(scope, receive, send))
    assert [message.get("body", b"") for message in sent] == [b"", b""]


def test_an_answer_may_have_a_header_of_its_own(wrapped: TestClient) -> None:
    answer = wrapped.get("/text")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert all(name in answer.headers for name in HEADERS)


def test_an_answer_of_an_error_is_sealed_too(wrapped: TestClient) -> None:
    answer = wrapped.get("/bad/thing")
    assert answer.status_code == 500 and all(name in answer.headers for name in HEADERS)


def test_an_error_leaves_a_line_without_the_path(wrapped: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "viva.access")
    wrapped.get("/bad/thing")
    line = caplog.records[-1].getMessage()
    assert line.startswith("GET /bad/{secret} 500") and "thing" not in line


@pytest.mark.parametrize("origin", ["http://testserver", "https://testserver"])
def test_an_origin_of_this_host_passes(origin: str, wrapped: TestClient) -> None:
    assert wrapped.post("/text", content=b"x", headers={"origin": origin}).text == "x"


@pytest.mark.parametrize(
    "origin", ["http://testserver:8001", "null", "http://other", "http://testserver@evil.example", "file://"]
)
def test_an_origin_of_another_host_is_refused(origin: str, wrapped: TestClient) -> None:
    assert wrapped.post("/text", content=b"x", headers={"origin": origin}).status_code == 403


def test_what_is_no_request_passes_through() -> None:
    seen: list[str] = []

    async def inner(scope: dict[str, str], receive: Callable[[], None], send: Callable[[], None]) -> None:
        seen.append(scope["type"])

    asyncio.run(Envelope(SameSite(inner))({"type": "lifespan"}, None, None))  # type: ignore[arg-type]
    assert seen == ["lifespan"]


def test_a_length_in_other_digits_is_no_fault_of_ours(client: TestClient) -> None:
    answer = client.post("/api/v1/attention", content=b"{}", headers={"content-length": "²".encode("latin-1")})
    assert answer.status_code < 500
