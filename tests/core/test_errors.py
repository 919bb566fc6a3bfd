"""Errors: a page for people, problem details for programs, in the reader's language, without what was typed."""

import json
from collections.abc import Awaitable, Callable

import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from app.core.errors import HINTS, Conflict, Forbidden, Invalid, NotFound, Trouble, Wrong, of_status, wrong_fields

RAISED: list[tuple[Exception, int, str]] = [
    (NotFound(), 404, "not-found"),
    (Forbidden(), 403, "forbidden"),
    (Conflict(), 409, "conflict"),
    (Invalid(wrongs=[Wrong("/a", "b", "must be {le} or less", {"le": 3})]), 422, "invalid"),
    (OperationalError("SELECT secret", {}, Exception("locked")), 503, "busy"),
    (RuntimeError("secret"), 500, "internal"),
]


@pytest.fixture
def raising(app: FastAPI) -> TestClient:
    """An app with a door for each error, as a page and under /api/v1."""
    for nth, (error, *_) in enumerate(RAISED):
        for path in (f"/raise/{nth}", f"/api/v1/raise/{nth}"):
            app.add_api_route(path, _door(error), methods=["GET"])
    return TestClient(app, raise_server_exceptions=False, headers={"accept-language": "en"})


def _door(error: Exception) -> Callable[[], Awaitable[None]]:
    async def door() -> None:
        raise error

    return door


@pytest.mark.parametrize("nth", range(len(RAISED)))
def test_a_program_gets_problem_details(raising: TestClient, nth: int) -> None:
    _, status, code = RAISED[nth]
    answer = raising.get(f"/api/v1/raise/{nth}")
    problem = answer.json()
    assert answer.status_code == status == problem["status"] and problem["type"] == f"/problems/{code}"
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert problem["title"] and problem["detail"] and "secret" not in answer.text


@pytest.mark.parametrize("nth", range(len(RAISED)))
def test_a_person_gets_a_page(raising: TestClient, nth: int) -> None:
    _, status, code = RAISED[nth]
    answer = raising.get(f"/raise/{nth}")
    assert answer.status_code == status and f'href="/problems/{code}"' in answer.text
    assert "<h1>" in answer.text and "secret" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "Content-Security-Policy" in answer.headers


def test_wrong_fields_are_named_with_their_numbers(raising: TestClient) -> None:
    wrong = {"pointer": "/a", "code": "b", "detail": "must be 3 or less"}
    assert raising.get("/api/v1/raise/3").json()["errors"] == [wrong]
    assert "must be 3 or less" in raising.get("/raise/3").text


def test_a_busy_database_says_when_to_come_back(raising: TestClient) -> None:
    assert raising.get("/raise/4").headers["retry-after"] == "2"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 406, 409, 413, 415, 418, 422, 429, 500, 502, 503])
def test_every_status_has_a_code_with_a_page(status: int) -> None:
    trouble = of_status(status)
    assert trouble.code in HINTS and trouble.title


def test_each_field_is_named_once() -> None:
    errors = [
        {"type": "string_type", "loc": ("tokens", "str"), "msg": "", "input": 3},
        {"type": "list_type", "loc": ("tokens", "list[str]"), "msg": "", "input": 3},
    ]
    assert [wrong.pointer for wrong in wrong_fields(errors, {"tokens": 5})] == ["/tokens"]


def test_pointers_are_escaped() -> None:
    found = wrong_fields([{"type": "extra_forbidden", "loc": ("a/b~c",), "msg": "", "input": 1}], {"a/b~c": 1})
    assert found[0].pointer == "/a~1b~0c"


def test_a_field_called_like_a_type_keeps_its_place() -> None:
    found = wrong_fields([{"type": "extra_forbidden", "loc": ("float",), "msg": "", "input": 1}], {"float": 1})
    assert found[0].pointer == "/float"


def test_limits_are_said_as_people_write_them() -> None:
    wrong = wrong_fields([{"type": "less_than_equal", "loc": ("a",), "msg": "", "ctx": {"le": 4.0}}], {"a": 5})[0]
    assert wrong.text.format(**wrong.numbers) == "must be 4 or less"


def test_a_trouble_is_its_own_title() -> None:
    assert str(Trouble()) == "Something went wrong on this server"


def test_every_address_below_api_answers_programs(client: TestClient) -> None:
    for path in ("/api/nope", "/api/v1/nope"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert json.loads(answer.text)["type"] == "/problems/not-found", path
