"""Every door stands in the table of tests/house/routes.py, and every row of it is a door that answers."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.demos.registry import DEMOS
from tests.house.routes import GETS, PAGES, POSTS, ROUTES, routes_of


def expected() -> set[tuple[str, str]]:
    """The table, with the typed route of every demo that is registered."""
    return set(ROUTES) | {("POST", f"/api/v1/demos/{key}") for key in [demo.key for demo in DEMOS]}


def test_every_route_has_a_row(app: FastAPI) -> None:
    assert sorted(routes_of(app) - expected()) == []


def test_every_row_is_a_route(app: FastAPI) -> None:
    assert sorted(expected() - routes_of(app)) == []


@pytest.mark.parametrize("address", GETS)
def test_a_row_answers(address: str, client: TestClient) -> None:
    assert client.get(address, follow_redirects=False).status_code in (200, 308)


@pytest.mark.parametrize("address", POSTS)
def test_a_form_row_answers(address: str, client: TestClient) -> None:
    assert client.post(address, follow_redirects=False).status_code in (303, 404, 409, 422)


def test_every_page_is_one_of_the_rows() -> None:
    assert set(PAGES) <= set(GETS)
