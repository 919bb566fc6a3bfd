"""What every answer carries: HEAD, security headers, languages, caching, and nothing from elsewhere."""

import logging
import re

import pytest
from starlette.testclient import TestClient

from app.core.settings import Settings
from app.main import create_app
from tests.house.routes import GETS, MISSING, PAGES, POSTS

HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
ELSEWHERE = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": ""},
    {"origin": "http://evil.example"},
    {"origin": "http://testserver.evil.example"},
    {"origin": "http://testserver:81"},
    {"origin": "null"},
    {"origin": ""},
    {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
]
HERE = [{}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, {"origin": "http://testserver"}]


@pytest.mark.parametrize("address", [*GETS, *MISSING])
def test_every_answer_is_sealed_and_head_is_it_without_a_body(address: str, client: TestClient) -> None:
    got = client.get(address, follow_redirects=False)
    assert {name: got.headers.get(name) for name in HEADERS} == HEADERS
    policy = got.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "frame-ancestors 'none'" in policy
    head = client.head(address, follow_redirects=False)
    assert head.status_code == got.status_code and head.content == b"" and "server" not in got.headers
    assert head.headers.get("content-type") == got.headers.get("content-type")


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("address", ["/", "/api/v1/limits", "/static/favicon.svg"])
def test_another_method_is_told_which_ones_there_are(method: str, address: str, client: TestClient) -> None:
    answer = client.request(method, address)
    assert answer.status_code == 405 and {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
@pytest.mark.parametrize("address", POSTS)
def test_a_post_from_another_site_is_refused(address: str, headers: dict[str, str], client: TestClient) -> None:
    answer = client.post(address, headers=headers, follow_redirects=False)
    assert answer.status_code == 403 and "set-cookie" not in answer.headers
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    kind = "application/problem+json" if address.startswith("/api/") else "text/html"
    assert answer.headers["content-type"].startswith(kind)


@pytest.mark.parametrize("headers", HERE, ids=str)
def test_a_post_from_here_or_from_no_browser_passes(headers: dict[str, str], client: TestClient) -> None:
    assert client.post("/preferences", headers=headers, follow_redirects=False).status_code == 303


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "", "localhost.evil.example"])
@pytest.mark.parametrize("address", ["/", "/api/v1/limits", "/healthz"])
def test_an_unknown_host_is_refused(address: str, host: str, client: TestClient) -> None:
    answer = client.get(address, headers={"host": host})
    assert answer.status_code == 400 and "set-cookie" not in answer.headers
    kind = "application/problem+json" if address.startswith("/api/") else "text/html"
    assert answer.headers["content-type"].startswith(kind)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize("host", ["testserver", "testserver:8000", "localhost", "127.0.0.1:9", "[::1]", "[::1]:8000"])
def test_a_known_host_is_answered(host: str, client: TestClient) -> None:
    assert client.get("/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_page_is_of_its_reader(address: str, language: str, client: TestClient) -> None:
    answer = client.get(f"{address}?lang={language}")
    tag = "zh-Hans" if language == "zh" else "en"
    assert answer.status_code == 200 and f'<html lang="{tag}"' in answer.text
    assert answer.headers["content-language"] == tag
    assert answer.headers["cache-control"] in ("private, no-cache", "no-store")
    assert {"Accept-Language", "Cookie"} <= set(re.split(", *", answer.headers["vary"]))
    assert client.get(address).headers["content-language"] == tag, "the choice is kept"


@pytest.mark.parametrize("address", PAGES)
def test_the_browser_chooses_the_language(address: str, client: TestClient) -> None:
    assert '<html lang="zh-Hans"' in client.get(address, headers={"accept-language": "zh-CN"}).text


@pytest.mark.parametrize("address", MISSING)
def test_an_error_is_not_kept(address: str, client: TestClient) -> None:
    answer = client.get(address)
    assert answer.status_code == 404 and answer.headers.get("cache-control") == "no-store"


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_health_is_never_kept(address: str, client: TestClient) -> None:
    assert client.get(address).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("address", [*PAGES, *MISSING])
def test_nothing_is_loaded_from_elsewhere(address: str, client: TestClient) -> None:
    page = client.get(address).text
    loads = re.findall(r"<(?:script|img|iframe|source|audio|video|embed|object|use)\b[^>]*", page)
    loads += [tag for tag in re.findall(r"<link\b[^>]*", page) if not re.search(r'rel="(alternate|canonical)"', tag)]
    addresses = [found for tag in loads for found in re.findall(r'(?:src|href|data|srcset)="([^"]*)"', tag)]
    assert all(found.startswith("/") and not found.startswith("//") for found in addresses)
    assert not re.search(r'<form[^>]+action="(?!/)', page)


@pytest.mark.parametrize("address", [*PAGES, "/demos/attention?tokens=", "/questions?q=zzzz"])
def test_nothing_is_written_inline(address: str, client: TestClient) -> None:
    """The policy forbids styles and scripts in the page: they would silently not work."""
    page = client.get(address).text
    assert not re.search(r"<style\b|<[^>]+\sstyle=|<[^>]+\son[a-z]+=|javascript:", page)
    assert all(" src=" in tag for tag in re.findall(r"<script\b[^>]*>", page))


def test_every_link_leads_somewhere(client: TestClient) -> None:
    links: dict[str, str] = {}
    for address in PAGES:
        page = client.get(address).text
        forms = set(re.findall(r'method="post" action="([^"]+)"', page))
        found = {link.replace("&amp;", "&") for link in re.findall(r'(?:href|action|src)="(/[^"#]*)', page)}
        links |= {link: address for link in found - forms if link not in links}
    broken = {link: address for link, address in links.items() if client.head(link).status_code != 200}
    assert len(links) > 60 and broken == {}


def test_the_log_holds_the_route_but_not_what_was_typed(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    client.get("/demos/attention?tokens=my+secret")
    client.get("/questions/1-my-secret")
    client.get("/my/secret")
    client.post("/api/v1/attention", json={"tokens": "my secret"})
    lines = [record.getMessage() for record in caplog.records if record.name == "viva.access"]
    assert len(lines) == 4 and not any("secret" in line for line in lines)
    assert "GET /demos/{key} 200" in lines[0] and "/questions/{number:int}-{slug} 404" in lines[1]


def test_large_answers_are_compressed(client: TestClient) -> None:
    answer = client.get("/questions", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip" and "Accept-Encoding" in answer.headers["vary"]


def test_an_app_can_be_made_twice(client: TestClient) -> None:
    second = create_app(Settings(allowed_hosts=("other.example",)))
    assert TestClient(second).get("/healthz", headers={"host": "testserver"}).status_code == 400
    assert client.get("/healthz").status_code == 200
